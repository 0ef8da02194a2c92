"""The AST of sed scripts. Places are offsets in the text of the script."""

from __future__ import annotations

from typing import NamedTuple


class Line(NamedTuple):
    """`5`"""

    number: int


class Step(NamedTuple):
    """`first~step`"""

    first: int
    step: int


class Last(NamedTuple):
    """`$`"""


class Match(NamedTuple):
    """`/expression/I`; the expression without its delimiters."""

    expression: str
    flags: str


class Extent(NamedTuple):
    """`+3` or `~4` as the end of a range."""

    sign: str
    number: int


Address = Line | Step | Last | Match | Extent


class Addresses(NamedTuple):
    """None, one or two addresses, and whether they are turned round by `!`."""

    first: Address | None = None
    last: Address | None = None
    negated: bool = False
    end: int = 0  # where the addresses with their `!` are over


class Command(NamedTuple):
    """name: its letter; argument: what follows that."""

    name: str
    argument: str
    where: Addresses
    start: int
    end: int


class Substitution(NamedTuple):
    """`s/expression/replacement/flags`"""

    expression: str
    replacement: str
    flags: str
    where: Addresses
    start: int
    end: int
    name: str = "s"


class Block(NamedTuple):
    commands: tuple[Node, ...]
    where: Addresses
    start: int
    end: int
    name: str = "{"


Node = Command | Substitution | Block


class Script(NamedTuple):
    commands: tuple[Node, ...]
    text: str
