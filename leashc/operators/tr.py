"""tr: each byte becomes another, or none; runs of a byte become one."""

from leashc.behaviour import PURE, STATELESS, Behaviour, Framing, indexed
from leashc.invocation import Invocation
from leashc.operators import operator
from leashc.operators.tr_sets import members, paired

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
    table = _table(cmd)
    if table is None:
        return PURE.because("leashc does not know its sets")
    mapped, squeezed = table
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


def _table(cmd: Invocation) -> tuple[list[int | None], frozenset[int]] | None:
    """What each byte becomes (None: nothing) and which bytes are squeezed; None if not known."""
    if not cmd.locale.bytewise and not cmd.locale.utf8:
        return None
    delete, squeeze, complement = cmd.has("-d"), cmd.has("-s"), cmd.has("-c")
    sets = cmd.operands
    identity: list[int | None] = list(range(256))
    if delete and len(sets) == (2 if squeeze else 1):
        gone = members(sets[0], complement)
        runs = members(sets[1]) if squeeze else frozenset[int]()
        if gone is None or runs is None:
            return None
        return [None if b in gone else b for b in range(256)], runs
    if delete or len(sets) not in ((1, 2) if squeeze else (2,)):
        return None
    if len(sets) == 1:
        runs = members(sets[0], complement)
        return None if runs is None else (identity, runs)
    translation = paired(*sets, complement=complement, truncate=cmd.has("-t"))
    if translation is None:
        return None
    pairs, second = translation
    for old, new in pairs:
        identity[old] = new
    return identity, second if squeeze else frozenset()


def _keeps_text(mapped: list[int | None], squeezed: frozenset[int]) -> bool:
    """Whether no NUL is made and no character of UTF-8 is broken."""
    if 0 in mapped[1:] or any(byte is not None and byte > 127 for byte in mapped[:128]):
        return False
    high = mapped[128:]
    kept = high == list(range(128, 256)) and not any(byte > 127 for byte in squeezed)
    return kept or all(byte is None or byte < 128 for byte in high)
