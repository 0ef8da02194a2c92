"""Runs one command: its wall time, its CPU time and the memory of its whole process tree."""

from __future__ import annotations

import ctypes
import os
import subprocess
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Thread

INTERVAL = 0.03  # seconds between samples of memory
ENOUGH = 10  # samples that make a peak worth telling
PR_SET_CHILD_SUBREAPER = 36
SHARE = 20  # a sampler that slept for less than this many times its own work would slow the run


@dataclass(frozen=True)
class Measurement:
    """What one run of a command took."""

    seconds: float
    cpu: float  # user and system, of every process that ended with the command or before
    memory: int  # most bytes held by all processes together; 0 for a run too short to sample
    status: int


def measure(
    argv: list[str], output: Path, folder: Path, environment: Mapping[str, str]
) -> Measurement:
    """Run `argv` in `folder` with standard output to a file, and measure it."""
    # Processes that their parents leave behind come to us, so that their time counts.
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1)
    done = Event()
    peaks = [0]
    with output.open("wb") as out:
        start = time.perf_counter()
        process = subprocess.Popen(
            argv, cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=out
        )
        sampler = Thread(target=_sample, args=(process.pid, done, peaks))
        sampler.start()
        try:
            _, status, usage = os.wait4(process.pid, 0)
            seconds = time.perf_counter() - start
        finally:
            done.set()
            sampler.join()
    process.returncode = os.waitstatus_to_exitcode(status)  # so that Popen waits no more
    cpu = usage.ru_utime + usage.ru_stime + _left_behind()
    memory = max(peaks) if seconds > ENOUGH * INTERVAL else 0
    return Measurement(seconds, cpu, memory, process.returncode)


def _left_behind() -> float:
    """CPU time of the ended processes that nobody else waited for."""
    seconds = 0.0
    try:
        while (child := os.wait4(-1, os.WNOHANG))[0]:
            seconds += child[2].ru_utime + child[2].ru_stime
    except ChildProcessError:  # there are no more
        pass
    return seconds


def warm(path: Path) -> None:
    """Read a file into the page cache, so that no run waits for the disk."""
    with path.open("rb", buffering=0) as file:
        while file.read(1 << 20):
            pass


def _sample(root: int, done: Event, peaks: list[int]) -> None:
    pause = INTERVAL
    while not done.wait(pause):
        start = time.perf_counter()
        peaks.append(sum(map(_proportional_set_size, _tree(root))))
        pause = max(INTERVAL, SHARE * (time.perf_counter() - start))


def _tree(root: int) -> Iterator[int]:
    """The process and all its descendants; those that end meanwhile are left out."""
    yield root
    try:
        for thread in os.listdir(f"/proc/{root}/task"):
            with open(f"/proc/{root}/task/{thread}/children") as children:
                for child in children.read().split():
                    yield from _tree(int(child))
    except (FileNotFoundError, ProcessLookupError):
        return


def _proportional_set_size(process: int) -> int:
    """Bytes of a process, with pages that are shared counted in parts, so that sums are true."""
    try:
        with open(f"/proc/{process}/smaps_rollup") as rollup:
            return next(1024 * int(line.split()[1]) for line in rollup if line.startswith("Pss:"))
    except (FileNotFoundError, ProcessLookupError, StopIteration):
        return 0
