"""grep, egrep, fgrep: the lines that match, or how many."""

import re

from leashc.behaviour import (
    NO_NUL,
    PURE,
    STATELESS,
    TEXT,
    Behaviour,
    Status,
    aggregate,
    by_file,
    indexed,
    several_files,
)
from leashc.invocation import Invocation
from leashc.operators import operator
from runtime.slots import INDEX, INPUTS

_OPTIONS = """
    -E --extended-regexp
    -F --fixed-strings
    -G --basic-regexp
    -P --perl-regexp
    -e --regexp=PATTERNS
    -f --file=FILE
    -i --ignore-case
    -y
    --no-ignore-case
    -w --word-regexp
    -x --line-regexp
    -z --null-data
    -s --no-messages
    -v --invert-match
    -m --max-count=NUM
    -b --byte-offset
    -n --line-number
    --line-buffered
    -H --with-filename
    -h --no-filename
    --label=LABEL
    -o --only-matching
    -q --quiet --silent
    --binary-files=TYPE
    -a --text
    -I
    -d --directories=ACTION
    -D --devices=ACTION
    -r --recursive
    -R --dereference-recursive
    --include=GLOB
    --exclude=GLOB
    --exclude-from=FILE
    --exclude-dir=GLOB
    -L --files-without-match
    -l --files-with-matches
    -c --count
    -T --initial-tab
    -Z --null
    -B --before-context=NUM
    -A --after-context=NUM
    -C --context=NUM
    -NUM
    --group-separator=SEP
    --no-group-separator
    --color --colour[=WHEN]
    -U --binary
    -u --unix-byte-offsets
    -V
"""

# Option, reason. What is not here is wide.
_WHOLE = {
    "-V": "it prints about itself",
    "-z": "its records end in NUL",
    "-b": "it prints offsets (-b)",
    "-u": "it prints offsets (-u)",
    "-A": "it prints lines around matches",
    "-B": "it prints lines around matches",
    "-C": "it prints lines around matches",
    "-NUM": "it prints lines around matches",
    "-l": "it prints names of files (-l)",
    "-L": "it prints names of files (-L)",
    "-Z": "its file names end in NUL (-Z)",
    "-T": "it aligns what it prints before lines (-T)",
    "-r": "it looks for its files in directories (-r)",
    "-R": "it looks for its files in directories (-R)",
    "-d": "it chooses among its files",
    "-D": "it chooses among its files",
    "--include": "it chooses among its files",
    "--exclude": "it chooses among its files",
    "--exclude-from": "it chooses among its files",
    "--exclude-dir": "it chooses among its files",
}

_NAMES = "it prints the names of its files"
_COLOURS = "its colours depend on where its output goes"
_REMEDIES = {
    _NAMES: "grep -h, if nobody needs them",
    _COLOURS: "grep --color=never, as into a pipe",
}


@operator(
    "grep",
    "egrep",
    "fgrep",
    options=_OPTIONS,
    operands="words",
    examples=(
        "a",
        "-v a",
        "-i A",
        "-y A",
        "--no-ignore-case a",
        "-w ab",
        "-x ab",
        "-E 'a+b?$'",
        "-G 'a*b'",
        "-F a.",
        "-P 'a(?=b)'",
        "-o '[ab]*'",
        "-oi A",
        "-e a -e b",
        "-n a",
        "-vn a",
        "-no '[ab]*'",
        "-nh ''",
        "-nq a",
        "-nc a",
        "-f /dev/null",
        "-f /dev/null -v",
        "--group-separator=x a",
        "--no-group-separator a",
        "-c a",
        "-cv a",
        "-c -h a",
        "-q b",
        "-m 2 a",
        "-vm1 a",
        "-a a",
        "-a -v é",
        "--binary-files=text -c a",
        "--binary-files=without-match a",
        "-I a",
        "-U a",
        "-s --line-buffered a",
        "--color=never a",
        "--color=always a",
        "-H a",
        "--label=x -H a",
        "''",
        "-v '^$'",
        "'\\(a\\)\\1'",
        "a f g",
        "-l a f g",
        "-cv a f g h",
        "-hn a f g",
        "-m 1 a f g",
    ),
)
def grep(cmd: Invocation) -> Behaviour:
    """Each line is matched on its own, but one broken character makes all of them binary."""
    named = cmd.has("-e", "-f")
    if not named and not cmd.operands:
        return PURE.because("it has no pattern")
    inputs = cmd.operands if named else cmd.operands[1:]
    # -a settles what a binary file is; but Perl's expressions look at characters.
    text = cmd.has("-a") or cmd.value("--binary-files") == "text"
    looks = not text or cmd.has("-P")
    guard = (NO_NUL if cmd.locale.bytewise else TEXT) if looks else None
    if several_files(inputs) and _each_file(cmd, inputs):
        named_by = () if cmd.has("-h") else ("-H",)
        argv = cmd.argv(*(() if named else cmd.operands[:1]), INPUTS)
        law = by_file(files=inputs, argv=(argv[0], *named_by, *argv[1:]))
        return law.but(status=Status.ANY, reads=_patterns(cmd))
    if reason := _reason(cmd, inputs):
        return PURE.because(reason, _REMEDIES.get(reason, "")).but(guard=guard)
    pattern = () if named else cmd.operands[:1]
    argv = cmd.argv(*pattern)
    if cmd.has("-H") and inputs and not cmd.has("--label") and inputs != ("-",):
        argv = (argv[0], f"--label={inputs[0]}", *argv[1:])
    facts = {
        "inputs": inputs,
        "argv": argv,
        "guard": guard,
        "status": Status.ANY,
        "reads": _patterns(cmd),
    }
    if cmd.has("-q"):
        facts["status"] = Status.FIRST
        return STATELESS.but(stops_early=True, keeps_text=True, **facts)
    if cmd.has("-c"):
        return aggregate(map=argv, combine=("@sum", "+")).but(
            keeps_text=True, ordered=False, **facts
        )
    if cmd.has("-m"):
        first = ("head", "-n", cmd.value("-m"))
        return aggregate(map=argv, combine=first).but(stops_early=True, keeps_text=True, **facts)
    # A match may begin or end inside a character where characters are bytes.
    broken = cmd.has("-o") and cmd.locale.bytewise
    if cmd.has("-n"):
        return indexed(map=(argv, ("@renumber", INDEX))).but(keeps_text=not broken, **facts)
    return STATELESS.but(keeps_text=not broken, **facts)


def _patterns(cmd: Invocation) -> tuple[str, ...]:
    return tuple(o.value or "" for o in cmd.options if o.name == "-f")


def _each_file(cmd: Invocation, inputs: tuple[str, ...]) -> bool:
    """Whether it says of each file what it would of that alone, and of all no other way serves."""
    odd = {o.name for o in cmd.options} & {*_WHOLE, "-q", "--label"} - {"-l", "-b"}
    plain = not cmd.has("--color") or cmd.value("--color") in ("never", "always", "no", "yes")
    return not odd and plain and "-" not in _patterns(cmd) and bool(_reason(cmd, inputs))


def _reason(cmd: Invocation, inputs: tuple[str, ...]) -> str:
    """Why the whole input is needed; "" if it is not."""
    for option in cmd.options:
        if option.name in _WHOLE:
            return _WHOLE[option.name]
    if "-" in [o.value for o in cmd.options if o.name == "-f"]:
        return "it reads its patterns from standard input (-f -)"
    if len(inputs) > 1 and cmd.has("-c", "-m"):
        return "it counts in each file"
    if cmd.has("-c", "-m") and cmd.has("-H"):
        return "it prints the name of its file with a count (-H)"
    if cmd.has("-n") and not cmd.has("-c", "-q"):
        if len(inputs) > 1:
            return "it numbers the lines of each file (-n)"
        if cmd.has("-H", "-m") or cmd.value("--color") in ("always", "yes"):
            return "its numbers do not stand alone (-n)"
    if cmd.has("-m"):
        if not re.fullmatch(r"0*[1-9][0-9]*", cmd.value("-m") or ""):
            return "leashc does not know its number (-m)"
        if cmd.has("-c", "-o"):
            return "what it prints is not a line for each line it counts (-m)"
    # Last, for nothing else stands in the way of their remedies.
    if len(inputs) > 1 and not cmd.has("-h", "-q"):
        return _NAMES
    if cmd.has("--color") and cmd.value("--color") not in ("never", "always", "no", "yes"):
        return _COLOURS
    return ""
