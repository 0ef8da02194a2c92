"""Pathname expansion: a pattern, matched against names in directories, component by component.

In a pattern a backslash makes the next character literal; that is how the quoting
of a word gets here.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterable
from typing import Protocol

_SPECIAL = re.compile(r"[]\\*?[!^-]")


class Files(Protocol):
    """What globbing has to know about the file system."""

    @property
    def list_directory(self) -> Callable[[str], Iterable[str]]:
        """The names in a directory; none if it cannot be read."""

    @property
    def exists(self) -> Callable[[str], bool]:
        """Whether a path names something, be it a dangling link; `a/` names a directory."""


def escape(text: str) -> str:
    """The pattern that matches `text` alone."""
    return _SPECIAL.sub(r"\\\g<0>", text)


def paths(pattern: str, files: Files, *, bytewise: bool = False) -> list[str]:
    """The paths that match, in no order; none if there is nothing to match in the pattern.

    `**` is `*`, and `.` and `..` are never matched. bytewise: a character is a byte.
    """
    found, magic, listed = [""], False, True
    for component in re.split(r"(/+)", pattern):
        matches = _matcher(component, bytewise)
        if matches is None:
            literal = re.sub(r"\\(.)", r"\1", component, flags=re.DOTALL)
            found = [path + literal for path in found]
            listed = listed and not component
            continue
        magic = listed = True
        hidden = component.startswith((".", "\\."))
        found = [
            path + name
            for path in found
            for name in files.list_directory(path or ".")
            if (hidden or not name.startswith(".")) and name not in (".", "..") and matches(name)
        ]
    if not magic:
        return []
    return found if listed else [path for path in found if files.exists(path)]


def _matcher(component: str, bytewise: bool) -> Callable[[str], bool] | None:
    """Whether a name matches; None if the component is literal."""
    characters, magic = _translate(component, bytewise, ".*")
    if not magic:
        return None
    whole = re.compile(characters, re.DOTALL)
    by_bytes = re.compile(regex(octets(component), ascii_only=True), re.DOTALL)
    is_text = decoded(component)

    def matches(name: str) -> bool:
        # As in bash, a name or a pattern that is no text is compared byte by byte.
        if not bytewise and (name.isascii() or (is_text and decoded(name))):
            return whole.fullmatch(name) is not None
        return by_bytes.fullmatch(octets(name)) is not None

    return matches


def octets(text: str) -> str:
    """One character for each byte."""
    return text.encode("utf-8", "surrogateescape").decode("latin-1")


def text(octets: str) -> str:
    """What `octets` made of it, undone."""
    return octets.encode("latin-1").decode("utf-8", "surrogateescape")


def decoded(text: str) -> bool:
    """Whether all of it is characters, with no byte that is none."""
    return not any("\udc80" <= character <= "\udcff" for character in text)


def regex(pattern: str, *, ascii_only: bool, star: str = ".*") -> str:
    """A pattern as a regular expression, for re.DOTALL; star: what `*` becomes."""
    return _translate(pattern, ascii_only, star)[0]


def _translate(component: str, ascii_only: bool, star: str) -> tuple[str, bool]:
    """The regular expression of a component, and whether it has anything to match."""
    regex, magic, at = "", False, 0
    while at < len(component):
        character = component[at]
        at += 1
        if character == "\\" and at < len(component):
            regex += re.escape(component[at])
            at += 1
        elif character in "*?":
            regex += star if character == "*" else "."
            magic = True
        elif character == "[" and (bracket := _bracket(component, at, ascii_only)):
            regex += bracket[0]
            at = bracket[1]
            magic = True
        else:
            regex += re.escape(character)
    return regex, magic


# One member of a bracket expression: a class, or a character, perhaps behind a backslash.
_MEMBER = re.compile(
    r"\[:(?P<name>\w+):\]|\[(?P<kind>[.=])(?P<named>.)(?P=kind)\]|\\?(?P<plain>.)", re.DOTALL
)


def _bracket(component: str, at: int, ascii_only: bool) -> tuple[str, int] | None:
    """The regular expression of the brackets open before `at`, and where they end."""
    negated = component.startswith(("!", "^"), at)
    at = begin = at + negated
    members: list[str] = []
    while at < len(component) and (component[at] != "]" or at == begin):
        found = _MEMBER.match(component, at)
        assert found is not None
        at = found.end()
        if found["name"]:
            members += _character_class(found["name"], ascii_only)
            continue
        first = last = found["named"] or found["plain"]
        if component.startswith("-", at) and component[at + 1 : at + 2] not in ("", "]"):
            ending = _MEMBER.match(component, at + 1)
            assert ending is not None
            last = ending["named"] or ending["plain"] or "-"
            at = ending.end()
        if first <= last:
            members.append(f"[{re.escape(first)}-{re.escape(last)}]")
    if at >= len(component):
        return None
    union = "|".join(members) or "(?!)"
    return (f"(?!{union})." if negated else f"(?:{union})"), at + 1


_ASCII_CLASSES = {
    "alnum": "[0-9A-Za-z]",
    "alpha": "[A-Za-z]",
    "ascii": "[\\x00-\\x7f]",
    "blank": "[ \\t]",
    "cntrl": "[\\x00-\\x1f\\x7f]",
    "digit": "[0-9]",
    "graph": "[!-~]",
    "lower": "[a-z]",
    "print": "[ -~]",
    "punct": "[!-/:-@\\[-`{-~]",
    "space": "[ \\t-\\r]",
    "upper": "[A-Z]",
    "word": "[0-9A-Za-z_]",
    "xdigit": "[0-9A-Fa-f]",
}
_BEYOND_ASCII = {
    "alnum": r"[^\W_]",
    "alpha": r"[^\W\d_]",
    "graph": r"[^\s\x80-\x9f]",
    "print": r"[^\x80-\x9f]",
    "punct": r"[^\w\s\x80-\x9f]",
    "space": r"\s",
    "word": r"\w",
}


@functools.cache
def _character_class(name: str, ascii_only: bool) -> tuple[str, ...]:
    """`[:name:]` as regular expressions of one character; none for a name that is unknown."""
    if name not in _ASCII_CLASSES:
        return ()
    if ascii_only:
        return (_ASCII_CLASSES[name],)
    beyond = _BEYOND_ASCII.get(name, "(?!)")
    if name in ("lower", "upper"):
        belongs = str.islower if name == "lower" else str.isupper
        # No character from U+20000 on has a case.
        beyond = f"[{''.join(filter(belongs, map(chr, range(0x80, 0x20000))))}]"
    return (_ASCII_CLASSES[name], rf"(?![\x00-\x7f]){beyond}")
