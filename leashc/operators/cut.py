"""cut: fields, characters or bytes of each line."""

from leashc.behaviour import PURE, STATELESS, Behaviour
from leashc.invocation import Invocation
from leashc.operators import operator


@operator(
    "cut",
    options="""
        -b --bytes=LIST
        -c --characters=LIST
        -d --delimiter=DELIM
        -f --fields=LIST
        -n
        --complement
        -s --only-delimited
        --output-delimiter=STRING
        -z --zero-terminated
    """,
    pipes=True,
    examples=(
        "-d' ' -f1",
        "-c2-3",
        "-f2 -s",
        "-d, -f2- --complement",
        "-b1 --output-delimiter=:",
        "-nb2-",
        "-d '' -f1",
        "-d' ' -f1,2 --output-delimiter=''",
    ),
)
def cut(cmd: Invocation) -> Behaviour:
    """Each line is cut on its own."""
    if cmd.has("-z"):
        return PURE.because("its records end in NUL")
    if cmd.value("-d") == "\n":
        return PURE.because("its fields are lines (-d newline)")
    # Bytes may be parts of characters, and an empty delimiter stands for NUL.
    delimiters = [cmd.value("-d", "\t"), cmd.value("--output-delimiter", " ")]
    plain = all(word and word.isascii() for word in delimiters)
    return STATELESS.but(keeps_text=plain and not cmd.has("-b", "-c"))
