"""What plans would take on this machine, by the rates of its commands: whole, or so many parts.

Tools alone have rates; where kernels run, it takes less. What `run` takes is chosen by size
(passes/parallelize.py) and only shown here beside the others.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from leashc.simulation.parameters import Parameters
from leashc.simulation.task import Function, demand
from runtime.attempts import Job
from runtime.plan import Blob, Options, Plan, Stage
from runtime.regions import regions
from runtime.source import Extent, Extents

ROUNDS = (1, 2, 4, 8, 16)  # parts for each task at a time


class Row(NamedTuple):
    """A plan of this machine. width: 1 for whole; processor: seconds of all commands."""

    width: int
    seconds: float
    processor: float
    usual: bool  # `run` takes it


def rows(planned: Callable[[Options], Plan], options: Options, size: int, cores: int) -> list[Row]:
    """The candidates, narrow ones first. options: as they were given; size: bytes of the input."""
    usual = planned(options)
    widths = {1, options.width or _widest(usual)}
    if not options.width:
        widths |= {options.jobs * n for n in ROUNDS}
    p, found = Parameters({"transport": 0.0}, here=True), []
    for width in sorted(widths):
        plan = planned(options._replace(width=width)).by_tools()
        if _widest(plan) in (1, width):
            found.append(_row(plan, size, p, options.jobs, cores, width == _widest(usual)))
    return [row for at, row in enumerate(found) if row.width not in {r.width for r in found[:at]}]


def table(found: list[Row]) -> str:
    """For people."""
    lines = ["PREDICTED for this machine, by tools", "   width     seconds  of processors"]
    lines += [
        f"{'→' if row.usual else ' '}{row.width if row.width > 1 else 'whole':>7}"
        f"{row.seconds:>12.2f}{row.processor:>15.2f}"
        for row in found
    ]
    return "\n".join(lines) + "\n"


def _widest(plan: Plan) -> int:
    return max(stage.width for stage in plan.stages)


def _row(plan: Plan, size: int, p: Parameters, jobs: int, cores: int, usual: bool) -> Row:
    seconds, processor = p["local_start"], 0.0
    for region in regions(plan):
        for stage in (stage for stage in (region.map, *region.levels, region.root) if stage):
            took, used, size = _stage(stage, size, p, jobs, cores)
            seconds += took
            processor += used
    return Row(_widest(plan), seconds, processor, usual)


def _stage(
    stage: Stage, size: int, p: Parameters, jobs: int, cores: int
) -> tuple[float, float, int]:
    """Seconds of the clock and of processors; bytes that it writes."""
    count = max(stage.width, 1)
    machine = Function(int(p["memory_per_cpu"]) * cores, "x86_64")
    part = Extents([Extent(Blob("part", size // count), 0, size // count)])
    need = demand(Job(stage, 0, part, (0, size // count)), p, machine)
    rounds, seconds, processor = -(-count // jobs), 0.0, 0.0
    for phase in need.phases:
        used = phase.processor * count
        seconds += max(used / cores, rounds * phase.computing(p, machine))
        processor += used
    return seconds + rounds * p["local_task"], processor, need.written * count
