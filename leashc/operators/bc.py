"""bc: a calculator, whose lines are each on their own while no name is given a value."""

from string import ascii_letters

from leashc.behaviour import PRINTED, PURE, STATELESS, Behaviour
from leashc.invocation import Invocation
from leashc.operators import operator

# Of these letters no statement can be made, and no function but sqrt, s, t and r, which keep
# nothing; a name of them is nought, as nothing sets it. `.` alone is the last value.
_NAMES = sorted(set(ascii_letters) - set("sqrt"))
ALONE = PRINTED._replace(lacks=(*PRINTED.lacks, *_NAMES, *'="#$.:?@[\\]_`{}~', "++", "--", "/*"))


@operator(
    "bc",
    options="""
        -h
        -i --interactive
        -l --mathlib
        -q --quiet
        -s --standard
        -w --warn
        -v
    """,
    examples=("", "-l", "-q", "-s", "-w"),
)
def bc(cmd: Invocation) -> Behaviour:
    """Line by line, where the data can't set a variable, define a function or leave."""
    if cmd.has("-h", "-v"):
        return PURE.because("it prints about itself")
    if cmd.has("-i"):
        return PURE.because("it asks for its lines (-i)", "bc without -i")
    if cmd.operands:
        return PURE.because("it reads standard input after its files", "cat FILE … | bc")
    return STATELESS.but(guard=ALONE, keeps_text=True)
