"""Objects in the making: written as their bytes appear, whole or not at all."""

from __future__ import annotations

import contextlib
import os
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, Self

from runtime.errors import SourceChanged
from runtime.plan import Blob
from runtime.s3 import BLOCK, SCHEME, NoObject, Store, changed, split, store

# S3's limits: bytes of a part that is not the last, at least, and parts of an object, at most.
LEAST, PARTS = 5 << 20, 10_000
COPIES = 512  # under way at a time


def target(number: int) -> int:
    """Bytes of a part, from 0: they grow, for each costs as much, and there are 10,000 at most."""
    return BLOCK << (min(number // 4, 2) + number // 1000)


def step(number: int) -> int:
    """Bytes of a copy. S3 copies many at a time, and each of them slowly."""
    return 32 * BLOCK << min(number // 1000, 4)


def parts(size: int) -> int:
    """How many parts so many bytes are written in; 0 if one request does it all."""
    found = 0
    while size >= target(found):
        size -= target(found)
        found += 1
    return found + (found > 0 and size > 0)


def pieces(first: int, stop: int, longest: int) -> list[tuple[int, int]]:
    """The stretches in which bytes are copied, none of them too small for a part."""
    starts = list(range(first, stop, longest))
    if len(starts) > 1 and stop - starts[-1] < LEAST:
        starts.pop()
    return list(zip(starts, [*starts[1:], stop], strict=True))


class Upload:
    """An object in the making: nothing is there before `close`, nothing is left after `abort`.

    As a context it is closed at the end, or aborted by an exception.

    Parts go out as they fill; what is small is one request.
    """

    def __init__(self, path: str) -> None:
        self.store: Store = store()
        self.path = path
        self.size = 0
        self.etag = ""  # of the object, once it is one
        self._buffer = bytearray()
        self._id = ""
        self._parts: list[Future[dict[str, Any]]] = []
        self._pool: ThreadPoolExecutor | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None:
            self.close()
        else:
            self.abort()

    def write(self, data: bytes | memoryview) -> None:
        """Append bytes."""
        self.size += len(data)
        self._buffer += data
        if len(self._buffer) >= target(len(self._parts)):
            self._send()

    def _send(self) -> None:
        number, data = len(self._parts) + 1, bytes(self._buffer)
        self._buffer.clear()
        if number > 1:
            self._parts[number - 2].result()  # one part waits in memory beside this one
        self._submit(number, Body=data)

    def _part(self, number: int, **given: Any) -> dict[str, Any]:
        kind = "part" if "Body" in given else "copy"
        try:
            found = self.store.call(kind, self.path, UploadId=self._id, PartNumber=number, **given)
        except SourceChanged:
            raise changed(f"{SCHEME}{'/'.join(given['CopySource'].values())}") from None
        self.store.count("written", len(given.get("Body", b"")))
        etag = found["ETag"] if kind == "part" else found["CopyPartResult"]["ETag"]
        return {"PartNumber": number, "ETag": etag}

    def _submit(self, number: int, **given: Any) -> None:
        if self._pool is None:
            self._id = self.store.call("create", self.path)["UploadId"]
            self._pool = ThreadPoolExecutor(COPIES, "part")
        self._parts.append(self._pool.submit(self._part, number, **given))

    def copy(self, blob: Blob) -> None:
        """Append an object without moving its bytes through here, where S3 allows it.

        Raises SourceChanged if it has another ETag now.
        """
        # What is in memory becomes a part, for which it may need more.
        first = max(LEAST - len(self._buffer), 0) if self._buffer else 0
        if blob.size - first < LEAST:
            first = blob.size
        for block in self.store.read(blob, 0, first):
            self.write(block)
        if first == blob.size:
            return
        if self._buffer:
            self._send()
        for start, stop in pieces(first, blob.size, step(len(self._parts))):
            self._submit(len(self._parts) + 1, **self.copying(blob, start, stop))
        self.size += blob.size - first

    @staticmethod
    def copying(blob: Blob, start: int, stop: int) -> dict[str, Any]:
        """What a copy is asked for: these bytes of this very object."""
        bucket, key = split(blob.path)
        given = {
            "CopySource": {"Bucket": bucket, "Key": key},
            "CopySourceRange": f"bytes={start}-{stop - 1}",
        }
        return {**given, "CopySourceIfMatch": blob.etag} if blob.etag else given

    def close(self) -> None:
        """Make it an object."""
        if self._pool is None:
            self.etag = self.store.put(self.path, bytes(self._buffer))
            return
        try:
            if self._buffer:
                self._send()
            parts = [part.result() for part in self._parts]
            self._complete(parts)
        except BaseException:
            self.abort()
            raise
        self._pool.shutdown()

    def _complete(self, parts: list[dict[str, Any]]) -> None:
        done = {"UploadId": self._id, "MultipartUpload": {"Parts": parts}}
        try:
            self.etag = self.store.call("complete", self.path, **done)["ETag"]
        except NoObject:
            # It was complete already, and the answer got lost on the way.
            found = self.store.head(self.path)
            if found.size != self.size:
                raise
            self.etag = found.etag
        self._id = ""

    def abort(self) -> None:
        """Leave nothing behind."""
        if self._pool is not None:
            for part in self._parts:
                part.cancel()
            self._pool.shutdown()
        if self._id:
            with contextlib.suppress(NoObject):  # aborted already, and the answer got lost
                self.store.call("abort", self.path, UploadId=self._id)
            self._id = ""

    def drain(self, descriptor: int) -> None:
        """Append what comes from a pipe, until it ends."""
        while block := os.read(descriptor, 1 << 20):
            self.write(block)
