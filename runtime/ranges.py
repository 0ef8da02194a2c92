"""Where a sorted run is cut into ranges.

The command that sorts a run sorts the splitters with it, each in front of what is equal
(Behaviour.ranged of the compiler); here they are taken out again. So no order has to be
known here: they cut exactly where that very command, in its locale, with its flags, put
them.
"""

from __future__ import annotations

import itertools


class Cutter:
    """Takes the splitters out of a sorted run, and notes where each range begins.

    divides: records that are the same bytes may be in several ranges; then a splitter
    that occurs k times gives each of k ranges its share of them.
    """

    def __init__(self, found: bytes, *, divides: bool) -> None:
        lines = [line + b"\n" for line in found.split(b"\n")[:-1]]
        groups = itertools.groupby(lines) if divides else ((line, (line,)) for line in lines)
        self._left = [(line, len(tuple(group))) for line, group in groups][::-1]
        self._divides = divides
        self._held = b""  # of a record that has not ended
        self._same = 0  # records so far that are the splitter's bytes, and itself
        self._passed = 0
        self.begins: tuple[int, ...] = ()  # where the ranges but the first begin

    def take(self, block: bytes) -> bytes:
        """What of a run is to be kept now, of all that came."""
        data, at, kept = self._held + block, 0, []
        while self._left:
            line, count = self._left[-1]
            if not self._same:
                place = _find(data, line, at)
                if place < 0:
                    break
                kept.append(data[at:place])
                self._passed += place - at
                at, self._same = place + len(line), 1
            if self._divides:
                end = _end(data, line, at)
                more = (end - at) // len(line)
                before, self._same = self._same, self._same + more
                kept.append(line * (max(self._same - count, 0) - max(before - count, 0)))
                at = end
                if at == len(data) or line.startswith(data[at:]):
                    break  # more of it may come
            self._note(line, count)
        rest = max(data.rfind(b"\n") + 1, at) if self._left else len(data)
        if self._same:
            rest = at  # where more of the same may come
        kept.append(data[at:rest])
        self._passed += rest - at
        self._held = data[rest:]
        return b"".join(kept)

    def end(self) -> bytes:
        """What was held back until the end of the run."""
        if self._same:
            self._note(*self._left[-1])
        held, self._held = self._held, b""
        return held

    def _note(self, line: bytes, count: int) -> None:
        """All records that are like this splitter are known."""
        same = max(self._same - count, 0)
        self.begins += tuple(self._passed + same * n // count * len(line) for n in range(count))
        self._passed += same * len(line)
        self._same = 0
        self._left.pop()


def _find(data: bytes, line: bytes, start: int) -> int:
    """Where a record begins that is this line, at or after a start of one; -1 if none does."""
    if data.startswith(line, start):
        return start
    found = data.find(b"\n" + line, start)
    return found + 1 if found >= 0 else -1


def _end(data: bytes, line: bytes, at: int) -> int:
    """The end of the records that are this line, from `at` on."""
    for many in (line * max((1 << 16) // len(line), 1), line):
        while data.startswith(many, at):
            at += len(many)
    return at
