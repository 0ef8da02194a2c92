"""A wide stage at work: its tasks in a pool, its results in order.

At most 2 × jobs tasks are in flight. The task whose turn it is when it starts
writes straight to where the bytes belong; the others spool.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

from runtime import guards
from runtime.deal import Dealer
from runtime.feed import Feed, Sink
from runtime.plan import Stage
from runtime.processes import Group
from runtime.slots import INDEX
from runtime.source import Extents
from runtime.spool import copy
from runtime.tasks import Part, Runner
from runtime.verdict import Unfit


@dataclass
class Input:
    """What a task reads, how many records of the stream come before it, and if any follow."""

    feed: Feed
    index: int = 0
    last: bool = True


class Division:
    """The tasks of one map stage.

    sink: where results go, or -1 when they are to be collected; size: see slots.SIZE.
    """

    def __init__(self, runner: Runner, stage: Stage, sink: int, size: int) -> None:
        self.runner = runner
        self.stage = stage
        self.sink = sink
        self.size = size
        self.turn = 0  # the number of the part that is to be passed on next
        self.emitted = 0  # bytes that were passed on from spooled parts
        self.broken = False  # nobody reads any more
        self._stopped = threading.Event()
        self._groups: dict[int, Group] = {}  # those under way, by the number of their task
        self._lock = threading.Lock()

    def stopped(self) -> bool:
        """Whether no further result is wanted."""
        return self._stopped.is_set() or self.runner.stopped.is_set()

    def over(self, inputs: Iterator[Input]) -> list[Part]:
        """Run a task for each input; the parts that were collected.

        Raises Unfit when a guard fails or an aggregate's command does, and
        TaskFailed; tasks that are under way are then ended first.
        """
        parts: list[Part] = []
        waiting: queue.Queue[Future[Part] | None] = queue.Queue(2 * self.runner.settings.jobs)
        with ThreadPoolExecutor(self.runner.settings.jobs) as pool:
            dealer = threading.Thread(target=self._deal, args=(inputs, pool, waiting))
            try:
                dealer.start()
                while (future := waiting.get()) is not None:
                    if self.stopped():
                        break
                    self._take(future.result(), parts)
            except BaseException:
                for part in parts:
                    self.runner.release(part)
                raise
            finally:
                self._stop()
                self._drain(waiting, dealer)
        return parts

    def _deal(
        self,
        inputs: Iterator[Input],
        pool: ThreadPoolExecutor,
        waiting: queue.Queue[Future[Part] | None],
    ) -> None:
        """Hand out the inputs, as many at a time as the queue holds."""
        try:
            for number, given in enumerate(inputs):
                if self.stopped():
                    break
                waiting.put(pool.submit(self._task, number, given))
        except BaseException as error:
            failed: Future[Part] = Future()
            failed.set_exception(error)
            waiting.put(failed)
        waiting.put(None)

    def _task(self, number: int, given: Input) -> Part:
        """One task, in a thread of the pool."""
        stage = self.stage
        # A guarded part is passed on only when it is known to be fit, so it spools.
        direct = self.sink >= 0 and self.turn == number and not stage.guard
        commands = self.runner.commands(stage, index=given.index, size=self.size, last=given.last)

        def watch(group: Group) -> None:
            with self._lock:
                self._groups[number] = group
                if self.stopped():
                    self.runner.children.kill(group)

        try:
            return self.runner.run(
                stage, number, commands, given.feed, self.sink if direct else -1, watch
            )
        except guards.GuardFailed as why:
            raise Unfit(str(why)) from None
        finally:
            with self._lock:
                self._groups.pop(number, None)

    def _take(self, part: Part, parts: list[Part]) -> None:
        """Pass a part on, or keep it; stop when nothing after it counts."""
        self.runner.count(self.stage, part)
        if part.path and self.sink < 0:
            parts.append(part)
        elif part.path:
            try:
                self.emitted += copy(part.outcome.result, self.sink)
            except BrokenPipeError:
                part.broken = True
            self.runner.release(part)
        self.turn += 1
        self.broken = part.broken
        if part.final or part.broken:
            self._stop()

    def _stop(self) -> None:
        """End what is under way; no further task starts."""
        with self._lock:
            self._stopped.set()
            for group in self._groups.values():
                self.runner.children.kill(group)

    def _drain(self, waiting: queue.Queue[Future[Part] | None], dealer: threading.Thread) -> None:
        """Wait for what is left after a stop, and drop it."""
        while dealer.is_alive() or not waiting.empty():
            try:
                future = waiting.get(timeout=0.05)
            except queue.Empty:
                continue
            if future is not None and future.exception() is None:
                self.runner.release(future.result())
        dealer.join()


@dataclass
class Partition:
    """A partition of a source that can be read from anywhere.

    ahead: what follows it, which its guard looks at too.
    """

    stage: Stage
    extents: Extents
    ahead: Extents

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
    return Partition(stage, part, ahead)


def ranges(extents: Extents, stage: Stage) -> Iterator[Input]:
    """The inputs of a stage over its partitions."""
    extents = trimmed(extents, stage)
    counts = any(INDEX in argv for argv in stage.pipe)
    index = 0
    for start, stop in _places(extents, stage):
        part = partition(extents, stage, start, stop)
        if part is None:
            continue
        last = stage.asks_for_last and extents.boundary(stop) == extents.size
        yield Input(part.feed, index, last)
        if counts:
            index += part.extents.records()


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


def blocks(
    descriptor: int, stage: Stage, size: int, stopped: Callable[[], bool]
) -> Iterator[Input]:
    """The blocks of a stream."""

    for block in Dealer(descriptor, stage, size, stopped).blocks():
        yield Input(block.feed, block.index, block.last)
