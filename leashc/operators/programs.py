"""sed and awk: programs over lines, wide when each line is treated on its own."""

import re

from leashc.behaviour import (
    EFFECTFUL,
    PURE,
    STATELESS,
    Behaviour,
    Framing,
    Guard,
    aggregate,
    indexed,
)
from leashc.invocation import Invocation
from leashc.operators import awk_program, operator, sed_script
from leashc.operators.scripts import Acts, Whole


@operator(
    "sed",
    options="""
        -n --quiet --silent
        --debug
        -e --expression=SCRIPT
        -f --file=FILE
        --follow-symlinks
        -i --in-place[=SUFFIX]
        -l --line-length=N
        --posix
        -b --binary
        -E -r --regexp-extended
        -s --separate
        --sandbox
        -u --unbuffered
        -z --null-data
    """,
    operands="words",
    examples=(
        "s/a/b/",
        "'s/a/x/g; s,b,y,2'",
        "-E 's/(a+)(b?)/\\2\\1/I'",
        "-n /a/p",
        "-n 's/a/x/gp'",
        "/a/d",
        "'/a/!d'",
        "'/a/I{s/b/c/;p}'",
        "y/ab/ba/",
        "-e s/a/b/ -e s/b/c/",
        "':x;s/^\\( *\\)a/\\1 /;tx'",
        "G",
        "z",
        "-u 's/$/\\r/'",
        "-s 's/a/\\n/'",
        "'s/a/\\x41/'",
        "1d",
        "3d",
        "2,3d",
        "3,2d",
        "1q",
        "3q",
        "-n 2p",
        "-n 2,3p",
    ),
)
def sed(cmd: Invocation) -> Behaviour:
    """Each line is edited on its own, or lines are told by their numbers alone."""
    if cmd.has("-i"):
        return EFFECTFUL.because("it rewrites its files (-i)")
    for option, reason in (
        ("-z", "its records end in NUL"),
        ("-f", "its script is in a file (-f)"),
        ("--posix", "leashc reads GNU sed's language (--posix)"),
        ("--debug", "it explains itself (--debug)"),
    ):
        if cmd.has(option):
            return PURE.because(reason)
    given = [option.value or "" for option in cmd.options if option.name == "-e"]
    if not given and not cmd.operands:
        return PURE.because("it has no script")
    words = () if given else cmd.operands[:1]
    inputs = cmd.operands[len(words) :]
    try:
        script = sed_script.read("\n".join(given) if given else words[0])
    except Acts as acts:
        return EFFECTFUL.because(str(acts))
    except Whole as whole:
        return PURE.because(str(whole))
    if isinstance(script, sed_script.Lines):
        return _lines(cmd, script, inputs, words)
    if len(inputs) > 1 and (script.deletes or cmd.has("-n")):
        return PURE.because("what ends a file without a newline depends on the next file")
    # Where characters are bytes, an edit may break one.
    text = not script.escapes and not (script.edits and cmd.locale.bytewise)
    return STATELESS.but(inputs=inputs, argv=cmd.argv(*words), keeps_text=text)


def _lines(
    cmd: Invocation, script: sed_script.Lines, inputs: tuple[str, ...], words: tuple[str, ...]
) -> Behaviour:
    """`5d` leaves lines out; `5q` is a head; `-n 2,5p` is the end of one."""
    if len(inputs) > 1:
        return PURE.because("it counts lines from file to file")
    facts = {"inputs": inputs, "keeps_text": True}
    quiet = cmd.has("-n")
    if script.command == "d" and not quiet:
        return indexed(drop=(script.first, script.last), argv=("cat",)).but(**facts)
    if script.command == "q" and not quiet:
        # Not head: where sed quits, it ends a line that has no newline.
        head = cmd.argv(*words)
        return aggregate(map=head, combine=head).but(stops_early=True, **facts)
    if script.command == "p" and quiet:
        head = ("head", "-n", str(script.last))
        return aggregate(map=head, combine=head, finish=cmd.argv(*words)).but(**facts)
    return PURE.because("it counts lines")


@operator(
    "awk",
    "gawk",
    "mawk",
    options="""
        -F --field-separator=FS
        -v --assign=ASSIGNMENT
        -f --file=FILE
        -W=OPTION
    """,
    operands="words",
    permute=False,
    examples=(
        "'{print $1}'",
        "1",
        "-F, '{print $2, NF}'",
        "-F '[ab]' '{print $1}'",
        "-v x=2 '$1 > x'",
        "'/a/ && !/b/'",
        "'$1 ~ /^a/ {print $NF; next} {print \"no\"}'",
        "'length > 3'",
        "'length($0) % 2 == 1'",
        "'{$2 = \"\"; print}'",
        "'{$1++; print $1 * 2 + .5}'",
        "'{gsub(/a/, \"&b\"); print}'",
        '\'{sub("b", "", $1)} 1\'',
        "'{printf \"%s-%d\\n\", $1, $2}'",
        "'{printf(\"%s \", $1)}'",
        "'{print toupper(substr($1, 1, 2)) index($0, \"b\")}'",
        '\'BEGIN {FS = ","; OFS = "-"} {$1 = $1} 1\'',
        "'{if ($1 == \"a\") print; else if (NF > 1) {print $2}}'",
        "'$1 > 5 ? $2 : $3'",
        "'NF'",
        '\'!NF {next} {print "[" $0 "]"}\'',
        "'{print ($1 > $2), ($1 / 2), sprintf(\"%03d\", $1)}'",
        "'NR > 1'",
        "'NR != 2 {print $1}'",
        "'NR >= 3'",
        "-v OFS=: '{print $1, $2}'",
    ),
)
def awk(cmd: Invocation) -> Behaviour:
    """Each record is treated on its own, or records are told by their numbers alone."""
    if cmd.has("-f"):
        return PURE.because("its program is in a file (-f)")
    if cmd.has("-W"):
        return PURE.because("leashc does not know its option -W")
    if not cmd.operands:
        return PURE.because("it has no program")
    inputs = cmd.operands[1:]
    if any(re.match(r"[A-Za-z_]\w*=", word) or not word for word in inputs):
        return PURE.because("it sets variables between its files")
    settings = dict((o.value or "").partition("=")[::2] for o in cmd.options if o.name == "-v")
    if fixed := sorted(awk_program.FIXED & settings.keys()):
        return PURE.because(f"it sets {fixed[0]}")
    try:
        program = awk_program.read(cmd.operands[0])
    except Acts as acts:
        return EFFECTFUL.because(str(acts))
    except awk_program.Random as drawn:
        return PURE.because(str(drawn)).but(deterministic=False)
    except Whole as whole:
        return PURE.because(str(whole))
    separator = settings.get("FS", cmd.value("-F") or " ")
    plain = len(separator) == 1 and all(v.isascii() and "\\" not in v for v in settings.values())
    return (indexed(drop=program.drop) if program.drop else STATELESS).but(
        inputs=inputs,
        argv=cmd.argv(program.program),
        guard=Guard.NO_NUL,  # mawk's functions read on from a NUL into older strings
        framing=Framing.RECORDS if program.lines else Framing.NONE,
        keeps_text=program.keeps_text and plain and separator.isascii(),
    )
