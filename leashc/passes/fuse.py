"""Make one stage of neighbours of equal width."""

from __future__ import annotations

from leashc.dataflow import Dataflow
from leashc.stage import Stage, strictest


def fuse(flow: Dataflow) -> Dataflow:
    """One process group for what passes on its partitions as they are.

        a ×n --forward--> b ×n      becomes      (a | b) ×n

    Sound: a pipe carries the same bytes as a blob; a guard of b is checked on
    what a reads, which parallelize allowed because a keeps what it asks for.
    """
    flow = flow.copy()
    while pair := _pair(flow):
        first, stage, second, following = pair
        flow.replace(first, _fused(stage, following))
        flow.remove(second)
    return flow


def _pair(flow: Dataflow) -> tuple[int, Stage, int, Stage] | None:
    for first, stage, second, following in flow.chain():
        if flow.exchange(first, second).kind == "forward" and stage.width == following.width:
            return first, stage, second, following
    return None


def _fused(stage: Stage, following: Stage) -> Stage:
    steps = stage.steps + following.steps
    if stage.wide and len(steps) > 1:
        # A stateless `cat` in a pipe only copies.
        steps = tuple(s for s in steps if s.argv != ("cat",)) or steps[-1:]
    reasons = [r for r in (stage.reason, following.reason) if r]
    return following._replace(
        steps=steps,
        calls=stage.calls + following.calls,
        role=stage.role,
        width=stage.width,
        reason="; ".join(dict.fromkeys(reasons)),
        remedies=tuple(dict.fromkeys(stage.remedies + following.remedies)),
        covers=(stage.covers[0], following.covers[1]),
        guard=strictest(stage.guard, following.guard),
        law=following.law._replace(trim=stage.law.trim) if stage.wide else following.law,
        keeps_text=stage.keeps_text and following.keeps_text,
        inputs=stage.inputs,
        joined=stage.joined,
        joint=stage.joint,
        keeps_ascii=stage.keeps_ascii and following.keeps_ascii,
    )
