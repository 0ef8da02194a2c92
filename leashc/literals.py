"""Patterns of grep that are literals in order, anything between them: `^ab.*c`, `x|[0-9]y`."""

from __future__ import annotations

import os
import re
from typing import NamedTuple

from leashc.invocation import Invocation
from leashc.operators.tr_sets import CLASSES

_MOST = 8  # patterns, and literals of a pattern, that grep.c takes

# What a character of a pattern is, for each kind of expression. What repeats one is no character.
_SET = r"(?P<set>\.|\[\^?\]?(?:\[:[a-z]+:\]|[^]\[])*\])"
_BASIC = re.compile(
    rf"(?s)(?P<gap>\.\*)|(?P<or>\\\|)|{_SET}(?!\*|\\[{{+?])"
    r"|\\(?P<escaped>[].*[^$\\])|(?P<plain>[^\\.*[^$])"
)
_EXTENDED = re.compile(
    rf"(?s)(?P<gap>\.\*)|(?P<or>\|)|{_SET}(?![*+?{{])"
    r"|\\(?P<escaped>[].*[^$\\+?(){}|])|(?P<plain>[^\\.*[^$+?(){|])"
)
_MEMBER = re.compile(rb"(?s)\[:([a-z]+):\]|(.)-(.)|(^-|-$|[^-])")

# A character, or bytes of which one stands there.
Char = str | frozenset[int]
Piece = tuple[Char, ...]


class Literals(NamedTuple):
    """One pattern. starts, ends: where the first and the last literal stand in the line."""

    pieces: tuple[Piece, ...]
    starts: bool = False
    ends: bool = False

    def word(self) -> str:
        """As grep.c reads it: `^616263,6465$`, a set of bytes as `[30-39,5f-5f]`."""
        pieces = ",".join("".join(map(_word, piece)) for piece in self.pieces)
        return "^" * self.starts + pieces + "$" * self.ends


def _word(char: Char) -> str:
    return os.fsencode(char).hex() if isinstance(char, str) else f"[{ranges(sorted(char))}]"


def ranges(numbers: list[int]) -> str:
    """Bytes in order, as kernels read a set: `20-20,61-7a`."""
    found: list[tuple[int, int]] = []
    for number in numbers:
        if found and found[-1][1] == number - 1:
            found[-1] = (found[-1][0], number)
        else:
            found.append((number, number))
    return ",".join(f"{low:02x}-{high:02x}" for low, high in found)


def literals(cmd: Invocation) -> list[Literals] | None:
    """What a grep looks for, if its patterns are such; else None."""
    kinds = [o.name for o in cmd.options if o.name in ("-E", "-F", "-G", "-P")]
    if len(kinds) > 1 or "-P" in kinds:
        return None
    given = [o.value or "" for o in cmd.options if o.name == "-e"] or list(cmd.operands[:1])
    syntax = {"-F": None, "-E": _EXTENDED}.get(kinds[0] if kinds else "", _BASIC)
    found: list[Literals] = []
    for text in "\n".join(given).split("\n"):
        read = _read(text, syntax, cmd.has("-i")) if syntax else [Literals((tuple(text),))]
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


def _read(text: str, syntax: re.Pattern[str], folds: bool) -> list[Literals] | None:
    """The alternatives of an expression; anything is between their pieces, some of them empty."""
    found: list[Literals] = []
    at = 0
    while True:
        starts = text.startswith("^", at)
        at += starts
        pieces: list[Piece] = [()]
        while (token := syntax.match(text, at)) and not token["or"]:
            char = _set(token["set"], folds) if token["set"] else token["escaped"] or token["plain"]
            if token["gap"]:
                pieces.append(())
            elif char:
                pieces[-1] = (*pieces[-1], char)
            else:
                return None
            at = token.end()
        ends = text.startswith("$", at)
        at += ends
        found.append(Literals(tuple(pieces), starts, ends))
        if not (token := syntax.match(text, at)):
            return found if at == len(text) else None
        if not token["or"]:  # more behind a `$`
            return None
        at = token.end()


def _set(text: str, folds: bool) -> frozenset[int]:
    """The bytes of a `.` or of what stands in brackets, in the C locale; none if not known."""
    if text == ".":
        return _ALL
    inverted = text[1] == "^"
    content = os.fsencode(text[1 + inverted : -1])
    found = set[int]()
    if _MEMBER.sub(b"", content):
        return frozenset()
    for name, low, high, plain in _MEMBER.findall(content):
        if (name and name not in CLASSES) or low > high:
            return frozenset()
        if name:
            found.update(filter(CLASSES[name], range(128)))
        else:
            found.update(range(ord(low or plain), ord(high or plain) + 1))
    if folds:
        found |= {byte ^ 32 for byte in found if chr(byte).isascii() and chr(byte).isalpha()}
    return _ALL - found if inverted else frozenset(found)


_ALL = frozenset(range(256)) - {ord("\n")}


def _plain(pattern: Literals) -> Literals:
    """The same without empty pieces: where one is at an end, nothing is asked for there."""
    if len(pattern.pieces) == 1:
        return pattern
    first, *between, last = pattern.pieces
    return Literals(
        tuple(filter(None, (first, *between, last))),
        pattern.starts and first != (),
        pattern.ends and last != (),
    )


def _fits(cmd: Invocation, pattern: Literals) -> bool:
    """Whether bytes are what grep compares, and something is looked for."""
    chars = [char for piece in pattern.pieces for char in piece]
    text = "".join(char for char in chars if isinstance(char, str))
    if not chars and not (pattern.starts and pattern.ends):
        return False
    if len(text) < len(chars):
        sought = (any(isinstance(char, str) for char in piece) for piece in pattern.pieces)
        return len(pattern.pieces) <= _MOST and cmd.locale.bytewise and all(sought)
    # Case and words are of bytes here. A surrogate stands for a byte that is no character.
    utf8 = cmd.locale.utf8 and not cmd.has("-i", "-w") and not re.search("[\ud800-\udfff]", text)
    return 0 < len(pattern.pieces) <= _MOST and (cmd.locale.bytewise or utf8)
