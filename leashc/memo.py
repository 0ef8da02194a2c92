"""What the compiler found out before, kept from run to run.

Parsing and the passes are functions: asked the same, they answer the same. To look
an answer up takes a millisecond; to import what computes it (Lark, networkx) takes
longer than a small pipeline runs.
"""

from __future__ import annotations

import functools
import os
import pickle
from collections.abc import Callable, Iterator
from typing import TypeVar

T = TypeVar("T")

KEPT = 128  # answers
LARGEST = 1 << 16  # bytes of an answer: all of them are read whenever one is looked up


class Memo:
    """Answers by their questions, in a file of `directory`; "" keeps nothing.

    The file is code, in effect: nobody else may write it (see host.cache). One that
    is damaged, or of another version of leashc, is as good as none.
    """

    def __init__(self, directory: str = "") -> None:
        self.directory = directory
        self._new: dict[str, bytes] = {}

    def get(self, question: str, compute: Callable[[], T]) -> T:
        """What `compute` returns, or returned when the question was first asked."""
        if not self.directory:
            return compute()
        if question in self._known:
            answer: T = pickle.loads(self._known[question])
            return answer
        answer = compute()
        pickled = pickle.dumps(answer)
        if len(pickled) <= LARGEST:
            self._new[question] = pickled
        return answer

    def save(self) -> None:
        """Keep the answers that are new, beside those that others kept meanwhile."""
        if self._new:
            self._write(self._read() | self._new)
            self._new = {}

    @functools.cached_property
    def _known(self) -> dict[str, bytes]:
        return self._read()

    @property
    def _path(self) -> str:
        return os.path.join(self.directory, "memo")

    def _read(self) -> dict[str, bytes]:
        try:
            with open(self._path, "rb") as file:
                stamp, answers = pickle.load(file)
        except Exception:  # of a damaged file anything may be said
            return {}
        return answers if stamp == _stamp() else {}

    def _write(self, answers: dict[str, bytes]) -> None:
        draft = f"{self._path}.{os.getpid()}"
        newest = dict(list(answers.items())[-KEPT:])
        try:
            with open(draft, "wb") as file:
                pickle.dump((_stamp(), newest), file)
            os.replace(draft, self._path)
        except OSError:
            pass  # no room, no right: the next run computes it again


@functools.cache
def _stamp() -> tuple[int, int]:
    """What changes when leashc does: the size and the time of its files."""
    found = [entry.stat() for top in ("leashc", "grammar", "runtime") for entry in _files(top)]
    newest = max(status.st_mtime_ns for status in found)
    return sum(status.st_size for status in found), newest


def _files(top: str) -> Iterator[os.DirEntry[str]]:
    """The source files of a package and those in it."""
    here = os.path.dirname(os.path.abspath(__file__))
    directories = [os.path.join(os.path.dirname(here), top)]
    for directory in directories:
        for entry in os.scandir(directory):
            if entry.is_dir() and entry.name != "__pycache__":
                directories.append(entry.path)
            elif entry.name.endswith((".py", ".lark")):
                yield entry
