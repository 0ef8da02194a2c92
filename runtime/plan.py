"""The plan: everything a run needs. runtime/plan_file.py has it as versioned JSON."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, NamedTuple

from runtime.slots import INPUTS, LAST, STREAM

VERSION = 2  # of the schema: what it was before, this leashc does not read

Argv = tuple[str, ...]


class Redirect(NamedTuple):
    """`2>> log` is Redirect(2, ">>", "log"), `2>&1` Redirect(2, ">&", "1"); `<<<` has the text."""

    descriptor: int
    operator: Literal["<", ">", ">>", "<<<", ">&"]
    target: str


class Command(NamedTuple):
    """One command of the pipeline, its words expanded.

    streams: plans whose outputs it reads as files; the word slots.STREAM and a number,
    from 0, stands for the name of such a file.
    objects: the last of its words that say so name objects, to be read through pipes.
    """

    argv: Argv
    environment: tuple[tuple[str, str], ...] = ()
    redirects: tuple[Redirect, ...] = ()
    streams: tuple[Plan, ...] = ()
    objects: tuple[str, ...] = ()


class Blob(NamedTuple):
    """A file as it was when the plan was made: bytes; time in ns, or -1 if it is not pinned.

    An object in S3 (`s3://bucket/key`) has an etag instead of a time.
    """

    path: str
    size: int = -1
    modified: int = -1
    etag: str = ""

    @property
    def remote(self) -> bool:
        """Whether it is an object in S3."""
        return self.path.startswith("s3://")


class Guard(NamedTuple):
    """What the data must be for a law to hold; readers check it as they read.

    lacks: bytes, as Latin-1, that no record holds; encoding: of what all is valid
    characters ("ascii": bytes below 128), or "" for any bytes.
    """

    lacks: tuple[str, ...] = ()
    encoding: Literal["", "utf-8", "ascii"] = ""

    @property
    def words(self) -> str:
        """What it asks for, as people read it."""
        encoding = {"": "", "utf-8": "valid UTF-8", "ascii": "no byte above 127"}[self.encoding]
        named = {"\0": "NUL byte", "\xef\xbb\xbf": "byte order mark"}
        lacks = (f"no {named.get(word, word)}" for word in self.lacks)
        return ", ".join(filter(None, (encoding, *lacks)))


class Source(NamedTuple):
    """A sequence of blobs and how they meet; without blobs, standard input.

    joint: with "records", a record ends with its file, newline or not. size: bytes
    of standard input when it is a regular file, else -1.
    """

    id: int
    blobs: tuple[Blob, ...] = ()
    joint: Literal["bytes", "records"] = "bytes"
    size: int = -1


class Key(NamedTuple):
    """What orders the records of an input, byte by byte.

    field: from 1, or 0 for the whole record; separator: what ends a field, "" for blanks;
    fold: lower case counts as upper case.
    """

    field: int = 0
    separator: str = ""
    fold: bool = False


class Input(NamedTuple):
    """One of several inputs of a stage: a file, `-` for the stream before it, or a slots.STREAM."""

    blob: Blob
    key: Key = Key()


class Kernel(NamedTuple):
    """What runs here in place of a stage's commands `first` to `last`, where kernels are built.

    argv: the words of runtime/kernels/main.c; slots are filled in a task.
    """

    first: int
    last: int
    argv: Argv


class Stage(NamedTuple):
    """A fragment of pipeline, run at some width.

    pipe: argument lists joined by pipes; slots (runtime.slots) are filled in a task.
    A "whole" stage is the plan's own commands; a "map" stage runs over partitions;
    a "combine" stage over its neighbours' outputs.

    The tuples below go with `pipe`, one entry a command:
    environment: the assignments that stand before it; origins: the command of the
    plan whose status it gives, or -1 for a helper of ours; behaviours: the law by
    which it runs here; statuses: how the statuses of its parts combine.

    drop: records of the whole stream, from 1, or up to -1 where they are its last, both
    ends included, that the reader leaves out; strip: bytes (as Latin-1) that it drops
    where a partition other than the first begins; group: partitions but the last have a
    multiple of so many records; before: so many records come again with those that
    follow them; flush: an idle stream is passed on at once; ordered: whether the order of
    its records matters.

    remedies: what to write instead, for it to be wider, where that is known.
    inputs: what it reads, where that is more than the stream before it, in the order of
    the words (slots.PART) that stand for its parts; joined: where these are cut, all at
    once: at a change of their keys, or at one number of records; or "list" for one after
    the other, as one stream, with a joint as a Source has it; or "files" where each part
    has some of them, by slots.INPUTS.
    rest: argument lists for what is left of a stream from where the law does not serve
    it; slots.INPUTS in them are the combined results of what came before. Without
    them, the pipe itself.

    covers: first and last command of the plan that a map stage and what combines
    it stand for: what runs instead, whole, when a guard fails.

    kernels: what this machine may run in place of some commands of the pipe, in order.
    """

    id: int
    pipe: tuple[Argv, ...]
    width: int
    role: Literal["whole", "map", "combine"]
    reason: str
    environment: tuple[tuple[tuple[str, str], ...], ...] = ()
    origins: tuple[int, ...] = ()
    behaviours: tuple[str, ...] = ()
    statuses: tuple[Literal["worst", "any", "first", "halts", "zero"], ...] = ()
    covers: tuple[int, int] = (0, 0)
    guard: Guard | None = None
    drop: tuple[int, int] | None = None
    strip: str = ""
    group: int = 1
    flush: bool = False
    ordered: bool = True
    remedies: tuple[str, ...] = ()
    inputs: tuple[Input, ...] = ()
    joined: Literal["", "keys", "records", "list", "files"] = ""
    joint: Literal["bytes", "records"] = "bytes"
    rest: tuple[Argv, ...] = ()
    kernels: tuple[Kernel, ...] = ()
    before: int = 0

    @property
    def reads_on(self) -> bool:
        """Whether it reads the stream before it."""
        return not self.inputs or any(given.blob.path == "-" for given in self.inputs)

    @property
    def together(self) -> bool:
        """Whether its inputs are all cut at once."""
        return self.joined in ("keys", "records")

    @property
    def broadcasts(self) -> bool:
        """Whether its commands read streams beside their input: each part all of them."""
        return any(word.startswith(STREAM) for argv in self.pipe for word in argv)

    @property
    def tentative(self) -> bool:
        """Whether a part's output counts only when all of it is known to be right."""
        return bool(self.guard) or "zero" in self.statuses or self.joined == "keys"

    @property
    def asks_for_last(self) -> bool:
        """Whether its tasks have to know which of them has the last record."""
        return any(LAST in argv for argv in self.pipe)


class Exchange(NamedTuple):
    """How the partitions of one node pass to the next; `fan` is the k of gather(k).

    Nodes are sources, stages and the output, by id.
    """

    origin: int
    target: int
    kind: Literal["forward", "scatter", "gather", "broadcast", "shuffle"]
    fan: int = 0


class Output(NamedTuple):
    """Where the result goes when no redirection says so: a path, or "" for standard output."""

    id: int
    path: str = ""


class Options(NamedTuple):
    """What the plan was compiled with, besides the text."""

    width: int = 0  # 0: chosen by size
    jobs: int = 1
    merge: Literal["auto", "flat", "tree", "shuffle"] = "auto"
    fan_in: int = 0  # 0: chosen by width
    pipefail: bool = False
    operators: tuple[str, ...] = ()
    arguments: tuple[str, ...] = ()
    kernels: Literal["auto", "off", "only"] = "auto"


class Plan(NamedTuple):
    """A compiled pipeline.

    commands: what runs where no law serves; variables: those that its words used,
    and LC_*, LANG, TZ; tools: names and versions; effects: what it does to the
    world besides its output, for those who read a stranger's plan.
    """

    pipeline: str
    commands: tuple[Command, ...]
    stages: tuple[Stage, ...]
    sources: tuple[Source, ...]
    exchanges: tuple[Exchange, ...]
    output: Output
    options: Options = Options()
    variables: tuple[tuple[str, str], ...] = ()
    tools: tuple[tuple[str, str], ...] = ()
    effects: tuple[str, ...] = ()
    version: int = VERSION

    def blobs(self) -> Iterator[Blob]:
        """The files that it reads in parts."""
        for source in self.sources:
            yield from source.blobs
        for stage in self.stages:
            for given in stage.inputs:
                if given.blob.path != "-" and not given.blob.path.startswith(STREAM):
                    yield given.blob

    def piped(self) -> Plan:
        """The plan without kernels that read results as files, for where those come by pipes."""

        def kept(stage: Stage) -> Stage:
            kernels = tuple(k for k in stage.kernels if INPUTS not in k.argv)
            return stage._replace(kernels=kernels)

        return self._replace(stages=tuple(map(kept, self.stages)))

    def by_tools(self) -> Plan:
        """The plan without kernels."""
        return self._replace(stages=tuple(stage._replace(kernels=()) for stage in self.stages))

    def plans(self) -> Iterator[Plan]:
        """The plan, and those of the streams that its commands read."""
        yield self
        for command in self.commands:
            for stream in command.streams:
                yield from stream.plans()
