"""sed and awk: programs over lines, wide when each line is treated on its own."""

import re

from leashc.behaviour import (
    EFFECTFUL,
    PURE,
    STATELESS,
    Behaviour,
    Framing,
    Guard,
    indexed,
)
from leashc.invocation import Invocation
from leashc.operators import awk_program, operator
from leashc.operators.scripts import Acts, Whole


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
