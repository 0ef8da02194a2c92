"""Arithmetic of the shell: what stands in `$(( ))` and in `${x:offset:length}`, in 64 bits.

Source: bash's manual, "Shell Arithmetic". Assignments are refused, for nothing in a
pipeline changes its variables.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable
from typing import NamedTuple, NoReturn

from leashc.errors import ExpansionError
from leashc.refusals import dynamic

Value = Callable[[str], str | None]  # of a variable; None: it is not set

_TOKEN = re.compile(
    r"[ \t\n]*(?:(?P<number>\d[\w@#]*)|(?P<name>[A-Za-z_]\w*)"
    r"|(?P<sign>\*\*|<<=?|>>=?|[-+*/%&^|<>=!]=|&&|\|\||\+\+|--|[-+*/%&^|<>=!~?:,()])"
    r"|(?P<other>[^ \t\n]))",
    re.ASCII,
)
_ASSIGNS = frozenset("= += -= *= /= %= &= ^= |= <<= >>= ++ --".split())

# From the loosest to the tightest.
_LEVELS = (
    ("||",),
    ("&&",),
    ("|",),
    ("^",),
    ("&",),
    ("==", "!="),
    ("<", ">", "<=", ">="),
    ("<<", ">>"),
    ("+", "-"),
    ("*", "/", "%"),
)
_OPERATIONS: dict[str, Callable[[int, int], int]] = {
    "||": lambda a, b: bool(a or b),
    "&&": lambda a, b: bool(a and b),
    "|": operator.or_,
    "^": operator.xor,
    "&": operator.and_,
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    ">": operator.gt,
    "<=": operator.le,
    ">=": operator.ge,
    "<<": lambda a, b: a << (b & 63),
    ">>": lambda a, b: a >> (b & 63),
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": lambda a, b: abs(a) // abs(b) * (1 if (a < 0) == (b < 0) else -1),
    "%": lambda a, b: abs(a) % abs(b) * (-1 if a < 0 else 1),
}
_UNARY: dict[str, Callable[[int], int]] = {
    "-": operator.neg,
    "+": operator.pos,
    "~": operator.invert,
    "!": operator.not_,
}


class _Token(NamedTuple):
    kind: str
    text: str


def evaluate(expression: str, value: Value) -> int:
    """The value of an expression; nothing at all is 0. Raises ExpansionError."""
    try:
        return _Evaluation(expression, value).result()
    except RecursionError:  # a variable that is its own value, most likely
        raise ExpansionError(f"{expression}: expression recursion level exceeded") from None


class _Evaluation:
    """One pass over the tokens; `live` is false in what `&&`, `||` and `?:` leave out."""

    def __init__(self, expression: str, value: Value) -> None:
        self.expression, self.value = expression.strip(" \t\n"), value
        self.tokens = [
            _Token(str(found.lastgroup), found[found.lastgroup or 0])
            for found in _TOKEN.finditer(self.expression)
        ]
        self.live = True

    def result(self) -> int:
        if not self.tokens:
            return 0
        if any(text in _ASSIGNS or text == "[" for _, text in self.tokens):
            raise ExpansionError(
                f"{self.expression}: assignments and arrays in arithmetic are not compiled yet",
                "work it out first and pass it as a variable or an argument",
                status=2,
            )
        result = self.comma()
        if self.tokens:
            self.fail("syntax error in expression")
        return result

    def comma(self) -> int:
        result = self.conditional()
        while self.take(","):
            result = self.conditional()
        return result

    def conditional(self) -> int:
        test = self.binary(0)
        if not self.take("?"):
            return test
        chosen = self.only_if(bool(test), self.comma)
        if not self.take(":"):
            self.fail("`:' expected for conditional expression")
        other = self.only_if(not test, self.conditional)
        return chosen if test else other

    def binary(self, level: int) -> int:
        if level == len(_LEVELS):
            return self.power()
        left = self.binary(level + 1)
        while sign := self.take(*_LEVELS[level]):
            needed = not (sign == "||" and left) and not (sign == "&&" and not left)
            right = self.only_if(needed, lambda: self.binary(level + 1))
            if sign in "/%" and not right:
                if self.live:
                    self.fail("division by 0")
                right = 1
            left = _wrapped(_OPERATIONS[sign](left, right))
        return left

    def power(self) -> int:
        base = self.unary()
        if not self.take("**"):
            return base
        exponent = self.power()
        if exponent < 0:
            self.fail("exponent less than 0")
        return _wrapped(pow(base, exponent, 1 << 64))

    def unary(self) -> int:
        if sign := self.take(*_UNARY):
            return _wrapped(_UNARY[sign](self.unary()))
        if self.take("("):
            result = self.comma()
            if not self.take(")"):
                self.fail("missing `)'")
            return result
        kind, text = self.tokens.pop(0) if self.tokens else _Token("end", "")
        if kind not in ("number", "name"):
            self.fail("syntax error: operand expected")
        if kind == "number":
            return self.number(text)
        return self.variable(text) if self.live else 0

    def variable(self, name: str) -> int:
        if dynamic(name):
            raise ExpansionError(f"the variable `{name}` of bash is not compiled yet", status=2)
        return _Evaluation(self.value(name) or "", self.value).result()

    def number(self, text: str) -> int:
        """`10`, `010`, `0x10`, `2#10`; digits above 9 are `a` to `z`, `A` to `Z`, `@` and `_`."""
        base, digits = 10, text
        if "#" in text:
            prefix, _, digits = text.partition("#")
            base = int(prefix) if prefix.isdigit() and not prefix.startswith("0") else 0
            if not 2 <= base <= 64 or not digits:
                self.fail("invalid arithmetic base" if digits else "invalid integer constant")
        elif text[:2] in ("0x", "0X"):
            base, digits = 16, text[2:]
        elif text[0] == "0":
            base = 8
        result = 0
        for digit in digits.lower() if base <= 36 else digits:
            place = _DIGITS.find(digit)
            if not 0 <= place < base:
                self.fail("value too great for base" if place >= 0 else "invalid number")
            result = result * base + place
        return _wrapped(result)

    def take(self, *signs: str) -> str:
        """The next token if it is one of these, taken; else ""."""
        if self.tokens and self.tokens[0].text in signs:
            return self.tokens.pop(0).text
        return ""

    def only_if(self, needed: bool, operand: Callable[[], int]) -> int:
        live, self.live = self.live, self.live and needed
        result = operand()
        self.live = live
        return result

    def fail(self, message: str) -> NoReturn:
        raise ExpansionError(f"{self.expression}: {message}")


_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ@_"


def _wrapped(number: int) -> int:
    """The number as 64 bits hold it."""
    return (int(number) + (1 << 63)) % (1 << 64) - (1 << 63)
