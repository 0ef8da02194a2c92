"""Lark's trees, as the builder asks about them; what is no tree is a token, a kind of text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lark import Token, Tree

    Node = Tree[Token] | Token


def trees(nodes: Iterable[Node]) -> list[Tree[Token]]:
    return [node for node in nodes if not isinstance(node, str)]


def flat(nodes: Iterable[Node]) -> Iterator[Node]:
    """The nodes, with those of groups in parentheses in the place of the groups."""
    for node in nodes:
        if not isinstance(node, str) and node.data == "group":
            yield from flat(node.children)
        else:
            yield node


def opaque(tree: Tree[Token]) -> Iterator[Node]:
    """What brace expansion does not look into: the outermost `$( )`, backquotes and `$'…'`."""
    for node in tree.children:
        if isinstance(node, str):
            if node.type == "ANSI":
                yield node
        elif node.data in ("substitution", "arithmetic", "stream"):
            yield node
        else:
            yield from opaque(node)


def only_read(pipeline: Tree[Token]) -> Tree[Token] | None:
    """The redirection of `$(< file)`, which is as good as `$(cat < file)`."""
    (first, *others) = pipeline.children
    if not isinstance(first, str) and not others and len(first.children) == 1:
        for node in trees(first.children):
            if node.data == "redirection" and str(node.children[0]).rstrip() == "<":
                return node
    return None


def kind(node: Node) -> str:
    return node.type if isinstance(node, str) else ""


def begins(node: Node) -> int:
    """Where the text of a node begins."""
    while not isinstance(node, str):
        node = node.children[0]
    return node.start_pos or 0


def ends(node: Node) -> int:
    """Where the text of a node ends."""
    while not isinstance(node, str):
        node = node.children[-1]
    return node.end_pos or 0
