"""Sources as sequences of extents, and the partition rule.

The partition [start, end) owns the records that *begin* in it: it runs from the
first record start at or after `start` to the first at or after `end`. Nobody has
to agree on anything, nothing is scanned twice but a record that crosses a seam,
and no byte is lost whatever the length of a line.
"""

from __future__ import annotations

import itertools
import os
import stat
from collections.abc import Iterator
from typing import Any, NamedTuple

from runtime.errors import RunError, SourceChanged
from runtime.feed import Sink
from runtime.plan import Blob, Source
from runtime.slots import INDEX, measured

SCAN = 256 * 1024
STDIN = "-"


class Extent(NamedTuple):
    """Bytes [start, stop) of a file or an object; without a blob, a newline that joins records."""

    blob: Blob | None
    start: int
    stop: int

    @property
    def size(self) -> int:
        return self.stop - self.start

    def cut(self, start: int, stop: int) -> Extent:
        """The part between two offsets, counted from the extent's own start."""
        return Extent(self.blob, self.start + start, self.start + stop)

    def open(self) -> int:
        """A descriptor of the file. Raises SourceChanged if it is not the pinned one."""
        assert self.blob is not None
        path = self.blob.path
        if path == STDIN:
            return os.dup(0)
        try:
            descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        except OSError as error:
            raise RunError(f"{path}: {os.strerror(error.errno or 0)}") from None
        found = os.fstat(descriptor)
        if self.blob.modified >= 0 and (self.blob.size, self.blob.modified) != (
            found.st_size,
            found.st_mtime_ns,
        ):
            os.close(descriptor)
            raise SourceChanged(
                f"{path} changed while it was being read", "run again when it is at rest"
            )
        return descriptor

    def blocks(self, size: int = SCAN) -> Iterator[bytes]:
        """The bytes, at most `size` at a time."""
        if self.blob is None:
            yield b"\n"
            return
        if self.blob.remote:
            yield from self._ranges(min(self.start + size, self.stop))
            return
        descriptor = self.open()
        try:
            position = self.start
            while position < self.stop:
                block = os.pread(descriptor, min(size, self.stop - position), position)
                if not block:
                    raise SourceChanged(f"{self.blob.path} became shorter while it was being read")
                yield block
                position += len(block)
        finally:
            os.close(descriptor)

    def _ranges(self, first: int) -> Iterator[bytes]:
        """The bytes of an object. A look at those up to `first` is one small request."""
        from runtime.s3 import store

        assert self.blob is not None
        if first > self.start:
            yield store().range(self.blob, self.start, first)
        yield from store().read(self.blob, first, self.stop)

    def feed(self, sink: Sink) -> None:
        """Move the bytes into a pipe. Raises BrokenPipeError if nobody reads it."""
        if self.blob is None:
            sink.write(b"\n")
            return
        if self.blob.remote:
            for block in self._ranges(self.start):
                sink.write(block)
            return
        descriptor = self.open()
        try:
            if sink.splice(descriptor, self.start, self.stop) < self.size:
                raise SourceChanged(f"{self.blob.path} became shorter while it was being read")
        finally:
            os.close(descriptor)


class Extents:
    """A stream made of extents, addressed by offset, that can be read from anywhere."""

    def __init__(self, extents: list[Extent]) -> None:
        self.extents = [extent for extent in extents if extent.size]
        self.size = sum(extent.size for extent in self.extents)

    def as_json(self) -> list[list[Any]]:
        """The extents as JSON values; an object is written out once."""
        return [
            [*extent.blob._replace(modified=-1), extent.start, extent.stop] if extent.blob else []
            for extent in self.extents
        ]

    @classmethod
    def from_json(cls, values: list[Any]) -> Extents:
        """What `as_json` wrote. Raises ValueError, TypeError or IndexError for anything else."""
        extents = []
        for value in values:
            if not value:
                extents.append(Extent(None, 0, 1))
                continue
            path, size, _, etag, start, stop = value
            blob = Blob(str(path), int(size), etag=str(etag))
            extents.append(Extent(blob, int(start), int(stop)))
        return cls(extents)

    @classmethod
    def of(cls, source: Source) -> Extents | None:
        """The extents of a source; None when it is a stream that can only be read on."""
        blobs = source.blobs
        if not blobs:
            found = os.fstat(0)
            if not stat.S_ISREG(found.st_mode):
                return None
            # The shell's commands begin where the descriptor stands, not at the file's start.
            start = min(os.lseek(0, 0, os.SEEK_CUR), found.st_size)
            extents = [Extent(Blob(STDIN), start, found.st_size)]
        else:
            extents = [Extent(blob, 0, _size(blob)) for blob in blobs]
        if source.joint == "records":
            extents = list(_joined(extents))
        return cls(extents)

    @property
    def remote(self) -> bool:
        """Whether any of it is in S3."""
        return any(extent.blob is not None and extent.blob.remote for extent in self.extents)

    def slice(self, start: int, stop: int) -> Extents:
        """The bytes [start, stop) of the stream."""
        parts, position = [], 0
        for extent in self.extents:
            low, high = max(start - position, 0), min(stop - position, extent.size)
            if low < high:
                parts.append(extent.cut(low, high))
            position += extent.size
        return Extents(parts)

    def blocks(self, size: int = SCAN) -> Iterator[bytes]:
        for extent in self.extents:
            yield from extent.blocks(size)

    def feed(self, sink: Sink) -> int:
        """Move all of it into a pipe; how many bytes."""
        for extent in self.extents:
            extent.feed(sink)
        return self.size

    def boundary(self, position: int) -> int:
        """The first record start at or after a position (the end of the stream counts as one)."""
        if position <= 0:
            return 0
        if position >= self.size:
            return self.size
        at = position - 1
        for block in self.slice(at, self.size).blocks():
            found = block.find(b"\n")
            if found >= 0:
                return at + found + 1
            at += len(block)
        return self.size

    def cuts(self, width: int) -> list[tuple[int, int]]:
        """Equal stretches; no more than there are bytes, but one at least."""
        width = max(min(width, self.size), 1)
        places = [self.size * number // width for number in range(width + 1)]
        return list(itertools.pairwise(places))

    def records(self, measure: str = INDEX) -> int:
        """How many records end here, of those that a measure counts."""
        return measured(measure, self.blocks())

    def after(self, records: int) -> int:
        """The offset at which the record with this number (from 0) begins."""
        at = 0
        for block in self.blocks():
            here = block.count(b"\n")
            if here >= records:
                position = 0
                for _ in range(records):
                    position = block.index(b"\n", position) + 1
                return at + position
            records -= here
            at += len(block)
        return self.size

    def ending(self, position: int, records: int) -> bytes:
        """The last records before the one that begins at a position; fewer if there are no more."""
        size, data = SCAN, b""
        while records and len(data) < position and data.count(b"\n") <= records:
            data = b"".join(self.slice(max(position - size, 0), position).blocks())
            size *= 4
        return ending(data, records)

    def without(self, first: int, last: int) -> Extents:
        """The stream without records `first` to `last` (from 1, or to -1; both included)."""
        if first < 0:
            return self.slice(0, self.size - len(self.ending(self.size, -first)))
        start, stop = self.after(first - 1), self.after(last)
        return Extents(self.slice(0, start).extents + self.slice(stop, self.size).extents)

    def stripped(self, leading: bytes) -> Extents:
        """The stream without the bytes of this set that it begins with."""
        at = 0
        for block in self.blocks():
            rest = block.lstrip(leading)
            at += len(block) - len(rest)
            if rest:
                break
        return self.slice(at, self.size)


def ending(data: bytes, records: int) -> bytes:
    """The last records of data that end with one."""
    at = len(data) - 1
    for _ in range(records):
        at = data.rfind(b"\n", 0, max(at, 0))
        if at < 0:
            return data
    return data[at + 1 :]


def _size(blob: Blob) -> int:
    if blob.modified >= 0 or blob.etag:
        return blob.size
    if blob.remote:
        from runtime.s3 import store

        return store().head(blob.path).size
    try:
        return os.stat(blob.path).st_size
    except OSError as error:
        raise RunError(f"{blob.path}: {os.strerror(error.errno or 0)}") from None


def _joined(extents: list[Extent]) -> Iterator[Extent]:
    """The extents with a newline after each file that lacks one, except the last."""
    extents = [extent for extent in extents if extent.size]
    for number, extent in enumerate(extents):
        yield extent
        if number + 1 < len(extents):
            last = next(extent.cut(extent.size - 1, extent.size).blocks())
            if last != b"\n":
                yield Extent(None, 0, 1)
