"""What an awk program does to a divided stream, where it treats each record on its own."""

from __future__ import annotations

import re
from typing import NamedTuple

from leashc.languages.awk_syntax import (
    Assign,
    Binary,
    Call,
    Getline,
    Increment,
    Jump,
    Name,
    Number,
    Print,
    Program,
    Rule,
    Span,
    String,
    Unary,
    bare,
    walk,
)
from leashc.operators.awk_flow import Flow
from leashc.operators.scripts import Acts, Whole

# Variables that change what a record or a line is, or that awk itself counts with.
FIXED = frozenset("RS ORS NR FNR FILENAME ENVIRON SUBSEP IGNORECASE BINMODE ARGV ARGC".split())
# Those that say how records are read or printed: constants, or they reach into the next one.
_SETTINGS = frozenset("FS OFS CONVFMT OFMT FPAT FIELDWIDTHS TEXTDOMAIN".split())
_LOOKS = {
    "FILENAME": "it looks at the name of its file",
    **dict.fromkeys(("ARGV", "ARGC", "ARGIND"), "it looks at its arguments"),
    **dict.fromkeys(("ENVIRON", "PROCINFO", "ERRNO"), "it looks at its environment"),
    "RT": "it looks at what ended the record (RT)",
}
# Functions that may cut a character in two or make another one.
_BYTEWISE = {"substr", "sprintf", "sub", "gsub", "gensub", "tolower", "toupper", "split"}
OURS = "leash_"  # how the names begin that derived programs add


class Facts(NamedTuple):
    """numbered: it looks at NR or FNR; headed: it prints before the first record."""

    flow: Flow
    numbered: bool
    headed: bool


def edited(text: str, edits: list[tuple[Span, str]]) -> str:
    """The text with what stands at some places written otherwise."""
    for (start, end), new in sorted(edits, reverse=True):
        text = text[:start] + new + text[end:]
    return text


def examined(
    program: Program, accumulators: frozenset[str] = frozenset(), *, by_file: bool = False
) -> Facts:
    """The flow of the rules over records. Raises Whole, Random or Acts.

    accumulators: variables that may be carried, as Flow has it; by_file: it may look at the name
    of its file.
    """
    if OURS in program.text:
        raise Whole(f"leashc keeps names with {OURS} for itself")
    headed = _beginnings(program)
    flow = Flow(program, accumulators)
    if any(isinstance(node, Call) and node.own for node in walk(program.rules)):
        flow.functions()
    flow.rules(program.of(""))
    for name in sorted(flow.written & (FIXED | _SETTINGS)):
        raise Whole(f"it sets {name}")
    for name in sorted(flow.used & _LOOKS.keys()):
        if not (by_file and name == "FILENAME"):
            raise Whole(_LOOKS[name])
    return Facts(flow, bool(flow.used & {"NR", "FNR"}), headed)


def only_ends(program: Program) -> bool:
    """Whether it does nothing but to look at the last record at its END. Raises as examined."""
    if program.of("") or not program.of("END"):
        return False
    examined(program)
    end = Flow(program, ending=True)
    end.rules(program.of("END"))
    return not end.used & (_LOOKS.keys() | FIXED) and not end.written & FIXED


def carries(program: Program, carried: frozenset[str]) -> Whole:
    """Why a program with carried variables runs whole."""
    name = min(carried)
    if f"{name}[" in program.text or f"in {name}" in program.text:
        return Whole(f"it keeps an array ({name})")
    return Whole(f"it keeps something in a variable ({name})")


def _beginnings(program: Program) -> bool:
    """Whether BEGIN prints. Raises unless it does the same wherever it runs."""
    headed = False
    for rule in program.of("BEGIN"):
        statements = rule.action.statements if rule.action else ()
        for node in walk(rule):
            match node:
                case Print(_, _, redirected, _) if redirected:
                    raise Acts("it writes at the beginning (BEGIN)")
                case Print():
                    if node not in statements:
                        raise Whole("it does something at the beginning (BEGIN)")
                    headed = True
                case Getline(True, _):
                    raise Acts("it runs another program (|)")
                case Getline() | Jump("exit", _, _) | Call(_, _, True, _):
                    raise Whole("it does something at the beginning (BEGIN)")
                case Assign(_, Name(name, _), _, _) if name in FIXED:
                    raise Whole(f"it sets {name}")
        beginning = Flow(program)
        if rule.action:
            beginning.statement(rule.action)
        for name in sorted(beginning.written & FIXED):
            raise Whole(f"it sets {name}")
        for name in sorted(beginning.used & (_LOOKS.keys() | {"NR", "FNR"})):
            raise Whole(_LOOKS.get(name, "it does something at the beginning (BEGIN)"))
    return headed


def headings(program: Program) -> list[Span]:
    """The statements of BEGIN that print."""
    statements = (s for rule in program.of("BEGIN") if rule.action for s in rule.action.statements)
    return [statement.span for statement in statements if isinstance(statement, Print)]


def placed(program: Program, again: str = "") -> str:
    """The program for a stream that ARGV[1] records precede.

    again: what it does to the last of these, for it reads ARGV[2] of them again.
    """
    begin, rule = f'NR = {OURS}start = ARGV[1] + 0; ARGV[1] = ""', ""
    if again:
        begin += f'; NR -= {OURS}before = ARGV[2] + 0; ARGV[2] = ""'
        rule = f"{OURS}before > 0 {{ {OURS}before--; {again}; next }}\n"
    first = f"BEGIN {{ {begin} }}\n{rule}"
    once = f"if (!{OURS}start) "
    edits = [((at, at), once) for at, _ in headings(program)]
    return first + edited(program.text, edits + one_file(program))


def one_file(program: Program) -> list[tuple[Span, str]]:
    """FNR as NR, which is the same in a single file; mawk begins FNR anew with standard input."""
    names = (node for node in walk(program.rules, program.functions) if isinstance(node, Name))
    return [(node.span, "NR") for node in names if node.name == "FNR"]


def lines(program: Program) -> bool:
    """Whether all that it prints ends with a newline."""
    for node in walk(program.rules, program.functions):
        if isinstance(node, Print) and node.word == "printf":
            shape = bare(node.arguments[0]) if node.arguments else None
            if not (isinstance(shape, String) and shape.text.endswith('\\n"')):
                return False
    return True


def keeps_text(program: Program) -> bool:
    """Whether valid characters stay valid."""
    for node in walk(program.rules, program.functions):
        match node:
            case Call(name, _, _, _) if name in _BYTEWISE:
                return False
            case String(text, _) if re.search(r"\\[\dx]", text):
                return False
            case Print("printf", arguments, _, _):
                shape = bare(arguments[0]) if arguments else None
                if not isinstance(shape, String) or re.search(r"%[^%]*?[c.*]", shape.text):
                    return False
            case Assign(_, Name("FS" | "FPAT" | "FIELDWIDTHS", _), value, _):
                if not (isinstance(value, String) and re.fullmatch(r'"[ -~]"', value.text)):
                    return False
            case _:
                pass
    return True


def dropped(program: Program) -> tuple[tuple[int, int], str] | None:
    """Records that it leaves out by their number alone, and the program for the others.

    `NR > 1` before its only action does that, and `NR == 1 { next }` as its first rule.
    """
    rules = program.of("")
    first = rules[0] if rules else None
    if first is None or len(first.patterns) != 1:
        return None
    skips = first.action and [type(s) for s in first.action.statements] == [Jump]
    others = Flow(program)
    others.rules(rules[1:])
    if first.action and not skips:
        others.statement(first.action)
    if others.used & {"NR", "FNR"}:
        return None
    found = _left_out(first, skips=bool(skips))
    if found is None or (len(rules) > 1 and not skips):
        return None
    span = first.span if skips else first.patterns[0].span
    return found, edited(program.text, [(span, "" if skips else "1")])


def _left_out(rule: Rule, *, skips: bool) -> tuple[int, int] | None:
    """The records that `NR > 3` and its like leave out, or that `NR <= 3 { next }` skips."""
    condition = bare(rule.patterns[0])
    match condition:
        case Binary(operator, Name("NR", _), Number(text, _), _) if re.fullmatch("[0-9]+", text):
            number = int(text)
        case _:
            return None
    if skips:
        jump = rule.action.statements[0] if rule.action else None
        if not isinstance(jump, Jump) or jump.word != "next":
            return None
        ranges = {"==": (number, number), "<=": (1, number), "<": (1, number - 1)}
    else:
        ranges = {"!=": (number, number), ">": (1, number), ">=": (1, number - 1)}
    first, last = ranges.get(operator, (1, 0))
    return (first, last) if 1 <= first <= last else None


def distinct(program: Program) -> str:
    """The program without its `!seen[key]++`, if that is all that it carries; else "".

    The records that it lets through are the first of each key, so the ones it lets
    through of those are the same.
    """
    rules = program.of("")
    if len(rules) != 1 or len(rules[0].patterns) != 1 or program.of("END"):
        return ""
    pattern = rules[0].patterns[0]
    last = bare(pattern)
    while isinstance(last, Binary) and last.operator == "&&":
        last = bare(last.right)
    match last:
        case Unary("!", operand, _):
            counted = bare(operand)
        case Binary("==", Increment() as counted, Number("0", _), _):
            pass
        case _:
            return ""
    if not (isinstance(counted, Increment) and counted.operator == "++" and not counted.before):
        return ""
    array = counted.target
    others = [
        n
        for n in walk(program.rules, program.functions)
        if getattr(n, "name", "") == getattr(array, "name", None)
    ]
    if not hasattr(array, "subscripts") or len(others) != 1:
        return ""
    return edited(program.text, [(last.span, "1")])
