"""rev: the characters of each line from the last to the first."""

from leashc.behaviour import ASCII, PURE, STATELESS, TEXT, Behaviour
from leashc.invocation import Invocation
from leashc.operators import operator


@operator("rev", options="-0 --zero\n-h\n-V", examples=("",), pipes=True)
def rev(cmd: Invocation) -> Behaviour:
    """Each line by itself; it gives up at bytes that are no character of the locale."""
    if cmd.has("-h", "-V"):
        return PURE.because("it prints about itself")
    if cmd.has("-0"):
        return PURE.because("its records end in NUL")
    if len(cmd.operands) > 1:
        why = "a file's last line without a newline meets the next file reversed"
        return PURE.because(why, "cat FILE … | rev, if each ends in a newline")
    return STATELESS.but(guard=ASCII if cmd.locale.bytewise else TEXT, keeps_text=True)
