"""@seam [--counts] [--exact] [UNIQ-OPTION...] -- FILE...: join outputs of uniq.

Inside a file no two neighbours are equal, so only the first record of a file can
equal the last one before it. What lies between them is copied unread. Whether two
lines are equal is for uniq to say, with its options and in its locale; --exact
spares the question: then only the same bytes are. With --counts the records are
those of `uniq -c`, and the counts of equal ones are added.
"""

import sys

BLOCK = 1 << 20


def equal(old: bytes, new: bytes, options: list[str]) -> bool:
    """Whether uniq makes one line of these two."""
    if old == new:
        return True
    if "--exact" in options:
        return False
    from subprocess import PIPE, run

    lines = b"%b\n%b\n" % (old, new)
    return run(("uniq", *options), input=lines, stdout=PIPE, check=True).stdout == old + b"\n"


def main(words: list[str]) -> None:
    end = words.index("--")
    paths, counts = words[end + 1 :], "--counts" in words[:end]
    options = [word for word in words[:end] if word != "--counts"]
    write = sys.stdout.buffer.write
    held: tuple[int, bytes] | None = None  # the last record so far, which may yet grow

    def parse(record: bytes) -> tuple[int, bytes]:
        record = record.removesuffix(b"\n")
        if not counts:
            return 1, record
        count, _, line = record.lstrip(b" ").partition(b" ")
        return int(count), line

    def release() -> None:
        if held is not None:
            write(b"%7d %b\n" % held if counts else held[1] + b"\n")

    for path in paths:
        with open(path, "rb", buffering=BLOCK) as file:
            record = file.readline()
            if not record:
                continue
            first = parse(record)
            if held is not None and equal(held[1], first[1], options):
                held = (held[0] + first[0], held[1])
            else:
                release()
                held = first
            last = bytearray()  # what came after the last newline that is not the end so far
            while block := file.read(BLOCK):
                if held is not None:
                    release()
                    held = None
                if last.endswith(b"\n"):
                    write(last)
                    last.clear()
                cut = block.rfind(b"\n", 0, len(block) - 1) + 1
                if cut:
                    write(last)
                    write(block[:cut])
                    last.clear()
                last += block[cut:]
            if last:
                held = parse(bytes(last))
    release()
