"""An object made of results while they come, in any order, by copies within S3."""

from __future__ import annotations

import functools
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from runtime.plan import Blob
from runtime.upload import LEAST, PARTS, Upload, pieces, step

READERS = 32  # small results that are read at a time


def copied(size: int, count: int) -> list[tuple[int, int]]:
    """The stretches in which one of `count` results is copied; none if it is too small."""
    each = PARTS // count  # so many part numbers are its own
    if size < LEAST or not each:
        return []
    return pieces(0, size, max(step(0), -(-size // each)))


class Joining(Upload):
    """Results become parts as they come: each has its part numbers, whatever is before it.

    So nobody waits for the results in order, and the copies take their time while others are
    still being made. A result that is too small for a part is only known to be when it is there;
    then they are put together afterwards.

    As a context it is aborted by an exception. path: of the object, or "" if none is wanted.
    """

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self._of: dict[str, list[Future[dict[str, Any]]]] = {}
        self._together = bool(path)

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is not None:
            self.abort()

    def take(self, number: int, count: int, blob: Blob) -> None:
        """A result is there, one of `count` at most."""
        copies = copied(blob.size, count)
        self._together &= bool(copies)
        if not self._together:
            return
        first, before = number * (PARTS // count) + 1, len(self._parts)
        for at, (start, stop) in enumerate(copies):
            self._submit(first + at, **self.copying(blob, start, stop))
        self._of[blob.path] = self._parts[before:]

    def finish(self, results: list[Blob]) -> None:
        """Make it an object of these results, in order."""
        if self._together and results:
            self.size = sum(blob.size for blob in results)
            self._parts = [part for blob in results for part in self._of[blob.path]]
            self.close()
            return
        self.abort()
        with Upload(self.path) as upload, ThreadPoolExecutor(READERS, "small") as pool:
            for blob, data in zip(results, self._ahead(pool, results), strict=True):
                if data is None:
                    upload.copy(blob)
                else:
                    upload.write(data.result())

    def _ahead(
        self, pool: ThreadPoolExecutor, results: list[Blob]
    ) -> Iterator[Future[bytes] | None]:
        """The bytes of the small ones, read some way ahead of who takes them."""
        waiting: deque[Future[bytes] | None] = deque()
        for blob in results:
            read = functools.partial(self.store.range, blob, 0, blob.size)
            waiting.append(pool.submit(read) if blob.size < LEAST else None)
            if len(waiting) > READERS:
                yield waiting.popleft()
        yield from waiting
