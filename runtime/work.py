"""The work dir of a run: spooled results and commit records, gone when the run ends."""

from __future__ import annotations

import os
import threading
from typing import Any, NamedTuple

from runtime.plan import Blob


class Outcome(NamedTuple):
    """What a task did: its commit record.

    statuses: one a command of the pipe, as the shell counts them; signals: those that
    ended them, or 0; seconds: wall clock; cpu: seconds of processor time; memory:
    bytes of its largest process; blob: the name of its result, or "" if that went
    straight to where it belongs; etag: what S3 calls its content, of an object; begins:
    the bytes at which each range but the first begins in it (of splitters: each of them).
    """

    task: str
    attempt: int
    statuses: tuple[int, ...]
    signals: tuple[int, ...]
    seconds: float
    cpu: float = 0.0
    memory: int = 0
    bytes_in: int = 0
    bytes_out: int = 0
    blob: str = ""
    stderr: str = ""
    etag: str = ""
    begins: tuple[int, ...] = ()

    @property
    def result(self) -> Blob:
        """Its result. An object is only read as what was committed: ETag and size."""
        return Blob(self.blob, self.bytes_out, etag=self.etag)


def record(outcome: Outcome) -> bytes:
    """A commit record."""
    import json

    return json.dumps(outcome._asdict()).encode("ascii")


def from_record(data: bytes | str) -> Outcome:
    """The outcome that a commit record tells of."""
    import json

    return from_json(json.loads(data))


def from_json(found: dict[str, Any]) -> Outcome:
    """The outcome that JSON values tell of; JSON knows no tuples."""
    kept: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in found.items()
    }
    return Outcome(**kept)


class Result:
    """Where one attempt's output goes: a new file."""

    etag = ""
    begins: tuple[int, ...] = ()

    def __init__(self, path: str) -> None:
        self.path = path
        flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
        self.descriptor = os.open(path, flags, 0o600)

    def finish(self) -> int:
        """Everything is written; how many bytes."""
        try:
            return os.fstat(self.descriptor).st_size
        finally:
            os.close(self.descriptor)

    def discard(self) -> None:
        """The attempt failed."""
        os.close(self.descriptor)


class Work:
    """A directory that is made when first needed.

    A task is done when its commit record exists: written last, and only once.
    """

    def __init__(self, parent: str = "", *, keep: bool = False) -> None:
        self.parent = parent
        self.keep = keep
        self._path = ""
        self._lock = threading.Lock()

    @property
    def path(self) -> str:
        with self._lock:
            if not self._path:
                import tempfile  # here, for most runs need no directory

                self._path = tempfile.mkdtemp(prefix="leash-", dir=self.parent or None)
                os.mkdir(os.path.join(self._path, "results"))
                os.mkdir(os.path.join(self._path, "commits"))
            return self._path

    @property
    def made(self) -> str:
        """The directory, or "" if nothing needed it."""
        return self._path

    def result(self, task: str, attempt: int) -> Result:
        """Where one attempt at a task writes."""
        return Result(os.path.join(self.path, "results", f"{task}.{attempt}"))

    def commit(self, outcome: Outcome) -> bool:
        """Record that a task is done; False if another attempt was first."""
        name = os.path.join(self.path, "commits", outcome.task)
        draft = f"{name}.{outcome.attempt}.draft"
        with open(draft, "w", encoding="ascii") as file:
            file.write(record(outcome).decode("ascii"))
        try:
            os.link(draft, name)
        except FileExistsError:
            return False
        finally:
            os.unlink(draft)
        return True

    def forget(self, outcome: Outcome) -> None:
        """Remove a task's result and its commit record."""
        os.unlink(outcome.blob)
        os.unlink(os.path.join(self.path, "commits", outcome.task))

    def close(self) -> None:
        """Remove the directory and all that is in it, unless it is to be kept."""
        if self._path and not self.keep:
            import shutil

            shutil.rmtree(self._path, ignore_errors=True)
            self._path = ""
