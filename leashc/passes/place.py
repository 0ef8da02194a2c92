"""Choose what runs each command: the tool, or a kernel that gives the same bytes."""

from __future__ import annotations

from leashc.dataflow import Dataflow
from leashc.errors import CompileError
from leashc.kernels import Words, top, words
from leashc.stage import Stage, Step
from runtime.plan import Kernel


def place(flow: Dataflow) -> Dataflow:
    """One kernel for neighbours in a stage that kernels do.

        (tr | tr | @count) ×n      becomes      (kernel: tr | tr | count) ×n

    Sound: a kernel gives the bytes of the command for these very flags in this locale. The
    commands stay in the plan: they run where no kernel is built, and on Lambda; and a stage is
    tried on nothing by them, so that what they have to complain of is still said.
    """
    if flow.options.kernels == "off":
        return flow
    flow = flow.copy()
    for number, stage in list(flow.stages()):
        if stage.role != "whole":
            placed = stage._replace(kernels=_kernels(stage))
            if flow.options.kernels == "only":
                _demand(placed)
            flow.replace(number, placed)
    return flow


def _kernels(stage: Stage) -> tuple[Kernel, ...]:
    """The kernels of a stage; one may stand for several commands that follow each other."""
    found: list[Kernel] = []
    maps = False  # the kernel before takes more steps
    split = broken = False  # it has split its input into records; they are none any more
    for at, step in enumerate(stage.steps):
        made = _words(stage, step)
        first = top(found[-1].argv, step.argv) if found and found[-1].last + 1 == at else None
        if first:
            found[-1] = Kernel(found[-1].first, at, first)
            maps = False
        elif made is None:
            maps = False
        else:
            joins = maps and stage.wide and not (broken and made.records)
            last = found.pop() if joins else None
            split, broken = (split, broken) if joins else (False, False)
            argv = (*last.argv, "|", *made.words) if last else made.words
            found.append(Kernel(last.first if last else at, at, argv))
            split |= made.records
            broken |= split and made.breaks
            maps = made.maps
    return tuple(found)


def _words(stage: Stage, step: Step) -> Words | None:
    # Of what is assigned before a command, a kernel needs to know no more than the locale.
    same = (call.locale for call in stage.calls if call.environment == step.environment)
    locale = next(same, None)
    return words(step.argv, locale)


def _demand(stage: Stage) -> None:
    """Raise CompileError unless kernels do all of a wide stage."""
    done = {at for kernel in stage.kernels for at in range(kernel.first, kernel.last + 1)}
    for at, step in enumerate(stage.steps):
        if stage.wide and at not in done:
            raise CompileError(f"no kernel does `{' '.join(step.argv)}`", "use --kernels auto")
