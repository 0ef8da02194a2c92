"""How a task's input reaches its first process: through a pipe that is filled in large steps."""

from __future__ import annotations

import errno
import os
import time
from collections.abc import Callable

from runtime.processes import PIPE_SIZE

SHORTEST, LONGEST = 0.00005, 0.002  # seconds


class Sink:
    """The writing end of a pipe.

    A blocked writer would be woken for every page that the reader takes, hundreds of
    thousands of times for a gigabyte. This one does not block: it fills the pipe and
    naps until about half of it is empty again, as long as the reader's pace tells it.
    """

    def __init__(self, descriptor: int) -> None:
        self.descriptor = descriptor
        self._nap = SHORTEST
        os.set_blocking(descriptor, False)

    def write(self, data: bytes | bytearray | memoryview) -> None:
        """Write it all. Raises BrokenPipeError if nobody reads."""
        with memoryview(data) as view:
            self._move(len(view), lambda moved: os.write(self.descriptor, view[moved:]))

    def splice(self, file: int, start: int, stop: int) -> int:
        """Move bytes of a file, in the kernel; how many (fewer if the file ended before).

        Raises BrokenPipeError if nobody reads.
        """

        def step(moved: int) -> int:
            count = min(PIPE_SIZE, stop - start - moved)
            return os.splice(file, self.descriptor, count, offset_src=start + moved)

        try:
            return self._move(stop - start, step)
        except OSError as error:
            if error.errno != errno.EINVAL:
                raise
        # A file system that cannot splice says so at once: the ordinary way.
        position = start
        while position < stop and (block := os.pread(file, PIPE_SIZE, position)):
            self.write(block[: stop - position])
            position += len(block)
        return min(position, stop) - start

    def file(self, path: str) -> int:
        """Move a whole file; how many bytes."""
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        try:
            return self.splice(descriptor, 0, os.fstat(descriptor).st_size)
        finally:
            os.close(descriptor)

    def _move(self, size: int, step: Callable[[int], int]) -> int:
        moved = 0
        while moved < size:
            try:
                count = step(moved)
                if not count:
                    break
            except BlockingIOError:
                count = 0
            moved += count
            if moved < size:
                time.sleep(self._nap)
                if count < PIPE_SIZE // 4:
                    self._nap = min(self._nap * 1.5, LONGEST)
                elif count > PIPE_SIZE * 3 // 4:
                    self._nap = max(self._nap * 0.7, SHORTEST)
        return moved


# Puts a task's input into its pipe and says how many bytes it was.
Feed = Callable[[Sink], int]


def nothing(sink: Sink) -> int:
    """The feed of a task that names its inputs."""
    return 0
