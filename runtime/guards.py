"""Guards on the data: what a law needs of the bytes, checked by the readers."""

from __future__ import annotations

import codecs
from collections.abc import Iterable

# How far past a partition its guard looks: more than one buffer of any tool that
# decides by its buffers (GNU grep reads 96 KiB), so that what came before stands.
LOOKAHEAD = 128 * 1024


class GuardFailed(Exception):
    """The data are not what the law needs; str() says what they are."""


def check(guard: str, blocks: Iterable[bytes | bytearray | memoryview]) -> None:
    """Raise GuardFailed unless every block is as the guard says ("" asks for nothing).

    The blocks are one stretch of a stream that begins at a record's start; it may
    end inside a character.
    """
    if not guard:
        return
    decoder = codecs.getincrementaldecoder("utf-8")()
    for block in blocks:
        data = bytes(block) if isinstance(block, memoryview) else block
        if b"\0" in data:
            raise GuardFailed("its input has a NUL byte")
        if guard == "text" and not (data.isascii() and decoder.getstate()[0] == b""):
            try:
                decoder.decode(data)
            except UnicodeDecodeError:
                raise GuardFailed("its input has bytes that are no valid UTF-8") from None
