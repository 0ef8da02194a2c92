"""Guards on the data: what a law needs of the bytes, checked by the readers."""

from __future__ import annotations

import codecs
from collections.abc import Iterable, Iterator

from runtime.plan import Guard

# How far past a partition its guard looks: more than one buffer of any tool that
# decides by its buffers (GNU grep reads 96 KiB), so that what came before stands.
LOOKAHEAD = 128 * 1024

Bytes = bytes | bytearray | memoryview


class GuardFailed(Exception):
    """The data are not what the law needs; str() says what they are."""


def check(guard: Guard | None, blocks: Iterable[Bytes], *, ends: bool = True) -> None:
    """Raise GuardFailed unless the blocks are as the guard says (None asks for nothing).

    They are one stretch of a stream that begins at a record's start. ends: it ends
    with a record, so not inside a character.
    """
    for _ in checked(guard, blocks, ends=ends):
        pass


def checked(guard: Guard | None, blocks: Iterable[Bytes], *, ends: bool = True) -> Iterator[Bytes]:
    """The blocks, each once it is known to be fit; as `check`."""
    if guard is None:
        yield from blocks
        return
    lacks = [word.encode("latin-1") for word in guard.lacks]
    longest = max(map(len, lacks), default=0)
    decoder = codecs.getincrementaldecoder(guard.encoding or "latin-1")()
    before = b""  # what a forbidden word may begin in and end in the next block
    try:
        for block in blocks:
            data = bytes(block) if isinstance(block, memoryview) else block
            seam = before + data[: longest - 1] if before else b""
            if found := next((word for word in lacks if word in data or word in seam), None):
                what = "a NUL byte" if found == b"\0" else found.decode("latin-1")
                raise GuardFailed(f"its input has {what}")
            if guard.encoding and not (data.isascii() and not decoder.getstate()[0]):
                decoder.decode(data)
            before = bytes((before + data[-longest:])[1 - longest :]) if longest > 1 else b""
            yield block
        decoder.decode(b"", final=ends)
    except UnicodeDecodeError:
        what = "a byte above 127" if guard.encoding == "ascii" else "bytes that are no valid UTF-8"
        raise GuardFailed(f"its input has {what}") from None
