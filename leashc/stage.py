"""Stages: the nodes of the dataflow, as the compiler sees them. No graph is needed to make one."""

from __future__ import annotations

from typing import Literal, NamedTuple

from leashc.behaviour import PURE, Behaviour, Joint, Kind
from leashc.invocation import Invocation
from runtime.plan import Argv, Guard, Input, Kernel


class Step(NamedTuple):
    """One command of a stage's pipe.

    origin: the command of the pipeline whose status it gives, -1 for a helper.
    behaviour: the law it runs by here, or its part in one: "combine", "finish",
    "whole".
    """

    argv: Argv
    origin: int
    behaviour: str
    status: str = "worst"
    environment: tuple[tuple[str, str], ...] = ()
    rest: Argv = ()  # in its place, for what is left of a stream


class Stage(NamedTuple):
    """A fragment of pipeline run at some width.

    calls: the commands as they were judged; law: what the passes consult; covers:
    the commands it stands for, first and last.
    """

    steps: tuple[Step, ...]
    calls: tuple[Invocation, ...] = ()
    law: Behaviour = PURE
    width: int = 1
    role: str = "whole"  # whole, map, combine
    reason: str = ""
    remedies: tuple[str, ...] = ()
    covers: tuple[int, int] = (0, 0)
    guard: Guard | None = None
    keeps_text: bool = False  # every step does
    inputs: tuple[Input, ...] = ()  # of a joined one
    joined: Literal["", "keys", "records", "list", "files"] = ""
    joint: Joint = Joint.BYTES  # of a list
    keeps_ascii: bool = False  # the same
    kernels: tuple[Kernel, ...] = ()

    @property
    def wide(self) -> bool:
        return self.role == "map"

    @property
    def only_copies(self) -> bool:
        """Whether it is a plain `cat`, which is no more than its input."""
        return self.law.kind is Kind.STATELESS and self.law.argv == ("cat",)

    def keeps(self, guard: Guard) -> bool:
        """Whether data that are as the guard says are so still when they come out."""
        if set(guard.lacks) - {"\0"}:
            return False  # what it makes of its records may hold them
        return self.keeps_ascii if guard.encoding == "ascii" else self.keeps_text

    @property
    def text(self) -> str:
        return " | ".join(step.argv[0].lstrip("@") for step in self.steps)


class Output(NamedTuple):
    """Where the last stream goes."""

    path: str = ""


def strictest(*guards: Guard | None) -> Guard | None:
    """The guard that stands for all of them."""
    given = [guard for guard in guards if guard]
    if not given:
        return None
    lacks = dict.fromkeys(word for guard in given for word in guard.lacks)
    # ASCII is valid UTF-8, and what is either is any bytes.
    encodings = {guard.encoding for guard in given}
    strict: tuple[Literal["ascii", "utf-8", ""], ...] = ("ascii", "utf-8", "")
    return Guard(tuple(lacks), next(name for name in strict if name in encodings))
