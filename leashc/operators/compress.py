"""gzip, bzip2, xz, zstd, lz4 and their kin: compressed data, made or read."""

from leashc.behaviour import EFFECTFUL, PURE, Behaviour, Framing, Status, by_file, several_files
from leashc.invocation import Invocation
from leashc.operators import operator

# In the middle of a stream nobody can begin, but what is read from it is text like any other.
_STREAM = PURE.because("a compressed stream cannot be entered in the middle; its output is dealt")
_MADE = PURE.because("what it makes of one byte depends on those before")

# With these and no others it does to several files what it does to each.
_EACH = ("-c", "-d", "-f", "-k", "-q", *(f"-{level}" for level in range(1, 10)), "-NUM")

_LEVELS = "\n".join(f"-{level}" for level in range(1, 10))
_GZIP = f"""
    -a --ascii
    -c --stdout --to-stdout
    -d --decompress --uncompress
    -f --force
    -h
    -k --keep
    -l --list
    -L --license
    -n --no-name
    -N --name
    -q --quiet
    -r --recursive
    --rsyncable
    --synchronous
    -S --suffix=SUF
    -t --test
    -v --verbose
    -V
    --fast
    --best
    {_LEVELS}
"""
_BZIP2 = f"""
    -c --stdout
    -d --decompress
    -f --force
    -h
    -k --keep
    -L --license
    -q --quiet
    -s --small
    -t --test
    -v --verbose
    -V
    -z --compress
    --fast
    --best
    {_LEVELS}
"""
_XZ = f"""
    -c --stdout --to-stdout
    -C --check=CHECK
    -d --decompress --uncompress
    -e --extreme
    -f --force
    -F --format=FORMAT
    -h
    -H --long-help
    -k --keep
    -l --list
    -M --memlimit=LIMIT
    -q --quiet
    -Q --no-warn
    -S --suffix=SUF
    -t --test
    -T --threads=NUM
    -v --verbose
    -V
    -z --compress
    --block-list=SIZES
    --block-size=SIZE
    --files[=FILE]
    --files0[=FILE]
    --flush-timeout=TIME
    --ignore-check
    --info-memory
    --lzma1[=OPTS]
    --lzma2[=OPTS]
    --memlimit-compress=LIMIT
    --memlimit-decompress=LIMIT
    --no-adjust
    --no-sparse
    --robot
    --single-stream
    -0
    --fast
    --best
    {_LEVELS}
"""
_ZSTD = """
    -NUM
    -B=SIZE
    -c --stdout
    -C --check
    -d --decompress --uncompress
    -D=DICT
    -f --force
    -h
    -H
    -k --keep
    -l --list
    -M --memory=LIMIT
    -o=OUTPUT
    -q --quiet
    -r
    -t --test
    -T --threads=NUM
    -v --verbose
    -V
    -z --compress
    --adapt
    --fast[=LEVEL]
    --format=FORMAT
    --long[=LOG]
    --no-check
    --no-progress
    --no-sparse
    --progress
    --rm
    --rsyncable
    --single-thread
    --size-hint=SIZE
    --sparse
    --stream-size=SIZE
    --ultra
"""
_LZ4 = """
    -NUM
    -B=BLOCK
    -c --stdout --to-stdout
    -d --decompress
    -D=FILE
    -f --force
    -h
    -H
    -k --keep
    -l
    -m --multiple
    -q --quiet
    -r
    -t --test
    -v --verbose
    -V
    -z --compress
    --best
    --content-size
    --fast[=LEVEL]
    --favor-decSpeed
    --list
    --no-frame-crc
    --no-sparse
    --rm
    --sparse
"""


def _judged(cmd: Invocation, *, reads: bool, stdout: bool = False) -> Behaviour:
    """reads: it decompresses; stdout: it writes there without being told."""
    law = _STREAM if reads or cmd.has("-d", "-l", "-t") else _MADE
    files = [word for word in cmd.operands if word != "-"]
    if cmd.has("-o", "--rm"):
        return EFFECTFUL.because("it writes or removes files")
    if files and not stdout and not cmd.has("-c", "-l", "-t", "--list"):
        return EFFECTFUL.because("it replaces its files (no -c)")
    if cmd.has("-r"):
        return law.because("it looks for its files in directories (-r)").but(source=True)
    if several_files(cmd.operands) and not cmd.flags_without(*_EACH):
        # What fails is said again by the command itself.
        return by_file(files=cmd.operands).but(framing=Framing.NONE, status=Status.ZERO)
    return law.but(source=bool(files) and len(files) == len(cmd.operands))


def _family(table: str, makes: str, reads: tuple[str, ...], prints: tuple[str, ...]) -> None:
    """Register the names of a format: what compresses, what decompresses, what prints."""

    @operator(makes, options=table)
    def compress(cmd: Invocation) -> Behaviour:
        """Compresses; with -d it decompresses, as its kin do."""
        return _judged(cmd, reads=False)

    @operator(*reads, options=table)
    def decompress(cmd: Invocation) -> Behaviour:
        """Decompresses; with files and without -c it replaces them."""
        return _judged(cmd, reads=True)

    @operator(*prints, options=table)
    def contents(cmd: Invocation) -> Behaviour:
        """The contents of its files, one after the other."""
        return _judged(cmd, reads=True, stdout=True)


_family(_GZIP, "gzip", ("gunzip",), ("zcat",))
_family(_BZIP2, "bzip2", ("bunzip2",), ("bzcat",))
_family(_XZ, "xz", ("unxz", "unlzma"), ("xzcat", "lzcat"))
_family(_ZSTD, "zstd", ("unzstd",), ("zstdcat",))
_family(_LZ4, "lz4", ("unlz4",), ("lz4cat",))
