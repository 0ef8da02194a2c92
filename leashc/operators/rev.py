"""rev: the characters of each line from the last to the first."""

from leashc.behaviour import PURE, STATELESS, Behaviour, Guard
from leashc.invocation import Invocation
from leashc.operators import operator


@operator("rev", options="-0 --zero\n-h\n-V", examples=("",), pipes=True)
def rev(cmd: Invocation) -> Behaviour:
    """Each line by itself; it gives up at bytes that are no character."""
    if cmd.has("-h", "-V"):
        return PURE.because("it prints about itself")
    if cmd.has("-0"):
        return PURE.because("its records end in NUL")
    several = len(cmd.operands) > 1
    if cmd.locale.bytewise:
        why = "in the C locale it gives up at the first byte above 127"
        return PURE.because(why, "" if several else "LC_ALL=C.UTF-8 rev, if its input is UTF-8")
    if several:
        why = "a file's last line without a newline meets the next file reversed"
        return PURE.because(why, "cat FILE … | rev, if each ends in a newline")
    return STATELESS.but(guard=Guard.TEXT, keeps_text=True)
