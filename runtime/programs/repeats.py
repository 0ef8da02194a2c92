"""@repeats --once|--more [--counts]: keep the records of `uniq -c` with a count of one, or above.

Without --counts the counts are taken off, as `uniq -u` and `uniq -d` print none.
"""

import sys

BLOCK = 1 << 20
ONE = b"      1 "


def line_of(record: bytes) -> bytes:
    """What a record of `uniq -c` counts; the number is padded to seven places."""
    return record[8:] if record[7] == 32 else record.partition(b" ")[2]


def main(words: list[str]) -> None:
    once, counts = "--once" in words, "--counts" in words
    write = sys.stdout.buffer.write
    rest = b""
    while block := sys.stdin.buffer.read(BLOCK):
        *records, rest = (rest + block).split(b"\n")
        kept = [record for record in records if record.startswith(ONE) is once]
        lines = kept if counts else map(line_of, kept)
        write(b"".join([line + b"\n" for line in lines]))
