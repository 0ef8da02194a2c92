"""Pipes that a thread fills, for what a command reads beside its standard input."""

from __future__ import annotations

import os
import select
import threading
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from runtime.feed import Sink
from runtime.processes import Feeding, Named, new_pipe
from runtime.slots import PART

if TYPE_CHECKING:
    from runtime.source import Extents


class Fed:
    """`feed` puts it all into a pipe, by a thread; `descriptor` is the end to read."""

    def __init__(self, feed: Callable[[Sink], object]) -> None:
        self.failure: Exception | None = None
        self._feed = feed
        self.descriptor, self._end = new_pipe()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        try:
            self._feed(Sink(self._end))
        except BrokenPipeError:
            pass  # the command had enough
        except Exception as error:
            self.failure = error
        finally:
            os.close(self._end)

    def stop(self) -> None:
        """Nothing is to be done: the pipe breaks when the command ends."""

    def finish(self) -> None:
        """Wait until it is fed. Raises what feeding raised."""
        self._thread.join()
        if self.failure:
            raise self.failure


def read(descriptor: int, stopped: Callable[[], bool]) -> Iterator[bytes]:
    """What comes until the stream ends or nobody wants more."""
    waiting = select.poll()
    waiting.register(descriptor, select.POLLIN | select.POLLHUP)
    while not stopped():
        if waiting.poll(100):
            block = os.read(descriptor, 1 << 20)
            if not block:
                return
            yield block


def parts(inputs: Sequence[Extents]) -> Named:
    """What feeds a task its part of each input."""

    def fed(extents: Extents) -> Callable[[], Feeding]:
        return lambda: Fed(extents.feed)

    return {f"{PART}{number}": fed(extents) for number, extents in enumerate(inputs)}
