"""What a command of several inputs reads: files, streams, standard input among them."""

from __future__ import annotations

from collections.abc import Callable

from leashc import operators
from leashc.behaviour import Behaviour
from leashc.stage import Stage
from runtime.plan import Blob, Command, Input, Key, Plan, Source
from runtime.slots import STREAM

# A file as the compiler asks for it: what it is, or why it can't be divided.
Look = Callable[[str], Blob | str]


def known(command: Command, law: Behaviour) -> bool:
    """Whether leashc knows what every stream of a command is to it: one of several inputs."""
    inputs = listed(command, law) or law.inputs
    if (not inputs or "-" in inputs) and any(map(_inherits, command.streams)):
        return False  # they take from each other, as they happen to run
    streams = {f"{STREAM}{number}" for number in range(len(command.streams))}
    return streams <= {*inputs, *law.reads}


def _inherits(stream: Plan) -> bool:
    """Whether a stream may read what its command reads."""
    law = operators.judge(stream.commands[0].argv, stream.commands[0].environment)
    return not stream.sources[0].blobs and not law.source


def listed(command: Command, law: Behaviour) -> tuple[str, ...]:
    """What a command reads, one after the other, if that are not files alone."""
    if law.joined or not law.wide:
        return ()
    given = [r.target for r in command.redirects if r.operator == "<" and not law.inputs]
    inputs = law.inputs or tuple(path for path in given if path.startswith(STREAM))
    streams = any(path.startswith(STREAM) for path in inputs)
    return inputs if streams or ("-" in inputs and len(inputs) > 1) else ()


def names_streams(law: Behaviour) -> bool:
    """Whether the name of a stream is among the words of its parts, and not to be read."""
    pipes = ((law.argv,), law.map, law.combine, law.finish)
    words = {word for pipe in pipes for argv in pipe for word in argv}
    return any(STREAM in word for word in words - set(law.reads))


def inputs_of(law: Behaviour, paths: tuple[str, ...], look: Look) -> tuple[tuple[Input, ...], str]:
    """What a command of several inputs reads, in order; or why that can't be divided."""
    found = []
    keys = law.keys or (Key(),) * len(paths)
    for path, key in zip(paths, keys, strict=True):
        if path == "-" or path.startswith(STREAM):
            found.append(Input(Blob(path), key))
            continue
        blob = look(path)
        if isinstance(blob, str):
            return (), blob
        if blob.remote:
            return (), "several inputs are divided only where all of them are files here"
        found.append(Input(blob, key))
    return tuple(found), ""


def volume(stage: Stage, source: Source | None, command: Command) -> int:
    """The bytes that the first command reads of its inputs; -1 where nobody knows it yet."""
    sizes = [measure(source)]
    if stage.inputs:
        sizes = [_volume(given.blob, source, command) for given in stage.inputs]
    return -1 if -1 in sizes else sum(sizes)


def _volume(blob: Blob, source: Source | None, command: Command) -> int:
    if blob.path == "-":
        return measure(source)
    if blob.path.startswith(STREAM):
        # What comes out is about as much as goes in, if anybody knows that.
        return measure(command.streams[int(blob.path[len(STREAM) :])].sources[0])
    return blob.size


def measure(source: Source | None) -> int:
    """The size of a source in bytes; -1 where nobody knows it yet."""
    if source is None:
        return -1
    if not source.blobs:
        return source.size
    return sum(blob.size for blob in source.blobs)
