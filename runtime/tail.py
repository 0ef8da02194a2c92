"""What follows the map of a region, as its results come."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from runtime.processes import Group, new_pipe, write_all
from runtime.spool import copy
from runtime.tasks import Part

if TYPE_CHECKING:
    from runtime.flow import Flow


class Tail:
    """What follows the map: the root's commands behind a pipe, or the sink itself."""

    def __init__(self, flow: Flow, skip: int, inputs: list[str] | None = None) -> None:
        self.flow = flow
        self.skip = skip
        self.group: Group | None = None
        self.pipe = flow.sink
        root = flow.region.root
        commands = flow.runner.commands(root, inputs or [], size=flow.size)[skip:] if root else []
        if commands:
            read, self.pipe = new_pipe()
            self.group = flow.runner.children.start(commands, read, flow.sink, 2)
            os.close(read)

    def take(self, part: Part) -> bool:
        """Pass a part on; False when nobody reads any more."""
        try:
            copy(part.outcome.result, self.pipe)
        except BrokenPipeError:
            return False
        return True

    def close(self) -> None:
        """No more input: wait for the commands."""
        if self.group is not None:
            os.close(self.pipe)
            ends = self.flow.runner.children.done(self.group)
            self.group = None
            assert self.flow.region.root is not None
            self.flow.runner.settle(self.flow.region.root, self.skip, ends)


def pass_on(source: int, sink: int, skip: int) -> None:
    """Move a stream on, without its first bytes, until it ends or nobody reads."""
    while block := os.read(source, 1 << 20):
        kept = memoryview(block)[skip:]
        skip = max(skip - len(block), 0)
        try:
            write_all(sink, kept)
        except BrokenPipeError:
            return
