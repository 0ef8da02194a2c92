"""@number BEFORE: number lines as `cat -n` does, when BEFORE lines came before."""

import sys
from _signal import SIG_DFL, SIGPIPE, signal  # type: ignore[import-not-found]

BLOCK = 1 << 20


def main(before: int) -> None:
    read, write = sys.stdin.buffer.read, sys.stdout.buffer.write
    rest = b""
    while block := read(BLOCK):
        *lines, rest = (rest + block).split(b"\n")
        write(b"".join(b"%6d\t%b\n" % row for row in enumerate(lines, before + 1)))
        before += len(lines)
    if rest:
        write(b"%6d\t%b" % (before + 1, rest))


if __name__ == "__main__":
    signal(SIGPIPE, SIG_DFL)
    main(int(sys.argv[1]))
