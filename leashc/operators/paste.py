"""paste: lines side by side."""

import re

from leashc.behaviour import PURE, STATELESS, Behaviour, aggregate
from leashc.invocation import Invocation
from leashc.operators import operator


@operator(
    "paste",
    options="""
        -d --delimiters=LIST
        -s --serial
        -z --zero-terminated
    """,
    examples=("", "-d,", "-s", "-s -d,", "-sd+", "-s -d '\\n'", "-s -d '\\0'", "-sd '\\\\'"),
)
def paste(cmd: Invocation) -> Behaviour:
    """With -s one line is made of many: the lines of the parts become one in the same way."""
    if cmd.has("-z"):
        return PURE.because("its records end in NUL")
    if cmd.operands.count("-") > 1:
        return PURE.because("it makes a line of several, so it must be cut where a group ends")
    if len(cmd.operands) > 1:
        one = cmd.has("-s")
        return PURE.because(
            "it makes one line of each file" if one else "it reads several files side by side"
        )
    if not cmd.has("-s"):
        # Line by line, with a newline after the last one, too.
        return STATELESS.but(keeps_text=True, copies=True)
    delimiter = cmd.value("-d", "\t") or ""
    if not re.fullmatch(r"\\.|[^\\]", delimiter, re.DOTALL | re.ASCII) or not delimiter.isascii():
        return PURE.because("its delimiters take turns, counted from the first line")
    return aggregate(combine=("paste", *cmd.flags)).but(
        keeps_text="0" not in delimiter, copies=True
    )
