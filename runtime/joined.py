"""Several inputs divided together: where their keys change, or at one number of records.

    a   1 2 2 | 3 5 | 7          a   x y | z
    b   0 2   | 4   | 6 7        b   1 2 | 3

Each input is seen through a window on its next records, and the windows are cut
(runtime/cut.py). A stream is spooled as it is read: it becomes a file that grows. So it
can be read from anywhere, and from the beginning when its order turns out to be none.
"""

from __future__ import annotations

import itertools
import os
import select
from collections.abc import Callable, Iterator, Sequence

from runtime.cut import at_keys, at_records
from runtime.deal import FIRST, IDLE, READ
from runtime.errors import RunError
from runtime.fed import Fed, parts, read
from runtime.feed import Sink, nothing
from runtime.plan import Blob, Command, Redirect, Source, Stage
from runtime.processes import Feeding, Group, Named, write_all
from runtime.rest import Input
from runtime.slots import PART, STREAM
from runtime.source import Extent, Extents
from runtime.tasks import Runner
from runtime.verdict import Unfit

LONGEST = 4  # blocks


class Side:
    """One input, from `start` on not yet dealt out: files, which are all there (`ended`)."""

    def __init__(self, extents: Extents) -> None:
        self.extents = extents
        self.start = 0
        self.ended = True

    def window(self, size: int) -> tuple[bytes, bool]:
        """The whole records among the next bytes, and whether they are the last."""
        stop = min(self.start + size, self.extents.size)
        data = b"".join(self.extents.slice(self.start, stop).blocks())
        if self.ended and stop == self.extents.size:
            return data, True
        return data[: data.rfind(b"\n") + 1], False

    def take(self, size: int) -> Extents:
        """The next bytes, which are dealt out by that."""
        taken = self.extents.slice(self.start, self.start + size)
        self.start += size
        return taken

    def feed(self, sink: Sink, start: int, stopped: Callable[[], bool]) -> None:
        """All of it from an offset on. Raises BrokenPipeError if nobody reads."""
        self.extents.slice(start, self.extents.size).feed(sink)

    def close(self) -> None:
        """Nobody reads it any more."""


class Spool(Side):
    """A stream, kept in a file as it is read. `descriptor` stays the caller's."""

    def __init__(self, descriptor: int, path: str) -> None:
        super().__init__(Extents([]))
        self.descriptor = descriptor
        self.ended = False
        self._path = path
        self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)

    def lacks(self, size: int) -> bool:
        """Whether there may be more of its next bytes than have been read."""
        return not self.ended and self.extents.size < self.start + size

    def read(self) -> None:
        """Wait for some more of it. Raises RunError if there is no room."""
        block = os.read(self.descriptor, READ)
        self.ended = not block
        try:
            size = self.extents.size + write_all(self._file, block)
        except OSError as error:
            raise RunError(f"{self._path}: {os.strerror(error.errno or 0)}") from None
        self.extents = Extents([Extent(Blob(self._path), 0, size)])

    def feed(self, sink: Sink, start: int, stopped: Callable[[], bool]) -> None:
        super().feed(sink, start, stopped)
        for block in read(self.descriptor, stopped):
            sink.write(block)

    def close(self) -> None:
        os.close(self._file)
        os.unlink(self._path)


class Joined:
    """The inputs of a stage, opened: its streams are at work.

    stdin: the stream before it; source: the file that this is, where it is one.
    """

    def __init__(self, runner: Runner, stage: Stage, stdin: int, source: Extents | None) -> None:
        self.runner = runner
        self.stage = stage
        self.command = runner.whole(stage.covers[0])
        self.group = Group()
        self.feedings: list[Feeding] = []
        self.sides: list[Side] = []
        for number, given in enumerate(stage.inputs):
            path = os.path.join(runner.work.path, f"{stage.id}.input{number}")
            if given.blob.path == "-":
                self.sides.append(Side(source) if source else Spool(stdin, path))
            elif given.blob.path.startswith(STREAM):
                feeding = runner.children.read(self.group, self.command, given.blob.path, stdin)
                self.feedings.append(feeding)
                self.sides.append(Spool(feeding.descriptor, path))
            else:
                extents = Extents.of(Source(0, (given.blob,)))
                assert extents is not None
                self.sides.append(Side(extents))

    @property
    def streams(self) -> list[Spool]:
        return [side for side in self.sides if isinstance(side, Spool)]

    def inputs(self, stopped: Callable[[], bool]) -> Iterator[Input]:
        """The parts of all inputs; at least one, though it be empty. Raises Unfit."""
        block = self.runner.settings.block
        keys = [given.key for given in self.stage.inputs]
        cut = at_keys(keys) if self.stage.joined == "keys" else at_records
        if self.streams:
            usual = min(FIRST, block)
        else:
            largest = max(side.extents.size for side in self.sides)
            usual = max(min(-(-largest // self.stage.width), block), 1)
        size = usual
        for number in itertools.count():
            idle = self._fill(size, stopped)
            if stopped():
                return
            windows = [side.window(size) for side in self.sides]
            last = all(final for _, final in windows)
            places = [len(data) for data, _ in windows] if last else cut(windows)
            if any(places) or (last and not number):
                taken = [side.take(at) for side, at in zip(self.sides, places, strict=True)]
                yield _input(taken)
                usual = min(usual * 4, block) if self.streams else usual
                size = usual
            elif not last and not idle:
                size *= 2
                if size > LONGEST * block and self.stage.tentative:
                    raise Unfit("its inputs are not in order, or have too many lines of one key")
                if size > LONGEST * block:
                    yield self._rest(stopped)
                    return
            if last:
                return

    def _fill(self, size: int, stopped: Callable[[], bool]) -> bool:
        """Read each stream's next bytes; True if it broke off, for nothing comes any more."""
        moved = False
        while lacking := [side for side in self.streams if side.lacks(size)]:
            if stopped():
                break
            ready = _ready(lacking, IDLE)
            if not ready and moved and self.stage.flush:
                return True
            # One stream may stand still until another is read on.
            others = [side for side in self.streams if not side.ended]
            for side in ready or _ready(others, 0):
                side.read()
                moved = True
        return False

    def _rest(self, stopped: Callable[[], bool]) -> Input:
        """All that is left, as one part, which reads on by itself: a line is too long."""
        named = {f"{PART}{n}": _fed(s, s.start, stopped) for n, s in enumerate(self.sides)}
        return Input(nothing, named=named)

    def whole(self) -> tuple[Command, Named]:
        """The command that reads them all as they were, and what feeds it."""
        named: dict[str, Callable[[], Feeding]] = {}
        command = self.command
        for number, (given, side) in enumerate(zip(self.stage.inputs, self.sides, strict=True)):
            if not isinstance(side, Spool):
                continue
            word = given.blob.path
            if word == "-":
                word = f"{PART}{number}"
                command = command._replace(redirects=(Redirect(0, "<", word), *command.redirects))
            named[word] = _fed(side, 0, self.runner.stopped.is_set)
        return command, named

    def close(self) -> None:
        """Wait for the streams, whose readers are gone. Raises what one of them raised."""
        for feeding in self.feedings:
            os.close(feeding.descriptor)
        for side in self.sides:
            side.close()
        self.runner.children.done(self.group)


def _input(taken: list[Extents]) -> Input:
    return Input(lambda sink: sum(part.size for part in taken), named=parts(taken))


def _fed(side: Side, start: int, stopped: Callable[[], bool]) -> Callable[[], Feeding]:
    return lambda: Fed(lambda sink: side.feed(sink, start, stopped))


def _ready(streams: Sequence[Spool], seconds: float) -> list[Spool]:
    """Those that have something to read, or have ended, as soon as one has."""
    poll = select.poll()
    for side in streams:
        poll.register(side.descriptor, select.POLLIN | select.POLLHUP)
    found = {descriptor for descriptor, _ in poll.poll(seconds * 1000)}
    return [side for side in streams if side.descriptor in found]
