"""What the compiler refuses, for people.

    CompileError              the text cannot be compiled; str() is the message
     ├─ ShellSyntaxError      it is no shell, or leashc does not see how: where, with a caret
     │   └─ NotYet            it is shell that leashc does not compile yet
     └─ ExpansionError        a word has no value: `${x:?word}`, an ambiguous redirect

Nothing has run when one of these is raised. The command line prints `render()` and
exits with `status`.
"""

from __future__ import annotations

import unicodedata


class CompileError(Exception):
    """The text cannot be compiled. `remedy` says what to do instead."""

    status = 2

    def __init__(self, message: str, remedy: str = "") -> None:
        super().__init__(message)
        self.remedy = remedy

    def render(self) -> str:
        """The error as the command line prints it, without a final newline."""
        return "\n".join(
            line for line in (f"leashc: {self}", self.remedy and f"  {self.remedy}") if line
        )


class ShellSyntaxError(CompileError):
    """The text departs from the grammar at `line` and `column`, from 1, for `width` characters.

    name: the file that the text came from, if any.
    """

    title = "syntax error: "

    def __init__(
        self,
        message: str,
        remedy: str = "",
        *,
        text: str = "",
        name: str = "",
        position: int = 0,
        width: int = 1,
    ) -> None:
        super().__init__(message, remedy)
        self.text = text
        self.name = name
        self.line = text.count("\n", 0, position) + 1
        self.column = position - (text.rfind("\n", 0, position) + 1) + 1
        self.width = width

    def render(self) -> str:
        """The message, the place, the line and a caret under what is wrong."""
        line = self.text.split("\n")[self.line - 1]
        before = line[: self.column - 1]
        marked = line[self.column - 1 : self.column - 1 + self.width]
        # A tab stays a tab, so the caret stands right however wide tabs are shown.
        indent = "".join("\t" if c == "\t" else " " * _columns(c) for c in before)
        lines = [
            f"leashc: {self.title}{self}",
            f"  --> {self.name + ', ' if self.name else ''}line {self.line}, column {self.column}",
            f"  {line}",
            f"  {indent}{'^' * max(1, sum(map(_columns, marked)))}",
        ]
        return "\n".join(lines + [f"  {self.remedy}"] * bool(self.remedy))


class NotYet(ShellSyntaxError):
    """The shell has this and leashc does not compile it yet."""

    title = ""


class ExpansionError(CompileError):
    """A word cannot be expanded; `status` is what the shell would exit with, 2 if it could."""

    def __init__(self, message: str, remedy: str = "", *, status: int = 1) -> None:
        super().__init__(message, remedy)
        self.status = status


def _columns(character: str) -> int:
    """How many columns of a terminal a character takes."""
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
