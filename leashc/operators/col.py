"""col: lines as a printer would show them, which may go back up."""

from leashc.behaviour import ASCII, PURE, STATELESS, Behaviour
from leashc.invocation import Invocation
from leashc.operators import operator

# Without these a line moves nothing but itself. Where characters are bytes, col fails at others.
_MOVES = {chr(code) for code in (*range(32), 127)} - set("\t\n")
STAYS = ASCII._replace(lacks=tuple(sorted(_MOVES)))


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
    """Line by line, where no byte moves to another line."""
    if cmd.has("-H", "-V"):
        return PURE.because("it prints about itself")
    if cmd.has("-l"):
        return PURE.because("it keeps a number of lines (-l)", "col without -l")
    if cmd.operands:
        return PURE.because("it takes no operands")
    return STATELESS.but(guard=STAYS, keeps_text=True)
