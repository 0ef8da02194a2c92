"""Several inputs, one after the other, some of them streams: dealt as one stream."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator

from runtime.fed import Fed, read
from runtime.feed import Sink
from runtime.partition import blocks
from runtime.plan import Source, Stage
from runtime.processes import Feeding, Group
from runtime.rest import Input
from runtime.slots import STREAM
from runtime.source import Extents
from runtime.tasks import Runner


class Listed:
    """The inputs of a stage, opened: its streams are at work. stdin: the stream before it."""

    def __init__(self, runner: Runner, stage: Stage, stdin: int) -> None:
        self.runner = runner
        self.stage = stage
        self.group = Group()
        self.feedings: list[Feeding] = []
        self._over = False
        self._open = False  # what came last does not end with a record
        feeds = [self._feed(given.blob.path, stdin) for given in stage.inputs]
        self._fed = Fed(lambda sink: [feed(sink) for feed in feeds])

    def _feed(self, path: str, stdin: int) -> Callable[[Sink], None]:
        """What puts one input into the pipe."""
        if path == "-":
            return lambda sink: self._stream(stdin, sink)
        if path.startswith(STREAM):
            command = self.runner.plan.commands[self.stage.covers[0]]
            feeding = self.runner.children.read(self.group, command, path, stdin)
            self.feedings.append(feeding)
            return lambda sink: self._stream(feeding.descriptor, sink)
        blob = next(given.blob for given in self.stage.inputs if given.blob.path == path)
        extents = Extents.of(Source(0, (blob,)))
        assert extents is not None
        return lambda sink: self._file(extents, sink)

    def _file(self, extents: Extents, sink: Sink) -> None:
        if extents.size:
            self._join(sink)
            extents.feed(sink)
            last = extents.slice(extents.size - 1, extents.size)
            self._open = b"".join(last.blocks()) != b"\n"

    def _stream(self, descriptor: int, sink: Sink) -> None:
        first = True
        for block in read(descriptor, self._stopped):
            if first:
                self._join(sink)
            first = False
            sink.write(block)
            self._open = not block.endswith(b"\n")

    def _join(self, sink: Sink) -> None:
        """End the record that the input before has left open, where records end with it."""
        if self._open and self.stage.joint == "records":
            sink.write(b"\n")

    def _stopped(self) -> bool:
        return self._over or self.runner.stopped.is_set()

    def inputs(self, stopped: Callable[[], bool]) -> Iterator[Input]:
        """The blocks of all of them."""
        block = self.runner.settings.block
        return blocks(self._fed.descriptor, self.stage, block, stopped)

    def close(self) -> None:
        """Wait for the streams, whose reader is gone. Raises what one of them raised."""
        self._over = True
        os.close(self._fed.descriptor)
        self._fed.finish()
        for feeding in self.feedings:
            os.close(feeding.descriptor)
        self.runner.children.done(self.group)
