"""Passing on spooled results: files and objects into a pipe or another file."""

from __future__ import annotations

import errno
import os

from runtime.errors import RunError
from runtime.plan import Blob
from runtime.processes import write_all


def copy(blob: Blob, sink: int) -> int:
    """Append a file's bytes to a pipe or a file, in the kernel where it can; how many.

    Raises BrokenPipeError if nobody reads, and RunError if the bytes find no room.
    """
    if blob.remote:
        return _copy_object(blob, sink)
    descriptor = os.open(blob.path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        return _copy(descriptor, sink)
    except BrokenPipeError:
        raise
    except OSError as error:
        raise RunError(f"writing the output: {os.strerror(error.errno or 0)}") from None
    finally:
        os.close(descriptor)


def _copy_object(blob: Blob, sink: int) -> int:
    from runtime.remote import blocks

    return sum(write_all(sink, block) for block in blocks(blob))


def _copy(descriptor: int, sink: int) -> int:
    size = os.fstat(descriptor).st_size
    position = 0
    try:
        while position < size:
            position += os.sendfile(sink, descriptor, position, size - position)
    except OSError as error:
        if error.errno != errno.EINVAL:
            raise
        # A sink that cannot be spliced into, such as a file opened to append.
        while block := os.pread(descriptor, 1 << 20, position):
            position += write_all(sink, block)
    return position
