"""Streams that each part of a stage reads whole beside its input: read once, into files."""

from __future__ import annotations

import os

from runtime.errors import RunError
from runtime.fed import read
from runtime.plan import Stage
from runtime.processes import Group, write_all
from runtime.slots import STREAM
from runtime.tasks import Runner


def broadcast(runner: Runner, stage: Stage, stdin: int) -> None:
    """Put what the streams of a stage's commands say where the runner's tasks find it.

    Raises RunError. All of them run at once, as some may wait for others.
    """
    group = Group()
    found = []
    for argv, origin in zip(stage.pipe, stage.origins, strict=True):
        for word in argv:
            if word.startswith(STREAM):
                command = runner.plan.commands[origin]
                feeding = runner.children.read(group, command, word, stdin)
                path = os.path.join(runner.work.path, f"{stage.id}.{origin}{word[1:]}")
                found.append((feeding.descriptor, path))
                runner.copies[origin, word] = path
    try:
        for descriptor, path in found:
            with open(path, "xb", buffering=0) as file:
                for block in read(descriptor, runner.stopped.is_set):
                    write_all(file.fileno(), block)
    except OSError as error:
        raise RunError(f"{path}: {os.strerror(error.errno or 0)}") from None
    finally:
        for descriptor, _ in found:
            os.close(descriptor)
        runner.children.done(group)
