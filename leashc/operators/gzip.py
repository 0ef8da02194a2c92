"""gunzip and zcat: what a compressed file holds."""

from leashc.behaviour import EFFECTFUL, PURE, Behaviour
from leashc.invocation import Invocation
from leashc.operators import operator

_OPTIONS = """
    -c --stdout --to-stdout
    -d --decompress --uncompress
    -f --force
    -k --keep
    -l --list
    -n --no-name
    -N --name
    -q --quiet
    -r --recursive
    --rsyncable
    --synchronous
    -S --suffix=SUF
    -t --test
    -v --verbose
    -1 --fast
    -9 --best
"""
_STREAM = PURE.because("a gzip stream cannot be entered in the middle; its output is dealt")


@operator("zcat", options=_OPTIONS)
def zcat(cmd: Invocation) -> Behaviour:
    """The contents of its files, one after the other."""
    if cmd.has("-r"):
        return PURE.because("it looks for its files in directories (-r)").but(source=True)
    return _STREAM.but(source=bool(cmd.operands) and "-" not in cmd.operands)


@operator("gunzip", options=_OPTIONS)
def gunzip(cmd: Invocation) -> Behaviour:
    """As zcat with -c or without files; else it replaces its files."""
    if cmd.operands and not cmd.has("-c", "-l", "-t"):
        return EFFECTFUL.because("it replaces its files (no -c)")
    return zcat(cmd)
