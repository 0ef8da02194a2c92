"""Predicted and measured, side by side, after a run on AWS: for `--timing`."""

from __future__ import annotations

from typing import Any

from leashc.simulation.estimate import estimate
from leashc.simulation.parameters import MB, Parameters
from leashc.simulation.task import Function
from runtime.errors import RunError
from runtime.plan import Plan


def beside(plan: Plan, facts: dict[str, Any], seconds: float, calls: int, final: str) -> list[str]:
    """What each stage was expected to take on the function there is, and what it took.

    facts: as a report has them; seconds: of the whole run.
    """
    cost, measured = facts["cost"], facts["stages"]
    function = Function(cost["memory"], cost["architecture"])
    size = sum(blob.size for source in plan.sources for blob in source.blobs)
    size = size or next((stage["bytes_in"] for stage in measured.values()), 0)  # standard input
    try:
        found = estimate(plan, size, function, Parameters(), calls, final)
    except RunError as error:
        return [f"  predicted: nothing, for {error}"]
    lines = ["  stage      predicted                         measured"]
    for layer in found.layers:
        took = measured.get(str(layer.stage))
        if layer.read and took and layer.tasks == took["tasks"]:
            ours = _stage(layer.tasks, layer.task, layer.read, layer.written)
            mean = took["seconds"] / max(took["tasks"], 1)
            real = _stage(took["tasks"], mean, took["bytes_in"], took["bytes_out"])
            lines.append(f"  {layer.stage:<11}{ours:<34}{real}")
    requests = sum(cost["requests"].values())
    ours = f"{found.seconds:.1f} s, ${found.dollars:.4f}, {found.requests} requests"
    lines.append(
        f"  all        {ours:<34}{seconds:.1f} s, ${cost['total']:.4f}, {requests} requests"
    )
    return lines


def _stage(tasks: int, seconds: float, read: int, written: int) -> str:
    return f"{tasks} × {seconds:.1f} s, {read / MB:.0f} → {written / MB:.0f} MB"
