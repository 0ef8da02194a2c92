"""paste: lines side by side."""

from leashc.behaviour import PURE, STATELESS, Behaviour, Trim, aggregate, indexed, joined
from leashc.invocation import Invocation
from leashc.operators import operator
from runtime.slots import LAST, STREAM


@operator(
    "paste",
    options="""
        -d --delimiters=LIST
        -s --serial
        -z --zero-terminated
    """,
    pipes=True,
    examples=(
        *("", "-d,", "-", "- -", "-d ' ' - - -", "-d ',;' - - -", "-d '\\0' - -"),
        *("-s", "-sd,", "-s -d '\\n'", "-sd+ -"),
        *("a b", "-d ',;' a b c", "-d '\\0' a b"),
    ),
)
def paste(cmd: Invocation) -> Behaviour:
    """One input is copied, with a newline at its end; several are cut at one number of lines.

    `- -` makes a line of two.
    """
    if cmd.has("-z"):
        return PURE.because("its records end in NUL")
    delimiters = cmd.value("-d") or "\t"
    if cmd.has("-s"):
        return _serial(cmd, delimiters)
    if "-" in cmd.operands[1:] and set(cmd.operands) == {"-"}:
        group = indexed(group=len(cmd.operands), argv=cmd.argv(*cmd.operands))
        return group.but(inputs=("-",), keeps_text=delimiters.isascii(), copies=True)
    if cmd.operands.count("-") > 1:
        return PURE.because("its lines of standard input stand side by side, and beside a file's")
    if len(cmd.operands) > 1:
        return joined()
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


def pairs(paste: Invocation, rest: Behaviour) -> Behaviour | None:
    """`paste - <(… | rest)` of one stream and its rest, where that is all but the first record.

    Each record stands beside the one behind it, the last one beside nothing: so a part that
    begins with the record before it makes the pairs of its own. None for another command.
    """
    shifted = rest.trim == Trim(drop=(1, 1)) and rest.argv == ("cat",) and not rest.inputs
    if not shifted or paste.operands != ("-", f"{STREAM}0"):
        return None
    delimiter = paste.value("-d") or "\t"
    plain = len(delimiter) == 1 and delimiter.isascii() and delimiter not in "\\\n"
    if not plain or paste.flags_without("-d") or paste.value("-d") == "":
        return None
    return indexed(before=1, argv=("@pairs", LAST, delimiter)).but(keeps_text=True)
