"""A simulated run for people and for programs. Both say that it was simulated."""

from __future__ import annotations

import json
from typing import Any

from leashc.simulation.run import Simulated
from leashc.simulation.walk import names

WIDTH = 40  # characters of the timeline


def text(found: Simulated) -> str:
    """Time, dollars, bottleneck and a timeline."""
    dollars = found.cost["dollars"]
    requests = ", ".join(f"{n:,} {kind}" for kind, n in found.cost["requests"].items())
    function = found.function
    lines = [
        _warning(found),
        f"{found.plan.pipeline.strip()}",
        f"  on {function.architecture} of {function.memory} MB",
        "",
        *(_bar(stage, found) for stage in stages(found)),
        "",
        f"time        {found.seconds:.1f} s; most of it {found.bottleneck}",
        f"dollars     ${found.dollars:.4f}: "
        + ", ".join(f"{value:.4f} {name}" for name, value in dollars.items()),
        f"Lambda      {found.cost['invocations']:,} invocations, {found.environments:,} "
        f"environments, {found.cost['gb_seconds']:,.0f} GB-seconds",
        f"S3          {requests}",
    ]
    if found.repeated:
        lines.append(f"repeated    {len(found.repeated)} attempts, {_kinds(found.repeated)}")
    lines += [f"note        {note}" for note in found.notes]
    return "\n".join(lines) + "\n"


def as_json(found: Simulated) -> str:
    """`seconds`, `dollars`, `requests`, `stages` and what they come from."""
    return json.dumps(
        {
            "simulated": True,
            "parameters": found.date,
            "seed": found.seed,
            "pipeline": found.plan.pipeline.strip(),
            "function": found.function._asdict(),
            "seconds": round(found.seconds, 3),
            "dollars": round(found.dollars, 6),
            "requests": found.cost["requests"],
            "bottleneck": found.bottleneck,
            "stages": stages(found),
            "environments": found.environments,
            "repeated": found.repeated,
            "cost": found.cost,
            "notes": found.notes,
        },
        indent=1,
    )


def stages(found: Simulated) -> list[dict[str, Any]]:
    """What each stage took: seconds from the run's start, bytes, seconds of all its tasks."""
    widths = {str(stage.id): stage for stage in found.plan.stages}
    values = []
    for name, spent in sorted(found.stages.items(), key=lambda item: item[1].begin):
        stage = widths.get(name)
        values.append(
            {
                "stage": name,
                "commands": " | ".join(names(stage)) if stage else "",
                "width": stage.width if stage else 1,
                "tasks": spent.tasks,
                "begin": round(spent.begin, 3),
                "end": round(spent.end, 3),
                "read": spent.read,
                "written": spent.written,
                "spent": {part: round(value, 3) for part, value in sorted(spent.parts.items())},
                "bottleneck": spent.bottleneck,
            }
        )
    return values


def _warning(found: Simulated) -> str:
    return f"SIMULATED, not run: parameters of {found.date}, seed {found.seed}"


def _bar(stage: dict[str, Any], found: Simulated) -> str:
    """A line of the timeline."""
    scale = WIDTH / found.seconds
    first = int(stage["begin"] * scale)
    last = max(int(stage["end"] * scale), first + 1)
    bar = " " * first + "█" * (last - first)
    name = "output" if stage["stage"] == "output" else f"stage {stage['stage']}"
    times = f"{stage['begin']:.1f} to {stage['end']:.1f} s"
    wide = f"×{stage['width']}" if name != "output" else ""
    what = f"{stage['commands']}: " if stage["commands"] else ""
    return f"{name:<9}{wide:<7}│{bar:<{WIDTH}}│ {times}  {what}{stage['bottleneck']}"


def _kinds(repeated: list[str]) -> str:
    kinds = [why.rpartition(": ")[2] for why in repeated]
    return ", ".join(f"{kinds.count(kind)} {kind}" for kind in sorted(set(kinds)))
