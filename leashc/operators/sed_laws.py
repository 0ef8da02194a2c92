"""What a sed script does to a divided stream, derived from its syntax.

A script is stateless when no command looks past its line: no line numbers, no `$`,
no hold space, no `n` or `N`. Branches stay inside a line's cycle. Where lines are
told by numbers alone, the script for a stream that k lines precede is the same one
with its numbers moved by k, and where others follow it, nothing is the last line:
see `Numbered`. One that reads so many lines each time is in sed_groups.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import NamedTuple

from leashc.languages.sed_syntax import (
    Addresses,
    Block,
    Command,
    Extent,
    Last,
    Line,
    Match,
    Node,
    Script,
    Step,
    Substitution,
)
from leashc.operators.scripts import Acts, Whole

# Commands that stop a law, each with its reason.
_WHOLE = {
    "=": "it numbers lines (=)",
    "n": "it reads the next line (n)",
    "N": "it joins lines (N)",
    "D": "it may keep part of a line for the next (D)",
    "h": "it keeps lines in its hold space (h)",
    "H": "it keeps lines in its hold space (H)",
    "g": "it takes lines from its hold space (g)",
    "x": "it keeps lines in its hold space (x)",
    "r": "it reads a file (r)",
    "R": "it reads a file (R)",
    "F": "it prints the name of its file (F)",
    "q": "where it ends depends on what came before (q)",
    "Q": "where it ends depends on what came before (Q)",
    "L": "leashc does not know its command L",
}
_ACTS = {
    "e": "it runs another program (e)",
    "w": "it writes a file (w)",
    "W": "it writes a file (W)",
}
_SKIPS = ("d", "c", "b", "t", "T", "{")  # what follows them may not be reached
_FAR = 20  # lines, or lines a turn, that are worth a script each


class Stateless(NamedTuple):
    """What is to be known of a script that edits each line on its own.

    deletes: a line may come to nothing; edits: it may come out changed; escapes:
    bytes are written by number.
    """

    deletes: bool
    edits: bool
    escapes: bool


class Numbered(NamedTuple):
    """The script for a stream that k lines precede: scripts[k], turning from `loop` on.

    Where the last line matters (`ends`), the second half of them is for the stream's end.
    """

    scripts: tuple[str, ...]
    loop: int
    ends: bool


def walk(nodes: tuple[Node, ...]) -> Iterator[Node]:
    """Every command, blocks before what is in them."""
    for node in nodes:
        yield node
        if isinstance(node, Block):
            yield from walk(node.commands)


def stateless(script: Script) -> Stateless:
    """What the script does to a line, its number set aside. Raises Whole or Acts."""
    deletes = edits = False
    for node in walk(script.commands):
        if isinstance(node, Substitution):
            _substitution(node)
        elif isinstance(node, Command):
            if node.name in _ACTS:
                raise Acts(_ACTS[node.name])
            if node.name in _WHOLE:
                raise Whole(_WHOLE[node.name])
        deletes |= node.name in ("d", "c")
        edits |= node.name in ("s", "y")
    for node in walk(script.commands):
        _addresses(node.where)
    escapes = any("\\" + letter in script.text for letter in "xdoc")
    return Stateless(deletes, edits, escapes)


def _substitution(node: Substitution) -> None:
    if "e" in node.flags.partition("w")[0]:
        raise Acts("it runs another program (s///e)")
    if "w" in node.flags:
        raise Acts("it writes a file (s///w)")
    used = node.where.first if node.where.last is None and not node.where.negated else None
    if not node.expression and not (isinstance(used, Match) and used.expression):
        raise Whole("an empty expression stands for the one used last")


def _addresses(where: Addresses) -> None:
    """Raise for addresses that look at other lines, or at the end."""
    if isinstance(where.first, Last) and where.last is not None:
        raise Whole("its range begins with the last line ($)")
    for address in (where.first, where.last):
        if isinstance(address, Match) and not address.expression:
            raise Whole("an empty expression stands for the one used last")
    if where.last is not None and not (
        isinstance(where.first, Line) and isinstance(where.last, Line | Last | Extent)
    ):
        raise Whole("a range of lines may reach across a seam")
    if isinstance(where.last, Extent) and where.last.sign == "~":
        raise Whole("seds disagree on where its range ends (~)")


def counts(script: Script) -> bool:
    """Whether any command is for lines with certain numbers."""
    return any(isinstance(node.where.first, Line | Step) for node in walk(script.commands))


def ends(script: Script) -> bool:
    """Whether any command is for the last line."""
    return any(isinstance(node.where.first, Last) for node in walk(script.commands))


def dropped(script: Script) -> tuple[tuple[int, int], str] | None:
    """The lines that a leading `1d` or `2,5d` leaves out, and the script for the others."""
    if not script.commands:
        return None
    first = script.commands[0]
    where = first.where
    if first.name != "d" or where.negated or not isinstance(where.first, Line):
        return None
    rest = Script(script.commands[1:], script.text)
    if counts(rest) or ends(rest) or not where.first.number:
        return None
    last = _end(where)
    if last is None:
        return None
    text = script.text[: first.start] + script.text[first.end :]
    return (where.first.number, last), text if rest.commands else ""


def numbered(script: Script) -> Numbered:
    """The scripts for streams that lines precede. Raises Whole."""
    reached = True  # whether every line comes to this command
    for node in script.commands:
        if node.where.last is not None and not reached:
            raise Whole("where its range begins depends on what came before")
        reached &= node.name not in _SKIPS
        for inner in walk((node,)):
            _countable(inner, top=inner is node)
    far, turn = 0, 1
    for node in walk(script.commands):
        first = node.where.first
        if isinstance(first, Step):
            far, turn = max(far, first.first), math.lcm(turn, first.step or 1)
        elif isinstance(first, Line):
            far = max(far, first.number, _end(node.where) or 0)
    if far > _FAR or turn > _FAR:
        raise Whole("it counts lines further than leashc follows")
    rows = (False, True) if ends(script) else (True,)
    scripts = tuple(_moved(script, before, last) for last in rows for before in range(far + turn))
    return Numbered(scripts, far, len(rows) > 1)


def _countable(node: Node, *, top: bool) -> None:
    where = node.where
    if isinstance(where.first, Line) and not where.first.number:
        raise Whole("a range of lines may reach across a seam")
    if where.last is not None and (not top or node.name == "c"):
        raise Whole("where its range begins depends on what came before")
    labels = any(inner.name == ":" for inner in walk((node,)))
    if isinstance(where.first, Line | Step | Last) and isinstance(node, Block) and labels:
        raise Whole("it jumps into lines that it counts")


def _end(where: Addresses) -> int | None:
    """The last line of a range that begins with a number; None where it goes on to the end."""
    assert isinstance(where.first, Line)
    first = where.first.number
    match where.last:
        case Line(number):
            return max(first, number)
        case Extent(_, number):
            return first + number
        case None:
            return first
        case _:
            return None


def _moved(script: Script, before: int, last: bool) -> str:
    """The text of the script for a stream that so many lines precede, the last there or not."""
    text = script.text
    for start, end, new in sorted(_edits(script.commands, before, last), reverse=True):
        text = text[:start] + new + text[end:]
    return text


def _edits(nodes: tuple[Node, ...], before: int, last: bool) -> Iterator[tuple[int, int, str]]:
    """What is written otherwise: start, end, the new text."""
    for node in nodes:
        where = node.where
        numbered = isinstance(where.first, Line | Step)
        if numbered or (isinstance(where.first, Last) and not last):
            address = _address(where, before) if numbered else None
            holds = (address == "") != where.negated
            if address in (None, "") and not holds:
                yield node.start, node.end, ""
                continue
            mark = "!" if address and where.negated else ""
            yield node.start, where.end, (address or "") + mark
        if isinstance(node, Block):
            yield from _edits(node.commands, before, last)


def _address(where: Addresses, before: int) -> str | None:
    """An address by numbers, moved; "" if it holds on every line and None if on none."""
    if isinstance(where.first, Step):
        first, step = where.first
        if first > before or not step:
            return f"{first - before}~{step}" if first > before else None
        return f"{(first - before - 1) % step + 1}~{step}"
    assert isinstance(where.first, Line)
    first, last = where.first.number, _end(where)
    if last is None:
        return f"{first - before},$" if first > before else ""
    if last <= before:
        return None
    start = max(first - before, 1)
    return f"{start},{last - before}" if last - before > start else str(last - before)
