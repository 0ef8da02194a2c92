"""Guards on the data: what a law needs of the bytes, checked by the readers."""

from __future__ import annotations

import codecs
from collections.abc import Iterable, Iterator

# How far past a partition its guard looks: more than one buffer of any tool that
# decides by its buffers (GNU grep reads 96 KiB), so that what came before stands.
LOOKAHEAD = 128 * 1024


class GuardFailed(Exception):
    """The data are not what the law needs; str() says what they are."""


def check(
    guard: str, blocks: Iterable[bytes | bytearray | memoryview], *, ends: bool = True
) -> None:
    """Raise GuardFailed unless the blocks are as the guard says ("" asks for nothing).

    They are one stretch of a stream that begins at a record's start. ends: it ends
    with a record, so not inside a character.
    """
    for _ in checked(guard, blocks, ends=ends):
        pass


def checked(
    guard: str, blocks: Iterable[bytes | bytearray | memoryview], *, ends: bool = True
) -> Iterator[bytes | bytearray | memoryview]:
    """The blocks, each once it is known to be fit; as `check`."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for block in blocks:
            data = bytes(block) if isinstance(block, memoryview) else block
            if guard and b"\0" in data:
                raise GuardFailed("its input has a NUL byte")
            if guard == "text" and not (data.isascii() and not decoder.getstate()[0]):
                decoder.decode(data)
            yield block
        decoder.decode(b"", final=ends)
    except UnicodeDecodeError:
        raise GuardFailed("its input has bytes that are no valid UTF-8") from None
