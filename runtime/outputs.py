"""Files and objects that a run opens: outputs complete under their name, or the old untouched."""

from __future__ import annotations

import os
import stat
import threading
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from runtime.errors import RunError
from runtime.plan import Blob, Redirect

if TYPE_CHECKING:
    from runtime.fed import Fed
    from runtime.remote import Writing


class _Pending(NamedTuple):
    target: str
    temporary: str = ""  # renamed to the target at the end
    size: int = 0  # of a file that is appended to: what it is cut back to


class Outputs:
    """Opens what redirections name, and settles all of it together at the end."""

    def __init__(self) -> None:
        self._pending: list[_Pending] = []
        self._readings: list[Fed] = []
        self._writings: list[Writing] = []
        self._lock = threading.Lock()

    def open(self, redirect: Redirect) -> int:
        """A descriptor for `<`, `<<<`, `>` or `>>`. Raises OSError as open does."""
        if redirect.operator == "<":
            if Blob(redirect.target).remote:
                return self._read(redirect.target)
            return os.open(redirect.target, os.O_RDONLY | os.O_CLOEXEC)
        if redirect.operator == "<<<":
            return _text(redirect.target)
        return self.create(redirect.target, append=redirect.operator == ">>")

    def create(self, path: str, *, append: bool = False) -> int:
        """A descriptor to write a file by; a device or a pipe is opened as it is."""
        if Blob(path).remote:
            return self._write(path, append=append)
        target = os.path.realpath(path)
        try:
            found = os.stat(target)
        except FileNotFoundError:
            found = None
        if found and not stat.S_ISREG(found.st_mode):
            return os.open(path, os.O_WRONLY | os.O_CLOEXEC)
        if append:
            flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC
            descriptor = os.open(target, flags, 0o666)
            self._add(_Pending(target, size=found.st_size if found else -1))
            return descriptor
        if found and not os.access(target, os.W_OK):
            raise PermissionError(13, os.strerror(13), path)
        import tempfile  # here, for most runs write no file

        directory, name = os.path.split(target)
        try:
            descriptor, temporary = tempfile.mkstemp(prefix=f".{name}.", dir=directory)
        except PermissionError:
            if not found:
                raise
            # The file may be written but its directory may not: then in place.
            return os.open(target, os.O_WRONLY | os.O_TRUNC | os.O_CLOEXEC)
        os.fchmod(descriptor, stat.S_IMODE(found.st_mode) if found else 0o666 & ~_umask())
        self._add(_Pending(target, temporary))
        return descriptor

    def _read(self, path: str) -> int:
        from runtime.remote import blocks

        return self.reading(lambda: blocks(Blob(path)))

    def reading(self, blocks: Callable[[], Iterator[bytes]]) -> int:
        """A descriptor that blocks come from; `commit` raises what goes wrong with them."""
        from runtime.remote import reading

        fed = reading(blocks)
        with self._lock:
            self._readings.append(fed)
        return fed.descriptor

    def _write(self, path: str, *, append: bool) -> int:
        from runtime.remote import Writing

        if append:
            raise RunError(f"{path}: nothing can be appended to an object", "write a new one by >")
        writing = Writing(path)
        with self._lock:
            self._writings.append(writing)
        return writing.descriptor

    def _add(self, pending: _Pending) -> None:
        with self._lock:
            self._pending.append(pending)

    def commit(self) -> None:
        """Give every file its name. Raises RunError when an object could not be read or written."""
        for reading in self._readings:
            reading.finish()
        while self._writings:
            self._writings.pop().finish()
        for pending in self._pending:
            if pending.temporary:
                os.replace(pending.temporary, pending.target)
        self._pending.clear()

    def discard(self) -> None:
        """Leave every file as it was."""
        while self._writings:
            self._writings.pop().discard()
        for pending in self._pending:
            if pending.temporary:
                os.unlink(pending.temporary)
            elif pending.size < 0:
                os.unlink(pending.target)
            else:
                os.truncate(pending.target, pending.size)
        self._pending.clear()


def _text(text: str) -> int:
    """A descriptor that reads a here-string."""
    descriptor = os.memfd_create("here-string")
    os.write(descriptor, text.encode(errors="surrogateescape"))
    os.lseek(descriptor, 0, os.SEEK_SET)
    return descriptor


def _umask() -> int:
    mask = os.umask(0o077)
    os.umask(mask)
    return mask
