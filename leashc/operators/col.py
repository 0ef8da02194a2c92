"""col: lines as a printer would show them, which may go back up."""

from leashc.behaviour import PRINTED, PURE, STATELESS, Behaviour
from leashc.invocation import Invocation
from leashc.operators import operator


@operator(
    "col",
    options="""
        -b --no-backspaces
        -f --fine
        -p --pass
        -h --tabs
        -x --spaces
        -l --lines=NUM
        -H
        -V
    """,
    examples=("", "-b", "-bx", "-x", "-h", "-p", "-f"),
)
def col(cmd: Invocation) -> Behaviour:
    """Line by line, where no byte moves to another line; of those above 127, col may complain."""
    if cmd.has("-H", "-V"):
        return PURE.because("it prints about itself")
    if cmd.has("-l"):
        return PURE.because("it keeps a number of lines (-l)", "col without -l")
    if cmd.operands:
        return PURE.because("it takes no operands")
    return STATELESS.but(guard=PRINTED, keeps_text=True)
