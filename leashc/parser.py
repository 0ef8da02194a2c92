"""Text to syntax: Lark reads grammar/shell.lark, and its tree becomes the AST.

Lark takes most of the time that a small pipeline needs before it runs, so it is
imported here only, and the grammar is read once.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import Any, NoReturn

from lark import Lark, Token, Tree, UnexpectedInput

from leashc.builder import Builder
from leashc.documents import HereDocument, cut_out
from leashc.refusals import refusal
from leashc.source import Source
from leashc.syntax import Script

_Node = Tree[Token] | Token


class _Continued(Exception):
    """The lexer met a continued line."""

    def __init__(self, token: Token) -> None:
        super().__init__(token)
        self.at = token.start_pos or 0


def parse(text: str, name: str = "", cache: str = "") -> Script:
    """The syntax of a text; `name` is the file it came from, for messages.

    cache: a file where Lark may keep what it makes of the grammar, which halves the
    time of a first parse. It is code, in effect: nobody else may write it (see
    host.cache). Raises ShellSyntaxError, or its kind NotYet.
    """
    source = Source(text, name)
    if "\0" in text:
        raise source.error("a NUL byte cannot stand in a script", text.index("\0"))
    script: Script = _read(source, "script", lark=_parser(cache))
    return script


def _read(source: Source, rule: str, *, lark: Lark) -> Any:
    """What a text is by a rule of the grammar: a Script, a Word, the parts of a document."""
    documents: list[HereDocument] = []
    tree = _tree(source, lark, rule, documents)
    builder = Builder(source, iter(documents), functools.partial(_read, lark=lark))
    rules = {"script": builder.script, "document": builder.document, "word": builder.unbraced}
    return rules[rule](tree)


@functools.cache
def _parser(cache: str) -> Lark:
    return Lark.open_from_package(
        "grammar",
        "shell.lark",
        ("",),
        start=["script", "document", "word"],
        parser="lalr",
        lexer="contextual",
        maybe_placeholders=False,
        cache=cache or False,
        lexer_callbacks={"_CONTINUATION": _stop},
    )


def _stop(token: Token) -> NoReturn:
    raise _Continued(token)


def _tree(source: Source, lark: Lark, rule: str, documents: list[HereDocument]) -> Tree[Token]:
    """The tree of a text by a rule; continued lines and here-documents are cut out of it.

    What is cut out may have divided a token, so the lexer then begins again.
    """
    while True:
        parser = lark.parse_interactive(source.joined, start=rule)
        marks: list[tuple[str, int]] = []
        try:
            for token in parser.iter_parse():
                at = token.start_pos or 0
                if token.type in ("RESERVED", "ELEMENT"):
                    raise refusal(source, at, ())
                if token.type == "HERE_DOCUMENT":
                    marks.append((token, at))
                ends_line = token.type in ("_GAP", "_END", "PIPE") and "\n" in token
                if ends_line and len(marks) > len(documents):
                    at += token.index("\n") + 1
                    documents += cut_out(source, marks[len(documents) :], at)
                    break
            else:
                # One that is still missing has no text at all.
                cut_out(source, marks[len(documents) :], len(source.joined))
                tree: Tree[Token] = parser.parser_state.feed_token(Token("$END", ""), is_end=True)
                return tree
        except _Continued as continued:
            source.cut(continued.at, len("\\\n"))
        except UnexpectedInput as error:
            raise _refused(source, error, parser.parser_state.value_stack) from None


def _refused(source: Source, error: UnexpectedInput, stack: Sequence[_Node]) -> Exception:
    token = getattr(error, "token", None)
    ends = isinstance(token, Token) and token.type == "$END"
    at = len(source.joined) if ends else error.pos_in_stream or 0
    return refusal(source, at, list(map(_waiting, stack)))


def _waiting(node: _Node) -> tuple[str, int]:
    """A token that is not put together yet; of what is but for its last one, the first."""
    if isinstance(node, Token):
        return node.type, node.start_pos or 0
    first = node.children[0] if node.children else None
    if node.data.startswith("_") and isinstance(first, Token):
        # Of `$((` one parenthesis is closed then.
        kind = "SUBSTITUTE" if first.type == "ARITHMETIC" else first.type
        return kind, first.start_pos or 0
    return "", 0
