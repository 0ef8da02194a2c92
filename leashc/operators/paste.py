"""paste: lines side by side."""

from leashc.behaviour import PURE, STATELESS, Behaviour
from leashc.invocation import Invocation
from leashc.operators import operator


@operator(
    "paste",
    options="""
        -d --delimiters=LIST
        -s --serial
        -z --zero-terminated
    """,
    examples=("", "-d,"),
)
def paste(cmd: Invocation) -> Behaviour:
    """One input is copied, with a newline at its end; several are read side by side."""
    if cmd.has("-z"):
        return PURE.because("its records end in NUL")
    if cmd.has("-s"):
        return PURE.because("it makes one line of its whole input (-s)")
    if cmd.operands.count("-") > 1:
        return PURE.because("it makes a line of several, so it must be cut where a group ends")
    if len(cmd.operands) > 1:
        return PURE.because("it reads several files side by side")
    return STATELESS.but(keeps_text=True, copies=True)
