"""paste: lines side by side."""

from leashc.behaviour import PURE, STATELESS, Behaviour, aggregate, indexed
from leashc.invocation import Invocation
from leashc.operators import operator


@operator(
    "paste",
    options="""
        -d --delimiters=LIST
        -s --serial
        -z --zero-terminated
    """,
    examples=(
        *("", "-d,", "-", "- -", "-d ' ' - - -", "-d ',;' - - -", "-d '\\0' - -"),
        *("-s", "-sd,", "-s -d '\\n'", "-sd+ -"),
    ),
)
def paste(cmd: Invocation) -> Behaviour:
    """One input is copied, with a newline at its end; `- -` makes a line of two."""
    if cmd.has("-z"):
        return PURE.because("its records end in NUL")
    delimiters = cmd.value("-d") or "\t"
    if cmd.has("-s"):
        return _serial(cmd, delimiters)
    if "-" in cmd.operands[1:] and set(cmd.operands) == {"-"}:
        group = indexed(group=len(cmd.operands), argv=cmd.argv(*cmd.operands))
        return group.but(inputs=("-",), keeps_text=delimiters.isascii(), copies=True)
    if len(cmd.operands) > 1:
        return PURE.because("it reads several files side by side")
    return STATELESS.but(keeps_text=True, copies=True)


def _serial(cmd: Invocation, delimiters: str) -> Behaviour:
    """Each record with the delimiter after it; once, at the end, a newline for the last."""
    if len(cmd.operands) > 1:
        return PURE.because("it makes a line of each file (-s)")
    one = {r"\n": "\n", r"\t": "\t", r"\\": "\\"}.get(delimiters, delimiters)
    if len(one) != 1 or delimiters == "\\" or not one.isascii() or cmd.value("-d") == "":
        return PURE.because("it takes delimiters in turns, or none (-s)")
    law = aggregate(map=("@serial", one), combine=("cat",), finish=("@serial", "--end"))
    return law.but(keeps_text=True, copies=True)
