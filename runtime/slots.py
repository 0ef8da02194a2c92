"""Words of an argv that a task fills in, and the programs of our own that a plan may name.

A slot begins with NUL, which no argument of a process can hold, so nothing that
a user types is ever taken for one.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterable

from runtime import kernels

INPUTS = "\0inputs"  # the task's input files, one argument each, in order
FAN = "\0fan"  # how many those are, in decimal, but 2 at least
INDEX = "\0index"  # records of the stream before this partition, in decimal
FILLED = "\0filled"  # as INDEX, but of those that are not empty
BEFORE = "\0before"  # records of those that the task reads again, in decimal
LAST = "\0last"  # 1 where the partition ends with the stream's last record, else 0
MEMORY = "\0memory"  # what the task may use, as `sort -S` reads it: 64M
SCRATCH = "\0scratch"  # a directory for temporary files
THREADS = "\0threads"  # how many threads the task may use, in decimal
SPLITTERS = "\0splitters"  # a file with what cuts a run into ranges, and the input; or nothing
SIZE = "\0size"  # bytes of the source, in decimal; -1 when it is not one regular file

# Before a number, in a command's words: what its stream of that number is read under.
STREAM = "\0stream "

# Before a number, in the words of a task with several inputs: its part of that input.
PART = "\0part "

# Before a path, in a task's words: not the path itself is meant, but the object's bytes.
OBJECT = "\0object "

SLOTS = (INPUTS, FAN, INDEX, FILLED, BEFORE, LAST, MEMORY, SCRATCH, THREADS, SPLITTERS, SIZE)

# The program that a kernel's words are for.
KERNEL = "@kernel"

_START = os.path.join(os.path.dirname(__file__), "programs", "start.py")


def measures(pipe: Iterable[tuple[str, ...]]) -> str:
    """Which of INDEX and FILLED the commands ask for, or ""; no stage asks for both."""
    return next((word for argv in pipe for word in argv if word in (INDEX, FILLED)), "")


def measured(measure: str, blocks: Iterable[bytes | memoryview]) -> int:
    """How many records a measure counts in bytes that end with one."""
    found, before = 0, b"\n"
    for block in blocks:
        data = before + block
        before = data[-1:]
        if measure == FILLED and b"\n\n" in data:
            found += len(re.findall(rb"[^\n]\n", data))
        else:
            found += data.count(b"\n", 1)
    return found


def fill(argv: tuple[str, ...], values: dict[str, tuple[str, ...]]) -> tuple[str, ...]:
    """`argv` with each slot replaced by its words; KeyError for a slot without a value."""
    inputs = values.get(INPUTS, ())
    values = {FAN: (str(max(len(inputs), 2)),), **values}
    filled: list[str] = []
    for word in argv:
        slot = word.startswith("\0") and not word.startswith(PART)
        filled.extend(values[word] if slot else (word,))
    return tuple(filled)


def shown(word: str) -> str:
    """A slot as people read it: `<inputs>`."""
    return f"<{word[1:]}>" if word.startswith("\0") else word


def program(argv: tuple[str, ...]) -> tuple[str, ...]:
    """`@merge-counts a` as what runs runtime/programs/merge_counts.py, `@kernel` as the
    executable of the kernels; others as they are."""
    if not argv[0].startswith("@"):
        return argv
    if argv[0] == KERNEL:
        return (kernels.executable(), *argv[1:])
    name = argv[0][1:].replace("-", "_")
    return (sys.executable, "-I", "-S", _START, name, *argv[1:])
