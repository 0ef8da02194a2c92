"""Two commands taught to leashc in one file, as one teaches it a command of one's own.

    leashc run --operators examples/operators/my_ops.py 'expand examples/data/story.txt | sort'
    leashc operators check examples/operators/my_ops.py

leashc has both built in, and a file's own operators stand before those; a command that
nobody told it of runs whole, because unknown means unsafe. An operator looks at one
invocation and says how it acts on an input that is cut at line ends into x·y.
Whatever it cannot vouch for it calls PURE, with the reason that `leashc explain`
prints. `operators check` then tests the law against the real command, with the
`examples` below and inputs made to break it.
"""

from leashc.behaviour import PURE, STATELESS, Behaviour, Joint, aggregate
from leashc.invocation import Invocation
from leashc.operators import operator


# One option a line, as in the manual. An option that is not listed makes the command whole.
@operator(
    "expand",
    options="""
        -i --initial
        -t --tabs=LIST
        -NUM
    """,
    examples=("", "-i", "-t 4", "-t 2,5,9", "-3"),
)
def expand(cmd: Invocation) -> Behaviour:
    """Tab stops are counted from the start of each line, so expand(x·y) = expand(x)·expand(y)."""
    # `expand a b` glues the last line of a to the first of b when a lacks its final newline.
    return STATELESS.but(joint=Joint.BYTES)


@operator(
    "paste",
    options="""
        -d --delimiters=LIST
        -s --serial
        -z --zero-terminated
    """,
    examples=("-s", "-s -d,", "-sd+"),
)
def paste(cmd: Invocation) -> Behaviour:
    """`paste -s` makes one line of many, once, of what the parts left."""
    if not cmd.has("-s"):
        return PURE.because("it puts lines of several files side by side")
    if len(cmd.operands) > 1:
        return PURE.because("it makes one line for each file")
    if cmd.has("-z"):
        return PURE.because("its records end in NUL")
    # Not map=("paste", …): of nothing it makes an empty line, so that a part in which a
    # `grep` before it found nothing would add one. `operators check` finds such a law false.
    return aggregate(map=("cat",), combine=("cat",), finish=("paste", *cmd.flags))
