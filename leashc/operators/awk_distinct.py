"""awk programs that count what differs as they go: `!n[$0]++ {u++} END {print u}`."""

from __future__ import annotations

from leashc.languages.awk_parser import parse
from leashc.languages.awk_syntax import (
    Block,
    Element,
    Evaluate,
    Increment,
    Name,
    Program,
    Rule,
    Unary,
    bare,
    walk,
)
from leashc.operators.awk_laws import edited


def counted_at_the_end(program: Program) -> Program:
    """The same where the keys are counted at the END, so that each part may have some of them.

    `!n[k]++ {u++} END {…}` is `{n[k]++} END {for (key in n) u++; …}` as long as nothing else
    looks at n or writes u. A program without such a rule is as it was.
    """
    for rule in program.of(""):
        found = _first_of_its_key(rule)
        if found is None:
            continue
        element, count = found
        names = [n for n in walk(program.rules, program.functions) if isinstance(n, Element | Name)]
        alone = sum(node.name == element.name for node in names) == 1
        ends = {id(node) for node in walk(program.of("END"))}
        elsewhere = [n for n in names if n.name == count.name and id(n) not in ends]
        actions = [rule.action for rule in program.of("END")]
        if not alone or len(elsewhere) != 1 or actions[0] is None:
            continue
        key = "key"
        while key in program.text:
            key += "_"
        at = actions[0].span[0] + 1
        text = program.text[slice(*element.span)]
        loop = f" for ({key} in {element.name}) {count.name}++;"
        return parse(edited(program.text, [(rule.span, f"{{{text}++}}"), ((at, at), loop)]))
    return program


def _first_of_its_key(rule: Rule) -> tuple[Element, Name] | None:
    """The n[k] and the u of a rule `!n[k]++ {u++}`."""
    match rule:
        case Rule("", (Unary("!", operand, _),), Block((Evaluate(counts, _),), _), _):
            tested, counted = bare(operand), bare(counts)
        case _:
            return None
    match tested, counted:
        case Increment("++", Element() as element, False, _), Increment(
            "++", Name() as count, _, _
        ):
            return element, count
    return None
