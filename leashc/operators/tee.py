"""tee: copies its input to files."""

from leashc.behaviour import EFFECTFUL, Behaviour
from leashc.invocation import Invocation
from leashc.operators import operator


@operator(
    "tee",
    options="""
        -a --append
        -i --ignore-interrupts
        -p
        --output-error[=MODE]
    """,
)
def tee(cmd: Invocation) -> Behaviour:
    """It writes files in the order of its input."""
    return EFFECTFUL.because("it writes files" if cmd.operands else "it may write files")
