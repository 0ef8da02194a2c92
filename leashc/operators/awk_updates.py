"""Statements of awk by which a variable takes something in: sums, extremes, flags."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from leashc.languages.awk_syntax import (
    Assign,
    Binary,
    Block,
    Element,
    Evaluate,
    Expr,
    If,
    Increment,
    Name,
    Number,
    Statement,
    bare,
)


class Update(NamedTuple):
    """A variable, or an element of an array, takes something in.

    operator: `+` adds the value (None is one), `max` and `min` keep it if it is beyond
    what there is, `set` keeps a constant, `.` puts the value after the text that there is.
    compared: the value where it is compared.
    """

    target: Name | Element
    operator: str
    value: Expr | None
    compared: Expr | None = None


def update(statement: Statement, text: str) -> Update | None:
    """A statement that only lets a variable take something in, or None."""

    def same(one: Expr, other: Expr) -> bool:
        return text[slice(*one.span)] == text[slice(*other.span)]

    if isinstance(statement, Block) and len(statement.statements) == 1:
        return update(statement.statements[0], text)
    if isinstance(statement, If) and statement.other is None:
        return _extreme(statement, text)
    if not isinstance(statement, Evaluate):
        return None
    match bare(statement.expr):
        case Increment(_, (Name() | Element()) as target, _, _):
            return Update(target, "+", None)
        case Assign("+=" | "-=", (Name() | Element()) as target, value, _):
            return Update(target, "+", value)
        case Assign("=", (Name() | Element()) as target, Binary("+", left, value, _), _):
            return Update(target, "+", value) if same(left, target) else None
        case Assign("=", (Name() | Element()) as target, Binary("", _, _) as joined, _):
            added = _appended(joined, lambda left: same(left, target))
            return Update(target, ".", added) if added else None
        case Assign("=", Name() as target, Number() as value, _):
            return Update(target, "set", value)
    return None


def _appended(joined: Binary, leads: Callable[[Expr], bool]) -> Expr | None:
    """What a concatenation has behind its first piece, if that is the one that leads."""
    left = joined.left
    if leads(left):
        return joined.right
    if not (isinstance(left, Binary) and left.operator == ""):
        return None
    before = _appended(left, leads)
    return before and Binary("", before, joined.right, joined.span)


def _extreme(statement: If, text: str) -> Update | None:
    """`if (E > most) most = E`, also with `NR == 1 ||` or `most == "" ||` before."""

    def of(node: Expr) -> str:
        return "".join(text[slice(*bare(node).span)].split())

    then = statement.then
    while isinstance(then, Block) and len(then.statements) == 1:
        then = then.statements[0]
    if not isinstance(then, Evaluate):
        return None
    assign = bare(then.expr)
    if not (isinstance(assign, Assign) and assign.operator == "="):
        return None
    target, value = assign.target, assign.value
    if not isinstance(target, Name):
        return None
    condition = bare(statement.condition)
    if isinstance(condition, Binary) and condition.operator == "||":
        if of(condition.left) not in ("NR==1", f'{target.name}==""'):
            return None
        condition = bare(condition.right)
    if not (isinstance(condition, Binary) and condition.operator in (">", "<", ">=", "<=")):
        return None
    more, left, right = condition.operator[0] == ">", condition.left, condition.right
    if of(left) == target.name:
        more, left, right = not more, right, left
    if of(right) != target.name or of(left) != of(value):
        return None
    return Update(target, "max" if more else "min", value, left)
