"""Text to syntax: Lark reads grammar/shell.lark, and its tree becomes the AST.

Lark takes most of the time that a small pipeline needs before it runs, so it is
imported here only, and the grammar is read once.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable
from typing import NoReturn

from lark import Lark, Token, Tree, UnexpectedInput

from leashc.refusals import doubt, dynamic, refusal
from leashc.source import Source
from leashc.syntax import (
    Assignment,
    Command,
    Double,
    Escaped,
    Parameter,
    Part,
    Pipeline,
    Redirection,
    Script,
    Single,
    Substitution,
    Text,
    Word,
)

_Node = Tree[Token] | Token


class _Seen(Exception):
    """The lexer met a token that ends this reading of the text."""

    def __init__(self, token: Token) -> None:
        super().__init__(token)
        self.type, self.at = token.type, token.start_pos or 0


def parse(text: str, name: str = "", cache: str = "") -> Script:
    """The syntax of a text; `name` is the file it came from, for messages.

    cache: a file where Lark may keep what it makes of the grammar, which halves the
    time of a first parse. It is code, in effect: nobody else may write it (see
    host.cache). Raises ShellSyntaxError, or its kind NotYet.
    """
    source = Source(text, name)
    if "\0" in text:
        raise source.error("a NUL byte cannot stand in a script", text.index("\0"))
    while True:
        try:
            return _Builder(source).script(_parser(cache).parse(source.joined))
        except _Seen as seen:
            if seen.type != "_CONTINUATION":
                raise refusal(source, seen.at, ()) from None
            # The lexer begins again, for what the newline divided may be one token.
            source.join(seen.at)
        except UnexpectedInput as error:
            raise _refused(source, error) from None


@functools.cache
def _parser(cache: str) -> Lark:
    return Lark.open_from_package(
        "grammar",
        "shell.lark",
        ("",),
        start="script",
        parser="lalr",
        lexer="contextual",
        maybe_placeholders=False,
        cache=cache or False,
        lexer_callbacks=dict.fromkeys(("RESERVED", "ELEMENT", "_CONTINUATION"), _stop),
    )


def _stop(token: Token) -> NoReturn:
    raise _Seen(token)


def _refused(source: Source, error: UnexpectedInput) -> Exception:
    token = getattr(error, "token", None)
    ends = isinstance(token, Token) and token.type == "$END"
    stack = error.interactive_parser.parser_state.value_stack
    waiting = [(v.type, v.start_pos or 0) if isinstance(v, Token) else ("", 0) for v in stack]
    return refusal(source, len(source.joined) if ends else error.pos_in_stream or 0, waiting)


class _Builder:
    """The AST of a Lark tree: a method for a rule."""

    def __init__(self, source: Source) -> None:
        self._source = source

    def script(self, tree: Tree[Token]) -> Script:
        return Script(self.pipeline(tree))

    def pipeline(self, tree: Tree[Token]) -> Pipeline:
        """The pipeline that a script or a substitution holds."""
        (pipeline,) = _trees(tree.children)
        return Pipeline(tuple(map(self.command, _trees(pipeline.children))))

    def command(self, tree: Tree[Token]) -> Command:
        parts = tuple(getattr(self, part.data)(part) for part in _trees(tree.children))
        command = Command(parts)
        if not command.words:
            what = "an assignment" if command.assignments else "a redirection"
            remedy = "put it before the command that it is for, or set it outside of leashc"
            raise self._source.not_yet(f"{what} without a command is", remedy, _start(tree))
        return command

    def assignment(self, tree: Tree[Token]) -> Assignment:
        values = [self._value(value) for value in _trees(tree.children)]
        return Assignment(str(tree.children[0])[:-1], *(values or [Word()]))

    def redirection(self, tree: Tree[Token]) -> Redirection:
        children = list(tree.children)
        descriptor = str(children.pop(0)) if _type(children[0]) == "DESCRIPTOR" else ""
        if descriptor not in ("", "0", "1", "2"):
            raise refusal(self._source, _start(tree), ())
        operator = children[0].rstrip(" \t") if isinstance(children[0], Token) else ""
        if _type(children[0]) == "DUPLICATE":
            word = Word((Text(operator[-1]),))
            operator = ">&"
        else:
            (target,) = _trees(children)
            word = self._value(target) if operator == "<<<" else self.word(target)
        default = 0 if operator.startswith("<") else 1
        return Redirection(int(descriptor or default), operator, word)

    def word(self, tree: Tree[Token]) -> Word:
        """An argument or a file name, where bash would expand braces."""
        word = Word(self._parts(tree.children))
        if len(word.parts) > 1:
            self._refuse_substitution(word, tree)
        if found := doubt(word):
            raise self._source.not_yet(*found, _start(tree))
        return word

    def _value(self, tree: Tree[Token]) -> Word:
        """What is assigned, or a here-string: bash leaves its braces alone."""
        return self._refuse_substitution(Word(self._parts(tree.children)), tree)

    def _refuse_substitution(self, word: Word, tree: Tree[Token]) -> Word:
        if any(isinstance(part, Substitution) for part in word.parts):
            what, remedy = "`<( )` in a place like this is", "make it an argument of its own"
            raise self._source.not_yet(what, remedy, _start(tree), 2)
        return word

    def double(self, tree: Tree[Token]) -> Double:
        return Double(self._parts(tree.children[1:-1]))

    def parameter(self, tree: Tree[Token]) -> Parameter:
        opening, *inside = tree.children
        found = _PARAMETER.fullmatch(opening if isinstance(opening, Token) else "")
        assert found is not None, opening
        name = found["name"].lstrip("0") or "0" if found["name"].isdigit() else found["name"]
        if dynamic(name):
            what, remedy = f"the variable `${name}` of bash is", "set another one to its value"
            raise self._source.not_yet(what, remedy, _start(tree), len(found[0]))
        if found["operator"]:
            return Parameter(name, found["operator"], Word(self._parts(inside[:-1])))
        return Parameter(name, found["length"] or "")

    def substitution(self, tree: Tree[Token]) -> Substitution:
        return Substitution(self.pipeline(tree))

    def _parts(self, nodes: Iterable[_Node]) -> tuple[Part, ...]:
        parts: list[Part] = []
        for node in nodes:
            part = self._part(node)
            if isinstance(part, Text) and parts and isinstance(parts[-1], Text):
                part = Text(f"{parts.pop()}{part}")
            parts.append(part)
        return tuple(parts)

    def _part(self, node: _Node) -> Part:
        if isinstance(node, Tree):
            part: Part = getattr(self, node.data)(node)
            return part
        if node.type == "SINGLE":
            return Single(node[1:-1])
        if node.type.endswith("ESCAPED"):
            return Escaped(node[1:])
        return Text(str(node))


_PARAMETER = re.compile(
    r"\$\{?(?P<length>\#(?!\}))?(?P<name>\w+|[@*#])(?P<operator>:?[-+?])?\}?", re.ASCII
)


def _trees(nodes: Iterable[_Node]) -> list[Tree[Token]]:
    return [node for node in nodes if isinstance(node, Tree)]


def _type(node: _Node) -> str:
    return node.type if isinstance(node, Token) else ""


def _start(node: _Node) -> int:
    """Where the text of a node begins."""
    while isinstance(node, Tree):
        node = node.children[0]
    return node.start_pos or 0
