"""Lark's parsers for the shell and for the languages inside commands, each made once.

Lark takes longer to import, and to make tables of a grammar, than a small pipeline
runs. So setup.py has it write its stand-alone parsers when leashc is installed; where
one is missing, or its grammar was changed since, Lark itself does the same in more time.
"""

from __future__ import annotations

import binascii
import functools
import importlib
import os
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

import grammar

if TYPE_CHECKING:
    from lark import Lark, Token, Tree, UnexpectedInput

LANGUAGES: Mapping[str, Mapping[str, Any]] = {
    "shell": {"start": ["script", "document", "word"]},
    "sed": {"start": "program", "propagate_positions": True},
    "awk": {"start": "program", "propagate_positions": True},
}
_DIRECTORY = os.path.dirname(grammar.__file__)


class Unreadable(Exception):
    """The text is no program of the language, or more of it than we know."""


class Parser(NamedTuple):
    """A parser, and what it raises where no rule lets a text go on."""

    lark: Lark
    error: type[UnexpectedInput]


def tree(language: str, text: str) -> Tree[Token]:
    """The Lark tree of a program, tokens and rules with their places. Raises Unreadable."""
    found = parser(language)
    try:
        return found.lark.parse(text)
    except found.error as error:
        raise Unreadable(str(error)) from None


@functools.cache
def parser(language: str, stop: Callable[[Token], Token] | None = None) -> Parser:
    """The parser of a language; `stop` is called with what continues a line of the shell."""
    text = _text(language)
    callbacks = {"_CONTINUATION": stop} if stop else {}
    try:
        module = importlib.import_module(f"grammar.{language}_parser")
    except ModuleNotFoundError:
        module = None
    if module and binascii.crc32(text) == module.GRAMMAR:
        return Parser(module.Lark_StandAlone(lexer_callbacks=callbacks), module.UnexpectedInput)
    from lark import UnexpectedInput

    return Parser(_by_lark(language, text, lexer_callbacks=callbacks), UnexpectedInput)


def write(language: str) -> None:
    """Have Lark write the stand-alone parser of a language."""
    from lark.tools.standalone import gen_standalone

    text = _text(language)
    with open(os.path.join(_DIRECTORY, f"{language}_parser.py"), "w") as file:
        gen_standalone(_by_lark(language, text), out=file)
        print(f"GRAMMAR = {binascii.crc32(text)}", file=file)


def _by_lark(language: str, text: bytes, **options: Any) -> Lark:
    from lark import Lark

    options |= LANGUAGES[language]
    return Lark(
        text.decode(), parser="lalr", lexer="contextual", maybe_placeholders=False, **options
    )


def _text(language: str) -> bytes:
    with open(os.path.join(_DIRECTORY, f"{language}.lark"), "rb") as file:
        return file.read()
