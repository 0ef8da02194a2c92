"""tac: the lines from the last to the first."""

from leashc.behaviour import PURE, Behaviour, aggregate
from leashc.invocation import Invocation
from leashc.operators import operator
from runtime.slots import INPUTS


@operator(
    "tac",
    options="""
        -b --before
        -r --regex
        -s --separator=STRING
    """,
    examples=("",),
)
def tac(cmd: Invocation) -> Behaviour:
    """Each partition is turned round; then the partitions come in reverse order."""
    if cmd.has("-b", "-r", "-s"):
        return PURE.because("its records are not lines")
    if len(cmd.operands) > 1:
        return PURE.because("it turns each file round by itself")
    return aggregate(combine=("@reversed", INPUTS)).but(keeps_text=True, copies=True)
