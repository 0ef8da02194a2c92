"""What the other commands of a pipeline spoil of a command's law."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence

from leashc.behaviour import Behaviour, Kind, Status
from runtime.plan import Command
from runtime.slots import STREAM


def spoiled(number: int, commands: Sequence[Command], laws: Sequence[Behaviour]) -> str:
    """Why a lawful command can't be divided beside the others; "" if it can.

    A file that another command may write is not one that parts can be taken from: when
    each is read decides what it holds. The name is looked for anywhere in the words of
    what has effects, for a script may name it, too.

    Where a command gives up, what stands before it is not asked for more parts; if that
    may fail itself, at a record or for its inputs are not in order, one of those might have
    been its failure.
    """
    law, command = laws[number], commands[number]
    read = [*law.inputs, *law.reads]
    read += [redirect.target for redirect in command.redirects if redirect.operator == "<"]
    names = {p: os.path.basename(p) for p in read if p != "-" and not p.startswith(STREAM)}
    for other, judged in zip(commands, laws, strict=True):
        if judged.kind is not Kind.EFFECTFUL:
            continue
        for path, name in names.items():
            if name and any(_names(word, name) for word in other.argv[1:]):
                return f"it reads {path}, which {other.argv[0]} may write"
    if law.status is Status.HALTS or law.fails or law.joined == "keys":
        for other, judged in zip(commands[number + 1 :], laws[number + 1 :], strict=True):
            if judged.status is Status.HALTS:
                return f"it may fail after {other.argv[0]} has given up, which counts"
    return ""


def _names(word: str, name: str) -> bool:
    """Whether a file's name stands in a word, or in a script that a word is."""
    return re.search(rf"(?<![\w.-]){re.escape(name)}(?![\w.-])", word) is not None
