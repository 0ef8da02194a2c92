"""The syntax of a pipeline, as the parser reads it and as `str()` prints it back.

Printing keeps the meaning and every quote; blanks, comments and continued lines
are gone, and `$x` is printed as `${x}`: `parse(str(ast)) == ast`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple


class Text(NamedTuple):
    """Characters as they stand: literal, but for `*?[` and a leading `~` outside of quotes."""

    value: str

    def __str__(self) -> str:
        return self.value


class Escaped(NamedTuple):
    """One character behind a backslash."""

    value: str

    def __str__(self) -> str:
        return f"\\{self.value}"


class Single(NamedTuple):
    """`'…'`: literal to the end."""

    value: str

    def __str__(self) -> str:
        return f"'{self.value}'"


class Double(NamedTuple):
    """`"…"`: parameters are expanded; the result is neither split nor globbed."""

    parts: tuple[Part, ...] = ()

    def __str__(self) -> str:
        return f'"{"".join(map(str, self.parts))}"'


class Parameter(NamedTuple):
    """`${x}`, `${#x}` (operator `#`), and `${x:-word}` with `-`, `+` or `?`, colon or not."""

    name: str
    operator: str = ""
    word: Word | None = None

    def __str__(self) -> str:
        if self.operator == "#":
            return f"${{#{self.name}}}"
        return f"${{{self.name}{self.operator}{'' if self.word is None else self.word}}}"


class Substitution(NamedTuple):
    """`<(…)`: a file name, under which the output of a pipeline is read."""

    pipeline: Pipeline

    def __str__(self) -> str:
        return f"<({self.pipeline})"


Part = Text | Escaped | Single | Double | Parameter | Substitution


class Word(NamedTuple):
    """Parts without a blank between them. Only an assigned or a default value may have none."""

    parts: tuple[Part, ...] = ()

    def __str__(self) -> str:
        return "".join(map(str, self.parts))


class Assignment(NamedTuple):
    """`name=value` before a command."""

    name: str
    value: Word

    def __str__(self) -> str:
        return f"{self.name}={self.value}"


class Redirection(NamedTuple):
    """`2>> log`, `<<< text`, and `2>&1` as operator `>&` with the word `1`."""

    descriptor: int
    operator: str
    word: Word

    def __str__(self) -> str:
        default = 0 if self.operator.startswith("<") else 1
        number = "" if self.descriptor == default else self.descriptor
        blank = "" if self.operator == ">&" else " "
        return f"{number}{self.operator}{blank}{self.word}"


class Command(NamedTuple):
    """One command of a pipeline, its parts in the order of the text."""

    parts: tuple[Assignment | Word | Redirection, ...]

    @property
    def assignments(self) -> tuple[Assignment, ...]:
        return tuple(part for part in self.parts if isinstance(part, Assignment))

    @property
    def words(self) -> tuple[Word, ...]:
        """The command name and its arguments; there is at least one."""
        return tuple(part for part in self.parts if isinstance(part, Word))

    @property
    def redirections(self) -> tuple[Redirection, ...]:
        return tuple(part for part in self.parts if isinstance(part, Redirection))

    def __str__(self) -> str:
        return " ".join(map(str, self.parts))


class Pipeline(NamedTuple):
    """Commands joined by pipes."""

    commands: tuple[Command, ...]

    @property
    def parameters(self) -> tuple[str, ...]:
        """The names of the parameters that its words mention, each once, in order."""
        return tuple(dict.fromkeys(_parameters(self.commands)))

    def __str__(self) -> str:
        return " | ".join(map(str, self.commands))


class Script(NamedTuple):
    """A whole text: for now one pipeline."""

    pipeline: Pipeline

    def __str__(self) -> str:
        return str(self.pipeline)


def _parameters(
    nodes: tuple[Command | Assignment | Redirection | Word | Part, ...],
) -> Iterator[str]:
    for node in nodes:
        match node:
            case Command() | Word() | Double():
                yield from _parameters(node.parts)
            case Assignment():
                yield from _parameters((node.value,))
            case Redirection():
                yield from _parameters((node.word,))
            case Parameter(name, _, word):
                yield name
                yield from _parameters(() if word is None else (word,))
            case Substitution(pipeline):
                yield from _parameters(pipeline.commands)
