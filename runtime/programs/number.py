"""@number BEFORE: number lines as `cat -n` does, when BEFORE lines came before."""

import sys

BLOCK = 1 << 20


def main(words: list[str]) -> None:
    before = int(words[0])
    read, write = sys.stdin.buffer.read, sys.stdout.buffer.write
    rest = b""
    while block := read(BLOCK):
        *lines, rest = (rest + block).split(b"\n")
        write(b"".join(b"%6d\t%b\n" % row for row in enumerate(lines, before + 1)))
        before += len(lines)
    if rest:
        write(b"%6d\t%b" % (before + 1, rest))
