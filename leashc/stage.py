"""Stages: the nodes of the dataflow, as the compiler sees them. No graph is needed to make one."""

from __future__ import annotations

from typing import NamedTuple

from leashc.behaviour import PURE, Behaviour, Guard, Kind
from leashc.invocation import Invocation
from runtime.plan import Argv, Kernel


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
    covers: tuple[int, int] = (0, 0)
    guard: Guard | None = None
    keeps_text: bool = False  # every step does
    kernels: tuple[Kernel, ...] = ()

    @property
    def wide(self) -> bool:
        return self.role == "map"

    @property
    def only_copies(self) -> bool:
        """Whether it is a plain `cat`, which is no more than its input."""
        return self.law.kind is Kind.STATELESS and self.law.argv == ("cat",)

    @property
    def text(self) -> str:
        return " | ".join(step.argv[0].lstrip("@") for step in self.steps)


class Output(NamedTuple):
    """Where the last stream goes."""

    path: str = ""


def strictest(*guards: Guard | None) -> Guard | None:
    """The guard that stands for all of them."""
    return max((guard for guard in guards if guard), key=list(Guard).index, default=None)
