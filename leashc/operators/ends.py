"""head and tail: the first or the last lines or bytes."""

import re

from leashc.behaviour import (
    PURE,
    STATELESS,
    Behaviour,
    Framing,
    aggregate,
    by_file,
    indexed,
    several_files,
)
from leashc.invocation import Invocation, Option
from leashc.operators import operator

_COUNT = re.compile(r"[0-9]+([bkKMGTPEZY]|[kKMGTPEZY]i?B)?")
_BOTH = ("", "-n 1", "-n 3", "-n 0", "-2", "-c 5", "-q -n 2")  # examples


def _limit(cmd: Invocation) -> Option:
    """The option that says how many: the last one given, or ten lines."""
    given = [option for option in cmd.options if option.name in ("-n", "-c", "-NUM", "+NUM")]
    return given[-1] if given else Option("-n", "10", ())


def _odd(cmd: Invocation) -> str:
    """Why the invocation is not understood or prints more than lines; "" if it does not."""
    if cmd.has("-z"):
        return "its records end in NUL"
    if cmd.has("-v"):
        return "it prints names (-v)"
    if len(cmd.operands) > 1:
        return "it begins again with each file"
    if cmd.has("-NUM", "+NUM") and len(cmd.options) > 1:
        return "it mixes old and new options"
    if cmd.has("-NUM", "+NUM") and not re.match(r"[-+][0-9]", cmd.arguments[0]):
        return "its old option does not come first"
    return ""


def _by_file(cmd: Invocation) -> Behaviour | None:
    """The law where it prints the ends of several files, and no names.

    The last line of a file may go on with the next one.
    """
    counted = [option for option in cmd.options if option.name != "-q"]
    plain = all(option.name in ("-n", "-c") for option in counted) and len(counted) < 2
    if not (plain and cmd.has("-q") and several_files(cmd.operands)):
        return None
    return by_file(files=cmd.operands).but(**_facts(_limit(cmd))).but(framing=Framing.NONE)


def _facts(limit: Option) -> dict[str, object]:
    """Counted in bytes, what comes out may begin or end inside a record, or a character."""
    lines = limit.name != "-c"
    return {"keeps_text": lines, "framing": Framing.RECORDS if lines else Framing.NONE}


@operator(
    "head",
    options="""
        -c --bytes=NUM
        -n --lines=NUM
        -NUM
        -q --quiet --silent
        -v --verbose
        -z --zero-terminated
    """,
    examples=(*_BOTH, "-c 1b", "-qn 1 f g", "-n -1", "-n -3"),
)
def head(cmd: Invocation) -> Behaviour:
    """The head of the parts' heads."""
    limit = _limit(cmd)
    if law := _by_file(cmd):
        return law
    if reason := _odd(cmd):
        return PURE.because(reason)
    if limit.name == "-n" and re.fullmatch("-[0-9]{1,4}", limit.value or ""):
        last = int(limit.value or "")
        rest = indexed(drop=(last, -1)) if last else STATELESS
        return rest.but(argv=("cat",), keeps_text=True)
    if not _COUNT.fullmatch(limit.value or ""):
        return PURE.because("where it stops depends on the end of its input")
    first = ("head", "-c" if limit.name == "-c" else "-n", limit.value)
    return aggregate(map=first, combine=first).but(stops_early=True, **_facts(limit))


@operator(
    "tail",
    options="""
        -c --bytes=NUM
        -f --follow[=HOW]
        -F
        -n --lines=NUM
        -NUM
        +NUM
        --max-unchanged-stats=N
        --pid=PID
        -q --quiet --silent
        --retry
        -s --sleep-interval=N
        -v --verbose
        -z --zero-terminated
    """,
    examples=(*_BOTH, "-n +1", "-n +2", "-n +4", "+3", "-qn 2 f g h"),
)
def tail(cmd: Invocation) -> Behaviour:
    """The tail of the parts' tails; `-n +K` leaves the first lines out."""
    if cmd.has("-f", "-F", "--retry", "--pid", "-s", "--max-unchanged-stats"):
        return PURE.because("it follows a file that grows")
    if law := _by_file(cmd):
        return law
    if reason := _odd(cmd):
        return PURE.because(reason)
    limit = _limit(cmd)
    value = limit.value or ""
    if limit.name == "+NUM":
        value = "+" + value
    if limit.name != "-c" and re.fullmatch(r"\+[0-9]+", value):
        # Numbers of lines begin with 1; +0 is the same.
        first = max(int(value), 1)
        rest = indexed(drop=(1, first - 1)) if first > 1 else STATELESS
        return rest.but(argv=("cat",), keeps_text=True)
    if not _COUNT.fullmatch(value.removeprefix("-")):
        return PURE.because(
            "where it begins is counted in bytes"
            if value[:1] == "+"
            else "leashc does not know its count"
        )
    last = ("tail", "-c" if limit.name == "-c" else "-n", value)
    return aggregate(map=last, combine=last).but(**_facts(limit))
