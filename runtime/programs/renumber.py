"""@renumber BEFORE: add BEFORE to the number that each line begins with, as in `grep -n`."""

import re
import sys

BLOCK = 1 << 20
NUMBER = re.compile(rb"^\d+", re.MULTILINE)


def main(words: list[str]) -> None:
    before = int(words[0])
    read, write = sys.stdin.buffer.read, sys.stdout.buffer.write
    rest = b""
    while block := read(BLOCK):
        lines, newline, rest = (rest + block).rpartition(b"\n")
        write(NUMBER.sub(lambda found: b"%d" % (int(found[0]) + before), lines) + newline)
