"""Splitters from a sample: records that cut sorted runs into ranges of about equal size.

Whatever they are, the answer is the same; only how even the ranges are depends on them.
"""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

from runtime.cloud_work import CloudWork
from runtime.feed import Sink
from runtime.plan import Stage
from runtime.s3 import store
from runtime.source import Extents
from runtime.tasks import Runner, memory
from runtime.work import Outcome

# Of a sample: stretches for each range, the most of them, bytes of all and of one.
STRETCHES, MOST = 8, 2048
TOGETHER, LONGEST = 32 << 20, 64 << 10
READERS = 16  # requests at a time


def spread(size: int, ranges: int) -> tuple[int, int]:
    """How many stretches of a source of `size` bytes are looked at, and the bytes of each."""
    count = min(STRETCHES * ranges, MOST)
    each = min(TOGETHER // count, LONGEST)
    return (1, size) if size <= count * each else (count, each)


def stretches(source: Extents, ranges: int) -> Iterator[bytes]:
    """Whole records from places all over a source."""
    count, size = spread(source.size, ranges)

    def stretch(cut: tuple[int, int]) -> bytes:
        middle = sum(cut) // 2
        low, high = max(middle - size // 2, cut[0]), min(middle + size // 2 + 1, cut[1])
        data = b"".join(source.slice(low, high).blocks(size + 1))
        first = data.find(b"\n") + 1 if low else 0
        return data[first : data.rfind(b"\n") + 1]

    with ThreadPoolExecutor(READERS) as pool:
        yield from pool.map(stretch, source.cuts(count))


def splitters(records: bytes, ranges: int) -> list[bytes]:
    """The records that divide sorted ones into so many ranges, about equal in bytes.

    None, if there are no records; the same one several times, if there are many of it.
    """
    if not records:
        return []
    found = []
    for number in range(1, ranges):
        at = records.rfind(b"\n", 0, len(records) * number // ranges) + 1
        found.append(records[at : records.index(b"\n", at) + 1])
    return found


def sampled(
    runner: Runner, work: CloudWork, stage: Stage, source: Extents, ranges: int, attempt: int
) -> Outcome:
    """Choose where ranges begin, by a sample of what a map stage makes of its source."""

    def feed(sink: Sink) -> int:
        size = 0
        for block in stretches(source, ranges):
            sink.write(block)
            size += len(block)
        return size

    with memory("sample") as sample:
        part = runner.run(stage, 0, runner.commands(stage), feed, sample)
        records = os.pread(sample, os.fstat(sample).st_size, 0)
    chosen = splitters(records, ranges)
    task = f"{stage.id}.splitters"
    path = work.target.result(work.run, task, attempt)
    etag = store().put(path, b"".join(chosen))
    made = part.outcome._replace(
        task=task,
        attempt=attempt,
        bytes_out=sum(map(len, chosen)),
        blob=path,
        etag=etag,
        begins=tuple(itertools.accumulate(map(len, chosen[:-1]), initial=0)) if chosen else (),
    )
    # Another attempt may have been first: by its splitters all runs are cut.
    return made if work.commit(made) else work.committed(task)
