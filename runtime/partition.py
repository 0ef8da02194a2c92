"""What the tasks of a wide stage read: partitions of a source, or the blocks of a stream."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from runtime import guards
from runtime.deal import Dealer
from runtime.feed import Sink, nothing
from runtime.plan import Guard, Stage
from runtime.rest import Input
from runtime.slots import measures
from runtime.source import Extent, Extents


@dataclass
class Partition:
    """A partition of a source that can be read from anywhere.

    ahead: what follows it, which its guard looks at too; before: the records before it that
    the stage reads again.
    """

    stage: Stage
    extents: Extents
    ahead: Extents
    before: bytes = b""

    def feed(self, sink: Sink) -> int:
        """Move its bytes into a pipe; how many. Raises GuardFailed."""
        guard = self.stage.guard
        if not guard:
            return self.extents.feed(sink)
        if self.extents.remote:
            # Read once: what it has written so far is not passed on before it is done.
            for block in guards.checked(guard, self.extents.blocks()):
                sink.write(block)
            guards.check(guard, self.ahead.blocks(), ends=False)
            return self.extents.size
        guards.check(guard, self.extents.blocks())
        guards.check(guard, self.ahead.blocks(), ends=False)
        return self.extents.feed(sink)

    def direct(self) -> Extent | None:
        """The range of a file that it is, if it is one; then its guard has been checked.

        But for NULs, for which whoever reads it looks itself. Raises GuardFailed.
        """
        extents, guard = self.extents.extents, self.stage.guard
        if len(extents) != 1 or extents[0].blob is None or self.extents.remote:
            return None
        if guard and guard != Guard(lacks=("\0",)):
            guards.check(guard, self.extents.blocks())
        guards.check(guard, self.ahead.blocks(), ends=False)
        return extents[0]


def trimmed(extents: Extents, stage: Stage) -> Extents:
    """A source without the records that the stage never sees."""
    return extents.without(*stage.drop) if stage.drop else extents


def partition(extents: Extents, stage: Stage, start: int, stop: int) -> Partition | None:
    """What a trimmed source has between two cuts; None if no record begins there.

    Of an empty source there is one, so that the stage runs once.
    """
    start, stop = extents.boundary(start), extents.boundary(stop)
    if start == stop and extents.size:
        return None
    part = extents.slice(start, stop)
    if stage.strip and start:
        part = part.stripped(stage.strip.encode("latin-1"))
        if not part.size:
            return None
    ahead = extents.slice(stop, min(stop + guards.LOOKAHEAD, extents.size))
    return Partition(stage, part, ahead, extents.ending(start, stage.before))


def ranges(extents: Extents, stage: Stage) -> Iterator[Input]:
    """The inputs of a stage over its partitions."""
    extents = trimmed(extents, stage)
    measure = measures(stage.pipe)
    index = 0
    for start, stop in _places(extents, stage):
        part = partition(extents, stage, start, stop)
        if part is None:
            continue
        last = stage.asks_for_last and extents.boundary(stop) == extents.size
        yield Input(part.feed, index, last, before=part.before, direct=part.direct)
        if measure:
            index += part.extents.records(measure)


def _places(extents: Extents, stage: Stage) -> Iterator[tuple[int, int]]:
    """Where a source is cut: in equal stretches, or at the first end of a group after them."""
    if stage.group == 1:
        yield from extents.cuts(stage.width)
        return
    start = 0
    for _, near in extents.cuts(stage.width):
        stop = max(extents.boundary(near), start)
        for _ in range(-extents.slice(start, stop).records() % stage.group):
            stop = extents.boundary(stop + 1)
        yield start, stop
        start = stop


def files(stage: Stage) -> Iterator[Input]:
    """Some of a stage's files each, neighbours, of about as many bytes."""
    sizes = [given.blob.size for given in stage.inputs]
    most, size = max(sum(sizes) // stage.width, 1), 0
    paths: list[str] = []
    for given in stage.inputs:
        paths.append(given.blob.path)
        size += given.blob.size
        if size >= most:
            yield Input(nothing, files=tuple(paths))
            paths, size = [], 0
    if paths:
        yield Input(nothing, files=tuple(paths))


def blocks(
    descriptor: int, stage: Stage, size: int, stopped: Callable[[], bool]
) -> Iterator[Input]:
    """The blocks of a stream."""
    for block in Dealer(descriptor, stage, size, stopped).blocks():
        goes_on = block.rest is not None
        again = "zero" in stage.statuses
        yield Input(block.feed, block.index, block.last, goes_on, again, before=block.before)
