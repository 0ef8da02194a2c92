"""What is left of a stream when a law does not serve it: it goes on as one.

A stream can't be read again. But what came of the parts before stands, so what is
left, from the first unfit block on, runs after them in one piece.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass, field
from queue import Queue

from runtime.feed import Feed, Sink
from runtime.plan import Stage
from runtime.processes import Named
from runtime.slots import INPUTS
from runtime.source import Extent
from runtime.tasks import Part, Runner


@dataclass(frozen=True)
class Input:
    """What a task reads, how many records of the stream come before it, and if any follow.

    goes_on: it is all that is left of the stream; again: it can be fed more than once; named:
    what it reads beside its standard input, see Children.start; files: what it has of a
    stage's files; before: records that come again, before what `feed` gives; direct: the
    range of a file that it is, for a kernel to read itself, or None.
    """

    feed: Feed
    index: int = 0
    last: bool = True
    goes_on: bool = False
    again: bool = False
    named: Named = field(default_factory=dict)
    files: tuple[str, ...] = ()
    before: bytes = b""
    direct: Callable[[], Extent | None] = lambda: None

    def feeds(self, sink: Sink) -> int:
        """Feed all that it has."""
        if self.before:
            sink.write(self.before)
        return self.feed(sink)


Waiting = Queue[tuple[Input, Future[Part] | None] | None]


def carries(stage: Stage) -> bool:
    """Whether what is left of a stream begins with what the parts before it came to."""
    return any(INPUTS in argv for argv in stage.rest)


def rest(stage: Stage) -> Stage:
    """The stage for what is left: commands that decide for themselves what is fit."""
    statuses = tuple("worst" if status == "zero" else status for status in stage.statuses)
    rest = stage._replace(pipe=stage.rest or stage.pipe, statuses=statuses)
    if carries(stage):
        # Not a part of an aggregate, but all of it.
        rest = rest._replace(behaviours=("stateless",) * len(rest.pipe))
    return rest


def left(first: Input, waiting: Waiting, inputs: Iterator[Input], runner: Runner) -> Input:
    """What is left of a stream, beginning with an input that was found unfit.

    Tasks that are under way count no more; whoever deals is about to stop.
    """
    dealt = [first]
    while (entry := waiting.get()) is not None:
        given, future = entry
        if future is not None and not given.again:
            future.result()  # the stream could not be read on
        dealt.append(given)
        if future is not None and not future.cancel() and future.exception() is None:
            runner.release(future.result())

    def feed(sink: Sink) -> int:
        return sum(given.feed(sink) for given in itertools.chain(dealt, inputs))

    return Input(feed, first.index, goes_on=True, before=first.before)
