"""S3 as a store: bounded reads, uploads as bytes appear, records written once.

No response is ever held open by a slow reader: a range is read whole, at most
`ahead` of them beside the one that is being used.
"""

from __future__ import annotations

import contextlib
import functools
import random
import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, TypeVar

from runtime.clients import broken, client, unconnected
from runtime.errors import RunError, SourceChanged
from runtime.plan import Blob

T = TypeVar("T")

SCHEME = "s3://"
BLOCK = 8 << 20  # bytes of one range, and of an upload's first parts
AHEAD = 2  # ranges in flight beside the one in use
ATTEMPTS = 8
PAUSE, LONGEST_PAUSE = 0.1, 5.0  # seconds

# What a request is retried after, besides a connection that broke or did not come about.
_PASSING = {"SlowDown", "InternalError", "ServiceUnavailable", "RequestTimeout", "503", "500"}
_ABSENT = {"404", "NoSuchKey", "NotFound", "NoSuchUpload"}


def split(path: str) -> tuple[str, str]:
    """Bucket and key of `s3://bucket/key`."""
    bucket, _, key = path[len(SCHEME) :].partition("/")
    return bucket, key


class Store:
    """A client of S3 that counts its requests by kind, and the bytes it moved.

    Addresses and credentials come from where every AWS tool has them. Methods raise
    RunError with what to do: NoObject, Denied and the like are permanent; what passes
    by itself is tried again, with pauses that grow.
    """

    def __init__(self, connections: int = 256) -> None:
        self.connections = connections
        self.requests: Counter[str] = Counter()
        self.moved: Counter[str] = Counter()
        self._lock = threading.Lock()

    @functools.cached_property
    def client(self) -> Any:
        return client(
            "s3",
            max_pool_connections=self.connections,
            read_timeout=60,
            retries={"total_max_attempts": 1, "mode": "standard"},
        )

    def head(self, path: str) -> Blob:
        """The object as it is now."""
        found = self.call("head", path)
        return Blob(path, found["ContentLength"], etag=found["ETag"])

    def exists(self, path: str) -> bool:
        """Whether there is such an object."""
        try:
            self.head(path)
        except NoObject:
            return False
        return True

    def get(self, path: str) -> bytes:
        """A whole small object."""
        return self._whole("get", path)[0]

    def put(self, path: str, data: bytes, *, once: bool = False) -> str:
        """Write a small object; its ETag. With `once` only if there is none, else ""."""
        condition = {"IfNoneMatch": "*"} if once else {}
        try:
            found = self.call("put", path, Body=data, **condition)
        except Exists:
            return ""
        self.count("written", len(data))
        return str(found["ETag"])

    def objects(self, prefix: str, delimiter: str = "") -> Iterator[Blob]:
        """The objects whose names begin so, in the order of their bytes.

        With a delimiter, what lies beneath it is one blob of size -1 that ends in it.
        """
        bucket, key = split(prefix)
        more: dict[str, str] = {"Delimiter": delimiter} if delimiter else {}
        while True:
            page = self.call("list", f"{SCHEME}{bucket}/", Prefix=key, **more)
            for found in page.get("Contents", ()):
                changed = int(found["LastModified"].timestamp() * 1e9)
                path = f"{SCHEME}{bucket}/{found['Key']}"
                yield Blob(path, found["Size"], changed, found["ETag"])
            for found in page.get("CommonPrefixes", ()):
                yield Blob(f"{SCHEME}{bucket}/{found['Prefix']}")
            if not page.get("IsTruncated"):
                return
            more["ContinuationToken"] = page["NextContinuationToken"]

    def uploads(self, prefix: str) -> Iterator[tuple[str, str, float]]:
        """Unfinished uploads: their objects, their ids, and when they began (Unix, s)."""
        bucket, key = split(prefix)
        more: dict[str, str] = {}
        while True:
            page = self.call("uploads", f"{SCHEME}{bucket}/", Prefix=key, **more)
            for found in page.get("Uploads", ()):
                path = f"{SCHEME}{bucket}/{found['Key']}"
                yield path, found["UploadId"], found["Initiated"].timestamp()
            if not page.get("IsTruncated"):
                return
            more = {
                "KeyMarker": page["NextKeyMarker"],
                "UploadIdMarker": page["NextUploadIdMarker"],
            }

    def delete(self, paths: list[str]) -> None:
        """Remove objects; those that are gone already count as removed."""
        for at in range(0, len(paths), 1000):
            some = paths[at : at + 1000]
            bucket = split(some[0])[0]
            keys = [{"Key": split(path)[1]} for path in some]
            delete = {"Objects": keys, "Quiet": True}
            found = self.call("delete", f"{SCHEME}{bucket}/", Delete=delete)
            for error in found.get("Errors", ()):
                raise RunError(f"{SCHEME}{bucket}/{error['Key']}: {error['Message']}")

    def read(
        self, blob: Blob, start: int, stop: int, block: int = BLOCK, ahead: int = AHEAD
    ) -> Iterator[bytes]:
        """The bytes [start, stop), in order. Raises SourceChanged if it is another object now."""
        if stop - start <= block or not ahead:
            for offset in range(start, stop, block):
                yield self.range(blob, offset, min(offset + block, stop))
            return
        waiting: deque[Future[bytes]] = deque()
        with ThreadPoolExecutor(ahead, "range") as pool:
            try:
                for offset in range(start, stop, block):
                    end = min(offset + block, stop)
                    waiting.append(pool.submit(self.range, blob, offset, end))
                    if len(waiting) > ahead:
                        yield waiting.popleft().result()
                while waiting:
                    yield waiting.popleft().result()
            finally:
                for future in waiting:
                    future.cancel()

    def range(self, blob: Blob, start: int, stop: int) -> bytes:
        """The bytes [start, stop), whole in memory."""
        condition = {"IfMatch": blob.etag} if blob.etag else {}
        data, _ = self._whole("get", blob.path, Range=f"bytes={start}-{stop - 1}", **condition)
        if len(data) != stop - start:
            raise SourceChanged(
                f"{blob.path} became shorter while it was being read", path=blob.path
            )
        return data

    def _whole(self, kind: str, path: str, **given: Any) -> tuple[bytes, dict[str, Any]]:
        """A response and all of its body, begun anew when the body breaks off."""

        def once() -> tuple[bytes, dict[str, Any]]:
            found = self._request(kind, path, **given)
            with contextlib.closing(found["Body"]) as body:
                data = body.read()
            if len(data) != found["ContentLength"]:
                raise ConnectionError(f"{path}: the body broke off")
            return data, found

        data, found = self._patiently(once, path)
        self.count("read", len(data))
        return data, found

    def call(self, kind: str, path: str, **given: Any) -> dict[str, Any]:
        """One request, tried again while what went wrong may pass."""
        return self._patiently(lambda: self._request(kind, path, **given), path)

    def _request(self, kind: str, path: str, **given: Any) -> dict[str, Any]:
        bucket, key = split(path)
        name, takes_key = _KINDS[kind]
        self.count(kind)
        where = {"Bucket": bucket, "Key": key} if takes_key else {"Bucket": bucket}
        found: dict[str, Any] = getattr(self.client, name)(**where, **given)
        return found

    def _patiently(self, attempt: Callable[[], T], path: str) -> T:
        from botocore.exceptions import BotoCoreError, ClientError

        for number in range(ATTEMPTS):
            try:
                return attempt()
            except ClientError as error:
                code = error.response["Error"].get("Code", "")
                if code not in _PASSING or number + 1 == ATTEMPTS:
                    raise _explained(error, path) from None
            except (*unconnected(), *broken()) as error:
                if number + 1 == ATTEMPTS:
                    raise RunError(f"{path}: {error}", "the network is not well") from None
            except BotoCoreError as error:
                raise RunError(f"{path}: {error}", "see `leashc doctor --backend aws`") from None
            pause(number)
        raise AssertionError("the last attempt returns or raises")

    def forget(self) -> None:
        """Begin to count anew."""
        with self._lock:
            self.requests.clear()
            self.moved.clear()

    def count(self, what: str, size: int | None = None) -> None:
        """Count a request of this kind, or bytes moved in this direction."""
        with self._lock:
            if size is None:
                self.requests[what] += 1
            else:
                self.moved[what] += size


_KINDS = {
    "head": ("head_object", True),
    "get": ("get_object", True),
    "put": ("put_object", True),
    "list": ("list_objects_v2", False),
    "delete": ("delete_objects", False),
    "create": ("create_multipart_upload", True),
    "part": ("upload_part", True),
    "copy": ("upload_part_copy", True),
    "complete": ("complete_multipart_upload", True),
    "abort": ("abort_multipart_upload", True),
    "uploads": ("list_multipart_uploads", False),
}


class NoObject(RunError):
    """There is no such object, or no such bucket."""


class NoBucket(NoObject):
    """Not even the bucket is there."""


class Denied(RunError):
    """The credentials do not reach it."""


class Exists(RunError):
    """There is one already, and it was to be written once."""


@functools.cache
def store() -> Store:
    """The store of this process."""
    return Store()


def _explained(error: Any, path: str) -> RunError:
    """What S3 refused, for people."""
    code = error.response["Error"].get("Code", "")
    message = error.response["Error"].get("Message", "") or code
    bucket = split(path)[0]
    if code == "NoSuchBucket":
        return NoBucket(f"{path}: there is no bucket {bucket}", "look at its name and the region")
    if code in _ABSENT:
        return NoObject(f"{path}: no such object")
    if code in ("412", "PreconditionFailed"):
        if error.operation_name == "PutObject":
            return Exists(f"{path} is there already")
        return changed(path)
    if code in ("403", "AccessDenied"):
        remedy = "the credentials, or the function's role, do not reach it"
        return Denied(f"{path}: access denied", remedy)
    return RunError(f"{path}: {message}")


def changed(path: str) -> SourceChanged:
    """The error of an object that is another one than it was."""
    return SourceChanged(
        f"{path} changed while it was being read", "run again when it is at rest", path
    )


def pause(number: int) -> None:
    """Wait before another attempt: longer each time, and never all at once."""
    time.sleep(random.uniform(0, longest_pause(number)))


def longest_pause(number: int) -> float:
    """Seconds that the wait after so many failures lasts at most."""
    return min(PAUSE * 2.0**number, LONGEST_PAUSE)
