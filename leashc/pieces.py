"""Parts of a word to pieces of text: parameters, arithmetic, substitutions, left to right."""

from __future__ import annotations

from collections.abc import Sequence

from leashc import globbing
from leashc.errors import ExpansionError
from leashc.fields import Piece, Pieces, joined
from leashc.patterns import Pattern, removed, replaced
from leashc.shell import Shell
from leashc.syntax import (
    Ansi,
    Arithmetic,
    Double,
    Escaped,
    Parameter,
    Part,
    Single,
    Substitution,
    Text,
    Word,
)
from leashc.tilde import tilde


def pieces(
    parts: Sequence[Part], shell: Shell, *, quoted: bool = False, inside: bool = False
) -> Pieces:
    """quoted, inside: whether the parts stand in double quotes, or in `${x:-…}`."""
    for part in parts:
        match part:
            case Text(value):
                yield Piece(value, quoted, inside and not quoted)
            case Escaped(value) | Single(value):
                yield Piece(value, True)
            case Ansi(value):
                yield Piece(_ansi(value, shell), True)
            case Double():
                yield from _double(part, shell)
            case Parameter():
                yield from _parameter(part, shell, quoted)
            case Arithmetic(expression):
                yield Piece(str(_number(expression, shell)), quoted, not quoted)
            case Substitution(pipeline):
                yield Piece(shell.substitute(pipeline, shell).rstrip("\n"), quoted, not quoted)


def _ansi(text: str, shell: Shell) -> str:
    from leashc.quoting import ansi

    return ansi(text, shell.locale)


def _double(part: Double, shell: Shell) -> list[Piece | None]:
    """`""` is an argument; `"$@"` is none when there are none."""
    found: list[Piece | None] = []
    lists = False
    for inner in part.parts:
        here = list(pieces((inner,), shell, quoted=True))
        lists = lists or (not here and isinstance(inner, Parameter) and inner.name == "@")
        found += here
    if lists and not any(piece and piece.text for piece in found):
        return []
    return [Piece("", True), *found]


def _parameter(parameter: Parameter, shell: Shell, quoted: bool) -> Pieces:
    name, operator, word = parameter.name, parameter.operator, parameter.word
    values: Sequence[str] = shell.arguments
    if name not in ("@", "*"):
        value = shell.value(name)
        values = () if value is None else (value,)
    if word is None:
        if operator == "#":
            yield Piece(_length(name, values, shell), quoted, not quoted)
        else:
            yield from _values(name, values, shell, quoted)
    elif operator[-1] not in "-+?":
        yield from _values(name, _changed(parameter, word, values, shell), shell, quoted)
    elif _applies(operator, values):
        if operator.endswith("?"):
            default = f"parameter {'null or ' * operator.startswith(':')}not set"
            message = joined(pieces(word.parts, shell)) or default
            raise ExpansionError(f"{name}: {message}", status=127)
        tilded = word.parts if quoted else tilde(word.parts, shell)
        yield from pieces(tilded, shell, quoted=quoted, inside=True)
    elif not operator.endswith("+"):
        yield from _values(name, values, shell, quoted)


def _applies(operator: str, values: Sequence[str]) -> bool:
    """Whether the word of `${x:-word}` and its like stands in for the value."""
    absent = not any(values) if operator.startswith(":") else not values
    return absent != operator.endswith("+")


def _length(name: str, values: Sequence[str], shell: Shell) -> str:
    if name in ("@", "*"):
        return str(len(values))
    text = "".join(values)
    return str(len(globbing.octets(text) if shell.bytewise else text))


def _values(name: str, values: Sequence[str], shell: Shell, quoted: bool) -> Pieces:
    if name == "*" and quoted:
        values = (shell.separators[:1].join(values),)
    for number, value in enumerate(values):
        if number:
            yield None
        yield Piece(value, quoted, not quoted)


def _changed(
    parameter: Parameter, word: Word, values: Sequence[str], shell: Shell
) -> Sequence[str]:
    """The values without what a pattern matches, with it replaced, or a slice of them."""
    operator = parameter.operator
    if operator == ":":
        return _slice(parameter, word, values, shell)
    if operator[0] in "#%":
        pattern = _pattern(word, shell)
        return [removed(value, pattern, operator) for value in values]
    pattern = _pattern(word, shell, anchors=operator == "/")
    replacement = _replacement(parameter.second, shell)
    return [replaced(value, pattern, replacement, every=operator == "//") for value in values]


def _pattern(word: Word, shell: Shell, *, anchors: bool = False) -> Pattern:
    """anchors: whether `#` or `%` where it begins is no part of what is matched."""
    between = Piece(" ", True)  # the values of a list
    found = [piece or between for piece in pieces(tilde(word.parts, shell), shell)]
    found = [piece for piece in found if piece.text]
    text = "".join(globbing.escape(p.text) if p.quoted else p.text for p in found)
    anchored = anchors and text[:1] in ("#", "%") and not found[0].quoted
    return Pattern(text[anchored:], text[:anchored], shell.bytewise)


def _replacement(word: Word | None, shell: Shell) -> str:
    text = ""
    for piece in pieces(tilde(word.parts, shell), shell) if word else ():
        if piece and not piece.quoted and ("&" in piece.text or "\\" in piece.text):
            raise ExpansionError(
                f"{word}: of `&` and `\\` in a replacement versions of bash make different things",
                "put it between quotes, if it means itself",
                status=2,
            )
        text += " " if piece is None else piece.text
    return text


def _slice(parameter: Parameter, word: Word, values: Sequence[str], shell: Shell) -> Sequence[str]:
    """`${x:offset:length}` of the characters of a value, or of the arguments with `$0` before."""
    start = _number(word, shell)
    length = None if parameter.second is None else _number(parameter.second, shell)
    listed = parameter.name in ("@", "*")
    if not values and not listed:
        return values
    octets = shell.bytewise or not all(map(globbing.decoded, values))
    whole: Sequence[str] = [shell.name, *values] if listed else values[0]
    if octets and not listed:
        whole = globbing.octets(values[0])
    start += len(whole) if start < 0 else 0
    if not 0 <= start <= len(whole):
        return () if listed else ("",)
    end = len(whole) if length is None else length + (start if length >= 0 else len(whole))
    if end < start or (listed and (length or 0) < 0):
        raise ExpansionError(f"{parameter.second}: substring expression < 0")
    part = whole[start:end]
    if listed:
        return part
    return (globbing.text("".join(part)) if octets else "".join(part),)


def _number(expression: Word, shell: Shell) -> int:
    """The value of an arithmetic expression. Raises ExpansionError."""
    from leashc.arithmetic import evaluate

    return evaluate(joined(pieces(expression.parts, shell, quoted=True)), shell.value)
