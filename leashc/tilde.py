"""Tilde expansion: home directories in place of `~`, `~user`, `~+` and `~-`."""

from __future__ import annotations

import re
from collections.abc import Sequence

from leashc.shell import Shell
from leashc.syntax import Part, Single, Text


def in_argument(parts: Sequence[Part], shell: Shell) -> Sequence[Part]:
    """A tilde where a word begins; in `x=~`, too, as bash has it."""
    if parts and isinstance(parts[0], Text):
        name = re.match(r"[A-Za-z_][A-Za-z_0-9]*\+?=", parts[0].value)
        if name:
            value = (Text(parts[0].value[name.end() :]), *parts[1:])
            return (Text(name[0]), *tilde(value, shell, after_colons=True))
    return tilde(parts, shell)


_TILDE = re.compile(r"~([^/:]*)")


def tilde(parts: Sequence[Part], shell: Shell, *, after_colons: bool = False) -> tuple[Part, ...]:
    """The parts with home directories, quoted, in place of tildes."""
    result: list[Part] = []
    for number, part in enumerate(parts):
        if not isinstance(part, Text):
            result.append(part)
            continue
        text, at = part.value, 0
        for found in _TILDE.finditer(text):
            start, end = found.span()
            begins = number == 0 if start == 0 else after_colons and text[start - 1] == ":"
            # A quote or a parameter in the name of the user makes the tilde a tilde.
            ends = end < len(text) or number + 1 == len(parts)
            home = _home(found[1], shell) if begins and ends else None
            if home is not None:
                result += [Text(text[at:start]), Single(home)]
                at = end
        result.append(Text(text[at:]))
    return tuple(result)


def _home(user: str, shell: Shell) -> str | None:
    """What `~user` stands for, if anything."""
    variable = {"": "HOME", "+": "PWD", "-": "OLDPWD"}.get(user)
    value = shell.variables.get(variable) if variable else None
    return shell.home(user) if value is None else value
