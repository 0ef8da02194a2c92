"""Rewrite neighbours that mean less work together."""

from __future__ import annotations

from collections.abc import Callable

from leashc.behaviour import Behaviour, Framing, Kind
from leashc.dataflow import Dataflow
from leashc.kernels import words
from leashc.operators import judge
from leashc.operators.paste import pairs
from leashc.operators.uniq import COUNT, count_before_sort
from leashc.stage import Stage
from runtime.plan import Source


def simplify(flow: Dataflow) -> Dataflow:
    """Fewer commands, the same bytes.

        cat f | b              becomes    f → b                 if b may be wide
        a | cat - f | b        becomes    a, f → b              if b may be wide
        a < f | paste - <(a < f | tail -n +2)
                               becomes    a < f | pairs of neighbours
        sort | uniq -c         becomes    count, then sort
        sort | head -n k       becomes    k records of each partition
        count | sort -n        becomes    count, then merge and sort as one

    Sound: `cat` copies, and what may be wide reads a pipe either way. The laws
    of the others are proved where they are made; all commands of a joined
    stage end with 0, or the stage is run again as it was written.
    """
    flow = flow.copy()
    for rewrite in (_pairs, _source, _count, _top, _ranked):
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


def _pairs(flow: Dataflow, first: Place, second: Place) -> bool:
    """What is read twice is read once, where it is the same files by the same commands."""
    number, paste = second
    at = paste.covers[0]
    command = flow.commands[at]
    if paste.joined != "records" or len(command.streams) != 1:
        return False
    *same, rest = command.streams[0].commands
    if tuple(same) != flow.commands[:at] or rest.redirects or not _says_again(flow, at):
        return False
    law = pairs(paste.calls[0], judge(rest.argv, rest.environment, {}))
    if law is None:
        return False
    step = paste.steps[0]._replace(argv=law.argv)
    flow.replace(number, paste._replace(steps=(step,), law=law, inputs=(), joined=""))
    return True


def _says_again(flow: Dataflow, before: int) -> bool:
    """Whether the commands before this one would say the same if they ran again, as those do in
    a stream of a divided command, which reads files alone: none is random, or acts."""
    streams = any(command.streams for command in flow.commands[:before])
    stages = [stage for _, stage in flow.stages() if stage.covers[1] < before]
    return not streams and not any(stage.reason for stage in stages)


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


def _ranked(flow: Dataflow, first: Place, second: Place) -> bool:
    """Counts are merged in one place and in order, where a kernel ranks them as they come: to
    deal them out to others costs more. A shuffle leaves them in many places."""
    counts, sorts = first[1], second[1]
    if flow.options.merge == "shuffle" or flow.options.kernels == "off" or sorts.guard:
        return False
    if counts.law.map[:1] != (COUNT,) or sorts.law.finish or sorts.calls[0].name != "sort":
        return False
    ranks = words(sorts.law.map[0], sorts.calls[0].locale)
    if not ranks or "-n" not in ranks.words:
        return False
    law = counts.law.but(finish=counts.law.finish + sorts.law.map, ranged=())
    return _join(flow, first, second, law)


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
