"""The tokens of an awk program, and the brackets among them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from leashc.operators.scripts import Whole

KEYWORDS = {"if", "else", "while", "do", "for", "break", "continue", "next", "print", "printf"}

_TOKEN = re.compile(
    r"""
    (?P<blank>   (?: [ \t\r] | \\\n | \#[^\n]* )+ )
  | (?P<number>  (?: \d+\.?\d* | \.\d+ ) (?: [eE][-+]?\d+ )? )
  | (?P<string>  "(?: [^"\\\n] | \\. )*" )
  | (?P<name>    [A-Za-z_]\w* )
  | (?P<op>      \*\*=? | \+\+ | -- | [-+*/%^]= | [=!<>]= | !~ | >> | && | \|\|
                 | [][^|&$%*/+<>?:~=,;(){}!\n-] )
    """,
    re.VERBOSE | re.DOTALL | re.ASCII,
)
_REGEX = re.compile(r"/((?:[^/\\\n]|\\.)*)/")


@dataclass(frozen=True)
class Token:
    """kind: number, string, name, regex or op; start and end are places in the program."""

    kind: str
    text: str
    start: int
    end: int

    @property
    def value(self) -> bool:
        """Whether an operand may end here: a slash that follows divides."""
        if self.kind == "name":
            return self.text not in KEYWORDS
        return self.kind != "op" or self.text in (")", "]", "$", "++", "--")


def tokens(program: str) -> list[Token]:
    """The tokens of a program, blanks and remarks left out."""
    found: list[Token] = []
    at = 0
    while at < len(program):
        if program[at] == "/" and not (found and found[-1].value):
            match = _REGEX.match(program, at)
            # Where an expression ends that has a slash in brackets, awks disagree.
            if match is None or re.sub(r"\\.", "", match[1]).count("[") > match[1].count("]"):
                raise Whole("leashc cannot read its program")
            kind = "regex"
        else:
            match = _TOKEN.match(program, at)
            if match is None:
                raise Whole("leashc cannot read its program")
            kind = match.lastgroup or ""
        at = match.end()
        if kind != "blank":
            found.append(Token(kind, match[0], match.start(), at))
    return found


def closing(found: list[Token], opening: int) -> int:
    """The place of the bracket that closes the one here."""
    depth = 0
    for place in range(opening, len(found)):
        if found[place].kind == "op":
            depth += found[place].text in ("(", "{", "[")
            depth -= found[place].text in (")", "}", "]")
        if not depth:
            return place
    raise Whole("leashc cannot read its program")


def separated(found: list[Token], *marks: str) -> list[list[Token]]:
    """The stretches between the marks that stand in no brackets."""
    stretches: list[list[Token]] = [[]]
    place = 0
    while place < len(found):
        token = found[place]
        if token.kind == "op" and token.text in ("(", "{", "["):
            end = closing(found, place)
            stretches[-1] += found[place : end + 1]
            place = end + 1
            continue
        if token.kind == "op" and token.text in marks:
            stretches.append([])
        else:
            stretches[-1].append(token)
        place += 1
    return stretches
