"""@pairs LAST DELIMITER: records with the one behind each beside it, a delimiter between them.

As `paste - <(tail -n +2)` makes them of one stream: the last record of all stands beside nothing.
A part begins with the last record of the one before it, and LAST is 1 where it is the last.
"""

import itertools
import sys

BLOCK = 1 << 20


def main(words: list[str]) -> None:
    last, delimiter = words[0] == "1", words[1].encode("ascii")
    read, write = sys.stdin.buffer.read, sys.stdout.buffer.write
    held: list[bytes] = []  # the record before, and what has been read of the next
    open_record: list[bytes] = []
    while block := read(BLOCK):
        whole, newline, rest = block.rpartition(b"\n")
        if not newline:
            open_record.append(block)
            continue
        records = [*held, *b"".join((*open_record, whole)).split(b"\n")]
        write(_paired(records, delimiter))
        held, open_record = records[-1:], [rest] if rest else []
    if open_record:
        records = [*held, b"".join(open_record)]
        write(_paired(records, delimiter))
        held = records[-1:]
    if last and held:
        write(held[0] + delimiter + b"\n")


def _paired(records: list[bytes], delimiter: bytes) -> bytes:
    pairs = itertools.pairwise(records)
    return b"".join([b"%b%b%b\n" % (one, delimiter, other) for one, other in pairs])
