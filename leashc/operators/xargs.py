"""xargs: a command for each item, or for as many as fit."""

from leashc.behaviour import (
    EFFECTFUL,
    PURE,
    STATELESS,
    Behaviour,
    Framing,
    Status,
    aggregate,
)
from leashc.invocation import Invocation, Option
from leashc.operators import operator
from runtime.plan import Guard

# Programs that only print what they are told: what runs whole may run these.
_PRINT = ("echo", "printf", "basename", "dirname", "true", "false", "seq", "expr")
# What xargs reads of a line alone, but for a quote or a backslash.
_LINES = Guard(lacks=("\0", "'", '"', "\\"))
# Words that xargs reads as they stand, and that echo prints as they are.
_PLAIN = Guard(lacks=("\0", "'", '"', "\\", "-n", "-e", "-E", "--"))


@operator(
    "xargs",
    options="""
        -0 --null
        -a --arg-file=FILE
        -d --delimiter=CHARACTER
        -E=END
        -e --eof[=END]
        -I=R
        -i --replace[=R]
        -L=NUMBER
        -l --max-lines[=NUMBER]
        -n --max-args=NUMBER
        -o --open-tty
        -P --max-procs=NUMBER
        -p --interactive
        --process-slot-var=VAR
        -r --no-run-if-empty
        -s --max-chars=NUMBER
        --show-limits
        -t --verbose
        -x --exit
    """,
    operands="words",
    permute=False,
    examples=(
        "-rd '\\n' -n1",
        "-n1",
        "-r -n 1 echo",
        "-d '\\n' -I{} echo a{}b",
        "-I{} echo a {}b",
        "-r -d '\\n' --max-args=1 echo -n",
    ),
)
def xargs(cmd: Invocation) -> Behaviour:
    """Divided where an item is a line or a word, and each has its own `echo`; else whole."""
    name = cmd.operands[0] if cmd.operands else "echo"
    if name not in _PRINT:
        return EFFECTFUL.because(f"it runs {name} on what it reads")
    for names, reason in (
        (("-o", "-p"), "it asks the terminal"),
        (("-a",), "it reads its items from a file (-a)"),
        (("-P",), "it runs several commands at a time (-P)"),
        (("-t", "--show-limits", "--process-slot-var"), "it tells more than its commands do"),
        (("-0",), "its records end in NUL"),
        (("-E", "-e"), "an item may end its input (-E)"),
        (("-s", "-x"), "how many items fit decides what it runs"),
        (("-i", "-l"), "leashc does not know the old -i and -l"),
        (("-L",), "a blank at the end of a line continues it (-L)"),
    ):
        if cmd.has(*names):
            return PURE.because(reason)
    limits = [option for option in cmd.options if option.name in ("-n", "-I")]
    lines = cmd.value("-d") in ("\\n", "\n")
    remedy = _remedy(limits) if name == "echo" and (lines or not cmd.has("-d")) else ""
    alone = [(limit.name, limit.value) for limit in limits] == [("-n", "1")]
    if alone and not cmd.has("-d") and cmd.operands in ((), ("echo",)):
        return _blanks(cmd)
    # `echo -n` ends no line, and with -I its first word may come from the data.
    first = cmd.operands[1] if len(cmd.operands) > 1 else ""
    replaced = cmd.value("-I")
    ends = not first.startswith("-") and (not replaced or not first.startswith(replaced))
    framing = Framing.RECORDS if ends and name not in ("printf", "seq") else Framing.NONE
    if [limit.name for limit in limits] == ["-I"] and not cmd.has("-d"):
        # It goes on where its command fails, and answers 123 in the end.
        return STATELESS.but(guard=_LINES, status=Status.ZERO, framing=framing)
    if not lines:
        why = "a quote or a backslash may reach beyond its line (no -d '\\n')"
        return PURE.because(why, remedy)
    if len(limits) != 1 or (limits[0].name != "-I" and limits[0].value != "1"):
        return PURE.because("it gathers several lines for a command (no -n 1, no -I)", remedy)
    if not cmd.has("-r", "-I"):
        return PURE.because("it runs its command even for nothing (no -r)", remedy)
    if name != "echo":
        return PURE.because(f"whether {name} failed decides how it goes on")
    return STATELESS.but(status=Status.HALTS, framing=framing)


def _blanks(cmd: Invocation) -> Behaviour:
    """An `echo` for each word; without -r, one for no word at all."""
    each = ("xargs", "-r", "-n", "1", "echo")
    if cmd.has("-r"):
        return STATELESS.but(guard=_PLAIN, status=Status.HALTS)
    # No word is an option of echo, so nothing is printed only where there is none.
    once = ("awk", '{print} END {if (!NR) print ""}')
    return aggregate(map=each, combine=("cat",), finish=once).but(guard=_PLAIN)


def _remedy(limits: list[Option]) -> str:
    """What would divide an `echo`."""
    if {limit.name for limit in limits} <= {"-n"}:
        return "xargs -r -d '\\n' -n 1, if a line is an item, and each has an echo of its own"
    return ""
