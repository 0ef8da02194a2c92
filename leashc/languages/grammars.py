"""Lark's parsers for the languages inside commands, each made once.

Lark takes longer to import, and to make tables of a grammar, than a small
pipeline runs: so both wait until a program has to be read, and the tables are
kept from run to run where there is a place for them.
"""

from __future__ import annotations

import functools
import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lark import Lark, Token, Tree

_directory = ""


class Unreadable(Exception):
    """The text is no program of the language, or more of it than we know."""


def keep_tables(directory: str) -> None:
    """Keep tables in this directory, "" for none; nobody else may write it (see host.cache)."""
    global _directory
    _directory = directory


def tree(language: str, text: str) -> Tree[Token]:
    """The Lark tree of a program, tokens and rules with their places. Raises Unreadable."""
    from lark import UnexpectedInput

    try:
        return _parser(language).parse(text)
    except UnexpectedInput as error:
        raise Unreadable(str(error)) from None


@functools.cache
def _parser(language: str) -> Lark:
    from lark import Lark

    return Lark.open_from_package(
        "grammar",
        f"{language}.lark",
        ("",),
        start="program",
        parser="lalr",
        lexer="contextual",
        maybe_placeholders=False,
        propagate_positions=True,
        cache=os.path.join(_directory, f"{language}.tables") if _directory else False,
    )
