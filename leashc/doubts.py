"""Words that leashc parses and yet refuses, for bash has ways of its own with them."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import dropwhile

from leashc.syntax import (
    Ansi,
    Arithmetic,
    Double,
    Parameter,
    Part,
    Single,
    Substitution,
    Text,
    Word,
)


def doubt(word: Word) -> tuple[str, str] | None:
    """What keeps an argument from being compiled, and the remedy; bash has ways of its own here."""
    expanded = (Parameter, Arithmetic, Substitution)
    after = dropwhile(lambda part: not isinstance(part, expanded), word.parts)
    if any(isinstance(part, Text) and "$" in part.value for part in after):
        # bash then leaves the parameters before it unsplit.
        return "a `$` alone after a parameter is", "put a backslash before the `$`"
    if any(isinstance(part, Double) and _has_list(part.parts) for part in word.parts):
        return '`$@` inside of `"${ }"` is', 'write `"$@"` by itself'
    if any(isinstance(part, Double) and _mixes_lists(part) for part in word.parts):
        return "`${@…}` beside another list is", "put each of them between quotes of its own"
    if _loses_null(word.parts):
        return "empty quotes, again inside of `${ }`, are", "put all of the word between quotes"
    return None


def _mixes_lists(quoted: Double) -> bool:
    """Whether a changed list of arguments stands beside another: bash then loses empty ones."""
    lists = [p for p in quoted.parts if isinstance(p, Parameter) and p.name in ("@", "*")]
    return len(lists) > 1 and any(part.words for part in lists)


def lists(parts: Iterable[Part]) -> bool:
    """Whether `$@`, or what is made of it, stands among these parts."""
    return any(
        isinstance(part, Parameter)
        and ((part.name == "@" and str(part) != "${#@}") or any(map(_lists_in, part.words)))
        for part in parts
    )


def _lists_in(word: Word) -> bool:
    return lists(word.parts)


def _has_list(parts: Iterable[Part], *, inside: bool = False) -> bool:
    """Whether `$@` stands in a `${x:-…}` among these parts of a quoted text."""
    for part in parts:
        if isinstance(part, Double) and _has_list(part.parts, inside=inside):
            return True
        if isinstance(part, Parameter):
            if inside and part.name == "@" and not part.operator:
                return True
            if part.word is not None and _has_list(part.word.parts, inside=True):
                return True
    return False


def _loses_null(parts: Iterable[Part]) -> bool:
    """Whether bash might drop an empty argument: it does behind one that the same word has made."""
    seen = False
    for part in parts:
        if isinstance(part, Parameter) and part.word is not None:
            if _loses_null(part.word.parts) or (seen and _has_null(part.word.parts)):
                return True
        else:
            seen = seen or _has_null((part,))
    return False


def _has_null(parts: Iterable[Part]) -> bool:
    """Whether quotes that may be empty are among these parts."""
    return any(
        (isinstance(part, Single) and not part.value)
        or (isinstance(part, Ansi) and part.value[:1] in ("", "\\"))
        or (isinstance(part, Double) and all(map(_may_be_empty, part.parts)))
        or (isinstance(part, Parameter) and part.word is not None and _has_null(part.word.parts))
        for part in parts
    )


def _may_be_empty(part: Part) -> bool:
    return isinstance(part, (Parameter, Substitution))
