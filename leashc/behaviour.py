"""How one invocation acts on a divided stream: the vocabulary of the compiler.

An operator maps an `Invocation` to a `Behaviour`. The six kinds and their laws,
for a command f and an input x·y cut at a record end:

    stateless   f(x·y) = f(x)·f(y)
    aggregate   f(x·y) = finish(combine(map x, map y)), combine associative
    indexed     f(x·y) = f₀(x)·f₍ₖ₎(y), k an additive measure of x
    joined      several inputs, divided together
    pure        needs its whole input, in order
    effectful   touches the world: never divided, moved, repeated or retried
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from runtime.plan import Argv


class Kind(StrEnum):
    STATELESS = "stateless"
    AGGREGATE = "aggregate"
    INDEXED = "indexed"
    JOINED = "joined"
    PURE = "pure"
    EFFECTFUL = "effectful"


class Guard(StrEnum):
    """What the data must be for the law to hold; readers check it as they read."""

    NO_NUL = "no NUL byte"
    TEXT = "valid characters of the locale and no NUL byte"


class Framing(StrEnum):
    """Whether the output is made of whole records, given an input that is."""

    RECORDS = "records"
    NONE = "none"


class Joint(StrEnum):
    """How two input files meet: bytes run on, or a record ends with its file.

    RECORDS puts a newline before the first byte of a file when the bytes so far do
    not end in one; the end of the last file stays as it is.
    """

    BYTES = "bytes"
    RECORDS = "records"


class Status(StrEnum):
    """How the exit statuses of the parts make the status of the whole."""

    WORST = "worst"  # the largest
    FIRST = "first"  # as ANY, and nothing counts after a part that ended with 0
    ANY = "any"  # 0 if any part ended with 0, else the smallest; trouble (> 1) beats both
    HALTS = "halts"  # that of the first part that failed: the command gives up where it fails


class Trim(NamedTuple):
    """What the reader does for an indexed command: it leaves something out, or cuts with care.

    Exactly one of the three is set. `drop` is a range of record numbers of the
    whole stream, counted from 1, both ends included. `strip` holds the bytes
    that are dropped where a partition begins, unless it is the first. `group` is
    the number of records that belong together: no partition but the last ends
    inside such a group.
    """

    drop: tuple[int, int] | None = None
    strip: bytes = b""
    group: int = 1


class Behaviour(NamedTuple):
    """The facts that the passes read. `because` and `but` make variants.

    inputs: the operands that name input files, in order (`-` is standard input);
    empty means that the command reads standard input. `argv` is the command that
    does the same to standard input, with the input operands gone.
    """

    kind: Kind
    reason: str = ""  # why it is not wide, or not wider; a clause: "its records end in NUL"
    inputs: tuple[str, ...] = ()
    joint: Joint = Joint.RECORDS
    argv: Argv = ()
    guard: Guard | None = None
    keeps_text: bool = False  # text in (valid characters, no NUL), text out
    framing: Framing = Framing.RECORDS
    ordered: bool = True  # False: the output depends only on the multiset of input records
    keeps_order: bool = True  # False: the law holds but for the order of the output records
    status: Status = Status.WORST
    stops_early: bool = False  # may end before it has read its whole input
    copies: bool = False  # costs no more than a copy, so it gains nothing by width of its own
    deterministic: bool = True
    source: bool = False  # reads no input at all: seq, echo, yes
    reads: tuple[str, ...] = ()  # files that every part reads whole beside its input: grep -f
    # Aggregate and indexed: commands piped together, per partition, in place of argv.
    map: tuple[Argv, ...] = ()
    combine: tuple[
        Argv, ...
    ] = ()  # over INPUTS if the word is there, else over their concatenation
    finish: tuple[Argv, ...] = ()  # once, after the last combine
    ends: bool = False  # the last of `finish` is the command itself: its status counts
    retries: bool = False  # the map fails on data for which the law fails: they are read again
    trim: Trim | None = None  # indexed
    notes: tuple[str, ...] = ()
    # From the operator: input operands that name objects in S3, and whether pipes may stand
    # for them where the command runs whole.
    objects: tuple[str, ...] = ()
    pipes: bool = False

    def because(self, reason: str) -> Behaviour:
        """The same behaviour with the reason that `explain` prints."""
        return self._replace(reason=reason)

    def but(self, **facts: object) -> Behaviour:
        """The same behaviour with some facts changed."""
        return self._replace(**facts)  # type: ignore[arg-type]

    @property
    def wide(self) -> bool:
        """Whether a law lets this invocation run over partitions."""
        return self.kind in (Kind.STATELESS, Kind.AGGREGATE, Kind.INDEXED)


STATELESS = Behaviour(Kind.STATELESS)
PURE = Behaviour(Kind.PURE)
EFFECTFUL = Behaviour(Kind.EFFECTFUL)
SOURCE = Behaviour(Kind.PURE, source=True, reason="it makes its output from nothing")


def _pipe(commands: Iterable[object]) -> tuple[Argv, ...]:
    """One argv, or a sequence of them, as a pipe of commands."""
    commands = tuple(commands)
    if not commands:
        return ()
    if isinstance(commands[0], str):
        return (commands,)  # type: ignore[return-value]
    return commands  # type: ignore[return-value]


def aggregate(
    *, map: Iterable[object] = (), combine: Iterable[object], finish: Iterable[object] = ()
) -> Behaviour:
    """An aggregate; each part is one argv or a sequence of argvs piped together.

    An empty `map` stands for the command itself over standard input.
    """
    return Behaviour(Kind.AGGREGATE, map=_pipe(map), combine=_pipe(combine), finish=_pipe(finish))


def indexed(
    *,
    drop: tuple[int, int] | None = None,
    strip: bytes = b"",
    group: int = 1,
    argv: Argv = (),
    map: Iterable[object] = (),
) -> Behaviour:
    """An indexed command: what its reader trims, and the argv, or commands, that then run.

    They may hold INDEX, the number of records before the partition, and LAST, whether
    it is the last; an empty `argv` stands for the command itself over standard input.
    """
    trim = Trim(drop, strip, group) if drop or strip or group > 1 else None
    return Behaviour(Kind.INDEXED, trim=trim, argv=argv, map=_pipe(map))
