"""awk programs that remember the records just before: `p {print p, $0} {p = $0}`.

What they remember is set anew by each record, and from it alone or from what was remembered
before it. So a part that begins with as many records of the part before it as that reaches
back, and only remembers those, goes on as the whole would.
"""

from __future__ import annotations

from leashc.languages.awk_syntax import (
    Assign,
    Call,
    Element,
    Evaluate,
    Expr,
    Field,
    ForIn,
    Getline,
    Increment,
    Jump,
    Name,
    Program,
    bare,
    walk,
)
from leashc.operators.awk_laws import Facts

_CHANGE = ("sub", "gsub", "split", "match")


def window(program: Program, facts: Facts) -> tuple[int, str] | None:
    """How many records it remembers, and the statements by which it does; None if it is another.

    facts: of the program, some of whose variables are carried from record to record.
    """
    carried = facts.flow.carried
    values: dict[str, Expr] = {}
    statements: list[str] = []
    for rule in program.of(""):
        for statement in rule.action.statements if rule.action and not rule.patterns else ():
            expr = bare(statement.expr) if isinstance(statement, Evaluate) else None
            match expr:
                case Assign("=", Name(name, _), value, _) if name in carried and name not in values:
                    values[name] = value
                    statements.append(program.text[slice(*expr.span)])
    if values.keys() != carried or not _otherwise_unchanged(program, carried):
        return None
    if not all(_of_the_record(value, facts) for value in values.values()):
        return None
    reach = _reach(values)
    return (reach, "; ".join(statements)) if reach else None


def _otherwise_unchanged(program: Program, carried: frozenset[str]) -> bool:
    """Whether variables are set once, and each record is as it was read, whole and in turn."""
    writes = 0
    for node in walk(program.of(""), program.functions):
        match node:
            case Jump("next" | "nextfile" | "exit", _, _) | Getline():
                return False
            case Assign(_, target, _, _) | Increment(_, target, _, _):
                if isinstance(target, Field) or target.name == "NF":
                    return False
                writes += target.name in carried
            case Element(name, _, _) | ForIn(Name(name, _), _, _, _) if name in carried:
                return False
            case Call("sub" | "gsub", arguments, _, _) if len(arguments) < 3 or isinstance(
                bare(arguments[2]), Field
            ):
                return False
            case Call(name, arguments, _, _) if name in _CHANGE:
                found = {node.name for node in walk(arguments[1:]) if isinstance(node, Name)}
                if found & carried:
                    return False
            case _:
                pass
    return writes == len(carried)


def _of_the_record(value: Expr, facts: Facts) -> bool:
    """Whether a value comes of the record, of what never changes and of what is carried."""
    for node in walk(value):
        match node:
            case Assign() | Increment() | Call(_, _, True, _):
                return False
            case Call(name, _, _, _) if name in _CHANGE:
                return False
            case Name(name, _):
                carried = name in facts.flow.carried
                if name in ("NR", "FNR") or (name in facts.flow.written and not carried):
                    return False
            case Element():
                return False
            case _:
                pass
    return True


def _reach(values: dict[str, Expr]) -> int:
    """After how many records all variables are known, whatever they were; 0 if never."""
    known: set[str] = set()
    for records in range(1, len(values) + 1):
        for name, value in values.items():
            known.discard(name)
            if all(
                n.name in known for n in walk(value) if isinstance(n, Name) and n.name in values
            ):
                known.add(name)
        if len(known) == len(values):
            return records
    return 0
