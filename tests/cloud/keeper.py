"""What clears up behind the cloud, in whatever way its owner ends.

A process of its own reads a pipe. When the pipe ends, because it was closed or because
the owner died, it kills every process of the cloud and removes its files. (A parent death
signal would not do: it fires when the *thread* that started a process ends, and it does
not reach grandchildren.) Only a process that makes itself a session of its own escapes.
"""

from __future__ import annotations

import glob
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

PAGE = os.sysconf("SC_PAGE_SIZE")


class Process(NamedTuple):
    """A living process as /proc shows it; memory in bytes."""

    pid: int
    session: int
    resident: int


def processes() -> Iterator[Process]:
    """All living processes of this machine that we may see."""
    for entry in os.listdir("/proc"):
        if not entry.isdigit():
            continue
        try:
            with open(f"/proc/{entry}/stat", "rb") as file:
                fields = file.read().rpartition(b")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            continue
        if fields[0] != b"Z":
            yield Process(int(entry), int(fields[3]), int(fields[21]) * PAGE)


def end(sessions: set[int]) -> None:
    """Kill all processes of some sessions, and return when none lives."""
    while left := [process.pid for process in processes() if process.session in sessions]:
        for pid in left:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        time.sleep(0.002)


class Keeper:
    """Starts the processes of the cloud, each in a session of its own, and ends them."""

    def __init__(self, *paths: str | Path) -> None:
        """paths: what to remove at the end; a name may have wildcards."""
        self._process = subprocess.Popen(
            [sys.executable, "-I", "-S", __file__], stdin=subprocess.PIPE, start_new_session=True
        )
        self._started: set[subprocess.Popen[bytes]] = set()
        for path in paths:
            self.remove(path)

    def remove(self, path: str | Path) -> None:
        """Have a file or directory removed at the end."""
        self._tell(str(path))

    def start(self, command: Sequence[str], **options: Any) -> subprocess.Popen[bytes]:
        """Start a process as `subprocess.Popen` does, without input."""
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, start_new_session=True, **options
        )
        self._tell(f"+{process.pid}")
        self._started.add(process)
        return process

    def end(self, process: subprocess.Popen[bytes]) -> None:
        """Kill a process with all that it has started; at most once."""
        if process.returncode is not None:
            return
        end({process.pid})
        process.wait()
        self._tell(f"-{process.pid}")
        self._started.discard(process)

    def close(self) -> None:
        """End every process and remove the files; returns when it is done."""
        self._process.communicate()
        for process in self._started:
            process.wait()

    def _tell(self, line: str) -> None:
        assert self._process.stdin is not None
        # One short write is never mixed with that of another thread.
        os.write(self._process.stdin.fileno(), f"{line}\n".encode())


def _keep() -> None:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    sessions: set[int] = set()
    paths: list[str] = []
    for line in sys.stdin:
        match line[0], line[1:].rstrip("\n"):
            case "+", pid:
                sessions.add(int(pid))
            case "-", pid:
                sessions.discard(int(pid))
            case _:
                paths.append(line.rstrip("\n"))
    end(sessions)
    for path in (found for pattern in paths for found in glob.glob(pattern)):
        if os.path.isdir(path):
            shutil.rmtree(path, ignore_errors=True)
        else:
            os.unlink(path)


if __name__ == "__main__":
    _keep()
