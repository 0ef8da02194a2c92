"""A stage as it runs on this machine: kernels in place of the commands that they do."""

from __future__ import annotations

from typing import TypeVar

from runtime import kernels
from runtime.plan import Stage
from runtime.slots import KERNEL
from runtime.work import Outcome

T = TypeVar("T")


def placed(stage: Stage) -> Stage:
    """The stage with its kernels in its pipe; as it is where none are built."""
    return with_kernels(stage) if kernels.executable() else stage


def with_kernels(stage: Stage) -> Stage:
    """The stage with its kernels in its pipe.

    A kernel gives the status of the last command that it stands for: the others cannot fail
    by themselves, or the shell would see no more of it than of this one.
    """
    for kernel in reversed(stage.kernels):
        first, last = kernel.first, kernel.last

        def one(entries: tuple[T, ...], first: int = first, last: int = last) -> tuple[T, ...]:
            return (*entries[:first], *entries[last:])

        pipe, environment = list(one(stage.pipe)), list(one(stage.environment))
        pipe[first], environment[first] = (KERNEL, *kernel.argv), ()
        stage = stage._replace(
            pipe=tuple(pipe),
            environment=tuple(environment),
            origins=one(stage.origins),
            behaviours=one(stage.behaviours),
            statuses=one(stage.statuses),
        )
    return stage._replace(kernels=())


def spread(stage: Stage, outcome: Outcome) -> Outcome:
    """What became of each command of a stage that ran as it is placed: its ends are of those."""
    statuses, signals = list(outcome.statuses), list(outcome.signals)
    if len(statuses) < len(stage.pipe):
        for kernel in stage.kernels:
            well = [0] * (kernel.last - kernel.first)
            statuses[kernel.first : kernel.first] = well
            signals[kernel.first : kernel.first] = well
    return outcome._replace(statuses=tuple(statuses), signals=tuple(signals))
