"""@count MEMORY SCRATCH: what `sort | uniq -c` prints in the C locale, by counting before sorting.

When most records of the first megabyte are their own key there is little to
count, and the real `sort | uniq -c` does better. When the table outgrows MEMORY
(`64M`), it is written to SCRATCH and a new one begun; if counting did not pay
for that one, what remains is sorted. In the end all that was written is merged.
"""

import os
import sys
from collections import Counter
from itertools import islice
from typing import IO

BLOCK = 256 << 10  # with its records, about what a processor's cache holds
SAMPLE = 1 << 20  # bytes that show whether counting pays
OVERHEAD = 100  # bytes that Python needs for a key and its count, beside the key itself


class Table:
    """Counts of records, and about how much memory they take."""

    def __init__(self) -> None:
        self.counts: Counter[bytes] = Counter()
        self.records = 0
        self.memory = 0

    def add(self, block: bytes) -> None:
        """Count the records of a block that ends where a record does, its last newline gone."""
        lines = block.split(b"\n")
        known = len(self.counts)
        self.counts.update(lines)
        new = len(self.counts) - known
        self.memory += new * OVERHEAD + sum(map(len, islice(reversed(self.counts), new)))
        self.records += len(lines)

    def pays(self) -> bool:
        """Whether records repeat often enough for a table to be worth its while."""
        return 2 * len(self.counts) < self.records

    def write(self, file: IO[bytes]) -> None:
        """The counts in the order of their lines, as `uniq -c` prints them."""
        counts, lines = self.counts, iter(sorted(self.counts))
        while some := list(islice(lines, 10_000)):
            file.write(b"".join([b"%7d %b\n" % (counts[line], line) for line in some]))
        file.flush()


def main(words: list[str]) -> None:
    memory, scratch = words
    limit = int(memory[:-1]) << " KMGT".index(memory[-1]) * 10
    read = sys.stdin.buffer.read
    block = read(SAMPLE)
    if len(block) == SAMPLE and not promising(block):
        return sort_and_count(block, memory, scratch, sys.stdout.buffer)
    table, runs = Table(), list[IO[bytes]]()
    open_record: list[bytes] = []
    while block:
        whole, newline, rest = block.rpartition(b"\n")
        if newline:
            table.add(b"".join((*open_record, whole)))
            open_record = [rest] if rest else []
        else:
            open_record.append(block)
        if table.memory > limit:
            runs.append(temporary(scratch))
            table.write(runs[-1])
            if not table.pays():
                runs.append(temporary(scratch))
                sort_and_count(b"".join(open_record), memory, scratch, runs[-1])
                return merge(runs)
            table = Table()
        block = read(BLOCK)
    if open_record:
        table.add(b"".join(open_record))
    if not runs:
        return table.write(sys.stdout.buffer)
    runs.append(temporary(scratch))
    table.write(runs[-1])
    return merge(runs)


def promising(sample: bytes) -> bool:
    """Whether counting pays in a sample."""
    table = Table()
    table.add(sample)
    return table.pays()


def temporary(scratch: str) -> IO[bytes]:
    """A file without a name, gone with the process."""
    from tempfile import TemporaryFile

    return TemporaryFile(dir=scratch)


def sort_and_count(begin: bytes, memory: str, scratch: str, output: IO[bytes]) -> None:
    """Sort and count what begins like this and goes on with what has not been read yet."""
    from subprocess import PIPE, Popen

    environment = {**os.environ, "LC_ALL": "C"}
    command = ("sort", "--parallel=1", "-S", memory, "-T", scratch)
    sort = Popen(command, stdin=PIPE, stdout=PIPE, env=environment)
    assert sort.stdin and sort.stdout
    uniq = Popen(("uniq", "-c"), stdin=sort.stdout, stdout=output, env=environment)
    sort.stdout.close()
    sort.stdin.write(begin)
    while block := sys.stdin.buffer.read(BLOCK):
        sort.stdin.write(block)
    sort.stdin.close()
    if sort.wait() or uniq.wait():
        sys.exit(2)


def merge(runs: list[IO[bytes]]) -> None:
    """Become the program that merges such files."""
    for file in runs:
        os.lseek(file.fileno(), 0, os.SEEK_SET)
        os.set_inheritable(file.fileno(), True)
    program = os.path.join(os.path.dirname(os.path.abspath(__file__)), "start.py")
    files = [f"/dev/fd/{file.fileno()}" for file in runs]
    os.execv(sys.executable, [sys.executable, "-I", "-S", program, "merge_counts", *files])
