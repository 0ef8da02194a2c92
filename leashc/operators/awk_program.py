"""Reads awk programs, as far as it takes to see that each record is treated on its own.

A program is stateless when it assigns to nothing but fields, keeps no arrays,
prints to standard output alone and does nothing at the end. It must not give up
half-way either: where the data could make awk stop with an error (a division by
zero, a negative field, a broken expression), the parts after it would go on.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from leashc.operators.awk_tokens import KEYWORDS, Token, closing, separated, tokens
from leashc.operators.scripts import Acts, Whole

_ASSIGN = ("=", "+=", "-=", "*=", "/=", "%=", "^=", "**=")
_WHOLE = {
    "END": "it does something at the end (END)",
    "NR": "it numbers lines (NR)",
    "FNR": "it numbers lines (FNR)",
    "FILENAME": "it looks at the name of its file",
    "RSTART": "it remembers a match (RSTART)",
    "RLENGTH": "it remembers a match (RLENGTH)",
    "getline": "it reads lines itself (getline)",
    "exit": "where it ends depends on what came before (exit)",
    "BEGINFILE": "it does something for each file (BEGINFILE)",
    "ENDFILE": "it does something for each file (ENDFILE)",
    "switch": "leashc does not know switch",
    "nextfile": "it skips the rest of a file (nextfile)",
    "function": "it has functions of its own",
    "func": "it has functions of its own",
    "delete": "it keeps an array",
    "in": "it keeps an array",
    "split": "it keeps an array (split)",
    "match": "it remembers a match (match)",
    "close": "it handles its own output (close)",
    "fflush": "it handles its own output (fflush)",
}
_FUNCTIONS = {
    *("length", "substr", "index", "tolower", "toupper", "sprintf", "sub", "gsub"),
    *("int", "sqrt", "exp", "log", "sin", "cos", "atan2"),
}
# Functions that may cut a character in two or make another one.
_BYTEWISE = {"substr", "sprintf", "sub", "gsub", "tolower", "toupper"}
# Variables that change what a record or a line is, or that awk itself counts with.
FIXED = {"RS", "ORS", "NR", "FNR", "NF", "FILENAME", "RSTART", "RLENGTH", "ENVIRON", "SUBSEP"}
_CONVERSION = re.compile(r"%[-+ #0]*[0-9]*(?:\.[0-9]*)?([diouxXceEfgGs%])")


class Random(Whole):
    """The program draws random numbers."""


@dataclass
class Stateless:
    """What is to be known of a program that treats each record on its own.

    drop: records that it leaves out by their number alone (`NR > 1`); `program`
    is then what it does to the others.
    """

    program: str
    lines: bool = True  # what it prints ends with newlines
    keeps_text: bool = True
    drop: tuple[int, int] | None = None


def read(program: str) -> Stateless:
    """The meaning of a program. Raises Whole, Random or Acts with the reason."""
    found = Stateless(program)
    rules = _rules(tokens(program))
    mains = [rule for rule in rules if [t.text for t in rule[0]] != ["BEGIN"]]
    if not mains:
        raise Whole("it has no rule for lines")
    if len(mains) == 1 and (skipped := _skipped(mains[0][0])):
        pattern = mains[0][0]
        found.drop = skipped
        found.program = program[: pattern[0].start] + "1" + program[pattern[-1].end :]
        mains = [([], mains[0][1])]
    for pattern, action in rules:
        if (pattern, action) not in mains and [t.text for t in pattern] == ["BEGIN"]:
            _constants(action)
    for pattern, action in mains:
        if len(separated(pattern, ",")) > 1:
            raise Whole("a range of lines may reach across a seam")
        _examine(pattern, found)
        _examine(action, found)
    texts = [t.text for t in tokens(program) if t.kind == "string"]
    found.keeps_text &= not any(re.search(r"\\[\dx]", text) for text in texts)
    return found


def _rules(found: list[Token]) -> list[tuple[list[Token], list[Token]]]:
    """Patterns and actions (without their braces; an empty pattern is none)."""
    rules = []
    place = 0
    pattern: list[Token] = []
    while place < len(found):
        token = found[place]
        if token.kind == "op" and token.text == "{":
            end = closing(found, place)
            rules.append((pattern, found[place + 1 : end]))
            pattern, place = [], end + 1
            continue
        goes_on = pattern and pattern[-1].text in ("&&", "||", ",")
        if token.kind == "op" and token.text in (";", "\n"):
            if pattern and not goes_on:
                rules.append((pattern, []))
                pattern = []
        else:
            pattern = [*pattern, token]
        place += 1
    return [*rules, (pattern, [])] if pattern else rules


def _skipped(pattern: list[Token]) -> tuple[int, int] | None:
    """The records that `NR > 3` and its like leave out."""
    match = re.fullmatch(r"NR (>|>=|!=) (\d+)", " ".join(token.text for token in pattern))
    if match is None:
        return None
    number = int(match[2])
    first = number if match[1] == "!=" else 1
    last = number - 1 if match[1] == ">=" else number
    return (first, last) if 1 <= first <= last else None


def _constants(action: list[Token]) -> None:
    """A BEGIN that only sets variables does the same in every part."""
    for statement in separated(action, ";", "\n"):
        shape = " ".join(t.text if t.text == "=" else t.kind for t in statement)
        if shape and shape not in ("name = string", "name = number"):
            raise Whole("it does something at the beginning (BEGIN)")
        if shape and statement[0].text in FIXED:
            raise Whole(f"it sets {statement[0].text}")


def _examine(found: list[Token], result: Stateless) -> None:
    """Raise for what looks past its record; note what the rest does to bytes."""
    for place, token in enumerate(found):
        before = found[place - 1] if place else None
        after = found[place + 1] if place + 1 < len(found) else None
        if token.kind == "name":
            _name(found, place, result)
        elif token.kind != "op":
            continue
        elif token.text in _ASSIGN:
            _assignment(found, place)
        elif token.text in ("++", "--"):
            for neighbour, at in ((before, place - 1), (after, place + 1)):
                if neighbour and neighbour.kind == "name" and not _is_field(found, at):
                    raise Whole(f"it keeps count in a variable ({neighbour.text})")
        elif token.text == "[":
            raise Whole("it keeps an array")
        elif token.text == "|":
            raise Acts("it runs another program (|)")
        elif token.text == "$":
            if after is None or not (after.kind == "number" or after.text == "NF"):
                raise Whole("a negative field number would stop it half-way")
        elif token.text in ("~", "!~") and (after is None or after.kind not in ("regex", "string")):
            raise Whole("an expression made of data could stop it half-way")
        divides = token.text in ("/", "%", "/=", "%=")
        if divides and (after is None or after.kind != "number" or not float(after.text)):
            raise Whole("a division by zero would stop it half-way")


def _name(found: list[Token], place: int, result: Stateless) -> None:
    """A variable, a function or a statement."""
    name = found[place].text
    call = place + 1 < len(found) and found[place + 1].text == "("
    if name in _WHOLE:
        raise Whole(_WHOLE[name])
    if name in ("rand", "srand"):
        raise Random(f"it draws random numbers ({name})")
    if name == "system":
        raise Acts("it runs another program (system)")
    if name in ("print", "printf"):
        _output(found, place, result)
    elif name in ("sub", "gsub", "sprintf") and call:
        end = closing(found, place + 1)
        arguments = separated(found[place + 2 : end], ",")
        if name == "sprintf":
            _format(arguments, result, stored=True)
        elif len(arguments) > 2 and arguments[2][:1] and arguments[2][0].text != "$":
            raise Whole(f"it keeps something in a variable ({arguments[2][0].text})")
        elif [t.kind for t in arguments[0]] not in (["regex"], ["string"]):
            raise Whole("an expression made of data could stop it half-way")
    elif call and name not in _FUNCTIONS | KEYWORDS:
        raise Whole(f"leashc does not know its function {name}")
    result.keeps_text &= name not in _BYTEWISE


def _is_field(found: list[Token], place: int) -> bool:
    return place > 0 and found[place - 1].text == "$"


def _assignment(found: list[Token], place: int) -> None:
    """Only fields may be assigned to."""
    if place == 0 or not _is_field(found, place - 1):
        name = found[place - 1].text if place else ""
        raise Whole(f"it keeps something in a variable ({name})")


def _output(found: list[Token], place: int, result: Stateless) -> None:
    """A print or printf: where it goes, and whether it ends a line."""
    rest = separated(found[place + 1 :], ";", "\n", "}")[0]
    if any(len(separated(rest, mark)) > 1 for mark in (">", ">>")):
        raise Acts("it writes a file (print >)")
    if found[place].text == "printf":
        if rest and rest[0].text == "(" and closing(rest, 0) == len(rest) - 1:
            rest = rest[1:-1]
        _format(separated(rest, ","), result, stored=False)


def _format(arguments: list[list[Token]], result: Stateless, *, stored: bool) -> None:
    """A format must be a constant with as many conversions as there are values."""
    first = arguments[0]
    if [token.kind for token in first] != ["string"]:
        raise Whole("a format made of data could stop it half-way")
    conversions = [c for c in _CONVERSION.findall(first[0].text) if c != "%"]
    odd = "%" in _CONVERSION.sub("", first[0].text)
    if odd or len(conversions) != len(arguments) - 1:
        raise Whole("its format and its values do not agree")
    if stored and "s" in conversions:
        raise Whole("mawk stops half-way when a line is too long for sprintf")
    if not stored:
        result.lines &= first[0].text.endswith('\\n"')
    result.keeps_text &= "c" not in conversions and "." not in first[0].text
