"""awk programs that take something in from each record and print it at the END.

Three programs come of one. The map is the program with another END, which writes what
it keeps, a row a variable or an element: `VALUE NUMBER KEY`. Such rows are combined by
`@tally`. The finish is the program with other rules over records, which read the rows,
and its own END.

A sum in any order is the same as long as no part of it leaves the integers that a
double holds. Counts never do; other values are looked at one by one, and the map fails
for one that is no integer or when their magnitudes pass a limit. Then the whole program
runs over the whole input; of a stream, over what is left of it, beginning with rows:
until then it has kept just what they say.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from leashc.languages.awk_syntax import (
    Assign,
    Binary,
    Call,
    Element,
    Expr,
    Field,
    ForIn,
    Getline,
    Increment,
    Name,
    Number,
    Print,
    Program,
    Regex,
    Span,
    String,
    bare,
    walk,
)
from leashc.operators.awk_flow import Flow
from leashc.operators.awk_laws import examined
from leashc.operators.awk_parts import Kept, finish_text, map_text, rest_text
from leashc.operators.awk_updates import Update
from leashc.operators.scripts import Acts, Random, Whole

_ORDER = "the order of for (k in a) belongs to awk, and what it does depends on it"


class Aggregate(NamedTuple):
    """shuffles: what it prints is in the order of a for (k in a).

    rest: where the map may fail, the program that goes on from combined rows.
    """

    map: str
    operators: tuple[str, ...]
    finish: str
    numbered: bool
    rest: str
    shuffles: bool


def derived(program: Program, settings: Iterable[str] = ()) -> Aggregate:
    """The programs for the parts; settings: variables set by -v. Raises Whole, Random or Acts."""
    first = examined(program)
    end = Flow(program, ending=True)
    end.rules(program.of("END"))
    kept_names = first.flow.carried | ((first.flow.written | first.flow.touched) & end.early)
    flow = examined(program, kept_names).flow
    if any(isinstance(node, Print) for node in walk(program.of(""), program.functions)):
        raise Whole("it prints records, and something at the end (END)")
    _no_bare_rule(program)
    kept = _kept(flow.updates, kept_names)
    _begin_at_nothing(program, kept_names, frozenset(settings))
    shuffles = _ends(program)
    checks = [check for found in flow.updates for check in _checks(found)]
    counted = "NR" in end.used
    numbered = bool({"NR", "FNR"} & flow.used)
    if numbered and any(found.compared for found in flow.updates):
        raise Whole("it numbers records (NR), and keeps the largest or the smallest")
    if any(one.array or one.operator == "." for one in kept) and _newlines(program):
        raise Whole("its keys, or what it keeps, may hold a newline")
    return Aggregate(
        map_text(program, kept, checks, counted=counted or bool(checks), numbered=numbered),
        (*(one.operator for one in kept), "+"),
        finish_text(program, kept, counted=counted),
        numbered,
        rest_text(program, kept) if checks else "",
        shuffles,
    )


def _newlines(program: Program) -> bool:
    """Whether a string may hold a newline that no record does."""
    rules = (*program.of("BEGIN"), *program.of(""), *program.functions)
    strings = (node.text for node in walk(rules) if isinstance(node, String))
    return any(re.search(r"\\[n0-9x\n]|%[-+ #0-9.]*c", text) for text in strings)


def _no_bare_rule(program: Program) -> None:
    if any(rule.action is None for rule in program.of("")):
        raise Whole("it prints records, and something at the end (END)")


def _begin_at_nothing(program: Program, kept: frozenset[str], settings: frozenset[str]) -> None:
    """Raise where a variable begins with a value, which each part would count again."""
    begin = Flow(program)
    begin.rules(program.of("BEGIN"))
    sets = [n for n in walk(program.of("BEGIN")) if isinstance(n, Assign | Increment)]
    values = {n.target.name for n in sets if not _is_zero(n) and not isinstance(n.target, Field)}
    zeros = {n.target.name for n in sets if _is_zero(n) and isinstance(n.target, Name)} - values
    begun = (begin.written | begin.touched) & kept
    for name in sorted(begun - zeros | settings & kept):
        raise Whole(f"it begins with a value in a variable ({name})")


def _is_zero(node: Assign | Increment) -> bool:
    return (
        isinstance(node, Assign)
        and node.operator == "="
        and isinstance(node.value, Number)
        and float(node.value.text) == 0
    )


def _kept(updates: list[Update], names: frozenset[str]) -> list[Kept]:
    """Each carried variable with its one way to take something in."""
    found: dict[str, set[tuple[bool, str, str]]] = {name: set() for name in names}
    for one in updates:
        constant = one.value.text if isinstance(one.value, Number) else ""
        constant = constant if one.operator == "set" else ""
        found[one.target.name].add((isinstance(one.target, Element), one.operator, constant))
    kept = []
    for name, ways in sorted(found.items()):
        if len(ways) != 1:
            raise Whole(f"it keeps something in a variable ({name})")
        array, operator, _ = ways.pop()
        kept.append(Kept(name, array, "max" if operator == "set" else operator))
    return kept


def _ends(program: Program) -> bool:
    """Whether the END prints in the order of a for (k in a). Raises for what looks at more."""
    shuffles = False
    calls_own = False
    for node in walk(program.of("END")):
        match node:
            case Field() | Regex() | Name("NF" | "FNR" | "FILENAME", _):
                raise Whole("it looks at the last record again (END)")
            case Name("RSTART" | "RLENGTH" | "ENVIRON" | "ARGV" | "PROCINFO" as name, _):
                raise Whole(f"it looks at {name} at the end (END)")
            case Print(_, arguments, redirected, _):
                if redirected:
                    raise Acts("it writes or runs something else at the end (END)")
                if not arguments:
                    raise Whole("it looks at the last record again (END)")
            case Getline(from_command, _):
                raise (
                    Acts("it runs another program (|)")
                    if from_command
                    else Whole("it reads lines itself (getline)")
                )
            case Call("system", _, _, _):
                raise Acts("it runs another program (system)")
            case Call("rand" | "srand" | "systime" as name, _, _, _):
                raise Random(f"it answers differently each time ({name})")
            case Call("length", (), _, _) | Call("close" | "fflush", _, _, _):
                raise Whole("it looks at the last record again (END)")
            case Call("sub" | "gsub", (_, _), _, _):
                raise Whole("it looks at the last record again (END)")
            case Call(_, _, True, _):
                calls_own = True
            case ForIn():
                shuffles |= _any_order(program, node)
            case _:
                pass
    loops = any(isinstance(node, ForIn) for node in walk(program.functions))
    if calls_own and (loops or any(isinstance(n, Field | Regex) for n in walk(program.functions))):
        raise Whole("its functions are called at the end (END)")
    return shuffles


def _any_order(program: Program, loop: ForIn) -> bool:
    """Whether the turns of a loop print. Raises where their order shows in more than that."""
    turn = Flow(program)
    turn.loop(loop)
    sums = Flow(program, turn.carried)
    try:
        sums.loop(loop)
    except Whole as looks:
        raise Whole(_ORDER) from looks
    exact = all(
        found.operator == "+" and (found.value is None or isinstance(found.value, Element))
        for found in sums.updates
    )
    loops = [n for n in walk(program.of("END")) if isinstance(n, ForIn)]
    left = turn.written - {found.target.name for found in sums.updates}
    if not exact or any(_outside(program, name, loops) for name in left):
        raise Whole(_ORDER)
    return any(isinstance(node, Print) for node in walk(loop.body))


def _outside(program: Program, name: str, loops: list[ForIn]) -> bool:
    """Whether the END speaks of a name that a loop sets where no loop does."""
    spans = [
        loop.span for loop in loops if name in {n.name for n in walk(loop) if isinstance(n, Name)}
    ]
    return any(
        node.name == name and not any(start <= node.span[0] < stop for start, stop in spans)
        for node in walk(program.of("END"))
        if isinstance(node, Name)
    )


def _checks(found: Update) -> list[tuple[Span, str]]:
    """What has to be looked at as it is taken in, with the function that does."""
    if found.value is None or _counts(found.value) or found.operator in ("set", "."):
        return []
    if found.compared is not None:
        return [(found.compared.span, "plain"), (found.value.span, "plain")]
    return [(found.value.span, "integer")]


def _counts(value: Expr) -> bool:
    """Whether a value is known to be a small integer, such as a length."""
    match bare(value):
        case Number(text, _):
            return text.isdigit() and int(text) < 2**20
        case Name("NF", _) | Call("length" | "index", _, False, _):
            return True
        case Binary("+", left, right, _):
            return _counts(left) and _counts(right)
        case _:
            return False
