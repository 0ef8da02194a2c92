"""Lark's tree to the AST: a method for a rule of the grammar."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any

from leashc import braces
from leashc.documents import HereDocument
from leashc.doubts import doubt, lists
from leashc.errors import ShellSyntaxError
from leashc.refusals import dynamic, refusal
from leashc.source import Source
from leashc.syntax import (
    Ansi,
    Arithmetic,
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
    Stream,
    Substitution,
    Text,
    Word,
)
from leashc.trees import begins, ends, flat, kind, only_read, opaque, trees

if TYPE_CHECKING:
    from lark import Token, Tree

    from leashc.trees import Node

_BOTH = Redirection(2, ">&", Word((Text("1"),)))  # what `|&` and `&>` add


class Builder:
    """documents: those of the text, in its order. read: what a text is by a rule of the grammar."""

    def __init__(
        self,
        source: Source,
        documents: Iterator[HereDocument],
        read: Callable[[Source, str], Any],
    ) -> None:
        self._source = source
        self._documents = documents
        self._read = read

    def script(self, tree: Tree[Token]) -> Script:
        (pipeline,) = trees(tree.children)
        return Script(self.pipeline(pipeline))

    def pipeline(self, tree: Tree[Token]) -> Pipeline:
        commands: list[Command] = []
        for node in tree.children:
            if not isinstance(node, str):
                commands.append(self.command(node))
            elif node.startswith("|&"):
                commands[-1] = Command((*commands[-1].parts, _BOTH))
        return Pipeline(tuple(commands))

    def command(self, tree: Tree[Token]) -> Command:
        nodes = trees(tree.children)
        name = next((node for node in nodes if node.data == "word"), None)
        if name is not None and self._alternatives(name) is not None:
            what = "brace expansion where a command begins is"
            raise self._source.not_yet(what, "write the words out", begins(name))
        parts = [part for node in nodes for part in getattr(self, node.data)(node)]
        command = Command(tuple(parts))
        if name is None:
            what = "an assignment" if command.assignments else "a redirection"
            remedy = "put it before the command that it is for, or set it outside of leashc"
            raise self._source.not_yet(f"{what} without a command is", remedy, begins(tree))
        return command

    def assignment(self, tree: Tree[Token]) -> list[Assignment]:
        values = [self._value(value) for value in trees(tree.children)]
        return [Assignment(str(tree.children[0])[:-1], *(values or [Word()]))]

    def redirection(self, tree: Tree[Token]) -> list[Redirection]:
        children = list(tree.children)
        descriptor = str(children.pop(0)) if kind(children[0]) == "DESCRIPTOR" else ""
        if descriptor not in ("", "0", "1", "2"):
            raise refusal(self._source, begins(tree), ())
        sign, operator = kind(children[0]), str(children[0]).rstrip(" \t")
        number = int(descriptor or not operator.startswith("<"))
        if sign == "DUPLICATE":
            return [Redirection(number, ">&", Word((Text(operator[-1]),)))]
        if sign == "HERE_DOCUMENT":
            return [self._here_document(number)]
        (target,) = trees(children)
        if operator == "<<<":
            return [Redirection(number, operator, self._value(target))]
        if self._alternatives(target) is not None:
            what = "brace expansion in the name of a file is"
            raise self._source.not_yet(what, "write the name out", begins(target))
        found = Redirection(number, operator.replace("&", ""), *self.word(target))
        return [found, _BOTH] if sign == "BOTH" else [found]

    def _here_document(self, number: int) -> Redirection:
        """As the here-string of the same text, which has a newline of its own."""
        body, literal = next(self._documents)
        if not body.joined:
            return Redirection(number, "<", Word((Text("/dev/null"),)))
        parts = _escaped(body.joined) if literal else self._read(body, "document")
        *parts, ending = parts
        if ending != Text("\n"):
            parts.append(Text(str(ending)[:-1]))
        return Redirection(number, "<<<", Word((Double(tuple(parts)),)))

    def document(self, tree: Tree[Token]) -> tuple[Part, ...]:
        parts: list[Part] = []
        for part in self._parts(tree.children):
            # A quote is nothing special here, but in double quotes it is.
            parts += _escaped(part.value, '["\\\\]') if isinstance(part, Text) else [part]
        if lists(parts):
            # bash then splits the values of whatever else stands there.
            raise self._source.not_yet("`$@` in a here-document is", "write `$*`", 0)
        return tuple(parts)

    def word(self, tree: Tree[Token]) -> list[Word]:
        """An argument, or the arguments that its braces make of it."""
        words = self._alternatives(tree)
        return [self.unbraced(tree)] if words is None else words

    def unbraced(self, tree: Tree[Token]) -> Word:
        word = Word(self._parts(tree.children))
        if len(word.parts) > 1:
            self._refuse_streams(word, tree)
        if found := doubt(word):
            raise self._source.not_yet(*found, begins(tree))
        return word

    def _value(self, tree: Tree[Token]) -> Word:
        """What is assigned, or a here-string: bash leaves its braces alone."""
        return self._refuse_streams(Word(self._parts(tree.children)), tree)

    def _refuse_streams(self, word: Word, tree: Tree[Token]) -> Word:
        if any(isinstance(part, Stream) for part in word.parts):
            what, remedy = "`<( )` in a place like this is", "make it an argument of its own"
            raise self._source.not_yet(what, remedy, begins(tree), 2)
        return word

    def _alternatives(self, tree: Tree[Token]) -> list[Word] | None:
        """The words of a brace expansion; None if there is nothing to expand."""
        start = at = begins(tree)
        text = ""  # with a number between NULs, which no script has, for what is not looked into
        hidden = list(opaque(tree))
        for number, node in enumerate(hidden):
            text += f"{self._source.joined[at : begins(node)]}\0{number}\0"
            at = ends(node)
        text += self._source.joined[at : ends(tree)]
        if "{" not in text:
            return None
        try:
            texts = braces.expanded(text)
            if texts == [text]:
                return None
            return [self._alternative(text, hidden) for text in texts if text]
        except braces.TooMany:
            what = f"brace expansion to more than {braces.LIMIT} words is"
            raise self._source.not_yet(what, "let `seq` count", start) from None
        except ShellSyntaxError:
            what = "what these braces expand to is"
            raise self._source.not_yet(what, "write the words out", start) from None

    def _alternative(self, text: str, hidden: list[Node]) -> Word:
        if re.fullmatch(r"[\w./:+@%^=-]+", text, re.ASCII):
            return Word((Text(text),))

        def original(found: re.Match[str]) -> str:
            node = hidden[int(found[1])]
            return self._source.joined[begins(node) : ends(node)]

        source = Source(re.sub(r"\0(\d+)\0", original, text))
        again = "{" in text and braces.expanded(text) != [text]
        if again or text.startswith("#") or re.match(r"\w+\+?=.*~", text, re.ASCII | re.DOTALL):
            raise source.error("written out, this would mean something else", 0)
        word: Word = self._read(source, "word")
        return word

    def double(self, tree: Tree[Token]) -> Double:
        if any(isinstance(node, str) for node in opaque(tree)):
            # bash rewrites it as it reads it, with quotes that then mean something else.
            what = "`$'…'` inside `\"${ }\"` is"
            raise self._source.not_yet(what, "put it in a variable of its own", begins(tree))
        return Double(self._parts(tree.children[1:-1]))

    def parameter(self, tree: Tree[Token]) -> Parameter:
        opening, *inside = tree.children
        found = _PARAMETER.fullmatch(opening if isinstance(opening, str) else "")
        assert found is not None, opening
        name = found["name"].lstrip("0") or "0" if found["name"].isdigit() else found["name"]
        if dynamic(name):
            what, remedy = f"the variable `${name}` of bash is", "set another one to its value"
            raise self._source.not_yet(what, remedy, begins(tree), len(found[0]))
        if kind(opening) == "OPEN":
            return Parameter(name, found["operator"], Word(self._parts(inside[:-1])))
        if found["operator"]:
            operands = [Word(self._parts(operand.children)) for operand in trees(inside)]
            return Parameter(name, found["operator"], *operands)
        return Parameter(name, found["length"] or "")

    def arithmetic(self, tree: Tree[Token]) -> Arithmetic:
        return Arithmetic(Word(self._parts(tree.children[1:-2])))

    def substitution(self, tree: Tree[Token]) -> Substitution:
        for pipeline in trees(tree.children):
            if file := only_read(pipeline):
                (redirection,) = self.redirection(file)
                return Substitution(Pipeline((Command((Word((Text("cat"),)), redirection)),)))
            return Substitution(self.pipeline(pipeline))
        (token,) = tree.children
        if '\\"' in str(token):
            what = '`\\"` between backquotes is'
            raise self._source.not_yet(what, "write `$( )`", begins(token))
        source = self._source.part(begins(token) + 1, ends(token) - 1)
        for found in reversed(list(re.finditer(r"\\[$`\\]", source.joined))):
            source.cut(found.start(), 1)
        script: Script = self._read(source, "script")
        return Substitution(script.pipeline)

    def stream(self, tree: Tree[Token]) -> Stream:
        (pipeline,) = trees(tree.children)
        return Stream(self.pipeline(pipeline))

    def _parts(self, nodes: Iterable[Node]) -> tuple[Part, ...]:
        parts: list[Part] = []
        for node in flat(nodes):
            part = self._part(node)
            if isinstance(part, Text) and parts and isinstance(parts[-1], Text):
                part = Text(f"{parts.pop()}{part}")
            parts.append(part)
        return tuple(parts)

    def _part(self, node: Node) -> Part:
        if not isinstance(node, str):
            part: Part = getattr(self, node.data)(node)
            return part
        if node.type == "SINGLE":
            return Single(node[1:-1])
        if node.type == "ANSI":
            return Ansi(node[2:-1])
        if node.type.endswith("ESCAPED"):
            return Escaped(node[1:])
        return Text(str(node))


_PARAMETER = re.compile(
    r"\$\{?(?P<length>\#(?!\}))?(?P<name>\w+|[@*#])(?P<operator>:?[-+?]|\#\#?|%%?|//?|:)?\}?",
    re.ASCII,
)


def _escaped(text: str, special: str = r'[$`"\\]') -> list[Part]:
    """The parts of a text that stands for itself between double quotes."""
    pieces = re.split(f"({special})", text)
    return [Escaped(p) if number % 2 else Text(p) for number, p in enumerate(pieces) if p]
