"""join: the lines of two inputs that have a field in common."""

import re

from leashc.behaviour import PURE, Behaviour, joined, parts
from leashc.invocation import Invocation
from leashc.operators import operator
from runtime.plan import Key

_ORDER = ("--check-order", "--nocheck-order")


@operator(
    "join",
    options="""
        -a=FILENUM
        -e=STRING
        -i --ignore-case
        -j=FIELD
        -o=FORMAT
        -t=CHAR
        -v=FILENUM
        -1=FIELD
        -2=FIELD
        --check-order
        --nocheck-order
        --header
        -z --zero-terminated
    """,
    examples=(
        *("a b", "-a 1 a b", "-a1 -a2 -e x -o 0,1.2,2.2 a b", "-v 2 a b", "-v1 -v2 a b"),
        *(
            "-i a b",
            "-j 2 a b",
            "-1 2 a b",
            "-t, -2 2 a b",
            "-t '' a b",
        ),
        *("--check-order a b", "--nocheck-order -a 2 a b", "-o 1.1,2.1 a b"),
    ),
)
def join(cmd: Invocation) -> Behaviour:
    """Both inputs are cut where the field changes; what is not in order runs whole."""
    if reason := _reason(cmd):
        return PURE.because(reason)
    flags = cmd.flags_without(*_ORDER)
    separator = cmd.value("-t")
    # An empty -t makes one field of the whole line.
    fields = (0, 0) if separator == "" else (_field(cmd, "-1"), _field(cmd, "-2"))
    keys = tuple(Key(field, separator or "", cmd.has("-i")) for field in fields)
    return joined(argv=("join", *flags, "--check-order", *parts(2)), keys=keys)


def _field(cmd: Invocation, option: str) -> int:
    return int(cmd.value(option) or cmd.value("-j") or 1)


def _reason(cmd: Invocation) -> str:
    """Why its inputs can't be cut; "" if they can."""
    if len(cmd.operands) != 2 or cmd.operands == ("-", "-"):
        return "it joins two inputs, and has not two"
    if cmd.has("-z"):
        return "its records end in NUL"
    if cmd.has("--header"):
        return "its first lines are no records (--header)"
    if cmd.value("-o") == "auto":
        return "its first lines say how many fields there are (-o auto)"
    if not cmd.locale.collates_bytewise:
        return f"its inputs are in the order of the locale {cmd.locale.collate}"
    if not cmd.locale.bytewise and not cmd.locale.utf8:
        return f"leashc does not know the blanks of the locale {cmd.locale.ctype}"
    for option in cmd.options:
        number = option.name in ("-1", "-2", "-j")
        if number and not re.fullmatch(r"[1-9][0-9]{0,8}", option.value or ""):
            return "leashc does not know its field"
    if len({o.value for o in cmd.options if o.name == "-j"}) > 1:
        return "it is given several fields (-j)"
    separators = {o.value or "" for o in cmd.options if o.name == "-t"}
    if len(separators) > 1 or any(len(s) > 1 or not s.isascii() for s in separators):
        return "leashc does not know its field separator"
    if "" in separators and cmd.has("-1", "-2", "-j"):
        return "its lines have one field (-t '')"
    return ""
