"""@merge-counts FILE...: merge outputs of `sort | uniq -c` (C locale), adding equal lines' counts.

The files are read a block at a time. Of all that is in memory, the records up to
the least of the blocks' last lines can be put in order, for no file holds an
earlier one back; that order is found by a sort, which is quick on sorted runs.
"""

import sys
from bisect import bisect_right

BLOCK = 256 << 10


def line_of(record: bytes) -> bytes:
    """What a record of `uniq -c` counts; the number is padded to seven places."""
    return record[8:] if record[7] == 32 else record.partition(b" ")[2]


class Run:
    """A file of sorted records and those of it that are in memory, without their newlines."""

    def __init__(self, path: str) -> None:
        self.file = open(path, "rb", buffering=0)
        self.records: list[bytes] = []
        self.rest = b""
        self.open = True

    def fill(self) -> None:
        """Read on, unless there still is something in memory."""
        while self.open and not self.records:
            block = self.file.read(BLOCK)
            self.open = bool(block)
            *self.records, self.rest = (self.rest + block).split(b"\n")

    def take(self, bound: bytes) -> list[bytes]:
        """The records up to this line."""
        at = bisect_right(self.records, bound, key=line_of)
        taken, self.records = self.records[:at], self.records[at:]
        return taken


def main(paths: list[str]) -> None:
    runs = [Run(path) for path in paths]
    write = sys.stdout.buffer.write
    while True:
        for run in runs:
            run.fill()
        runs = [run for run in runs if run.records]
        if not runs:
            return
        bound = min(line_of(run.records[-1]) for run in runs)
        records = [record for run in runs for record in run.take(bound)]
        records.sort(key=line_of)
        write(b"".join(summed(records)))


def summed(records: list[bytes]) -> list[bytes]:
    """Sorted records with a newline each, equal lines made one."""
    kept: list[bytes] = []
    held: bytes | None = None
    for record in records:
        line = record[8:] if record[7] == 32 else line_of(record)
        if line == held:
            total = int(kept[-1].split(maxsplit=1)[0]) + int(record.split(maxsplit=1)[0])
            kept[-1] = b"%7d %b\n" % (total, line)
        else:
            kept.append(record + b"\n")
            held = line
    return kept
