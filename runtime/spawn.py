"""One process from an argument list: what bash would start, and under what numbers it reads."""

from __future__ import annotations

import errno
import os
import subprocess
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext

# The shell's own commands answer as the shell does, so bash runs them: a fixed
# text, the words as its arguments. Programs of the same name may differ (pwd, echo).
BUILTINS = frozenset(
    """: . [ alias bg bind break builtin caller cd command compgen complete continue declare
    dirs disown echo enable eval exec exit export false fc fg getopts hash help history jobs
    kill let local logout mapfile popd printf pushd pwd read readarray readonly return set
    shift shopt source suspend test times trap true type typeset ulimit umask unalias unset
    wait""".split()
)

_lock = threading.Lock()
_kept: list[
    int
] = []  # numbers that nothing of ours may take, in the order in which bash gives them


def keep_numbers() -> None:
    """Hold the numbers that bash gives to streams: 63, 62, … as far as they are free.

    To be called before there are many descriptors; later one of ours might have taken one.
    """
    with _lock:
        if not _kept:
            free = [
                number for number in range(63, 47, -1) if not os.path.exists(f"/dev/fd/{number}")
            ]
            for number in free:
                _hold(number)
            _kept.extend(free)


def _hold(number: int) -> None:
    null = os.open(os.devnull, os.O_RDONLY | os.O_CLOEXEC)
    if null != number:
        os.dup2(null, number, inheritable=False)
        os.close(null)


@contextmanager
def numbered(streams: Sequence[int], taken: int = 0) -> Iterator[list[int]]:
    """Streams under the numbers that bash gives them, while a process starts.

    For a command may print the name of what it reads: /dev/fd/63. More streams than there
    are numbers keep their own. taken: how many numbers others have already.
    """
    with _lock if streams else nullcontext():
        numbers = _kept[taken : taken + len(streams)]
        try:
            for stream, number in zip(streams, numbers, strict=False):
                os.dup2(stream, number, inheritable=False)
            yield [*numbers, *streams[len(numbers) :]]
        finally:
            for number in numbers:
                _hold(number)


def spawn(
    argv: tuple[str, ...],
    environment: dict[str, str],
    descriptors: dict[int, int],
    given: tuple[int, ...],
) -> subprocess.Popen[bytes]:
    """Start a process that also holds the descriptors `given`. Raises OSError."""

    def start(words: tuple[str, ...]) -> subprocess.Popen[bytes]:
        stdin, stdout, stderr = descriptors[0], descriptors[1], descriptors[2]
        return subprocess.Popen(
            words, env=environment, stdin=stdin, stdout=stdout, stderr=stderr, pass_fds=given
        )

    if argv[0] in BUILTINS:
        argv = ("bash", "-c", '"$@"', "bash", *argv)
    try:
        return start(argv)
    except OSError as error:
        if error.errno != errno.ENOEXEC:
            raise
        # A script without a `#!` line: the shell reads it itself.
        return start(("bash", *argv))
