"""The logical dataflow: source, stages, output, all forward."""

from __future__ import annotations

from leashc.dataflow import Dataflow
from leashc.inputs import volume
from leashc.judge import Judged
from leashc.stage import Output
from runtime.plan import Command, Options, Source


def logical(
    stages: list[Judged],
    commands: tuple[Command, ...],
    options: Options,
    output: str,
) -> Dataflow:
    """The graph of the judged commands."""
    flow = Dataflow(commands, options)
    source = stages[0][1]
    last = flow.add(source or Source(0))
    flow.size = volume(*stages[0], commands[0])
    for stage, _ in stages:
        number = flow.add(stage)
        flow.connect(last, number)
        last = number
    flow.connect(last, flow.add(Output(output)))
    return flow
