"""cat: files one after the other, their lines perhaps numbered or made visible."""

from leashc.behaviour import PURE, STATELESS, Behaviour, Joint, aggregate, indexed
from leashc.invocation import Invocation
from leashc.operators import operator
from runtime.slots import INDEX


@operator(
    "cat",
    options="""
        -A --show-all
        -b --number-nonblank
        -e
        -E --show-ends
        -n --number
        -s --squeeze-blank
        -t
        -T --show-tabs
        -u
        -v --show-nonprinting
    """,
    pipes=True,
    examples=(
        *("", "-n", "-s", "-sn", "-sE", "-E", "-T", "-v", "-e", "-t", "-u", "-A", "-vET"),
        *("-nE", "-nA", "-nT", "-sb", "-sA"),
    ),
)
def cat(cmd: Invocation) -> Behaviour:
    """The bytes of its files run on: a line may begin in one and end in the next."""
    facts = {"joint": Joint.BYTES, "keeps_text": True}
    if cmd.has("-s"):
        # Squeezing comes first: afterwards -E hides which lines are empty.
        others = cmd.flags_without("-s", "-u")
        finish = ("cat", *others) if others else ()
        squeeze = ("cat", "-s")
        return aggregate(map=squeeze, combine=squeeze, finish=finish).but(**facts)
    if cmd.has("-b"):
        return PURE.because(
            "it numbers lines by what stands before them (-b)",
            "cat -n, if empty lines may be numbered, too",
        )
    if cmd.has("-n"):
        # What makes characters visible leaves the tab after a number alone.
        shown = cmd.flags_without("-n", "-u")
        number = ("@number", INDEX)
        numbered = indexed(map=(("cat", *shown), number)) if shown else indexed(argv=number)
        return numbered.but(**facts)
    return STATELESS.but(**facts)
