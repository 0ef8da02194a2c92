"""Where laws are tried: commands run on some data, whole and as their behaviours say."""

from __future__ import annotations

import os
import random
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from leashc.behaviour import Behaviour, Kind, Status
from leashc.invocation import Locale
from leashc.kernels import words
from runtime import kernels, slots
from runtime.plan import Argv
from runtime.verdict import Unfit


@dataclass(frozen=True)
class Result:
    """What a command printed, and its exit status."""

    output: bytes
    status: int


def records(data: bytes) -> list[bytes]:
    """The records of some data, each with its newline; the last may lack it."""
    *lines, rest = data.split(b"\n")
    return [line + b"\n" for line in lines] + ([rest] if rest else [])


def divide(lines: list[bytes], cuts: Sequence[int]) -> list[list[bytes]]:
    """Records cut before these numbers; some parts may be empty."""
    places = [0, *sorted(min(cut, len(lines)) for cut in cuts), len(lines)]
    return [lines[start:stop] for start, stop in pairwise(places)]


class Bench:
    """Where commands are run: a locale, a directory for their files, the size of the one input."""

    def __init__(self, locale: str, scratch: Path, size: int = -1) -> None:
        self.size = size
        self.environment = {"LC_ALL": locale, "PATH": os.environ.get("PATH", os.defpath)}
        self.scratch = scratch
        self.random = random.Random(0)  # how parts are grouped; the same whenever it is asked again

    def run(self, pipe: Sequence[Argv], data: bytes, **values: tuple[str, ...]) -> Result:
        """Commands one after the other on some data; the status is the worst."""
        worst = 0
        known = {
            slots.INDEX: ("0",),
            slots.FILLED: ("0",),
            slots.BEFORE: ("0",),
            slots.LAST: ("1",),
            slots.MEMORY: ("1M",),
            slots.SCRATCH: (str(self.scratch),),
            slots.SIZE: (str(self.size),),
            **{"\0" + slot: words for slot, words in values.items()},
        }
        for argv in pipe:
            command = slots.program(slots.fill(argv, known))
            ended = subprocess.run(
                command,
                input=data,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=self.environment,
                check=False,
            )
            data, worst = ended.stdout, max(worst, ended.returncode)
        return Result(data, worst)

    def by_parts(
        self, behaviour: Behaviour, data: bytes, cuts: Sequence[int]
    ) -> tuple[list[bytes], Result]:
        """The outputs of the parts, and what becomes of them by the law. Raises Unfit."""
        lines = records(data)
        trim = behaviour.trim
        if trim and trim.drop and trim.drop[0] < 0:
            lines = lines[: trim.drop[0]]
        elif trim and trim.drop:
            lines = lines[: trim.drop[0] - 1] + lines[trim.drop[1] :]
        results, before, filled = [], 0, 0
        pipe = behaviour.map or (behaviour.argv,)
        group = trim.group if trim else 1
        for part in divide(lines, [cut // group * group for cut in cuts]):
            given = b"".join(part)
            if trim and before:
                given = given.lstrip(trim.strip) if trim.strip else given
            if given:
                again = lines[max(before - trim.before, 0) : before] if trim else []
                last = str(int(before + len(part) == len(lines)))
                places = {"index": (str(before),), "filled": (str(filled),), "last": (last,)}
                places["before"] = (str(len(again)),)
                given = b"".join(again) + given
                results.append(self.run(pipe, given, **places))
                gave_up = behaviour.status is not Status.WORST and results[-1].status > 1
                if gave_up or (behaviour.status is Status.HALTS and results[-1].status):
                    break  # nothing after this part counts
            before += len(part)
            filled += sum(line != b"\n" for line in part)
        results = results or [self.run(pipe, b"")]
        if behaviour.status is Status.ZERO and any(result.status for result in results):
            raise Unfit("a part failed")
        outputs = [result.output for result in results]
        status = combined(behaviour.status, [result.status for result in results])
        if behaviour.kind is not Kind.AGGREGATE:
            return outputs, Result(b"".join(outputs), status)
        answer = self.combined(behaviour, outputs)
        finished = self.run(behaviour.finish, answer.output)
        return outputs, Result(finished.output, max(status, answer.status, finished.status))

    def with_nothing(self, behaviour: Behaviour, outputs: list[bytes]) -> bytes:
        """What comes out if a part is empty, as one behind another command may turn out."""
        if behaviour.kind is Kind.INDEXED:
            return b"".join(outputs)  # it looks at the stream itself, so it is behind nobody
        nothing = self.run(behaviour.map or (behaviour.argv,), b"").output
        if behaviour.kind is Kind.STATELESS:
            return b"".join(outputs) + nothing
        answer = self.combined(behaviour, [*outputs, nothing])
        return self.run(behaviour.finish, answer.output).output

    def by_kernel(self, behaviour: Behaviour, data: bytes) -> tuple[Result, Result] | None:
        """What the first command of the map makes of some data, and its kernel, if it has one."""
        tool = (behaviour.map or (behaviour.argv,))[0]
        found = words(tool, Locale.of(self.environment))
        if found is None or not kernels.executable():
            return None
        return self.run((tool,), data), self.run(((slots.KERNEL, *found.words),), data)

    def combined(self, behaviour: Behaviour, parts: list[bytes]) -> Result:
        """Neighbours combined, two to four at a time, until one is left."""
        worst = 0
        while len(parts) > 1:
            start = self.random.randrange(len(parts) - 1)
            stop = start + self.random.randint(2, 4)
            some = parts[start:stop]
            if any(slots.INPUTS in argv for argv in behaviour.combine):
                paths = [self.scratch / f"part{number}" for number in range(len(some))]
                for path, part in zip(paths, some, strict=True):
                    path.write_bytes(part)
                one = self.run(behaviour.combine, b"", inputs=tuple(map(str, paths)))
            else:
                one = self.run(behaviour.combine, b"".join(some))
            worst = max(worst, one.status)
            parts = [*parts[:start], one.output, *parts[stop:]]
        return Result(parts[0], worst)


def combined(rule: Status, statuses: Sequence[int]) -> int:
    """The status of the whole from those of its parts."""
    worst = max(statuses)
    return worst if rule in (Status.WORST, Status.HALTS) or worst > 1 else min(statuses)
