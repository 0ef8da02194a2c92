"""How one invocation acts on a divided stream: the vocabulary of the compiler.

An operator maps an `Invocation` to a `Behaviour`. The six kinds and their laws,
for a command f and an input x·y cut at a record end:

    stateless   f(x·y) = f(x)·f(y)
    aggregate   f(x·y) = finish(combine(map x, map y)), combine associative
    indexed     f(x·y) = f₀(x)·f₍ₖ₎(y), k an additive measure of x
    joined      f(x·y, u·v) = f(x, u)·f(y, v), cut where keys change, or records are as many
    pure        needs its whole input, in order
    effectful   touches the world: never divided, moved, repeated or retried
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import Literal, NamedTuple

from runtime.plan import Argv, Guard, Key
from runtime.slots import PART, STREAM


class Kind(StrEnum):
    STATELESS = "stateless"
    AGGREGATE = "aggregate"
    INDEXED = "indexed"
    JOINED = "joined"
    PURE = "pure"
    EFFECTFUL = "effectful"


# What the law of more than one command asks of its data.
NO_NUL = Guard(lacks=("\0",))
TEXT = Guard(lacks=("\0",), encoding="utf-8")
ASCII = Guard(lacks=("\0",), encoding="ascii")
PRINTED = Guard(  # nothing but what is printed, tabs and newlines
    lacks=tuple(chr(code) for code in (*range(32), 127) if chr(code) not in "\t\n"),
    encoding="ascii",
)


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
    ZERO = "zero"  # 0: a part that ended otherwise shows that the law does not serve the data


class Trim(NamedTuple):
    """What the reader does for an indexed command: it leaves something out, or cuts with care.

    Exactly one of them is set. `drop` is a range of record numbers of the
    whole stream, counted from 1, or up to -1 where they are its last, both ends
    included. `strip` holds the bytes that are dropped where a partition begins, unless
    it is the first. `group` is the number of records that belong together: no partition
    but the last ends inside such a group. `before` is the number of records that a
    partition begins with though the one before it has them, as far as there are so many.
    """

    drop: tuple[int, int] | None = None
    strip: bytes = b""
    group: int = 1
    before: int = 0


class Behaviour(NamedTuple):
    """The facts that the passes read. `because` and `but` make variants.

    inputs: the operands that name input files, in order (`-` is standard input);
    empty means that the command reads standard input. `argv` is the command that
    does the same to standard input, with the input operands gone.
    """

    kind: Kind
    reason: str = ""  # why it is not wide, or not wider; a clause: "its records end in NUL"
    remedy: str = ""  # what to write instead, to be wide; it names the command: "nice: …"
    inputs: tuple[str, ...] = ()
    joint: Joint = Joint.RECORDS
    argv: Argv = ()
    guard: Guard | None = None
    keeps_text: bool = False  # text in (valid UTF-8, no NUL), text out
    keeps_ascii: bool = False  # the same of ASCII; from the operator
    framing: Framing = Framing.RECORDS
    ordered: bool = True  # False: the output depends only on the multiset of input records
    keeps_order: bool = True  # False: the law holds but for the order of the output records
    status: Status = Status.WORST
    fails: bool = False  # a record may make it fail, and it goes on
    stops_early: bool = False  # may end before it has read its whole input
    copies: bool = False  # costs no more than a copy, so it gains nothing by width of its own
    deterministic: bool = True
    terminal: bool = False  # prints otherwise on a terminal, unless written as the remedy says
    source: bool = False  # reads no input at all: seq, echo, yes
    reads: tuple[str, ...] = ()  # files that every part reads whole beside its input: grep -f
    # Aggregate and indexed: commands piped together, per partition, in place of argv.
    map: tuple[Argv, ...] = ()
    combine: tuple[
        Argv, ...
    ] = ()  # over INPUTS if the word is there, else over their concatenation
    # The map where its output is to be in order and cut in ranges: a command of it sorts the
    # records of the file SPLITTERS with its input, each in front of what is not less.
    ranged: tuple[Argv, ...] = ()
    keeps_bytes: bool = False  # `combine` writes every byte that it reads
    finish: tuple[Argv, ...] = ()  # once, after the last combine
    ends: bool = False  # the last of `finish` is the command itself: its status counts
    # In place of the last command of a part, for what is left of a stream from where the law
    # fails (else that command itself); INPUTS: what the parts before have been combined to.
    rest: Argv = ()
    trim: Trim | None = None  # indexed
    # Joined: how its inputs are cut, all at once, and what orders each of them, for "keys".
    # Stateless by its files: "files".
    joined: Literal["", "keys", "records", "files"] = ""
    keys: tuple[Key, ...] = ()
    notes: tuple[str, ...] = ()
    # From the operator: input operands that name objects in S3, and whether pipes may stand
    # for them where the command runs whole.
    objects: tuple[str, ...] = ()
    pipes: bool = False

    def because(self, reason: str, remedy: str = "") -> Behaviour:
        """The same behaviour with the reason that `explain` prints, and the remedy if there is one.

        Written as the remedy says, the command is wide; where that may print something
        else, the remedy says on what condition it serves.
        """
        return self._replace(reason=reason, remedy=remedy)

    def but(self, **facts: object) -> Behaviour:
        """The same behaviour with some facts changed."""
        return self._replace(**facts)  # type: ignore[arg-type]

    @property
    def wide(self) -> bool:
        """Whether a law lets this invocation run over partitions."""
        return self.kind not in (Kind.PURE, Kind.EFFECTFUL)


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


def joined(*, argv: Argv = (), keys: tuple[Key, ...] = ()) -> Behaviour:
    """A command of several inputs, named by its operands: in order by `keys`, if there are any.

    `argv` names their parts (`parts`), and fails if one is not in order; empty, it stands
    for the command itself.
    """
    return Behaviour(Kind.JOINED, argv=argv, keys=keys, joined="keys" if keys else "records")


def parts(count: int) -> tuple[str, ...]:
    """The words for a task's parts of so many inputs."""
    return tuple(f"{PART}{number}" for number in range(count))


def by_file(*, argv: Argv = (), files: tuple[str, ...]) -> Behaviour:
    """A command that does to several files what it does to each, one after the other.

    `argv` names those of a part by INPUTS; empty, it stands for the command itself.
    """
    return STATELESS.but(joined="files", argv=argv, inputs=files)


def several_files(operands: tuple[str, ...]) -> bool:
    """Whether operands are files, more than one, none of them standard input or a stream."""
    return len(operands) > 1 and not any(
        word == "-" or word.startswith(STREAM) for word in operands
    )


def indexed(
    *,
    drop: tuple[int, int] | None = None,
    strip: bytes = b"",
    group: int = 1,
    before: int = 0,
    argv: Argv = (),
    map: Iterable[object] = (),
) -> Behaviour:
    """An indexed command: what its reader trims, and the argv, or commands, that then run.

    They may hold INDEX, the number of records before the partition, LAST, whether it is
    the last, and BEFORE, how many of those before it come again; an empty `argv` stands
    for the command itself over standard input.
    """
    given = Trim(drop, strip, group, before)
    trim = given if given != Trim() else None
    return Behaviour(Kind.INDEXED, trim=trim, argv=argv, map=_pipe(map))
