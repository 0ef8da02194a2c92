"""Turn a wide gather into levels."""

from __future__ import annotations

import math

from leashc.dataflow import Dataflow

# Up to here one process reads all partitions at once without running out of
# buffer or descriptors; beyond, levels pay.
FLAT = 256


def merge_tree(flow: Dataflow) -> Dataflow:
    """Combine k neighbours at a time.

        map ×8 --gather(8)--> combine
        becomes, with k = 2,
        map ×8 --gather(2)--> combine ×4 --gather(2)--> combine ×2 --gather(2)--> combine

    Sound: combine is associative and the groups are neighbours, in order. Only
    the root finishes.
    """
    flow = flow.copy()
    for number, stage in list(flow.stages()):
        if stage.role != "combine" or not any(s.behaviour == "combine" for s in stage.steps):
            continue
        if stage.width > 1:
            continue  # a shuffle leaves nothing to merge
        if stage.law.stops_early:
            continue  # it reads the partitions in order, and perhaps not all of them
        before = flow.before(number)[0]
        wide = flow.exchange(before, number).fan
        fan = _fan(flow, wide)
        only = tuple(step for step in stage.steps if step.behaviour == "combine")
        while wide > fan:
            groups = -(-wide // fan)
            level = flow.add(stage._replace(steps=only, width=groups))
            flow.disconnect(before, number)
            flow.connect(before, level, "gather", fan)
            flow.connect(level, number, "gather", groups)
            before, wide = level, groups
    return flow


def _fan(flow: Dataflow, width: int) -> int:
    """How many partitions one combine reads."""
    options = flow.options
    if options.merge == "flat" or (
        options.merge in ("auto", "shuffle") and not options.fan_in and width <= FLAT
    ):
        return width
    return max(options.fan_in or math.isqrt(width - 1) + 1, 2)
