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

_numbers = threading.Lock()


@contextmanager
def numbered(streams: Sequence[int]) -> Iterator[list[int]]:
    """Streams under the numbers that bash gives them, while a process starts: 63, 62, …

    For a command may print the name of what it reads: /dev/fd/63.
    """
    import fcntl

    numbers: list[int] = []
    with _numbers if streams else nullcontext():
        try:
            for at, stream in enumerate(streams):
                numbers.append(fcntl.fcntl(stream, fcntl.F_DUPFD_CLOEXEC, 63 - at))
            yield numbers
        finally:
            for number in numbers:
                os.close(number)


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
