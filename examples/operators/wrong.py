"""A law that does not hold, for docs/tutorial.md to have it found out."""

from leashc.behaviour import STATELESS, Behaviour
from leashc.invocation import Invocation
from leashc.operators import operator


@operator("longest", examples=("",))
def longest(cmd: Invocation) -> Behaviour:
    return STATELESS
