"""@seam [--counts] [--exact] [UNIQ-OPTION...] -- FILE...: join outputs of uniq.

Inside a file no two neighbours are equal, so only the first record of a file can
equal the last one before it. What lies between them is copied unread. Whether two
lines are equal is for uniq to say, with its options and in its locale; --exact
spares the question: then only the same bytes are. With --counts the records are
those of `uniq -c`, and the counts of equal ones are added.
"""

import os
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


def last_record(file: int, start: int, stop: int) -> int:
    """Where the last record of a file begins, looking back no further than `start`."""
    stop -= 1  # the newline that ends it
    while stop > start:
        low = max(start, stop - BLOCK)
        found = os.pread(file, stop - low, low).rfind(b"\n")
        if found >= 0:
            return low + found + 1
        stop = low
    return start


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
            size = os.fstat(file.fileno()).st_size
            if not size:
                continue
            record = file.readline()
            first = parse(record)
            if held is not None and equal(held[1], first[1], options):
                held = (held[0] + first[0], held[1])
            else:
                release()
                held = first
            start = len(record)
            if start == size:
                continue
            release()
            stop = last_record(file.fileno(), start, size)
            file.seek(start)
            while start < stop and (block := file.read(min(BLOCK, stop - start))):
                write(block)
                start += len(block)
            held = parse(file.read())
    release()
