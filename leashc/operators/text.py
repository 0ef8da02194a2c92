"""iconv, strings: bytes as characters."""

import re

from leashc.behaviour import EFFECTFUL, PURE, STATELESS, Behaviour, Framing, Joint, Status
from leashc.invocation import Invocation
from leashc.operators import operator

# Character sets in which a newline is that byte, and no state goes from one line to the next.
_LINEWISE = re.compile(
    r"(UTF-?8|US-ASCII|ASCII|LATIN-?[1-9]|ISO[-_]?8859-?[0-9]{1,2}|(CP|WINDOWS-?)125[0-8]|KOI8-?[RU])"
)


@operator(
    "iconv",
    options="""
        -f --from-code=NAME
        -t --to-code=NAME
        -l --list
        -c
        -o --output=FILE
        -s --silent
        --verbose
        -?
        --usage
        -V
    """,
    examples=(
        "-f latin1 -t utf8",
        "-f UTF-8 -t ISO-8859-1",
        "-f utf8 -t ascii//TRANSLIT",
        "-f WINDOWS-1252 -t UTF-8",
        "-s -f utf-8 -t utf-8",
    ),
)
def iconv(cmd: Invocation) -> Behaviour:
    """Where a newline is a newline in both character sets; it stops at what it cannot convert."""
    if cmd.has("-l", "-?", "--usage", "-V"):
        return PURE.because("it prints about itself")
    if cmd.has("-o"):
        return EFFECTFUL.because("it writes a file (-o)")
    if cmd.has("-c"):
        return PURE.because("what it leaves out decides its status (-c)")
    if cmd.has("--verbose"):
        return PURE.because("it explains itself (--verbose)")
    if len(cmd.operands) > 1:
        return PURE.because("what it cannot convert ends one file, and the next goes on")
    source, target = ((cmd.value(name) or "").upper() for name in ("-f", "-t"))
    named = [name for name in (source, target.removesuffix("//TRANSLIT")) if name]
    if not all(map(_LINEWISE.fullmatch, named)):
        return PURE.because("its lines may end otherwise, or a state reach beyond them")
    if len(named) < 2:
        why = "a character set is the locale's own (no -f or no -t)"
        return PURE.because(why, "iconv -f FROM -t TO, with the names of both")
    return STATELESS.but(joint=Joint.BYTES, status=Status.HALTS)


@operator(
    "strings",
    options="""
        -a --all
        -d --data
        -f --print-file-name
        -n --bytes=MIN
        -NUM
        -t --radix=RADIX
        -o
        -w --include-all-whitespace
        -T --target=BFD
        -e --encoding=SIZE
        -U --unicode=HOW
        -s --output-separator=STRING
        -h
        -v -V
    """,
    examples=("", "-a", "-n 1", "-n 2", "-3", "-e S -n 2", "-e s", "-s : -n 2"),
)
def strings(cmd: Invocation) -> Behaviour:
    """Runs of printable characters, none of which holds a newline."""
    for names, reason in (
        (("-h", "-v"), "it prints about itself"),
        (("-d", "-T"), "it looks at parts of an object file"),
        (("-f",), "it prints the names of its files (-f)"),
        (("-t", "-o"), "it prints offsets"),
        (("-w",), "its strings may hold newlines (-w)"),
        (("-U",), "leashc does not know how it reads characters (-U)"),
    ):
        if cmd.has(*names):
            return PURE.because(reason)
    if cmd.value("-e", "s") not in ("s", "S"):
        return PURE.because("its characters are wider than a byte (-e)")
    if "-" in cmd.operands:
        return PURE.because("a `-` means something else to it")
    framing = Framing.NONE if cmd.has("-s") else Framing.RECORDS
    return STATELESS.but(framing=framing)
