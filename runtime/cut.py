"""Where several inputs can be cut at once, seen through windows on their next records."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from runtime.plan import Key

# Where to cut windows, each with whether it is the last of its input, of which one is not.
Cut = Callable[[list[tuple[bytes, bool]]], list[int]]


def at_records(windows: list[tuple[bytes, bool]]) -> list[int]:
    """After as many records as the shortest window has; an input that has fewer is at its end."""
    number = min(data.count(b"\n") for data, final in windows if not final)
    return [after(data, number) for data, _ in windows]


def after(data: bytes, records: int) -> int:
    """Where the record with this number (from 0) begins, or the end if there are fewer."""
    low, high = 0, len(data)
    while high - low > 256:
        middle = (low + high) // 2
        here = data.count(b"\n", low, middle)
        if here < records:
            records, low = records - here, middle
        else:
            high = middle
    for _ in range(records):
        low = data.find(b"\n", low) + 1
        if not low:
            return len(data)
    return low


def at_keys(given: Sequence[Key]) -> Cut:
    """Before the least of the last keys; equal keys stay together.

    The search has seen that the record before a cut is less than the key of the cut, and
    the one behind it is not. So where each part is in order, which their command checks,
    all of it is.
    """
    keys = [key_of(key) for key in given]

    def cut(windows: list[tuple[bytes, bool]]) -> list[int]:
        if not all(data or final for data, final in windows):
            return [0] * len(windows)
        seen = list(zip(windows, keys, strict=True))
        lasts = [key(data[_last(data) : -1]) for (data, final), key in seen if not final]
        least = min(lasts)
        return [lower_bound(data, least, key, final=final) for (data, final), key in seen]

    return cut


def _last(data: bytes) -> int:
    """Where the last of some whole records begins."""
    return data.rfind(b"\n", 0, -1) + 1


def lower_bound(data: bytes, least: bytes, key: Callable[[bytes], bytes], *, final: bool) -> int:
    """Where the first record begins whose key is not less.

    Unless the data are final, the last record is known to have such a key.
    """
    low, high = 0, len(data) if final else _last(data)
    while low < high:
        begin = data.rfind(b"\n", low, (low + high) // 2) + 1 or low
        end = data.find(b"\n", begin)
        end = len(data) if end < 0 else end
        if key(data[begin:end]) < least:
            low = min(end + 1, len(data))
        else:
            high = begin
    return low


def key_of(key: Key) -> Callable[[bytes], bytes]:
    """What a record, without its newline, is compared by."""
    field, separator = key.field, key.separator.encode()

    def found(record: bytes) -> bytes:
        if field:
            if separator:
                fields = record.split(separator, field)
            else:
                fields = re.split(rb"[ \t]+", record.lstrip(b" \t"), maxsplit=field)
            record = fields[field - 1] if field <= len(fields) else b""
        return record.upper() if key.fold else record

    return found
