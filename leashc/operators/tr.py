"""tr: each byte becomes another, or none; runs of a byte become one."""

from leashc.behaviour import PURE, STATELESS, Behaviour, Framing, indexed
from leashc.invocation import Invocation
from leashc.operators import operator
from leashc.operators.tr_sets import table

NEWLINE = ord("\n")


@operator(
    "tr",
    options="""
        -c -C --complement
        -d --delete
        -s --squeeze-repeats
        -t --truncate-set1
    """,
    operands="words",
    permute=False,
    examples=(
        "a-z A-Z",
        "'[:upper:]' '[:lower:]'",
        "-d a",
        "-d '\\n'",
        "-cd 'a-z\\n'",
        "'\\n' ' '",
        "' ' '\\n'",
        "-s a",
        "-s '\\n'",
        "-cs A-Za-z '\\n'",
        "-cs a-z '[\\n*]'",
        "-Cs '[:alnum:]' ' '",
        "-s '[:space:]' ' '",
        "-ds a '\\n'",
        "-ds '\\n' b",
        "-s a-c '\\n'",
        "-t abc x",
        "ab '\\nb'",
    ),
)
def tr(cmd: Invocation) -> Behaviour:
    """Bytes by themselves; where a run meets a seam, the reader strips what was squeezed."""
    known = table(cmd)
    if known is None:
        return PURE.because("leashc does not know its sets")
    mapped, squeezed = known
    end = mapped[NEWLINE]
    if end is None and squeezed:
        return PURE.because("without newlines, what it squeezes may reach across a seam")
    framing = Framing.RECORDS if end == NEWLINE else Framing.NONE
    facts = {"framing": framing, "keeps_text": _keeps_text(mapped, squeezed)}
    if end in squeezed:
        # A partition ends with `end`, so what begins the next and becomes `end` too is dropped.
        strip = bytes(b for b in range(256) if mapped[b] in (end, None))
        return indexed(strip=strip).but(**facts)
    return STATELESS.but(**facts)


def _keeps_text(mapped: list[int | None], squeezed: frozenset[int]) -> bool:
    """Whether no NUL is made and no character of UTF-8 is broken."""
    if 0 in mapped[1:] or any(byte is not None and byte > 127 for byte in mapped[:128]):
        return False
    high = mapped[128:]
    kept = high == list(range(128, 256)) and not any(byte > 127 for byte in squeezed)
    return kept or all(byte is None or byte < 128 for byte in high)
