"""nl: numbers on lines, page by page."""

import re

from leashc.behaviour import PURE, STATELESS, Behaviour, indexed
from leashc.invocation import Invocation
from leashc.operators import operator
from runtime.plan import Guard
from runtime.slots import FILLED, INDEX

_NUMBER = re.compile(r"[-+]?[0-9]{1,12}")


@operator(
    "nl",
    options="""
        -b --body-numbering=STYLE
        -d --section-delimiter=CC
        -f --footer-numbering=STYLE
        -h --header-numbering=STYLE
        -i --line-increment=NUMBER
        -l --join-blank-lines=NUMBER
        -n --number-format=FORMAT
        -p --no-renumber
        -s --number-separator=STRING
        -v --starting-line-number=NUMBER
        -w --number-width=NUMBER
    """,
    examples=(
        "",
        "-ba",
        "-bt -w 3 -s ': '",
        "-ba -v 7 -i -2 -n rz",
        "-bn -l 1",
        "-p -d ab",
        "-d a -ha",
        "-ba -fa -h t -d '  '",
    ),
)
def nl(cmd: Invocation) -> Behaviour:
    """Numbers go on from those of the lines before, while no line may begin a page."""
    style = cmd.value("-b") or "t"
    if style not in ("a", "t", "n"):
        return PURE.because("which of its lines have numbers is known when all were matched (-b p)")
    if cmd.value("-l", "1") != "1":
        return PURE.because("it counts blank lines that follow each other (-l)")
    start, step = cmd.value("-v") or "1", cmd.value("-i") or "1"
    if not _NUMBER.fullmatch(start) or not _NUMBER.fullmatch(step):
        return PURE.because("leashc does not know its numbers (-v, -i)")
    marks = cmd.value("-d", "\\:") or ""
    marks += ":" if len(marks) == 1 else ""
    if len(marks) != 2 or not marks.isascii() or "\n" in marks:
        return PURE.because("its pages are marked in a way of newer versions (-d)")
    facts = {
        "guard": Guard(lacks=(marks,)),
        "keeps_text": all(word.isascii() for word in cmd.flags),
    }
    if style == "n":
        return STATELESS.but(**facts)
    place = ("@nl", FILLED if style == "t" else INDEX, start, step)
    # With a page the numbers begin again, unless they are to go on.
    rest = () if cmd.has("-p") else (*place, marks * 3, *cmd.argv())
    return indexed(argv=(*place, "", *cmd.argv())).but(rest=rest, **facts)
