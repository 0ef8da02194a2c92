"""@number [--above] BEFORE: number lines, when BEFORE lines came before.

As `cat -n` does; with --above as `sed =`, each number on a line of its own.
"""

import sys

BLOCK = 1 << 20


def main(words: list[str]) -> None:
    shape = b"%d\n%b" if words[0] == "--above" else b"%6d\t%b"
    before = int(words[-1])
    read, write = sys.stdin.buffer.read, sys.stdout.buffer.write
    rest = b""
    while block := read(BLOCK):
        *lines, rest = (rest + block).split(b"\n")
        write(b"".join(shape % row + b"\n" for row in enumerate(lines, before + 1)))
        before += len(lines)
    if rest:
        write(shape % (before + 1, rest))
