"""From the physical dataflow, or from judged commands, to a plan."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from leashc.behaviour import Kind
from leashc.stage import Output, Stage
from runtime import plan
from runtime.plan import Argv, Command, Options, Plan, Source
from runtime.slots import LAST, measures

if TYPE_CHECKING:
    from leashc.dataflow import Dataflow


def lower(flow: Dataflow, text: str, variables: Mapping[str, str]) -> Plan:
    """The plan of a dataflow; ids are places in the order of the data."""
    ids = {number: place for place, number in enumerate(flow.order())}
    sources, stages, output = [], [], plan.Output(len(ids) - 1)
    for number in flow.order():
        node = flow.node(number)
        if isinstance(node, Stage):
            stages.append(_stage(ids[number], node))
        elif isinstance(node, Output):
            output = plan.Output(ids[number], node.path)
        else:
            sources.append(node)
    exchanges = tuple(
        plan.Exchange(ids[origin], ids[target], exchange.kind, exchange.fan)  # type: ignore[arg-type]
        for origin, target, exchange in flow.edges()
    )
    return Plan(
        text,
        flow.commands,
        tuple(stages),
        tuple(sources),
        exchanges,
        output,
        flow.options,
        tuple(sorted(variables.items())),
    )


def whole(
    stages: list[tuple[Stage, Source | None]],
    why: str,
    commands: tuple[Command, ...],
    options: Options,
    output: str,
    text: str,
    variables: Mapping[str, str],
) -> Plan:
    """The plan that runs the pipeline as the shell would: one stage, made without a graph."""
    reasons = [f"{stage.text}: {stage.reason}" for stage, _ in stages if stage.reason]
    one = Stage(
        tuple(step for stage, _ in stages for step in stage.steps),
        reason="; ".join(reasons) or why,
        remedies=tuple(dict.fromkeys(r for stage, _ in stages for r in stage.remedies)),
        covers=(0, len(commands) - 1),
    )
    return Plan(
        text,
        commands,
        (_stage(1, one),),
        (stages[0][1] or Source(0),),
        (plan.Exchange(0, 1, "forward"), plan.Exchange(1, 2, "forward")),
        plan.Output(2, output),
        options,
        tuple(sorted(variables.items())),
    )


def _counts(stage: Stage) -> bool:
    """Whether it asks how many records come before its partition, or whether any follow."""
    argvs = [step.argv for step in stage.steps]
    return bool(measures(argvs)) or any(LAST in argv for argv in argvs)


def _rest(stage: Stage) -> tuple[Argv, ...]:
    """The pipe for what is left of a stream, if it is another than the stage's own."""
    if not any(step.rest for step in stage.steps):
        return ()
    return tuple(step.rest or step.argv for step in stage.steps)


def _stage(number: int, stage: Stage) -> plan.Stage:
    trim = stage.law.trim if stage.wide else None
    reason = stage.reason
    if stage.role == "combine" and not reason:
        reason = "here the partitions come together"
    return plan.Stage(
        number,
        tuple(step.argv for step in stage.steps),
        stage.width,
        stage.role,  # type: ignore[arg-type]
        reason,
        tuple(step.environment for step in stage.steps),
        tuple(step.origin for step in stage.steps),
        tuple(step.behaviour for step in stage.steps),
        tuple(step.status for step in stage.steps),  # type: ignore[misc]
        stage.covers,
        stage.guard if stage.wide else None,
        trim.drop if trim else None,
        trim.strip.decode("latin-1") if trim else "",
        trim.group if trim else 1,
        stage.wide and (stage.law.kind is not Kind.AGGREGATE or stage.law.stops_early),
        stage.law.ordered or not stage.wide or trim is not None or _counts(stage),
        stage.remedies,
        stage.inputs if stage.wide else (),
        stage.joined if stage.wide else "",
        stage.joint.value if stage.wide and stage.joined == "list" else "bytes",
        _rest(stage),
        stage.kernels,
        trim.before if trim else 0,
    )
