"""numfmt, factor: each number by itself."""

from leashc.behaviour import PURE, SOURCE, STATELESS, Behaviour, Status
from leashc.invocation import Invocation
from leashc.operators import operator


@operator(
    "numfmt",
    options="""
        --debug
        -d --delimiter=X
        --field=FIELDS
        --format=FORMAT
        --from=UNIT
        --from-unit=N
        --grouping
        --header[=N]
        --invalid=MODE
        --padding=N
        --round=METHOD
        --suffix=SUFFIX
        --to=UNIT
        --to-unit=N
        --unit-separator=SEP
        -z --zero-terminated
        --devdebug
    """,
    operands="words",
    examples=(
        "",
        "--from=auto",
        "--from=iec --to=si --invalid=ignore",
        "--to=iec --padding=8 --invalid=warn",
        "--field=2 --invalid=fail",
        "--field=- -d, --suffix=B --invalid=ignore",
        "--from-unit=3 --to-unit=2 --round=up",
        "--format=%06.1f",
        "--grouping --invalid=ignore",
    ),
)
def numfmt(cmd: Invocation) -> Behaviour:
    """Line by line; at what is no number it stops, unless --invalid says otherwise."""
    if cmd.operands:
        return SOURCE
    if cmd.has("--header"):
        return PURE.because("it leaves the first lines as they are (--header)")
    if cmd.has("-z"):
        return PURE.because("its records end in NUL")
    if cmd.has("--debug", "--devdebug"):
        return PURE.because("it explains itself (--debug)")
    if cmd.has("--unit-separator"):
        return PURE.because("only the newest versions know --unit-separator")
    mode = cmd.value("--invalid", "abort")
    if mode not in ("abort", "fail", "warn", "ignore"):
        return PURE.because("leashc does not know its --invalid")
    if mode == "abort":
        return STATELESS.but(status=Status.HALTS)
    return STATELESS.but(fails=mode == "fail")


@operator("factor", options="-h --exponents", operands="words", examples=("",))
def factor(cmd: Invocation) -> Behaviour:
    """The numbers of each line; what is none it complains about and goes on."""
    if cmd.operands:
        return SOURCE
    if cmd.has("-h"):
        return PURE.because("only the newest versions know --exponents")
    return STATELESS.but(fails=True)
