"""wc: lines, words, characters, bytes and the longest line; numbers that add up."""

from leashc.behaviour import PURE, Behaviour, aggregate
from leashc.invocation import Invocation
from leashc.operators import operator
from runtime.slots import SIZE


@operator(
    "wc",
    options="""
        -c --bytes
        --debug
        --files0-from=F
        -l --lines
        -L --max-line-length
        -m --chars
        --total=WHEN
        -w --words
    """,
    examples=("", "-l", "-w", "-c", "-m", "-L", "-lw", "-lwc", "-lL", "-mc", "-lwmcL"),
)
def wc(cmd: Invocation) -> Behaviour:
    """Count each partition, then add; the longest line is the longest of the parts'."""
    if cmd.has("--files0-from", "--total", "--debug"):
        return PURE.because("its inputs or its total are asked for in a special way")
    if len(cmd.operands) > 1:
        return PURE.because("it prints a line for each file", "cat FILE … | wc, for the total")
    name = cmd.operands[0] if cmd.operands else ""
    if "\n" in name:
        return PURE.because("it quotes a file name")
    columns = len({option.name for option in cmd.options}) or 3
    # The longest line is always the last column.
    how = ["+"] * columns
    if cmd.has("-L"):
        how[-1] = "max"
    add = ("@sum", *how)
    finish: tuple[str, ...] = ()
    if columns > 1 or name:
        shown = ("--name", name) if name else ()
        # One number alone is not padded; others are as wide as a file's size could need.
        padded = ("--size", SIZE) if columns > 1 else ()
        finish = ("@sum", *padded, *shown, *how)
    return aggregate(combine=add, finish=finish).but(ordered=False, keeps_text=True)
