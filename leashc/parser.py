"""Text to syntax: Lark reads grammar/shell.lark, and its tree becomes the AST.

The parser takes most of the time that a small pipeline needs before it runs, so it
is made here only, once.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NoReturn

from leashc.builder import Builder
from leashc.documents import HereDocument, cut_out
from leashc.languages.grammars import parser
from leashc.refusals import refusal
from leashc.source import Source
from leashc.syntax import Script
from leashc.trees import kind

if TYPE_CHECKING:
    from lark import Token, Tree, UnexpectedInput

    from leashc.trees import Node


class _Continued(Exception):
    """The lexer met a continued line."""

    def __init__(self, token: Token) -> None:
        super().__init__(token)
        self.at = token.start_pos or 0


def parse(text: str, name: str = "") -> Script:
    """The syntax of a text; `name` is the file it came from, for messages.

    Raises ShellSyntaxError, or its kind NotYet.
    """
    source = Source(text, name)
    if "\0" in text:
        raise source.error("a NUL byte cannot stand in a script", text.index("\0"))
    script: Script = _read(source, "script")
    return script


def _read(source: Source, rule: str) -> Any:
    """What a text is by a rule of the grammar: a Script, a Word, the parts of a document."""
    documents: list[HereDocument] = []
    tree = _tree(source, rule, documents)
    builder = Builder(source, iter(documents), _read)
    rules = {"script": builder.script, "document": builder.document, "word": builder.unbraced}
    return rules[rule](tree)


def _stop(token: Token) -> NoReturn:
    raise _Continued(token)


def _tree(source: Source, rule: str, documents: list[HereDocument]) -> Tree[Token]:
    """The tree of a text by a rule; continued lines and here-documents are cut out of it.

    What is cut out may have divided a token, so the lexer then begins again.
    """
    lark, unexpected = parser("shell", _stop)
    while True:
        state = lark.parse_interactive(source.joined, start=rule)
        marks: list[tuple[str, int]] = []
        try:
            for token in state.iter_parse():
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
                tree: Tree[Token] = state.feed_eof()
                return tree
        except _Continued as continued:
            source.cut(continued.at, len("\\\n"))
        except unexpected as error:
            raise _refused(source, error, state.parser_state.value_stack) from None


def _refused(source: Source, error: UnexpectedInput, stack: Sequence[Node]) -> Exception:
    token = getattr(error, "token", None)
    ends = token is not None and token.type == "$END"
    at = len(source.joined) if ends else error.pos_in_stream or 0
    return refusal(source, at, list(map(_waiting, stack)))


def _waiting(node: Node) -> tuple[str, int]:
    """A token that is not put together yet; of what is but for its last one, the first."""
    if isinstance(node, str):
        return node.type, node.start_pos or 0
    first = node.children[0] if node.children else None
    if node.data.startswith("_") and isinstance(first, str):
        # Of `$((` one parenthesis is closed then.
        arithmetic = kind(first) == "ARITHMETIC"
        return "SUBSTITUTE" if arithmetic else kind(first), first.start_pos or 0
    return "", 0
