"""Reads sed scripts, as far as it takes to see that each line is edited on its own.

A script is stateless when no command looks past its line: no line numbers, no
ranges, no `$`, no hold space, no `n` or `N`. Branches stay inside a line's cycle.
What is not known here raises, and the stage runs whole.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from leashc.operators.scripts import Acts, Whole

# Commands that stop a law, each with its reason.
_WHOLE = {
    "=": "it numbers lines (=)",
    "n": "it reads the next line (n)",
    "N": "it joins lines (N)",
    "D": "it may keep part of a line for the next (D)",
    "h": "it keeps lines in its hold space (h)",
    "H": "it keeps lines in its hold space (H)",
    "g": "it takes lines from its hold space (g)",
    "x": "it keeps lines in its hold space (x)",
    "r": "it reads a file (r)",
    "R": "it reads a file (R)",
    "F": "it prints the name of its file (F)",
    "q": "where it ends depends on what came before (q)",
    "Q": "where it ends depends on what came before (Q)",
}
_ACTS = {
    "e": "it runs another program (e)",
    "w": "it writes a file (w)",
    "W": "it writes a file (W)",
}
_LINES = re.compile(r"\s*([0-9]+)(?:,([0-9]+))?\s*([dpq])\s*;?\s*")


@dataclass(frozen=True)
class Lines:
    """A script that is one command with line numbers: `5d`, `2,3p`, `10q`."""

    first: int
    last: int
    command: str


@dataclass
class Stateless:
    """What is to be known of a script that edits each line on its own."""

    deletes: bool = False  # a line may come to nothing
    edits: bool = False  # a line may come out changed
    escapes: bool = False  # bytes are written by number


def read(script: str) -> Lines | Stateless:
    """The meaning of a script. Raises Whole or Acts with the reason."""
    if script.startswith("#n"):
        raise Whole("leashc does not know what its first line (#n) does")
    if match := _LINES.fullmatch(script):
        first = int(match[1])
        last = max(first, int(match[2] or first))
        if first and (match[3] != "q" or not match[2]):
            return Lines(first, last, match[3])
    reader = _Reader(script)
    reader.commands()
    return reader.found


class _Reader:
    """A position in a script. Methods read one construct and move past it."""

    def __init__(self, script: str) -> None:
        self.script = script
        self.at = 0
        self.found = Stateless()

    def peek(self) -> str:
        return self.script[self.at : self.at + 1]

    def take(self) -> str:
        self.at += 1
        return self.script[self.at - 1 : self.at]

    def skip(self, characters: str) -> None:
        while self.peek() and self.peek() in characters:
            self.at += 1

    def commands(self) -> None:
        """All commands; blocks only group what is stateless by itself."""
        depth = 0
        while True:
            self.skip(" \t\n;")
            if not self.peek():
                break
            self.address()
            self.skip(" \t!")
            name = self.take()
            if name == "{":
                depth += 1
                continue
            if name == "}":
                depth -= 1
            self.command(name)
            self.end()
        if depth:
            raise Whole("leashc cannot read its script")

    def address(self) -> None:
        mark = self.peek()
        if mark == "/":
            self.at += 1
            self.expression("/")
        elif mark == "\\":
            self.at += 1
            self.expression(self.take())
        elif mark == "$":
            raise Whole("it looks for the last line ($)")
        elif mark.isdigit():
            raise Whole("it counts lines")
        else:
            return
        self.skip("IM")
        self.skip(" \t")
        if self.peek() == ",":
            raise Whole("a range of lines may reach across a seam")

    def expression(self, delimiter: str) -> None:
        if not self.until(delimiter):
            raise Whole("an empty expression stands for the one used last")

    def until(self, delimiter: str) -> str:
        """The text up to a delimiter that no backslash hides (it may hide a line's end, too)."""
        start = self.at
        while (character := self.take()) != delimiter:
            if character in ("", "\n"):
                raise Whole("leashc cannot read its script")
            if character == "\\":
                self.found.escapes |= self.peek() in tuple("xdoc")
                self.at += 1
        return self.script[start : self.at - 1]

    def command(self, name: str) -> None:
        if name in _WHOLE:
            raise Whole(_WHOLE[name])
        if name in _ACTS:
            raise Acts(_ACTS[name])
        if name == "s":
            self.substitution()
        elif name == "y":
            self.found.edits = True
            delimiter = self.take()
            self.until(delimiter)
            self.until(delimiter)
        elif name in ("b", "t", "T", ":"):
            self.skip(" \t")
            self.at += len(re.compile(r"\w*").match(self.script, self.at)[0])  # type: ignore[index]
        elif name == "d":
            self.found.deletes = True
        elif name not in ("p", "G", "z", "}", "#"):
            raise Whole(
                f"leashc does not know its command {name}" if name else "its script is cut off"
            )
        if name == "#":
            end = self.script.find("\n", self.at)
            self.at = end if end >= 0 else len(self.script)

    def substitution(self) -> None:
        self.found.edits = True
        delimiter = self.take()
        if delimiter in ("", "\n", "\\"):
            raise Whole("leashc cannot read its script")
        self.expression(delimiter)
        self.until(delimiter)
        while self.peek() and self.peek() in "gpiImMew0123456789":
            flag = self.take()
            if flag == "e":
                raise Acts("it runs another program (s///e)")
            if flag == "w":
                raise Acts("it writes a file (s///w)")

    def end(self) -> None:
        """After a command: the next one, or nothing."""
        self.skip(" \t")
        if self.peek() not in ("", ";", "\n", "}", "#"):
            raise Whole("leashc cannot read its script")
