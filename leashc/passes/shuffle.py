"""Make ranges of a sort's output where one merge would read it all."""

from __future__ import annotations

import math

from leashc.dataflow import Dataflow
from leashc.stage import Stage

# Each range of each run is a request at least, and S3 answers 5,500 of them a second. Where
# that takes longer than another level (docs/scaling.md), there are two.
REQUESTS = 150_000


def shuffle(flow: Dataflow) -> Dataflow:
    """Each merge makes one range of the output, from a range of every run.

        sort ×m --gather(m)--> sort -m
        becomes
        sort ×m --shuffle--> sort -m ×m
        or, where that are too many requests, with k = √m,
        sort ×m --shuffle(k)--> sort -m ×m --shuffle--> sort -m ×m

    Sound: the maps cut their runs by the same splitters, each before the first record
    that is not less. What finds that place is the order itself, for splitters are sorted
    with the records (see Behaviour.ranged): so a record of a range is less than those of
    the ranges after it, and equal keys are in one range. On two levels, k neighbours are
    merged first, over several ranges at once; where these lie in the result is the sum of
    where they lay, for such a merge keeps all bytes.
    """
    if flow.options.merge != "shuffle":
        return flow
    flow = flow.copy()
    for number, stage in list(flow.stages()):
        if stage.role != "combine":
            continue
        if not stage.law.ranged:
            why = "it stops early" if stage.law.stops_early else "no order cuts its results"
            reason = f"here the partitions come together, for no ranges can be made: {why}"
            flow.replace(number, stage._replace(reason=reason))
            continue
        before, after = flow.before(number)[0], flow.after(number)[0]
        mapped = flow.node(before)
        assert isinstance(mapped, Stage)
        flow.replace(before, _ranged(mapped))
        runs, fan = mapped.width, _fan(flow, mapped.width)
        reason = "it has as many ranges as there are runs"
        if fan < runs and stage.law.keeps_bytes:
            coarse = -(-runs // fan)
            first = stage._replace(
                width=-(-runs // fan) * coarse, reason=f"it merges {coarse} ranges of {fan} runs"
            )
            level = flow.add(first)
            flow.disconnect(before, number)
            flow.connect(before, level, "shuffle", fan)
            flow.connect(level, number, "shuffle")
            width = runs
        else:
            flow.connect(before, number, "shuffle")
            width = min(runs, max(REQUESTS // runs, 2))
            if width < runs:
                reason = f"{runs} runs of more ranges would be more than {REQUESTS:,} requests"
        flow.replace(number, stage._replace(width=width, reason=reason))
        if flow.exchange(number, after).kind == "forward":
            flow.connect(number, after, "gather", width)
    return flow


def _fan(flow: Dataflow, runs: int) -> int:
    """How many runs are merged first; all of them where one level does."""
    if flow.options.fan_in:
        return min(flow.options.fan_in, runs)
    return runs if runs * runs <= REQUESTS else math.isqrt(runs - 1) + 1


def _ranged(stage: Stage) -> Stage:
    """The map whose runs are cut; what it has more of is a helper, whose status says nothing."""
    last = stage.steps[-1]
    helper = last._replace(origin=-1, status="worst", rest=())
    steps = list(stage.steps) + [helper] * (len(stage.law.ranged) - len(stage.steps))
    pairs = zip(steps, stage.law.ranged, strict=True)
    return stage._replace(steps=tuple(step._replace(argv=argv) for step, argv in pairs))
