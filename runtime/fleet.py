"""What is under way: each attempt a thread, which waits for the worker's answers."""

from __future__ import annotations

import contextlib
import queue
import time
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, NamedTuple, Protocol

from runtime import s3
from runtime.attempts import Calls, Pause, Steps
from runtime.invoke import Passing


class End(NamedTuple):
    """An attempt that is over: its layer, the number of its task there, what became of it."""

    layer: int
    number: int
    future: Future[dict[str, Any]]


class Fleet(Protocol):
    """Where attempts are made, and the clock that goes by there."""

    def now(self) -> float:
        """Seconds since some time."""

    def begin(self, layer: int, number: int, steps: Steps) -> None:
        """Make an attempt."""

    def next(self, seconds: float) -> End | None:
        """The next that ends, or None if none does for so long."""

    def close(self) -> None:
        """Nobody waits for what is under way."""


class Threads:
    """The fleet of a run: at most `calls.most` attempts are under way, others wait."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls
        self._ends: queue.SimpleQueue[End] = queue.SimpleQueue()
        self._pool = ThreadPoolExecutor(calls.most, "call")

    def now(self) -> float:
        return time.monotonic()

    def begin(self, layer: int, number: int, steps: Steps) -> None:
        future = self._pool.submit(self._through, steps)
        future.add_done_callback(lambda ended: self._ends.put(End(layer, number, ended)))

    def _through(self, steps: Steps) -> dict[str, Any]:
        """Do what an attempt wants, step by step, until it has its answer."""
        try:
            step = next(steps)
            while True:
                if isinstance(step, Pause):
                    s3.pause(step.failures)
                    step = next(steps)
                    continue
                try:
                    answer = self._calls.invoke(self._calls.event(step))
                except Passing as why:
                    step = steps.throw(why)
                else:
                    step = steps.send(answer)
        except StopIteration as done:
            answered: dict[str, Any] = done.value
            return answered

    def next(self, seconds: float) -> End | None:
        with contextlib.suppress(queue.Empty):
            return self._ends.get(timeout=seconds)
        return None

    def close(self) -> None:
        self._pool.shutdown(wait=False, cancel_futures=True)
