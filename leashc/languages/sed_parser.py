"""Text to AST, for sed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from leashc.languages.grammars import Unreadable, tree
from leashc.languages.sed_syntax import (
    Address,
    Addresses,
    Block,
    Command,
    Extent,
    Last,
    Line,
    Match,
    Node,
    Script,
    Step,
    Substitution,
)

if TYPE_CHECKING:
    from lark import Token, Tree


def parse(text: str) -> Script:
    """The syntax of a script. Raises Unreadable."""
    return Script(_nodes(tree("sed", text).children), text)


def _nodes(found: list[Tree[Token] | Token]) -> tuple[Node, ...]:
    commands = (node for node in found if not isinstance(node, str))
    return tuple(_node(node) for node in commands if node.data in ("command", "block"))


def _node(found: Tree[Token]) -> Node:
    start, end = found.meta.start_pos, found.meta.end_pos
    where = Addresses(end=start)
    token: Token | None = None
    for child in found.children:
        if isinstance(child, str) and child.type == "NOT":
            where = where._replace(negated=True, end=child.end_pos or 0)
        elif isinstance(child, str):
            token = child
        elif child.data == "addresses":
            first, last = (*map(_address, _tokens(child)), None)[:2]
            where = Addresses(first, last, end=child.meta.end_pos)
    if token is None:
        return Block(_nodes(found.children), where, start, end)
    name = str(token[0])
    if token.type == "SUBSTITUTE":
        _, expression, replacement, flags = _divided(token)
        return Substitution(_closed(expression), replacement, flags, where, start, end)
    return Command(name, str(token[1:]).strip(" \t"), where, start, end)


def _tokens(found: Tree[Token]) -> list[Token]:
    return [child for child in found.children if isinstance(child, str)]


def _address(token: Token) -> Address:
    if token.type == "LINE":
        return Line(int(token))
    if token.type == "STEP":
        first, step = token.split("~")
        return Step(int(first), int(step))
    if token.type == "LAST":
        return Last()
    if token.type == "EXTENT":
        return Extent(token[0], int(token[1:]))
    bare = token.rstrip("IM")
    # The delimiter itself may be one of the letters that can follow.
    mark = 2 if token[0] == "\\" else 1
    if mark == 2 and token[1] in "IM":
        raise Unreadable("a delimiter that may be a flag")
    return Match(_closed(bare[mark:-1]), token[len(bare) :])


def _divided(token: Token) -> list[str]:
    """The parts of a token between the delimiter that follows its letter."""
    mark = re.escape(token[1])
    return re.findall(rf"((?:\\[\s\S]|(?!{mark})[^\\])*)(?:{mark}|\Z)", token)[:4]


def _closed(expression: str) -> str:
    """The expression, if no bracket is open where it ends: there seds disagree."""
    bare = re.sub(r"\\[\s\S]", "", expression)
    if "[" in re.sub(r"\[\^?\]?(?:\[[:.=].*?[:.=]\]|[^\]])*\]", "", bare):
        raise Unreadable("a bracket that is not closed")
    return expression
