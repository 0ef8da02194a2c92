"""Text to AST, for awk: a method for a rule of the grammar."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from leashc.languages.awk_syntax import (
    Assign,
    Binary,
    Block,
    Call,
    Conditional,
    Delete,
    Element,
    Evaluate,
    Expr,
    Field,
    ForIn,
    Function,
    Getline,
    Group,
    If,
    In,
    Increment,
    Jump,
    Loop,
    Name,
    Number,
    Print,
    Program,
    Regex,
    Rule,
    Span,
    Statement,
    String,
    Target,
    Unary,
)
from leashc.languages.grammars import Unreadable, tree

if TYPE_CHECKING:
    from lark import Token, Tree

# Words that are no names, though the grammar has no other use for them where they stand.
_RESERVED = frozenset(
    "BEGIN END BEGINFILE ENDFILE switch case default function func if else while for do in"
    " delete print printf getline next nextfile break continue return exit".split()
)


def parse(text: str) -> Program:
    """The syntax of a program. Raises Unreadable."""
    rules: list[Rule] = []
    functions: list[Function] = []
    for found in _trees(tree("awk", text).children):
        if found.data == "rule":
            rules.append(_rule(found))
        else:
            functions.append(_function(found))
    return Program(tuple(rules), tuple(functions), text)


def _rule(found: Tree[Token]) -> Rule:
    kind, action = "", None
    patterns: list[Expr] = []
    for child in _trees(found.children):
        if child.data == "block":
            action = _block(child)
        elif _type(child.children[0]) in ("BEGIN", "END"):
            kind = str(child.children[0])
        else:
            patterns = [_expr(part) for part in child.children]
    return Rule(kind, tuple(patterns), action, _span(found))


def _function(found: Tree[Token]) -> Function:
    names = [_word(child) for child in found.children if isinstance(child, str)]
    (body,) = (_block(child) for child in _trees(found.children))
    return Function(names[0], tuple(names[1:]), body, _span(found))


def _block(found: Tree[Token]) -> Block:
    return Block(tuple(map(_statement, _trees(found.children))), _span(found))


def _statement(found: Tree[Token]) -> Statement:
    """Any statement; what stands between its brackets and words is gone already."""
    span, parts = _span(found), found.children
    match found.data:
        case "block":
            return _block(found)
        case "empty":
            return Block((), span)
        case "evaluate":
            return Evaluate(_expr(parts[0]), span)
        case "print":
            return _print(found)
        case "if":
            condition, *rest = parts
            then, *other = map(_statement, _trees(rest))
            return If(_expr(condition), then, other[0] if other else None, span)
        case "while":
            return Loop(None, _expr(parts[0]), None, _statement(_tree(parts[1])), False, span)
        case "do":
            return Loop(None, _expr(parts[1]), None, _statement(_tree(parts[0])), True, span)
        case "for":
            first, condition, step, body = _trees(parts)
            test = _expr(condition.children[0]) if condition.children else None
            return Loop(_optional(first), test, _optional(step), _statement(body), False, span)
        case "for_in":
            name = Name(_word(parts[0]), _span(parts[0]))
            return ForIn(name, _word(parts[1]), _statement(_tree(parts[2])), span)
        case "jump":
            value = _expr(parts[1]) if len(parts) > 1 else None
            return Jump(str(parts[0]), value, span)
        case "delete":
            subscripts = _list(_tree(parts[1])) if len(parts) > 1 else ()
            return Delete(_word(parts[0]), subscripts, span)
    raise Unreadable(f"a statement {found.data}")


def _optional(found: Tree[Token]) -> Statement | None:
    return _statement(_tree(found.children[0])) if found.children else None


def _print(found: Tree[Token]) -> Print:
    word, *rest = found.children
    arguments: tuple[Expr, ...] = ()
    redirected = ""
    for part in _trees(rest):
        if part.data == "redirection":
            first = part.children[0]
            to_file = isinstance(first, str) and first.type in ("GT", "APPEND")
            redirected = "file" if to_file else "command"
        else:
            arguments = _list(part)
    return Print(str(word), arguments, redirected, _span(found))


def _list(found: Tree[Token]) -> tuple[Expr, ...]:
    return tuple(map(_expr, found.children))


def _expr(found: Tree[Token] | Token) -> Expr:
    if isinstance(found, str):
        return _leaf(found)
    span, parts = _span(found), found.children
    match found.data:
        case "name" | "element":
            name = _word(parts[0])
            return Element(name, _list(_tree(parts[1])), span) if parts[1:] else Name(name, span)
        case "field":
            return Field(_expr(parts[0]), span)
        case "field_before":
            return Field(Increment(str(parts[0]), _target(parts[1]), True, span), span)
        case "field_minus":
            return Field(Unary("-", _expr(parts[1]), span), span)
        case "group":
            return Group(_expr(parts[0]), span)
        case "unary" | "signed":
            return Unary(str(parts[0]), _expr(parts[1]), span)
        case "binary":
            return Binary(str(parts[1]).strip(), _expr(parts[0]), _expr(parts[2]), span)
        case "concatenation":
            return Binary("", _expr(parts[0]), _expr(parts[1]), span)
        case "assign":
            return Assign(str(parts[1]), _target(parts[0]), _expr(parts[2]), span)
        case "after":
            return Increment(str(parts[1]), _target(parts[0]), False, span)
        case "before":
            return Increment(str(parts[0]), _target(parts[1]), True, span)
        case "conditional":
            return Conditional(_expr(parts[0]), _expr(parts[1]), _expr(parts[2]), span)
        case "in":
            left = parts[0]
            grouped = not isinstance(left, str) and left.data == "grouping"
            subscripts = _list(_tree(left)) if grouped else (_expr(left),)
            return In(subscripts, _word(parts[1]), span)
        case "call":
            name, own = str(parts[0]), _type(parts[0]) == "CALLED"
            return Call(name, _list(_tree(parts[1])) if parts[1:] else (), own, span)
        case "getline":
            return Getline(_type(parts[0]) != "GETLINE", span)
    raise Unreadable(f"an expression {found.data}")


def _leaf(token: Token) -> Expr:
    span = _span(token)
    match token.type:
        case "NUMBER":
            return Number(str(token), span)
        case "STRING":
            return String(str(token), span)
        case "LENGTH":
            return Call("length", (), False, span)
    expression = re.sub(r"\\.", "", token)
    # Where an expression ends that has a slash in brackets, awks disagree.
    if expression.count("[") > expression.count("]"):
        raise Unreadable("a bracket that is not closed")
    return Regex(str(token), span)


def _target(found: Tree[Token] | Token) -> Target:
    target = _expr(found)
    if not isinstance(target, Target):
        raise Unreadable("an assignment to no variable")
    return target


def _word(found: Tree[Token] | Token) -> str:
    if not isinstance(found, str) or found in _RESERVED:
        raise Unreadable(f"{found} where a name should be")
    return str(found)


def _span(found: Tree[Token] | Token) -> Span:
    if isinstance(found, str):
        return found.start_pos or 0, found.end_pos or 0
    return (0, 0) if found.meta.empty else (found.meta.start_pos, found.meta.end_pos)


def _tree(found: Tree[Token] | Token) -> Tree[Token]:
    if isinstance(found, str):
        raise Unreadable(f"{found} where more should be")
    return found


def _trees(found: list[Tree[Token] | Token]) -> list[Tree[Token]]:
    return [child for child in found if not isinstance(child, str)]


def _type(found: Tree[Token] | Token) -> str:
    return found.type if isinstance(found, str) else ""
