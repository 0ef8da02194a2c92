"""expand, unexpand, fold: columns, counted from the start of each line."""

from leashc.behaviour import PURE, STATELESS, Behaviour, Joint
from leashc.invocation import Invocation
from leashc.operators import operator


@operator(
    "expand",
    options="""
        -i --initial
        -t --tabs=LIST
        -NUM
    """,
    examples=("", "-i", "-t 4", "-t 2,5,9", "-t 2,/3", "-3"),
)
def expand(cmd: Invocation) -> Behaviour:
    """Tab stops are counted from the start of each line."""
    return STATELESS.but(joint=Joint.BYTES, keeps_text=True)


@operator(
    "unexpand",
    options="""
        -a --all
        --first-only
        -t --tabs=LIST
        -NUM
    """,
    examples=("", "-a", "-t 2", "-t 1,3", "-a --first-only", "-2"),
)
def unexpand(cmd: Invocation) -> Behaviour:
    """Blanks become tabs line by line."""
    return STATELESS.but(joint=Joint.BYTES, keeps_text=True)


@operator(
    "fold",
    options="""
        -b --bytes
        -c --characters
        -s --spaces
        -w --width=WIDTH
        -NUM
    """,
    examples=("", "-w 5", "-w1", "-s -w 3", "-b -w2", "-bs -w 4", "-7"),
)
def fold(cmd: Invocation) -> Behaviour:
    """Each line is folded on its own; some versions fold inside a character."""
    if cmd.has("-c"):
        return PURE.because("only the newest versions count characters (-c)")
    if len(cmd.operands) > 1:
        return PURE.because(
            "columns begin again with each file, but lines do not",
            "cat FILE … | fold, if each ends in a newline",
        )
    return STATELESS.but(joint=Joint.BYTES)
