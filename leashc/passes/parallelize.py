"""Widen the stages whose law allows it."""

from __future__ import annotations

from leashc.behaviour import Framing, Kind
from leashc.dataflow import Dataflow, Node
from leashc.stage import Stage, Step, strictest
from runtime.plan import Source
from runtime.slots import LAST, measures

# Bytes of a partition, at most, when leashc chooses the width: large enough that to start
# processes and to bring their results together costs little, small enough for memory.
PARTITION = 128 << 20


def parallelize(flow: Dataflow) -> Dataflow:
    """Run lawful stages over partitions, and gather as late as possible.

        a --forward--> b            becomes    a ×n --forward--> b ×n
        a --forward--> sort         becomes    a ×n --forward--> map ×n --gather--> combine

    Sound by the laws of section 4 of the design: each stage names the one it
    runs by. Where records end (framing), where a guard or a count has to look at
    the stream itself, the partitions are joined in order and dealt again.
    """
    flow = flow.copy()
    width = _width(flow)
    for number, stage in list(flow.stages()):
        before = flow.before(number)[0]
        reason, remedies = stage.reason, stage.remedies
        if not reason and not _joins(flow, before, stage):
            reason = _unwise(flow, before, stage, flow.after(number)[0])
        if reason:
            if stage.guard:
                _watch(flow, before, stage)
            narrow = stage._replace(steps=_typed(flow, stage), reason=reason, remedies=remedies)
            flow.replace(number, narrow)
            _gather(flow, before, number)
            continue
        _widen(flow, before, number, stage, width)
    last = flow.order()[-1]
    _gather(flow, flow.before(last)[0], last)
    return flow


def _width(flow: Dataflow) -> int:
    if flow.options.width:
        return flow.options.width
    # As many for each core, or one of them would work on while the others wait.
    jobs = flow.options.jobs
    rounds = max(-(-flow.size // (PARTITION * jobs)), 1)
    return max(rounds * jobs, 2)


def _unwise(flow: Dataflow, before: int, stage: Stage, after: int) -> str:
    """Why a stage that would have to be dealt a stream had better not be."""
    node = flow.node(before)
    if stage.only_copies:
        return "it only copies"
    if stage.law.copies and not (isinstance(node, Source) and _leads(stage, flow.node(after))):
        return "it costs no more than a copy"
    if stage.law.stops_early and isinstance(node, Stage) and node.law.framing is Framing.NONE:
        return "its input may have no lines, and it stops early"
    return ""


def _leads(stage: Stage, following: Node) -> bool:
    """Whether a stage saves the one after it from being dealt what could be read in parts."""
    if stage.law.kind is Kind.AGGREGATE or not isinstance(following, Stage):
        return False
    return not following.reason and not following.law.copies


def _watch(flow: Dataflow, before: int, stage: Stage) -> None:
    """See to it that a guarded command that runs whole reads what it would in the shell.

    What looks at the buffers it gets (GNU grep, for what is binary) answers as in
    the shell where the data pass its guard, however they come. Where they do not,
    they have to come from one process: a wide stage before it checks the guard, and
    one that may make such data runs whole itself.
    """
    node = flow.node(before)
    if not isinstance(node, Stage) or not node.wide:
        return
    assert stage.guard is not None
    if node.keeps(stage.guard):
        flow.replace(before, node._replace(guard=strictest(node.guard, stage.guard)))
        return
    name = stage.calls[0].name
    reason = f"{name} may take its output for binary"
    remedies = (f"{name} -a",) if name in ("grep", "egrep", "fgrep") else ()
    first = flow.before(before)[0]
    narrow = node._replace(
        steps=_typed(flow, node),
        role="whole",
        width=1,
        guard=None,
        reason=reason,
        remedies=remedies,
    )
    flow.replace(before, narrow)
    flow.connect(first, before, "forward")
    _gather(flow, first, before)


def _gather(flow: Dataflow, before: int, number: int) -> None:
    """Make an edge from a wide stage into a narrow one, or the output, a gather."""
    node = flow.node(before)
    if isinstance(node, Stage) and node.wide:
        flow.connect(before, number, "gather", node.width)


def _widen(flow: Dataflow, before: int, number: int, stage: Stage, width: int) -> None:
    law = stage.law
    joins = _joins(flow, before, stage)
    flow.connect(before, number, "forward" if joins else "scatter")
    node = flow.node(before)
    if joins and isinstance(node, Stage):
        stage = stage._replace(
            keeps_text=stage.keeps_text and node.keeps_text,
            keeps_ascii=stage.keeps_ascii and node.keeps_ascii,
        )
    if law.kind is not Kind.AGGREGATE:
        flow.replace(
            number,
            stage._replace(steps=_steps(stage, law.map or (law.argv,)), role="map", width=width),
        )
        return
    mapped = stage._replace(steps=_steps(stage, law.map), role="map", width=width)
    after = flow.after(number)[0]
    flow.replace(number, mapped)
    helpers = tuple(
        Step(argv, -1, part, environment=stage.steps[-1].environment)
        for part, argvs in (("combine", law.combine), ("finish", law.finish))
        for argv in argvs
    )
    if law.ends:
        helpers = (*helpers[:-1], helpers[-1]._replace(origin=stage.steps[-1].origin))
    root = flow.add(stage._replace(steps=helpers, role="combine", guard=None))
    exchange = flow.exchange(number, after)
    flow.disconnect(number, after)
    flow.connect(number, root, "gather", width)
    flow.connect(root, after, exchange.kind, exchange.fan)


def _joins(flow: Dataflow, before: int, stage: Stage) -> bool:
    """Whether the partitions of the stage before serve this one as they are."""
    node, law = flow.node(before), stage.law
    if not isinstance(node, Stage) or not node.wide or node.law.framing is not Framing.RECORDS:
        return False
    if stage.inputs:  # which are all cut together
        return False
    if node.joined == "keys" and law.kind is Kind.AGGREGATE and law.ordered:
        # What may have to be run again is combined when all of it is there, which is too
        # late for what can answer before.
        return False
    argvs = (law.argv, *law.map)
    looks_at_the_stream = law.trim or measures(argvs) or any(LAST in argv for argv in argvs)
    guarded = stage.guard is not None and not node.keeps(stage.guard)
    return not looks_at_the_stream and not guarded


def _typed(flow: Dataflow, stage: Stage) -> tuple[Step, ...]:
    """The commands that a stage stands for, as they were typed."""
    first, last = stage.covers
    return tuple(
        Step(command.argv, number, "whole", environment=command.environment)
        for number, command in enumerate(flow.commands[first : last + 1], first)
    )


def _steps(stage: Stage, argvs: tuple[tuple[str, ...], ...]) -> tuple[Step, ...]:
    """The argvs of a law with the commands whose statuses they give; a helper gives none."""
    first, last = stage.steps[0].origin, stage.steps[-1].origin
    return tuple(
        Step(
            argv,
            -1 if at and argv[0].startswith("@") else min(first + at, last),
            stage.law.kind.value,
            stage.law.status.value,
            stage.steps[min(at, len(stage.steps) - 1)].environment,
            stage.law.rest if at + 1 == len(argvs) else (),
        )
        for at, argv in enumerate(argvs)
    )
