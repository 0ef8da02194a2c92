"""comm: the lines of two inputs in order, side by side."""

from leashc.behaviour import PURE, Behaviour, joined, parts
from leashc.invocation import Invocation
from leashc.operators import operator
from runtime.plan import Key

_ORDER = ("--check-order", "--nocheck-order")


@operator(
    "comm",
    options="""
        -1
        -2
        -3
        --check-order
        --nocheck-order
        --output-delimiter=STR
        --total
        -z --zero-terminated
    """,
    pipes=True,
    examples=(
        *("a b", "-12 a b", "-23 a b", "-3 a b", "-1 a b", "-2 -1 -3 a b"),
        *("--output-delimiter=: a b", "--check-order a b", "--nocheck-order -2 a b"),
    ),
)
def comm(cmd: Invocation) -> Behaviour:
    """Both inputs are cut where the line changes; what is not in order runs whole."""
    if len(cmd.operands) != 2 or cmd.operands == ("-", "-"):
        return PURE.because("it compares two inputs, and has not two")
    if cmd.has("-z"):
        return PURE.because("its records end in NUL")
    if cmd.has("--total"):
        return PURE.because("it ends with a total (--total)")
    if not cmd.locale.collates_bytewise:
        return PURE.because(f"its inputs are in the order of the locale {cmd.locale.collate}")
    flags = cmd.flags_without(*_ORDER)
    return joined(argv=("comm", *flags, "--check-order", *parts(2)), keys=(Key(), Key()))
