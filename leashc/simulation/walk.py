"""A plan as a run on AWS walks it: what goes to Lambda, and what of it is left for here."""

from __future__ import annotations

from typing import NamedTuple

from leashc.simulation.parameters import steps
from runtime.aws import layered, undivided
from runtime.placed import with_kernels
from runtime.plan import Exchange, Plan, Stage
from runtime.regions import Region, regions


class There(NamedTuple):
    """A region's layers on Lambda and the ways to them. output: its results are the output."""

    layers: list[Stage]
    ways: list[Exchange]
    output: bool


class Here(NamedTuple):
    """Stages on the coordinator's machine, and why."""

    stages: list[Stage]
    why: str

    @property
    def names(self) -> str:
        """Their commands."""
        return " | ".join(name for stage in self.stages for name in names(stage))


def names(stage: Stage) -> list[str]:
    """Its commands, those of a kernel one by one."""
    return [step[0].lstrip("@") for argv in stage.pipe for step in steps(argv)]


def walk(plan: Plan, final: str) -> list[There | Here]:
    """What is done where, in order. final: where the last merge runs, "local" or "lambda".

    Kernels run where they can, as if the function had them.
    """
    found: list[There | Here] = []
    plan = plan.piped()
    left = regions(plan._replace(stages=tuple(map(with_kernels, plan.stages))))
    while left:
        region, *left = left
        if why := undivided(region):
            return [*found, Here(_stages([region, *left]), why)]
        goes_on = bool(left) and not undivided(left[0])
        layers, ways, root = layered(region, rooted=goes_on or final == "lambda")
        found.append(There(layers, ways, not left and root is None))
        if root is not None:
            return [*found, Here([root, *_stages(left)], "there everything comes together")]
    return found


def _stages(regions: list[Region]) -> list[Stage]:
    return [s for r in regions for s in (r.map, *r.levels, r.root) if s is not None]
