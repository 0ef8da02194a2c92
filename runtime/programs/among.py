"""@among [SPLITTERS -]: sorted records of `uniq -c` with those of a file among them.

Each stands before the first record whose line is not less, in the C locale. Without a
file the records pass as they are.
"""

import sys
from bisect import bisect_left

BLOCK = 1 << 20


def line_of(record: bytes) -> bytes:
    """What a record of `uniq -c` counts; the number is padded to seven places."""
    return record[8:] if record[7] == 32 else record.partition(b" ")[2]


def main(words: list[str]) -> None:
    left: list[bytes] = []
    for path in words[:1]:
        with open(path, "rb") as file:
            left = file.read().split(b"\n")[-2::-1]
    write = sys.stdout.buffer.write
    rest = b""
    while block := sys.stdin.buffer.read(BLOCK):
        *records, rest = (rest + block).split(b"\n")
        at = 0
        while left and records and line_of(left[-1]) <= line_of(records[-1]):
            place = bisect_left(records, line_of(left[-1]), at, key=line_of)
            write(b"".join([record + b"\n" for record in (*records[at:place], left.pop())]))
            at = place
        write(b"".join([record + b"\n" for record in records[at:]]))
    write(b"".join([record + b"\n" for record in reversed(left)]))
