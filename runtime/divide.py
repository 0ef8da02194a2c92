"""A wide stage at work: its tasks in a pool, its results in order.

At most 2 × jobs tasks are in flight. The task whose turn it is when it starts
writes straight to where the bytes belong; the others spool.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor

from runtime import guards
from runtime.feed import nothing
from runtime.placed import placed
from runtime.plan import Stage
from runtime.processes import Group
from runtime.rest import Input, Waiting, carries, left, rest
from runtime.slots import KERNEL
from runtime.spool import copy
from runtime.tasks import Part, Runner
from runtime.verdict import Unfit

MANY = 256  # parts of a stream before they are folded into one


class Division:
    """The tasks of one map stage.

    Parts are done by kernels as far as there are any; what is left of a stream, which may be
    unfit, by the tools. sink: where results go, or -1 when they are to be collected; size: see
    slots.SIZE.
    """

    def __init__(self, runner: Runner, stage: Stage, sink: int, size: int) -> None:
        self.runner = runner
        self.stage = stage
        self.placed = placed(stage)
        self.sink = sink
        self.size = size
        self.turn = 0  # the number of the part that is to be passed on next
        self.emitted = 0  # bytes that were passed on from spooled parts
        self.broken = False  # nobody reads any more
        self.left: Input | None = None  # of a stream, what is to go on from the parts
        self._halted = threading.Event()  # what is under way counts no more, nor more of it
        self._stopped = threading.Event()
        self._groups: dict[int, Group] = {}  # those under way, by the number of their task
        self._lock = threading.Lock()

    def stopped(self) -> bool:
        """Whether nothing more is wanted of the input."""
        return (self._stopped.is_set() and not self.left) or self.runner.stopped.is_set()

    def over(self, inputs: Iterator[Input], fold: Callable[[list[Part]], list[Part]]) -> list[Part]:
        """Run a task for each input; the parts that were collected.

        fold: makes one part of many. Raises Unfit when a guard fails or an aggregate's
        command does, and TaskFailed; tasks that are under way are then ended first.
        """
        parts: list[Part] = []
        waiting: Waiting = queue.Queue(2 * self.runner.settings.jobs)
        with ThreadPoolExecutor(self.runner.settings.jobs) as pool:
            dealer = threading.Thread(target=self._deal, args=(inputs, pool, waiting))
            try:
                dealer.start()
                while (entry := waiting.get()) is not None:
                    if self.stopped():
                        break
                    given, part = self._done(*entry, waiting, inputs)
                    if part is None:
                        self.left = given
                        break
                    self._take(given, part, parts)
                    if given.goes_on:
                        break
                    if carries(self.stage) and len(parts) == MANY:
                        parts = fold(parts)
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
        waiting: Waiting,
    ) -> None:
        """Hand out the inputs, as many at a time as the queue holds."""
        try:
            for number, given in enumerate(inputs):
                if self.stopped():
                    break
                if given.goes_on:
                    waiting.put((given, None))
                    break
                # What can't be fed again is forgotten when it has been fed.
                kept = given if given.again else Input(nothing)
                waiting.put((kept, pool.submit(self._task, number, given)))
                if self._halted.is_set():
                    break
        except BaseException as error:
            failed: Future[Part] = Future()
            failed.set_exception(error)
            waiting.put((Input(nothing), failed))
        waiting.put(None)

    def _done(
        self,
        given: Input,
        future: Future[Part] | None,
        waiting: Waiting,
        inputs: Iterator[Input],
    ) -> tuple[Input, Part | None]:
        """An input with what came of it: no part, if it is to go on from those before it."""
        try:
            if future is not None:
                return given, future.result()
        except Unfit:
            if not given.again:
                raise
            self._halt()
            given = left(given, waiting, inputs, self.runner)
        if carries(self.stage):
            return given, None
        return given, self._task(self.turn, given)

    def _task(self, number: int, given: Input) -> Part:
        """One task, in a thread of the pool; the last of a stream in that which waits for it."""
        stage = self._stage(given)
        # A guarded part is passed on only when it is known to be fit, so it spools.
        direct = self.sink >= 0 and self.turn == number and (given.goes_on or not stage.tentative)
        commands = self.runner.commands(
            stage,
            given.files,
            given.index,
            self.size,
            last=given.last,
            before=given.before.count(b"\n"),
        )

        def watch(group: Group) -> None:
            with self._lock:
                self._groups[number] = group
                if self.stopped() or (self._halted.is_set() and not given.goes_on):
                    self.runner.children.kill(group)

        try:
            extent = given.direct() if stage.pipe[0][0] == KERNEL else None
            return self.runner.run(
                stage,
                number,
                commands,
                extent or given.feeds,
                self.sink if direct else -1,
                watch,
                named=given.named,
                attempt=int(given.goes_on),  # it may come after one that failed
            )
        except guards.GuardFailed as why:
            raise Unfit(str(why)) from None
        finally:
            with self._lock:
                self._groups.pop(number, None)

    def _stage(self, given: Input) -> Stage:
        """The stage as it runs on an input."""
        return rest(self.stage) if given.goes_on else self.placed

    def _take(self, given: Input, part: Part, parts: list[Part]) -> None:
        """Pass a part on, or keep it; stop when nothing after it counts."""
        self.runner.count(self._stage(given), part)
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
        self._end(self._stopped)

    def _halt(self) -> None:
        """End the tasks under way, but not the reading of the stream."""
        self._end(self._halted)

    def _end(self, why: threading.Event) -> None:
        with self._lock:
            why.set()
            for group in self._groups.values():
                self.runner.children.kill(group)

    def _drain(self, waiting: Waiting, dealer: threading.Thread) -> None:
        """Wait for what is left after a stop, and drop it."""
        while dealer.is_alive() or not waiting.empty():
            try:
                entry = waiting.get(timeout=0.05)
            except queue.Empty:
                continue
            future = entry[1] if entry else None
            if future is not None and future.exception() is None:
                self.runner.release(future.result())
        dealer.join()
