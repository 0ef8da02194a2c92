"""What must hold of a dataflow after every pass."""

from __future__ import annotations

from leashc.dataflow import Dataflow, Exchange
from leashc.stage import Output, Stage
from runtime.plan import Source


class Broken(AssertionError):
    """A pass made a graph that means nothing; a defect of leashc, never of its input."""


def verify(flow: Dataflow, after: str) -> None:
    """Raise Broken, naming the pass, unless the graph is sound."""

    def demand(condition: bool, what: str) -> None:
        if not condition:
            raise Broken(f"after {after}: {what}")

    demand(flow.acyclic, "there is a cycle")
    for number in flow.order():
        node = flow.node(number)
        before, behind = len(flow.before(number)), len(flow.after(number))
        demand(isinstance(node, Source) or before == 1, f"node {number} has {before} inputs")
        demand(isinstance(node, Output) or behind == 1, f"node {number} has {behind} outputs")
        if isinstance(node, Stage):
            demand(bool(node.steps), f"stage {number} runs nothing")
            demand(node.covers[0] <= node.covers[1], f"stage {number} covers nothing")
            demand(node.role != "whole" or node.width == 1, f"stage {number} is whole and wide")
    covered = [n for _, stage in flow.stages() for step in stage.steps if (n := step.origin) >= 0]
    demand(covered == sorted(covered), "commands are out of order")
    for origin, target, exchange in flow.edges():
        demand(_agrees(flow, origin, target, exchange), f"widths disagree at {origin} → {target}")


def _agrees(flow: Dataflow, origin: int, target: int, exchange: Exchange) -> bool:
    first, second = flow.node(origin), flow.node(target)
    into = second.width if isinstance(second, Stage) else 1
    out = first.width if isinstance(first, Stage) else 1
    match exchange.kind:
        case "forward":
            return into == out
        case "scatter":
            return isinstance(second, Stage) and second.role == "map"
        case "gather":
            return exchange.fan >= 1 and into == -(-out // exchange.fan)
        case "shuffle":
            ranged = isinstance(first, Stage) and (first.wide or first.role == "combine")
            return ranged and isinstance(second, Stage) and second.role == "combine"
    return False
