"""Choose what runs each command: the tool, or a kernel that gives the same bytes."""

from __future__ import annotations

from leashc.dataflow import Dataflow
from leashc.errors import CompileError
from leashc.kernels import Words, top, words
from leashc.stage import Stage, Step
from runtime.plan import Kernel
from runtime.slots import SPLITTERS


def place(flow: Dataflow) -> Dataflow:
    """One kernel for neighbours in a stage that kernels do.

        (tr | tr | @count) ×n      becomes      (kernel: tr | tr | count) ×n

    Sound: a kernel gives the bytes of the command for these very flags in this locale. The
    commands stay in the plan: they run where no kernel is built; and a stage is
    tried on nothing by them, so that what they have to complain of is still said. Within a
    stage records stay records, for what ends in none ends its stage.
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
    found: dict[int, Kernel] = {}
    first, steps = 0, list[Words]()  # of the kernel that the command before belongs to
    for at, step in enumerate(stage.steps):
        made = _words(stage, step)
        if steps and (both := top(steps[-1], step.argv)):
            steps[-1] = both
        elif made and stage.wide and steps and steps[-1].maps:
            steps.append(made)
        else:
            first, steps = at, [made] if made else []
        if steps:
            argv = (word for made in steps for word in ("|", *made.words))
            found[first] = Kernel(first, at, tuple(argv)[1:])
    return tuple(found.values())


def _words(stage: Stage, step: Step) -> Words | None:
    # Of what is assigned before a command, a kernel needs to know no more than the locale.
    same = (call.locale for call in stage.calls if call.environment == step.environment)
    locale = next(same, None)
    made = words(tuple(word for word in step.argv if word != SPLITTERS), locale)
    if made and SPLITTERS in step.argv:
        made = made._replace(words=(*made.words, SPLITTERS)) if made.words[0] == "sort" else None
    # The data of wide stages alone are looked at.
    return made if made and (stage.wide or not made.guarded) else None


def _demand(stage: Stage) -> None:
    """Raise CompileError unless kernels do all of a wide stage."""
    done = {at for kernel in stage.kernels for at in range(kernel.first, kernel.last + 1)}
    for at, step in enumerate(stage.steps):
        if stage.wide and at not in done:
            raise CompileError(f"no kernel does `{' '.join(step.argv)}`", "use --kernels auto")
