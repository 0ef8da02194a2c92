"""sort: each partition by itself, then a merge with the same keys."""

import re

from leashc.behaviour import EFFECTFUL, PURE, Behaviour, aggregate
from leashc.invocation import Invocation
from leashc.operators import operator
from runtime.slots import FAN, INPUTS, MEMORY, SCRATCH, SPLITTERS

# How much it uses, not what it answers: a task has limits of its own.
TUNING = ("-S", "-T", "--parallel", "--batch-size")

_POSITION = r"[0-9]+(?:\.[0-9]+)?([bdfgiMhnRrV]*)"
_KEY = re.compile(rf"{_POSITION}(?:,{_POSITION})?")
_WELL_FORMED = {
    "-S": re.compile(r"[0-9]+[%bkKMGTPEZY]?"),
    "--parallel": re.compile(r"[1-9][0-9]*"),
    "--batch-size": re.compile(r"[2-9]|[1-9][0-9]+"),
}
_WORDS = {  # --sort=WORD
    "general-numeric": "g",
    "human-numeric": "h",
    "month": "M",
    "numeric": "n",
    "random": "R",
    "version": "V",
}


# Of several NaNs GNU sort takes now one, now another for the least, as they come together.
_NANS = "where NaN stands depends on how much it sorts at a time (-g)"
_REMEDIES = {_NANS: "sort -n, if no number has an exponent"}


@operator(
    "sort",
    options="""
        -b --ignore-leading-blanks
        -d --dictionary-order
        -f --ignore-case
        -g --general-numeric-sort
        -i --ignore-nonprinting
        -M --month-sort
        -h --human-numeric-sort
        -n --numeric-sort
        -R --random-sort
        --random-source=FILE
        -r --reverse
        --sort=WORD
        -V --version-sort
        --batch-size=NMERGE
        -c
        -C
        --check[=WHEN]
        --compress-program=PROG
        --debug
        --files0-from=F
        -k --key=KEYDEF
        -m --merge
        -o --output=FILE
        -s --stable
        -S --buffer-size=SIZE
        -t --field-separator=SEP
        -T --temporary-directory=DIR
        --parallel=N
        -u --unique
        -z --zero-terminated
    """,
    pipes=True,
    examples=(
        "",
        "-r",
        "-n",
        "-rn",
        "-u",
        "-k2",
        "-t, -k2,2n -k1,1",
        "-s -k1,1",
        "-f",
        "-u -k1,1",
        "-u -f",
        "-us -k2n",
        "-b -k2,2r",
        "-d",
        "-i",
        "-fd -u",
        "-h",
        "-M",
        "-V",
        "-t '\\0' -k2",
        "--sort=numeric -u -r",
        "-S 10M --parallel=2 --batch-size=3 -T /tmp",
    ),
)
def sort(cmd: Invocation) -> Behaviour:
    """Sort each partition, then merge with the same keys; a merge keeps equal lines in order."""
    orderings = _orderings(cmd)
    if cmd.has("-o"):
        plain = sort(cmd.without("-o"))
        remedy = "sort … > OUTPUT, which none of its inputs is" if plain.wide else ""
        return EFFECTFUL.because("it writes a file (-o)", remedy)
    if cmd.has("--compress-program"):
        plain = sort(cmd.without("--compress-program"))
        remedy = "sort without --compress-program" if plain.wide else ""
        return EFFECTFUL.because("it runs another program (--compress-program)", remedy)
    if any("R" in letters for letters in orderings):
        return PURE.because("it shuffles (-R)").but(deterministic=False)
    if reason := _whole(cmd, orderings):
        return PURE.because(reason, _REMEDIES.get(reason, ""))
    keys = cmd.flags_without(*TUNING)
    scratch = [o for option in cmd.options if option.name == "-T" for o in option.words]
    place = scratch or ["-T", SCRATCH]
    mapped = ("sort", *keys, "--parallel=1", "-S", MEMORY, *place)
    # Splitters come first, so what is equal follows them; -u would take them for it, and
    # makes a sort stable.
    every = cmd.without("-u").flags_without(*TUNING)
    merged = ("sort", *every, "-s", "-m", *place, SPLITTERS)
    return aggregate(
        map=mapped,
        combine=("sort", *keys, "-m", "--batch-size", FAN, *place, INPUTS),
    ).but(
        ranged=(mapped, merged) if cmd.has("-u") else ((*mapped, SPLITTERS),),
        keeps_bytes=not cmd.has("-u"),
        keeps_text=True,
        ordered=not _total(cmd, orderings),
    )


def _orderings(cmd: Invocation) -> list[str]:
    """The ordering letters: the command's own first, then those of each key's two ends."""
    letters = "".join(o.name[1] for o in cmd.options if re.fullmatch("-[bdfgiMhnRrV]", o.name))
    for option in cmd.options:
        if option.name == "--sort":
            # An abbreviation that means nothing or too much is an error, of any letter.
            letters += next(
                (c for w, c in _WORDS.items() if w.startswith(option.value or "-")), "R"
            )
    found = [letters]
    for option in cmd.options:
        if option.name == "-k":
            match = _KEY.fullmatch(option.value or "")
            found.append("".join(filter(None, match.groups())) if match else "?")
    return found


def _whole(cmd: Invocation, orderings: list[str]) -> str:
    """Why the whole input is needed; "" if it is not."""
    for names, reason in (
        (("-c", "-C", "--check"), "it checks an order over its whole input"),
        (("-m",), "its inputs are sorted already and only merge (-m)"),
        (("--files0-from",), "its inputs are named in a file (--files0-from)"),
        (("--debug",), "it explains itself line by line (--debug)"),
        (("-z",), "its records end in NUL"),
        (("--random-source",), "it reads random bytes"),
    ):
        if cmd.has(*names):
            return reason
    if any(re.match(r"\+[0-9]", word) for word in cmd.operands):
        return "its keys are given the old way (+1)"
    separators = {o.value for o in cmd.options if o.name == "-t"}
    if len(separators) > 1 or any(not _separates(value or "") for value in separators):
        return "leashc does not know its field separator"
    for option in cmd.options:
        pattern = _WELL_FORMED.get(option.name)
        if pattern and not pattern.fullmatch(option.value or ""):
            return f"leashc does not know its {option.words[0]}"
    for letters in orderings:
        if letters == "?":
            return "leashc does not know one of its keys"
        if "g" in letters:
            return _NANS
        kinds = {"V" if c == "V" else "i" if c in "di" else c for c in letters} & set("ghMnVi")
        if len(kinds) > 1:
            return "its orders contradict each other"
    return ""


def _separates(value: str) -> bool:
    return value == "\\0" or (len(value) == 1 and value.isascii())


def _total(cmd: Invocation, orderings: list[str]) -> bool:
    """Whether lines that compare equal are the same bytes: then their order is forgotten."""
    if not cmd.locale.collates_bytewise or cmd.has("-s"):
        return False
    return not cmd.has("-u") or (len(orderings) == 1 and not orderings[0].strip("r"))
