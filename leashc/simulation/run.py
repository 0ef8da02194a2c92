"""A run on AWS that does not take place: the plan's regions through the real coordinator."""

from __future__ import annotations

import functools
from typing import Any, NamedTuple

from leashc.simulation.cloud import Cloud, SimulatedCalls, SimulatedFleet, Spent, blob
from leashc.simulation.joining import SimulatedJoining
from leashc.simulation.parameters import Parameters
from leashc.simulation.task import Function, seconds_here
from leashc.simulation.walk import Here, walk
from runtime.aws import shuffled
from runtime.coordinator import coordinate, results
from runtime.cost import Cost
from runtime.plan import Plan
from runtime.s3 import BLOCK
from runtime.source import Extent, Extents
from runtime.target import Target


class Simulated(NamedTuple):
    """seconds; dollars; cost: see Cost.as_dict; stages: by id, "output" among them.

    repeated: what was done again, and why; notes: what of it would run elsewhere.
    """

    plan: Plan
    function: Function
    seconds: float
    cost: dict[str, Any]
    stages: dict[str, Spent]
    repeated: list[str]
    environments: int
    notes: list[str]
    date: str
    seed: int

    @property
    def dollars(self) -> float:
        return float(self.cost["total"])

    @property
    def bottleneck(self) -> str:
        """What most of the longest stage's time goes to."""
        longest = max(self.stages, key=lambda name: self.stages[name].end - self.stages[name].begin)
        return f"stage {longest}: {self.stages[longest].bottleneck}"


def simulate(
    plan: Plan,
    size: int,
    function: Function,
    parameters: Parameters,
    *,
    calls: int = 1000,
    final: str = "local",
    seed: int = 1,
) -> Simulated:
    """Run a plan over an input of `size` bytes that lies in a simulated bucket.

    calls: tasks at a time; final: where the last merge runs, "local" or "lambda". Raises what
    a run raises.
    """
    return _Run(plan, function, parameters, calls, final, seed).over(size)


class _Run:
    def __init__(
        self,
        plan: Plan,
        function: Function,
        parameters: Parameters,
        calls: int,
        final: str,
        seed: int,
    ) -> None:
        self.plan = plan
        self.final = final
        self.seed = seed
        self.parameters = parameters
        self.cost = Cost()
        self.cloud = Cloud(function, parameters, self.cost, seed)
        self.cost.billing = self.cost.billing._replace(storage=function.storage)
        self.calls = SimulatedCalls(Target("simulated"), "run", "", self._never, calls, self.cost)
        self.notes: list[str] = []

    @staticmethod
    def _never(event: dict[str, Any]) -> Any:
        raise AssertionError("the fleet is simulated")

    def over(self, size: int) -> Simulated:
        blobs = [b for source in self.plan.sources for b in source.blobs] or [blob("input", size)]
        source = Extents([Extent(each, 0, each.size) for each in blobs])
        self.cost.count({"put": 3, "head": len(blobs)}, {})  # the plan, the run's own records
        for part in walk(self.plan, self.final):
            if isinstance(part, Here):
                self._here(source, part)
                break
            layers, ways = part.layers, part.ways
            cuts = source.cuts(layers[0].width)
            if shuffled(ways) and len(cuts) == 1:
                layers, ways = layers[:1], []
            joining = SimulatedJoining(self.cloud, self.cost, wanted=part.output)
            fleet, calls = functools.partial(SimulatedFleet, self.cloud), self.calls
            _, made = coordinate(calls, layers, ways, source, cuts, -1, fleet, joining.take)
            joining.finish(made)
            source = results(made)
        return self._done()

    def _here(self, source: Extents, part: Here) -> None:
        """What the coordinator's machine does, reading all of it."""
        self.notes.append(f"{part.names}: on the coordinator's machine, for {part.why}")
        stage = str(part.stages[0].id)
        gets = -(-source.size // BLOCK)
        self.cost.count({"get": gets}, {"read": source.size})
        self.cost.here.update({"read": source.size})
        self._wait(stage, "processor", seconds_here(part.stages, source.size, self.parameters))
        self.cloud.stages[stage].read += source.size
        self.cloud.stages[stage].tasks = 1

    def _wait(self, stage: str, part: str, seconds: float) -> None:
        clock, spent = self.cloud.clock, self.cloud.stages[stage]
        spent.begin = min(spent.begin, clock.now)
        clock.run(clock.now + seconds)
        spent.end = clock.now
        spent.parts[part] += seconds

    def _done(self) -> Simulated:
        return Simulated(
            self.plan,
            self.cloud.function,
            float(self.cloud.clock.now),
            self.cost.as_dict(),
            dict(self.cloud.stages),
            self.calls.repeated,
            self.cloud.environments,
            self.notes,
            self.parameters.date,
            self.seed,
        )
