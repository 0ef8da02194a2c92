"""Commands that need their whole input in order, each with the reason.

None of their flags makes them divide, so none is listed; those that write files
are elsewhere, or looked for here.
"""

from leashc.behaviour import EFFECTFUL, PURE, Behaviour
from leashc.invocation import Invocation
from leashc.operators import operator

_OFFSETS = "its rows of bytes are counted from the beginning, not cut at lines"
DIGEST = "a checksum is made of its whole input, byte after byte"
_ENCODED = "it takes several bytes at a time, wherever lines end"

REASONS = {
    "fmt": "it fills paragraphs, which reach over lines",
    "pr": "it makes pages, which are counted from the beginning",
    "column": "its widths depend on all lines",
    "tsort": "an order of all pairs is one answer",
    "od": _OFFSETS,
    "hexdump": _OFFSETS,
    "hd": _OFFSETS,
    "base64": _ENCODED,
    "base32": _ENCODED,
    "basenc": _ENCODED,
    "uuencode": _ENCODED,
    "cksum": DIGEST,
    "sum": DIGEST,
    "diff": "it finds the shortest way from all of one input to all of the other",
    "cmp": "it ends at the first byte that differs, wherever that is",
    "look": "it finds its lines by halving a sorted file",
    "ptx": "its index is of all lines",
    "ts": "it stamps each line with the time at which it comes",
    "pv": "it shows how fast the data pass",
}


@operator(*REASONS, options=None)
def whole(cmd: Invocation) -> Behaviour:
    """Needs its whole input in order."""
    timed = cmd.name in ("ts", "pv")
    plain = cmd.name == "nl" and not any(word.startswith("-") for word in cmd.arguments)
    remedy = "cat -n, if empty lines may be numbered, too" if plain else ""
    return PURE.because(REASONS[cmd.name], remedy).but(deterministic=not timed)


@operator("xxd", options=None)
def xxd(cmd: Invocation) -> Behaviour:
    """Rows of bytes; a second operand is written, and only some options take a value."""
    words = [word for word in cmd.arguments if word[:1] not in ("-", "+") or word == "-"]
    if len(words) > 1:
        return EFFECTFUL.because("it may write a file (its second operand)")
    return PURE.because(_OFFSETS)


@operator(
    "shuf",
    options="""
        -e --echo
        -i --input-range=LO-HI
        -n --head-count=COUNT
        -o --output=FILE
        --random-source=FILE
        -r --repeat
        -z --zero-terminated
    """,
)
def shuf(cmd: Invocation) -> Behaviour:
    """A random order, or a sample, of all its lines."""
    if cmd.has("-o"):
        return EFFECTFUL.because("it writes a file (-o)")
    return PURE.because("it chooses from all its lines").but(
        source=cmd.has("-e", "-i"), deterministic=cmd.has("--random-source")
    )


@operator("dd", options=None)
def dd(cmd: Invocation) -> Behaviour:
    """Blocks of bytes, counted."""
    if any(word.startswith("of=") for word in cmd.arguments):
        return EFFECTFUL.because("it writes a file (of=)")
    return PURE.because("its blocks are of bytes, not of lines")
