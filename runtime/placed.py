"""A stage as it runs on this machine: kernels in place of the commands that they do."""

from __future__ import annotations

from typing import TypeVar

from runtime import kernels
from runtime.plan import Stage
from runtime.slots import KERNEL

T = TypeVar("T")


def placed(stage: Stage) -> Stage:
    """The stage with its kernels in its pipe; as it is where none are built.

    A kernel gives the status of the last command that it stands for: the others cannot fail
    by themselves, or the shell would see no more of it than of this one.
    """
    if not kernels.executable():
        return stage
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
