"""uniq: neighbours that are equal become one; only the seams can hold more of them."""

import re

from leashc.behaviour import EFFECTFUL, PURE, Behaviour, aggregate
from leashc.invocation import Invocation
from leashc.operators import operator
from leashc.operators.sort import TUNING
from runtime.slots import INPUTS, MEMORY, SCRATCH, SPLITTERS

COUNT = ("@count", MEMORY, SCRATCH)

_NUMBERS = ("-f", "-s", "-w")


@operator(
    "uniq",
    options="""
        -c --count
        -d --repeated
        -D
        --all-repeated[=METHOD]
        -f --skip-fields=N
        --group[=METHOD]
        -i --ignore-case
        -s --skip-chars=N
        -u --unique
        -w --check-chars=N
        -z --zero-terminated
    """,
    pipes=True,
    examples=(
        "",
        "-c",
        "-d",
        "-u",
        "-du",
        "-cd",
        "-cu",
        "-i",
        "-ci",
        "-f1",
        "-cf1",
        "-s1",
        "-cs 1",
        "-w2",
        "-dw1",
        "-f1 -s1 -w2 -i -c",
    ),
)
def uniq(cmd: Invocation) -> Behaviour:
    """Each partition by itself; then each one's first record meets the last one before it."""
    if len(cmd.operands) > 1:
        remedy = "" if _whole(cmd) else "uniq … FILE > OUTPUT"
        return EFFECTFUL.because("it writes a file (its second operand)", remedy)
    if reason := _whole(cmd):
        return PURE.because(reason)
    comparison = cmd.flags_without("-c", "-d", "-u")
    counted = cmd.has("-c", "-d", "-u")
    if cmd.has("-d") and cmd.has("-u"):
        # Neither what repeats nor what does not: nothing.
        return aggregate(combine=("cat",)).but(keeps_text=True)
    exact = ("--exact",) if not comparison and cmd.locale.collates_bytewise else ()
    seam = ("@seam", *(("--counts",) if counted else ()), *exact, *comparison, "--", INPUTS)
    return aggregate(
        map=("uniq", *comparison, *(("-c",) if counted else ())),
        combine=seam,
        finish=_selection(cmd),
    ).but(keeps_text=True)


def _whole(cmd: Invocation) -> str:
    """Why the whole input is needed; "" if it is not."""
    if cmd.has("-z"):
        return "its records end in NUL"
    if cmd.has("-D", "--all-repeated", "--group"):
        return "it prints whole groups of lines"
    if any(word.startswith("+") for word in cmd.operands):
        return "its options are given the old way (+1)"
    if not all(re.fullmatch("[0-9]+", o.value or "") for o in cmd.options if o.name in _NUMBERS):
        return "leashc does not know one of its numbers"
    return ""


def _selection(cmd: Invocation) -> tuple[str, ...]:
    """What takes from counted records those that -d or -u asks for, with counts if -c does."""
    if not cmd.has("-d", "-u"):
        return ()
    which = "--more" if cmd.has("-d") else "--once"
    return ("@repeats", which, *(("--counts",) if cmd.has("-c") else ()))


def count_before_sort(sort: Invocation, uniq: Invocation) -> Behaviour | None:
    """`sort | uniq -c` (or -d, -u) as one aggregate that counts before it sorts; None if unsound.

    Sorted bytewise with no key and no other order, equal lines are equal bytes and
    stand together, so what comes out depends on nothing but how often each line
    occurs: counting first and ordering the distinct lines gives the same records.
    Both commands must be parsed (options told from operands), in one locale.
    """
    plain = not sort.flags_without(*TUNING) and sort.locale.collates_bytewise
    if not plain or sort.locale != uniq.locale:
        return None
    if not uniq.has("-c", "-d", "-u") or uniq.flags_without("-c", "-d", "-u") or uniq.operands:
        return None
    if uniq.has("-d") and uniq.has("-u"):
        return None
    return aggregate(
        map=COUNT,
        combine=("@merge-counts", INPUTS),
        finish=_selection(uniq),
    ).but(
        # What is finished is finished record by record: of a range as of the whole.
        ranged=(COUNT, ("@among", SPLITTERS)),
        keeps_text=True,
        ordered=False,
    )
