"""seq, echo, printf, yes: commands that read nothing."""

from leashc.behaviour import SOURCE, Behaviour
from leashc.invocation import Invocation
from leashc.operators import operator


@operator(
    "seq",
    options="""
        -f --format=FORMAT
        -s --separator=STRING
        -w --equal-width
    """,
    operands="words",
    permute=False,
)
def seq(cmd: Invocation) -> Behaviour:
    """Numbers, one a line."""
    return SOURCE


# The shell's own echo, printf and yes take no option apart that would change what they are.
@operator("echo", operands="words", permute=False)
def echo(cmd: Invocation) -> Behaviour:
    """Its words."""
    return SOURCE


@operator("printf", options="-v=VARIABLE", operands="words", permute=False)
def printf(cmd: Invocation) -> Behaviour:
    """Its words, formatted."""
    return SOURCE


@operator("yes", operands="words")
def yes(cmd: Invocation) -> Behaviour:
    """A line without end."""
    return SOURCE
