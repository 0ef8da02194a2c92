"""Rewrite neighbours that mean less work together."""

from __future__ import annotations

from collections.abc import Callable

from leashc.behaviour import Behaviour, Framing, Kind
from leashc.dataflow import Dataflow
from leashc.operators.uniq import count_before_sort
from leashc.stage import Stage
from runtime.plan import Source


def simplify(flow: Dataflow) -> Dataflow:
    """Fewer commands, the same bytes.

        cat f | b              becomes    f → b                 if b may be wide
        a | cat - f | b        becomes    a, f → b              if b may be wide
        sort | uniq -c         becomes    count, then sort
        sort | head -n k       becomes    k records of each partition

    Sound: `cat` copies, and what may be wide reads a pipe either way. The laws
    of the other two are proved where they are made; all commands of a joined
    stage end with 0, or the stage is run again as it was written.
    """
    flow = flow.copy()
    for rewrite in (_source, _count, _top):
        while _once(flow, rewrite):
            pass
    return flow


Place = tuple[int, Stage]
Rewrite = Callable[[Dataflow, Place, Place], bool]


def _once(flow: Dataflow, rewrite: Rewrite) -> bool:
    """Apply a rewrite to the first pair that it takes; False if it takes none."""
    return any(
        rewrite(flow, (first, stage), (second, following))
        for first, stage, second, following in flow.chain()
        if not stage.reason and not following.reason
    )


def _source(flow: Dataflow, first: Place, second: Place) -> bool:
    number, stage = first
    following = second[1]._replace(covers=(stage.covers[0], second[1].covers[1]))
    if not stage.only_copies or following.inputs:
        return False
    if stage.inputs:
        following = following._replace(inputs=stage.inputs, joined="list", joint=stage.joint)
    elif not isinstance(flow.node(flow.before(number)[0]), Source):
        return False
    flow.remove(number)
    flow.replace(second[0], following)
    return True


def _count(flow: Dataflow, first: Place, second: Place) -> bool:
    calls = (*first[1].calls, *second[1].calls)
    if [call.name for call in calls] != ["sort", "uniq"]:
        return False
    law = count_before_sort(*calls)
    return law is not None and _join(flow, first, second, law)


def _top(flow: Dataflow, first: Place, second: Place) -> bool:
    """The first k of the whole are among the first k of each partition, in the same order."""
    sorts, takes = first[1].law, second[1].law
    sorted_only = first[1].calls[-1].name == "sort" and sorts.kind is Kind.AGGREGATE
    takes_records = (
        takes.kind is Kind.AGGREGATE
        and takes.stops_early
        and takes.framing is Framing.RECORDS
        and takes.map == takes.combine
        and not takes.finish
    )
    both = sorts.but(map=sorts.map + takes.map, combine=sorts.combine + takes.combine)
    law = both.but(ranged=(), keeps_bytes=False)
    return sorted_only and takes_records and _join(flow, first, second, law)


def _join(flow: Dataflow, first: Place, second: Place, law: Behaviour) -> bool:
    """Make one stage of two, with the law of both."""
    number, stage = first
    both = stage._replace(
        steps=stage.steps + second[1].steps,
        calls=stage.calls + second[1].calls,
        law=law,
        covers=(stage.covers[0], second[1].covers[1]),
    )
    flow.remove(second[0])
    flow.replace(number, both)
    return True
