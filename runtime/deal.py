"""Dealing a stream: numbered blocks cut at record ends, in bounded memory.

A stream starts narrow: the first block is small, so what is short is done by one
task; blocks then grow. An idle stream is flushed: what has come is a block.
"""

from __future__ import annotations

import collections
import itertools
import os
import select
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from runtime import guards
from runtime.feed import Sink
from runtime.plan import Stage
from runtime.slots import INDEX, measured, measures
from runtime.source import ending

FIRST = 1 << 20
READ = 1 << 20
LAST = 1 << 16  # bytes in which the last records of a block are looked for
IDLE = 0.1  # seconds
LINE = 4  # blocks: a longer line is not waited for, it goes on with all that follows


@dataclass
class Block:
    """Consecutive bytes of a stream. `rest` goes on until the stream ends, if it is there."""

    data: bytes | memoryview
    index: int = 0  # records of the stream before it
    rest: Iterator[bytes | memoryview] | None = None
    idle: bool = False  # cut off because nothing more came for a while
    open: bool = False  # it does not end with a record
    end: bool = False  # the stream ends with it
    before: bytes = b""  # records before it that come again

    @property
    def last(self) -> bool:
        """Whether no other block follows."""
        return self.end or self.rest is not None

    def feed(self, sink: Sink) -> int:
        """Write it all; how many bytes. Raises BrokenPipeError if nobody reads."""
        written = 0
        for part in itertools.chain((self.data,), self.rest or ()):
            written += len(part)
            sink.write(part)
        return written

    @property
    def size(self) -> int:
        return len(self.data)


class Dealer:
    """Reads a stream and yields its blocks, as a stage wants them."""

    def __init__(
        self, descriptor: int, stage: Stage, block: int, stopped: Callable[[], bool]
    ) -> None:
        self.descriptor = descriptor
        self.stage = stage
        self.block = block
        self.stopped = stopped
        self.holds = stage.group > 1 or stage.asks_for_last  # back what has come to its end
        self.measure = measures(stage.pipe) or (INDEX if stage.drop else "")

    def blocks(self) -> Iterator[Block]:
        """The blocks; at least one, though it be empty, so that the stage runs once."""
        number = 0
        dealt = self._guarded()
        for block in dealt:
            if block.open:
                block.rest = (following.data for following in dealt)
            if self.stage.strip and number:
                block.data = bytes(block.data).lstrip(self.stage.strip.encode("latin-1"))
            if block.size or block.rest is not None:
                yield block
                number += 1
            if block.rest is not None:
                return  # whoever feeds it reads the stream from here on
        if not number:
            yield Block(b"", end=True)

    def _guarded(self) -> Iterator[Block]:
        """The trimmed blocks; each is given away when what follows it is known to be fit.

        Where a block is not, those held back and all that follows go on as one: the
        command then decides for itself, as it would have at that place of the stream.
        """
        trimmed = self._trimmed()
        if not self.stage.guard:
            yield from trimmed
            return
        held: collections.deque[Block] = collections.deque()
        size = 0
        for block in trimmed:
            held.append(block)
            size += block.size
            if block.open or not self._fit(block):
                first = held.popleft()
                rest = itertools.chain(held, trimmed)
                following = (block.data for block in rest)
                yield Block(first.data, first.index, following, before=first.before)
                return
            while held and (block.idle or size - held[0].size >= guards.LOOKAHEAD):
                size -= held[0].size
                yield held.popleft()
        yield from held

    def _fit(self, block: Block) -> bool:
        try:
            guards.check(self.stage.guard, [block.data])
        except guards.GuardFailed:
            return False
        return True

    def _trimmed(self) -> Iterator[Block]:
        """The blocks with their place in the stream, without the records to be dropped."""
        index, before, held = 0, b"", b""
        for block in self._raw():
            block.index, block.before = index, before
            if self.stage.before:
                before = _ending(before, block.data, self.stage.before)
            if self.measure:
                index += measured(self.measure, (block.data,))
            if self.stage.drop and self.stage.drop[0] < 0:
                data = held + bytes(block.data)
                held = ending(data, -self.stage.drop[0])
                block.data = data.removesuffix(held)
            elif self.stage.drop:
                block.data = without(bytes(block.data), block.index, *self.stage.drop)
            yield block

    def _raw(self) -> Iterator[Block]:
        target = min(FIRST, self.block)
        buffer = bytearray(target + READ)
        filled = searched = 0
        poll = select.poll()
        poll.register(self.descriptor, select.POLLIN | select.POLLHUP)
        while not self.stopped():
            idle = not poll.poll(IDLE * 1000)
            if idle and not (self.stage.flush and filled):
                continue
            if not idle:
                if len(buffer) - filled < READ:
                    buffer.extend(bytes(max(READ, len(buffer))))
                with memoryview(buffer) as view:
                    got = os.readv(self.descriptor, [view[filled : filled + READ]])
                if not got:
                    break
                filled += got
                if filled < target:
                    continue
            cut = self._cut(buffer, searched, filled)
            endless = not cut and filled > LINE * self.block
            if not cut and not endless:
                searched = 0 if self.holds else filled
                continue
            cut = cut or filled
            rest = bytes(memoryview(buffer)[cut:filled])
            block = memoryview(buffer)[:cut]
            target = min(target * 4, self.block)
            buffer = bytearray(max(target, len(rest)) + READ)
            buffer[: len(rest)] = rest
            filled, searched = len(rest), 0
            yield Block(block, idle=idle, open=endless)
        if filled and not self.stopped():
            yield Block(memoryview(buffer)[:filled], end=True)

    def _cut(self, buffer: bytearray, searched: int, filled: int) -> int:
        """The last place where the stage lets a block end, or 0."""
        cut = buffer.rfind(b"\n", searched, filled) + 1
        if self.stage.asks_for_last and cut == filled:
            # That record may be the last, and no block after it could say so.
            cut = buffer.rfind(b"\n", 0, cut - 1) + 1
        if self.stage.group > 1:
            for _ in range(buffer.count(b"\n", 0, cut) % self.stage.group):
                cut = buffer.rfind(b"\n", 0, cut - 1) + 1
        return cut


def _ending(before: bytes, data: bytes | memoryview, records: int) -> bytes:
    """The last records of a stream that goes on with these data, which are not copied for it."""
    last = bytes(data[-LAST:])
    few = last.count(b"\n") <= records
    return ending(before + bytes(data) if few else last, records)


def without(data: bytes, index: int, first: int, last: int) -> bytes:
    """`data`, whose first record has the number index + 1, without records first to last."""
    return data[: _offset(data, first - 1 - index)] + data[_offset(data, last - index) :]


def _offset(data: bytes, records: int) -> int:
    """Where the record with this number (from 0) begins, or the end if there are fewer."""
    position = 0
    for _ in range(records):
        found = data.find(b"\n", position)
        if found < 0:
            return len(data)
        position = found + 1
    return position
