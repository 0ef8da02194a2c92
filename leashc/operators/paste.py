"""paste: lines side by side."""

from leashc.behaviour import PURE, STATELESS, Behaviour, joined
from leashc.invocation import Invocation
from leashc.operators import operator


@operator(
    "paste",
    options="""
        -d --delimiters=LIST
        -s --serial
        -z --zero-terminated
    """,
    pipes=True,
    examples=("", "-d,", "a b", "-d ',;' a b c", "-d '\\0' a b"),
)
def paste(cmd: Invocation) -> Behaviour:
    """One input is copied, with a newline at its end; several are cut at one number of lines."""
    if cmd.has("-z"):
        return PURE.because("its records end in NUL")
    if cmd.has("-s"):
        return PURE.because("it makes one line of its whole input (-s)")
    if cmd.operands.count("-") > 1:
        return PURE.because("it makes a line of several, so it must be cut where a group ends")
    if len(cmd.operands) > 1:
        return joined()
    return STATELESS.but(keeps_text=True, copies=True)
