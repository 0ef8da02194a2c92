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


class Ansi(NamedTuple):
    """`$'…'` as it is spelled: what `\\u` stands for depends on the locale."""

    value: str

    def __str__(self) -> str:
        return f"$'{self.value}'"


class Double(NamedTuple):
    """`"…"`: parameters are expanded; the result is neither split nor globbed."""

    parts: tuple[Part, ...] = ()

    def __str__(self) -> str:
        return f'"{"".join(map(str, self.parts))}"'


class Parameter(NamedTuple):
    """`${x}`, `${#x}` (operator `#`, no word), or `${x…}` with an operator and one word or two.

    `:-`, `+`, `?` and the like: the word that may stand in. `#`, `##`, `%`, `%%`: the
    pattern that is removed. `/`, `//`: the pattern, and second its replacement. `:`: the
    offset, and second the length.
    """

    name: str
    operator: str = ""
    word: Word | None = None
    second: Word | None = None

    @property
    def words(self) -> tuple[Word, ...]:
        """What stands behind the operator."""
        return tuple(word for word in (self.word, self.second) if word is not None)

    def __str__(self) -> str:
        if self.operator == "#" and self.word is None:
            return f"${{#{self.name}}}"
        between = self.operator[:1] if self.second is not None else ""
        words = between.join(map(str, self.words))
        return f"${{{self.name}{self.operator}{words}}}"


class Arithmetic(NamedTuple):
    """`$((…))`: the expression, before its parameters are expanded."""

    expression: Word

    def __str__(self) -> str:
        return f"$(({self.expression}))"


class Substitution(NamedTuple):
    """`$(…)`, which is how backquotes are printed, too."""

    pipeline: Pipeline

    def __str__(self) -> str:
        return f"$({self.pipeline})"


class Stream(NamedTuple):
    """`<(…)`: a file name, under which the output of a pipeline is read."""

    pipeline: Pipeline

    def __str__(self) -> str:
        return f"<({self.pipeline})"


Part = Text | Escaped | Single | Ansi | Double | Parameter | Arithmetic | Substitution | Stream


class Word(NamedTuple):
    """Parts without a blank between them. Only where it is no argument may it have none."""

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
    """`2>> log`, `<<< text`, and `2>&1` as operator `>&` with the word `1`.

    A here-document is the here-string of the same text.
    """

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
            case Parameter():
                yield node.name
                yield from _parameters(node.words)
            case Arithmetic():
                yield from _parameters((node.expression,))
            case Substitution() | Stream():
                yield from _parameters(node.pipeline.commands)
