"""Commands that make their output without an input: from their words, or from the world."""

from leashc.behaviour import EFFECTFUL, PURE, SOURCE, Behaviour
from leashc.invocation import Invocation
from leashc.operators import operator

# Expressions of find that write files or run commands.
_ACTIONS = (
    "-delete",
    "-exec",
    "-execdir",
    "-ok",
    "-okdir",
    "-fls",
    "-fprint",
    "-fprint0",
    "-fprintf",
)


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


@operator("echo", "printf", "yes", "basename", "dirname", "expr", options=None)
def words(cmd: Invocation) -> Behaviour:
    """Makes its output from its words."""
    return SOURCE


@operator("true", "false", "test", "[", options=None)
def status(cmd: Invocation) -> Behaviour:
    """Prints nothing; its status is what counts."""
    return SOURCE.because("it reads nothing and prints nothing")


@operator(
    *("ls", "du", "df", "stat", "ps", "id", "uname", "nproc", "whoami", "pwd", "who", "printenv"),
    options=None,
)
def state(cmd: Invocation) -> Behaviour:
    """Tells the state of files or of the machine."""
    if any(word.startswith("--files0-from") for word in cmd.arguments):
        return PURE.because("its files are named in a file (--files0-from)")
    return SOURCE.because("it tells how the machine is, and reads no stream")


@operator("find", options=None)
def find(cmd: Invocation) -> Behaviour:
    """Names of files, in the order of their directories."""
    if acts := next((word for word in cmd.arguments if word in _ACTIONS), None):
        return EFFECTFUL.because(f"it acts on what it finds ({acts})")
    if "-files0-from" in cmd.arguments:
        return PURE.because("its directories are named in a file (-files0-from)")
    return SOURCE.because("it reads directories, and no stream")


@operator(
    "date",
    options="""
        -d --date=STRING
        --debug
        -f --file=DATEFILE
        -I --iso-8601[=FMT]
        --resolution
        -R --rfc-email
        --rfc-3339=FMT
        -r --reference=FILE
        -s --set=STRING
        -u --utc --universal --uct
    """,
    operands="words",
)
def date(cmd: Invocation) -> Behaviour:
    """The time, or times from a file."""
    if cmd.has("-s") or any(not word.startswith("+") for word in cmd.operands):
        return EFFECTFUL.because("it may set the clock")
    return SOURCE.because("it tells the time, and reads no stream").but(source=not cmd.has("-f"))
