"""@serial DELIMITER: the records of a part of what `paste -s` reads, a delimiter after each.

@serial --end: what all parts gave; a newline takes the place of its last byte.
"""

import sys

BLOCK = 1 << 20


def main(words: list[str]) -> None:
    read, write = sys.stdin.buffer.read, sys.stdout.buffer.write
    if words[0] == "--end":
        held = b""
        while block := read(BLOCK):
            write(held + block[:-1])
            held = block[-1:]
        write(b"\n")
        return
    delimiter = words[0].encode("ascii")
    last = b""
    while block := read(BLOCK):
        write(block.replace(b"\n", delimiter))
        last = block[-1:]
    if last not in (b"", b"\n"):
        write(delimiter)
