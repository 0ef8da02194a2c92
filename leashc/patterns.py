"""Patterns within values: `${x#p}`, `${x%p}`, `${x/p/r}`. They match any characters, `/` too."""

from __future__ import annotations

import re
from typing import NamedTuple

from leashc import globbing


class Pattern(NamedTuple):
    """anchor: `#` or `%` where a replaced text has to be the beginning or the end.

    bytewise: a character is a byte.
    """

    text: str
    anchor: str = ""
    bytewise: bool = False

    def as_bytes(self, *texts: str) -> bool:
        """Whether bytes are compared: as in bash, also where anything is no text."""
        return self.bytewise or not all(map(globbing.decoded, (self.text, *texts)))

    def regex(self, *, octets: bool, star: str = ".*") -> str:
        text = globbing.octets(self.text) if octets else self.text
        return globbing.regex(text, ascii_only=octets, star=star)


def removed(value: str, pattern: Pattern, operator: str) -> str:
    """The value without its shortest (`#`, `%`) or longest (`##`, `%%`) beginning or end."""
    octets = pattern.as_bytes(value)
    if octets:
        value = globbing.octets(value)
    if operator[0] == "#":
        regex = pattern.regex(octets=octets, star=".*?" if operator == "#" else ".*")
        found = re.compile(regex, re.DOTALL).match(value)
        value = value[found.end() :] if found else value
    else:
        before = ".*" if operator == "%" else ".*?"
        regex = rf"({before}){pattern.regex(octets=octets)}\Z"
        found = re.compile(regex, re.DOTALL).match(value)
        value = found[1] if found else value
    return globbing.text(value) if octets else value


def replaced(value: str, pattern: Pattern, replacement: str, *, every: bool) -> str:
    """The value with its first match replaced, or every one; each the longest where it begins."""
    if not pattern.text:
        return {"#": replacement + value, "%": value + replacement}.get(pattern.anchor, value)
    octets = pattern.as_bytes(value, replacement)
    if octets:
        value, replacement = globbing.octets(value), globbing.octets(replacement)
    regex = {"#": r"\A{}", "%": r"{}\Z"}.get(pattern.anchor, "{}")
    compiled = re.compile(regex.replace("{}", pattern.regex(octets=octets)), re.DOTALL)
    result, at = "", 0
    for found in compiled.finditer(value):
        # Only in an empty value is nothing a match.
        if found[0] or not value:
            result += value[at : found.start()] + replacement
            at = found.end()
            if not every:
                break
    result += value[at:]
    return globbing.text(result) if octets else result
