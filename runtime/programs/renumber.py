"""@renumber BEFORE: add BEFORE to the number that each line begins with, as in `grep -n`.

A line without one (`binary file matches`) stays as it is.
"""

import sys

BLOCK = 1 << 20


def main(words: list[str]) -> None:
    before = int(words[0])
    read, write = sys.stdin.buffer.read, sys.stdout.buffer.write
    rest = b""
    while block := read(BLOCK):
        if not before:
            write(block)
            continue
        *lines, rest = (rest + block).split(b"\n")
        rows = [line.partition(b":") for line in lines]
        write(
            b"".join(
                b"%d:%b\n" % (int(number) + before, text)
                if number.isdigit()
                else number + colon + text + b"\n"
                for number, colon, text in rows
            )
        )
