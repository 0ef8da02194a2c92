"""Brace expansion: `{a,b}`, `{1..5}`, `{a..e..2}`, as bash does it, on the text of a word.

It comes before all else and knows nothing of what the text means, so `$x{1,2}` becomes
`$x1 $x2`. The order of the steps follows bash's braces.c, whose answers to odd braces
can hardly be told otherwise.
"""

from __future__ import annotations

import re
from itertools import product

LIMIT = 100_000  # words that one word may become


class TooMany(Exception):
    """A word would become more than LIMIT words."""


def expanded(text: str) -> list[str]:
    """The words that a word becomes: itself, if there is nothing to expand. Raises TooMany."""
    opening, closing = _braces(text)
    if closing < 0:
        return [text]
    inside, after = text[opening + 1 : closing], text[closing + 1 :]
    if "," in re.sub(r"\\.", "", inside, flags=re.DOTALL):
        middle = [word for alternative in _alternatives(inside) for word in expanded(alternative)]
    else:
        middle = _sequence(inside) or [text[opening : closing + 1]]
    return _product(text[:opening], middle, expanded(after) if after else [""])


def _product(before: str, middle: list[str], after: list[str]) -> list[str]:
    if len(middle) * len(after) > LIMIT:
        raise TooMany
    return [before + "".join(pair) for pair in product(middle, after)]


def _braces(text: str) -> tuple[int, int]:
    """Where the first pair around a list or a sequence opens and closes; -1: there is none."""
    opening = _find(text, 0, "{")
    while opening < len(text):
        closing = _find(text, opening + 1, "}")
        if closing < len(text):
            return opening, closing
        opening = _find(text, opening + 1, "{")
    return -1, -1


def _alternatives(inside: str) -> list[str]:
    """The text between commas of its own level."""
    found, start = [], 0
    while start <= len(inside):
        end = _find(inside, start, ",")
        found.append(inside[start:end])
        start = end + 1
        if end == len(inside):
            break
    return found


# What brings quoting, or hides its inside; `${` counts as a brace that opens.
_STEP = re.compile(r"\\.|\$\{|\0\d+\0|.", re.DOTALL)


def _find(text: str, at: int, wanted: str) -> int:
    """The place of an unquoted character of this level; len(text) if there is none.

    A closing brace counts only behind a comma or a `..` of its level.
    """
    level, quote, worth = 0, "", wanted != "}"
    while at < len(text):
        step = _STEP.match(text, at)
        assert step is not None
        found = step[0]
        if quote == "'" and found[0] in "\\$":
            found = found[0]
        if found == "${":
            level += not quote
        elif quote:
            quote = "" if found == quote else quote
        elif found in "\"'`":
            quote = found
        elif found == wanted and not level and worth and not _alone(text, at, found):
            return at
        elif found == "{":
            level += 1
        elif found == "}" and level:
            level -= 1
        elif not level and wanted == "}":
            worth = worth or found == "," or re.compile(r"\.\.[^}]").match(text, at) is not None
        at += len(found)
    return at


def _alone(text: str, at: int, found: str) -> bool:
    """Whether it is the `{}` or the `{` that is a word by itself."""
    blank = ("", " ", "\t", "\n")
    return found == "{" and text[:at][-1:] in blank and text[at + 1 : at + 2] in (*blank, "}")


_INTEGERS = re.compile(r"([-+]?\d+)\.\.([-+]?\d+)(?:\.\.([-+]?\d+))?", re.ASCII)
_LETTERS = re.compile(r"([A-Za-z])\.\.([A-Za-z])(?:\.\.([-+]?\d+))?", re.ASCII)
_PADDED = re.compile(r"-?0\d", re.ASCII)


def _sequence(inside: str) -> list[str]:
    """The members of `1..5` or `a..e..2`; none if it is no sequence."""
    integers = _INTEGERS.fullmatch(inside)
    letters = _LETTERS.fullmatch(inside)
    found = integers or letters
    if not found:
        return []
    ends = found.groups()[:2]
    first, last = (int(end) if integers else ord(end) for end in ends)
    by = abs(int(found[3] or 1)) or 1
    if abs(last - first) // by >= LIMIT or max(map(abs, (first, last, by))) >> 62:
        raise TooMany
    numbers = range(first, last + (1 if first <= last else -1), by if first <= last else -by)
    if letters:
        return list(map(chr, numbers))
    width = max(map(len, ends)) if any(map(_PADDED.match, ends)) else 0
    return [f"{number:0{width}d}" for number in numbers]
