"""md5sum and its kin: a line for each file."""

from leashc.behaviour import PURE, Behaviour, by_file, several_files
from leashc.invocation import Invocation
from leashc.operators import operator
from leashc.operators.whole import DIGEST


@operator(
    *("md5sum", "sha1sum", "sha224sum", "sha256sum", "sha384sum", "sha512sum", "b2sum"),
    options="""
        -b --binary
        -c --check
        -l --length=BITS
        --tag
        -t --text
        -z --zero
        --ignore-missing
        --quiet
        --status
        --strict
        -w --warn
    """,
    examples=("f g", "--tag f g", "-b f g h", "-t f g"),
)
def checksum(cmd: Invocation) -> Behaviour:
    """Each file on its own."""
    if cmd.flags_without("-b", "-t", "--tag") or not several_files(cmd.operands):
        return PURE.because("it compares with a list (-c)" if cmd.has("-c") else DIGEST)
    return by_file(files=cmd.operands)
