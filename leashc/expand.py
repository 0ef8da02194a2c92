"""Words to arguments, in the order of the shell: tilde, parameters, splitting, globbing, quotes.

A word becomes pieces, the pieces become fields (leashc/fields.py), and a field that
has something to match in it becomes the paths that it matches (leashc/globbing.py).
"""

from __future__ import annotations

import os
import re
from collections import ChainMap
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple, cast

from leashc import globbing
from leashc.errors import ExpansionError
from leashc.fields import BLANKS, Piece, Pieces, joined, split
from leashc.invocation import Locale
from leashc.syntax import (
    Command,
    Double,
    Escaped,
    Parameter,
    Part,
    Pipeline,
    Redirection,
    Single,
    Substitution,
    Text,
    Word,
)
from runtime import plan
from runtime.slots import STREAM


def _no_stream(pipeline: Pipeline) -> plan.Plan:
    raise ExpansionError(f"<({pipeline}): nobody compiles it here")


class Shell(NamedTuple):
    """All that words can refer to; nothing in a pipeline changes it. host.py makes the real one.

    Text is str throughout, bytes that are no UTF-8 as surrogates. home: the home
    directory of a user, or None. sort_key: orders the matches of a glob. stream: the
    plan of a pipeline in `<( )`.
    """

    variables: Mapping[str, str]
    arguments: tuple[str, ...] = ()
    name: str = "leashc"
    list_directory: Callable[[str], Iterable[str]] = lambda path: ()
    exists: Callable[[str], bool] = lambda path: False
    home: Callable[[str], str | None] = lambda user: None
    sort_key: Callable[[str], Any] = os.fsencode
    stream: Callable[[Pipeline], plan.Plan] = _no_stream

    @property
    def separators(self) -> str:
        """The characters that divide fields."""
        return self.variables.get("IFS", BLANKS)

    @property
    def bytewise(self) -> bool:
        """Whether a character is a byte."""
        return Locale.of(self.variables).bytewise

    def value(self, name: str) -> str | None:
        """The value of a parameter that has one value; None if it is not set."""
        if name == "#":
            return str(len(self.arguments))
        if name == "IFS":
            return self.separators
        if name == "0":
            return self.name
        if name.isdigit():
            return dict(enumerate(self.arguments, 1)).get(int(name))
        return self.variables.get(name)


def expand(pipeline: Pipeline, shell: Shell) -> tuple[plan.Command, ...]:
    """The commands of a pipeline with their words expanded. Raises ExpansionError."""
    return tuple(_command(command, shell) for command in pipeline.commands)


def _command(command: Command, shell: Shell) -> plan.Command:
    streams: list[plan.Plan] = []

    def fields(word: Word) -> list[str]:
        if not isinstance(word.parts[0], Substitution):
            return _fields(word, shell)
        streams.append(shell.stream(word.parts[0].pipeline))
        return [f"{STREAM}{len(streams) - 1}"]

    argv = tuple(field for word in command.words for field in fields(word))
    if not argv:
        raise ExpansionError(
            f"{' '.join(map(str, command.words))}: the command expands to nothing",
            "set the parameters that it is made of",
        )
    redirects = tuple(_redirect(redirection, shell, fields) for redirection in command.redirections)
    environment: dict[str, str] = {}
    # An assignment sees those before it; the words of the command see none.
    shell = shell._replace(variables=ChainMap(environment, cast(Any, shell.variables)))
    for assignment in command.assignments:
        environment[assignment.name] = _unsplit(assignment.value, shell)
    return plan.Command(argv, tuple(environment.items()), redirects, tuple(streams))


def _redirect(
    redirection: Redirection, shell: Shell, expanded: Callable[[Word], list[str]]
) -> plan.Redirect:
    operator = cast(Any, redirection.operator)
    word = redirection.word
    if operator == "<<<":
        text = _unsplit(word, shell)
        return plan.Redirect(redirection.descriptor, operator, text + "\n")
    fields = expanded(word)
    if len(fields) != 1:
        raise ExpansionError(f"{word}: ambiguous redirect", "redirect to one file")
    return plan.Redirect(redirection.descriptor, operator, fields[0])


def _unsplit(word: Word, shell: Shell) -> str:
    """The one string that an assigned value or a here-string becomes."""
    return joined(_pieces(_tilde(word.parts, shell, after_colons=True), shell))


def _fields(word: Word, shell: Shell) -> list[str]:
    """The arguments that one word becomes: none, one or many."""
    arguments: list[str] = []
    parts = _tilde_in_argument(word.parts, shell)
    for field in split(_pieces(parts, shell), shell.separators):
        if field.text.startswith("s3://") and field.text.endswith("/"):
            # All objects beneath a prefix, as `dir/*` would have them.
            arguments += sorted(field.text + name for name in shell.list_directory(field.text))
            continue
        found = globbing.paths(field.pattern, shell, bytewise=shell.bytewise)
        arguments += sorted(found, key=shell.sort_key) or [field.text]
    return arguments


def _pieces(
    parts: Sequence[Part], shell: Shell, *, quoted: bool = False, inside: bool = False
) -> Pieces:
    """quoted, inside: whether the parts stand in double quotes, or in `${x:-…}`."""
    for part in parts:
        match part:
            case Text(value):
                yield Piece(value, quoted, inside and not quoted)
            case Escaped(value) | Single(value):
                yield Piece(value, True)
            case Double():
                yield from _double(part, shell)
            case Parameter():
                yield from _parameter(part, shell, quoted)


def _double(part: Double, shell: Shell) -> list[Piece | None]:
    """`""` is an argument; `"$@"` is none when there are none."""
    pieces = list(_pieces(part.parts, shell, quoted=True))
    lists = any(isinstance(inner, Parameter) and inner.name == "@" for inner in part.parts)
    if lists and not shell.arguments and not any(piece and piece.text for piece in pieces):
        return []
    return [Piece("", True), *pieces]


def _parameter(parameter: Parameter, shell: Shell, quoted: bool) -> Pieces:
    name, operator, word = parameter.name, parameter.operator, parameter.word
    values: Sequence[str] = shell.arguments
    if name not in ("@", "*"):
        value = shell.value(name)
        values = () if value is None else (value,)
    if operator == "#":
        yield Piece(_length(name, values, shell), quoted, not quoted)
    elif word is not None and _applies(operator, values):
        if operator.endswith("?"):
            default = f"parameter {'null or ' * operator.startswith(':')}not set"
            message = joined(_pieces(word.parts, shell)) or default
            raise ExpansionError(f"{name}: {message}", status=127)
        tilded = word.parts if quoted else _tilde(word.parts, shell)
        yield from _pieces(tilded, shell, quoted=quoted, inside=True)
    elif not operator.endswith("+"):
        yield from _values(name, values, shell, quoted)


def _applies(operator: str, values: Sequence[str]) -> bool:
    """Whether the word of `${x:-word}` and its like stands in for the value."""
    absent = not any(values) if operator.startswith(":") else not values
    return absent != operator.endswith("+")


def _length(name: str, values: Sequence[str], shell: Shell) -> str:
    if name in ("@", "*"):
        return str(len(values))
    text = "".join(values)
    return str(len(text.encode("utf-8", "surrogateescape") if shell.bytewise else text))


def _values(name: str, values: Sequence[str], shell: Shell, quoted: bool) -> Pieces:
    if name == "*" and quoted:
        values = (shell.separators[:1].join(values),)
    for number, value in enumerate(values):
        if number:
            yield None
        yield Piece(value, quoted, not quoted)


def _tilde_in_argument(parts: Sequence[Part], shell: Shell) -> Sequence[Part]:
    """A tilde where a word begins; in `x=~`, too, as bash has it."""
    if parts and isinstance(parts[0], Text):
        name = re.match(r"[A-Za-z_][A-Za-z_0-9]*\+?=", parts[0].value)
        if name:
            value = (Text(parts[0].value[name.end() :]), *parts[1:])
            return (Text(name[0]), *_tilde(value, shell, after_colons=True))
    return _tilde(parts, shell)


_TILDE = re.compile(r"~([^/:]*)")


def _tilde(parts: Sequence[Part], shell: Shell, *, after_colons: bool = False) -> tuple[Part, ...]:
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
