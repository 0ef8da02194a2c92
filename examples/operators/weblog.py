"""The operators of docs/tutorial.md, for the commands in bin/."""

from leashc.behaviour import PURE, STATELESS, Behaviour, aggregate
from leashc.invocation import Invocation
from leashc.operators import operator


@operator("classes", examples=("",))
def classes(cmd: Invocation) -> Behaviour:
    return STATELESS


@operator("longest", options="-n --number", examples=("",))
def longest(cmd: Invocation) -> Behaviour:
    """The longest of the parts' longest lines."""
    if cmd.has("-n"):
        return PURE.because("it numbers the line, from the first of all (-n)")
    return aggregate(combine=("longest",))
