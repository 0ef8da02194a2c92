"""Patterns of grep that are literals in order, anything between them: `^ab.*c`, `x|y`."""

from __future__ import annotations

import os
import re
from typing import NamedTuple

from leashc.invocation import Invocation

_MOST = 8  # patterns, and literals of a pattern, that grep.c takes

# What a character of a pattern is, for each kind of expression.
_BASIC = re.compile(
    r"(?s)(?P<gap>\.\*)|(?P<or>\\\|)|\\(?P<escaped>[].*[^$\\])|(?P<plain>[^\\.*[^$])"
)
_EXTENDED = re.compile(
    r"(?s)(?P<gap>\.\*)|(?P<or>\|)|\\(?P<escaped>[].*[^$\\+?(){}|])|(?P<plain>[^\\.*[^$+?(){|])"
)


class Literals(NamedTuple):
    """One pattern. starts, ends: where the first and the last literal stand in the line."""

    pieces: tuple[str, ...]
    starts: bool = False
    ends: bool = False

    def word(self) -> str:
        """As grep.c reads it: `^616263,6465$`."""
        pieces = ",".join(os.fsencode(piece).hex() for piece in self.pieces)
        return "^" * self.starts + pieces + "$" * self.ends


def literals(cmd: Invocation) -> list[Literals] | None:
    """What a grep looks for, if its patterns are such; else None."""
    kinds = [o.name for o in cmd.options if o.name in ("-E", "-F", "-G", "-P")]
    if len(kinds) > 1 or "-P" in kinds:
        return None
    given = [o.value or "" for o in cmd.options if o.name == "-e"] or list(cmd.operands[:1])
    syntax = {"-F": None, "-E": _EXTENDED}.get(kinds[0] if kinds else "", _BASIC)
    found: list[Literals] = []
    for text in "\n".join(given).split("\n"):
        read = _read(text, syntax) if syntax else [Literals((text,))]
        if read is None:
            return None
        found += read
    if cmd.has("-w") and not all(pattern == Literals(pattern.pieces[:1]) for pattern in found):
        return None  # a longer match may end with a word where the shortest does not
    if cmd.has("-x"):
        found = [pattern._replace(starts=True, ends=True) for pattern in found]
    plain = [_plain(pattern) for pattern in found]
    if len(plain) > _MOST or not all(_fits(cmd, pattern) for pattern in plain):
        return None
    return plain


def _read(text: str, syntax: re.Pattern[str]) -> list[Literals] | None:
    """The alternatives of an expression; anything is between their pieces, some of them empty."""
    found: list[Literals] = []
    at = 0
    while True:
        starts = text.startswith("^", at)
        at += starts
        pieces = [""]
        while (token := syntax.match(text, at)) and not token["or"]:
            if token["gap"]:
                pieces.append("")
            else:
                pieces[-1] += token["escaped"] or token["plain"]
            at = token.end()
        ends = text.startswith("$", at)
        at += ends
        found.append(Literals(tuple(pieces), starts, ends))
        if not (token := syntax.match(text, at)):
            return found if at == len(text) else None
        if not token["or"]:  # more behind a `$`
            return None
        at = token.end()


def _plain(pattern: Literals) -> Literals:
    """The same without empty pieces: where one is at an end, nothing is asked for there."""
    if len(pattern.pieces) == 1:
        return pattern
    first, *between, last = pattern.pieces
    return Literals(
        tuple(filter(None, (first, *between, last))),
        pattern.starts and first != "",
        pattern.ends and last != "",
    )


def _fits(cmd: Invocation, pattern: Literals) -> bool:
    """Whether bytes are what grep compares, and something is looked for."""
    text = "".join(pattern.pieces)
    if not text and not (pattern.starts and pattern.ends):
        return False
    # Case and words are of bytes here. A surrogate stands for a byte that is no character.
    utf8 = cmd.locale.utf8 and not cmd.has("-i", "-w") and not re.search("[\ud800-\udfff]", text)
    return 0 < len(pattern.pieces) <= _MOST and (cmd.locale.bytewise or utf8)
