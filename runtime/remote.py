"""Objects in S3 as pipes, for commands that know only descriptors."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator

from runtime.fed import Fed
from runtime.feed import Sink
from runtime.plan import Blob
from runtime.processes import new_pipe
from runtime.ranges import Cutter
from runtime.s3 import AHEAD, BLOCK, store
from runtime.source import Extent
from runtime.upload import Upload

# Bytes that all inputs of one command may hold in memory, and the least range worth asking for.
TOGETHER = 128 << 20
SMALLEST = 128 << 10


def block(beside: int, memory: int) -> int:
    """Bytes of one request when so many objects or ranges are read at the same time.

    memory: of the function, in bytes, half of which they may fill; 0 if it is none.
    """
    return max(min(BLOCK, max(TOGETHER, memory // 2) // beside), SMALLEST)


def blocks(what: Blob | Extent, beside: int = 1) -> Iterator[bytes]:
    """All of an object or of a range, read with regard to how many are at the same time."""
    if isinstance(what, Blob):
        blob = what if what.etag else store().head(what.path)
        what = Extent(blob, 0, blob.size)
    assert what.blob is not None
    ahead = AHEAD if beside <= 8 else 0
    memory = int(os.environ.get("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "0")) << 20
    return store().read(what.blob, what.start, what.stop, block(beside, memory), ahead)


def reading(blocks: Callable[[], Iterator[bytes]]) -> Fed:
    """A pipe that blocks come through; they begin to be read at once."""

    def feed(sink: Sink) -> None:
        for block in _gathered(blocks()):
            sink.write(block)
            del block  # while the next is fetched

    return Fed(feed)


def _gathered(blocks: Iterator[bytes]) -> Iterator[bytes]:
    """The bytes in pieces of a size, whatever the objects' sizes are that they come from.

    In the shell a command's last bytes do not come one by one, and GNU grep decides by
    what a read gives it what is binary.
    """
    piece = b""
    for block in blocks:
        piece = piece + block if piece else block
        del block
        if len(piece) >= SMALLEST:
            yield piece
            piece = b""
    yield piece


class Writing:
    """An object that a thread makes of what comes through a pipe; `descriptor` is the end to write.

    The writer closes `descriptor`; there is no object before `finish`. cutter: what the
    bytes pass first.
    """

    def __init__(self, path: str, cutter: Cutter | None = None) -> None:
        self.cutter = cutter
        self.failure: Exception | None = None
        self.upload = Upload(path)
        self._end, self.descriptor = new_pipe()
        self._thread = threading.Thread(target=self._drain, daemon=True)
        self._thread.start()

    def _drain(self) -> None:
        try:
            if self.cutter is None:
                self.upload.drain(self._end)
            else:
                while block := os.read(self._end, 1 << 20):
                    self.upload.write(self.cutter.take(block))
                self.upload.write(self.cutter.end())
        except Exception as error:
            self.failure = error
        finally:
            os.close(self._end)

    def finish(self) -> int:
        """Make it an object; its bytes. Raises what writing raised."""
        self._thread.join()
        if self.failure:
            self.upload.abort()
            raise self.failure
        self.upload.close()
        return self.upload.size

    def discard(self) -> None:
        """Leave no object."""
        self._thread.join()
        self.upload.abort()
