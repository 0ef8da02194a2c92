"""The AST of awk programs. Each node knows its place in the text: start and end."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

Span = tuple[int, int]


class Number(NamedTuple):
    text: str
    span: Span


class String(NamedTuple):
    """With its quotes."""

    text: str
    span: Span


class Regex(NamedTuple):
    """With its slashes."""

    text: str
    span: Span


class Name(NamedTuple):
    name: str
    span: Span


class Element(NamedTuple):
    """`array[subscripts]`"""

    name: str
    subscripts: tuple[Expr, ...]
    span: Span


class Field(NamedTuple):
    """`$number`"""

    number: Expr
    span: Span


class Group(NamedTuple):
    """`(expr)`"""

    inner: Expr
    span: Span


class Unary(NamedTuple):
    operator: str
    operand: Expr
    span: Span


class Binary(NamedTuple):
    """Concatenation has the operator ""."""

    operator: str
    left: Expr
    right: Expr
    span: Span


class Assign(NamedTuple):
    operator: str
    target: Target
    value: Expr
    span: Span


class Increment(NamedTuple):
    """`x++`, and `++x` if it is before."""

    operator: str
    target: Target
    before: bool
    span: Span


class Conditional(NamedTuple):
    condition: Expr
    then: Expr
    other: Expr
    span: Span


class In(NamedTuple):
    subscripts: tuple[Expr, ...]
    name: str
    span: Span


class Call(NamedTuple):
    """own: of a function of the program's own (or of one that leashc does not know)."""

    name: str
    arguments: tuple[Expr, ...]
    own: bool
    span: Span


class Getline(NamedTuple):
    """from_command: `"date" | getline`."""

    from_command: bool
    span: Span


Target = Name | Element | Field
Expr = (
    Number | String | Regex | Target | Group | Unary | Binary | Assign | Increment | Conditional
    | In | Call | Getline
)  # fmt: skip


class Evaluate(NamedTuple):
    """An expression as a statement."""

    expr: Expr
    span: Span


class Print(NamedTuple):
    """word: print or printf; redirected: to a file or a command."""

    word: str
    arguments: tuple[Expr, ...]
    redirected: str
    span: Span


class If(NamedTuple):
    condition: Expr
    then: Statement
    other: Statement | None
    span: Span


class Loop(NamedTuple):
    """while, do and for; in a `do`, the body comes before the condition (late)."""

    first: Statement | None
    condition: Expr | None
    step: Statement | None
    body: Statement
    late: bool
    span: Span


class ForIn(NamedTuple):
    variable: Name
    name: str
    body: Statement
    span: Span


class Jump(NamedTuple):
    """next, nextfile, break, continue, return, exit."""

    word: str
    value: Expr | None
    span: Span


class Delete(NamedTuple):
    """`delete a[i]`; `delete a` has no subscripts."""

    name: str
    subscripts: tuple[Expr, ...]
    span: Span


class Block(NamedTuple):
    statements: tuple[Statement, ...]
    span: Span


Statement = Evaluate | Print | If | Loop | ForIn | Jump | Delete | Block


class Rule(NamedTuple):
    """kind: BEGIN, END or "" for a rule over records; two patterns are a range."""

    kind: str
    patterns: tuple[Expr, ...]
    action: Block | None
    span: Span


class Function(NamedTuple):
    name: str
    parameters: tuple[str, ...]
    body: Block
    span: Span


class Program(NamedTuple):
    rules: tuple[Rule, ...]
    functions: tuple[Function, ...]
    text: str

    def of(self, kind: str) -> tuple[Rule, ...]:
        return tuple(rule for rule in self.rules if rule.kind == kind)


Node = Expr | Statement | Rule | Function


def walk(*nodes: object) -> Iterator[Node]:
    """Every node in these, outermost first."""
    for node in nodes:
        if isinstance(node, Node):
            yield node
        if isinstance(node, tuple):
            yield from walk(*node)


def bare(expr: Expr) -> Expr:
    """The expression without the brackets around it."""
    while isinstance(expr, Group):
        expr = expr.inner
    return expr
