"""A run on AWS that does not take place: the plan's regions through the real coordinator."""

from __future__ import annotations

import functools
from typing import Any, NamedTuple

from leashc.simulation.cloud import Cloud, SimulatedCalls, SimulatedFleet, Spent, blob
from leashc.simulation.joining import SimulatedJoining
from leashc.simulation.parameters import MB, Parameters
from leashc.simulation.task import Function
from runtime.aws import layered, shuffled, undivided
from runtime.coordinator import coordinate, results
from runtime.cost import Cost
from runtime.plan import Plan, Stage
from runtime.regions import Region, regions
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
    """Run a plan, by tools alone, over an input of `size` bytes that lies in a simulated bucket.

    calls: tasks at a time; final: where the last merge runs, "local" or "lambda". Raises what
    a run raises.
    """
    return _Run(plan.by_tools(), function, parameters, calls, final, seed).over(size)


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
        found = regions(self.plan)
        for number, region in enumerate(found):
            if reason := undivided(region):
                self._here(source, [s for r in found[number:] for s in _stages(r)], reason)
                return self._done()
            last = number + 1 == len(found)
            more = not last and not undivided(found[number + 1])
            layers, ways, root = layered(region, rooted=more or self.final == "lambda")
            cuts = source.cuts(layers[0].width)
            if shuffled(ways) and len(cuts) == 1:
                layers, ways = layers[:1], []
            joining = SimulatedJoining(self.cloud, self.cost, wanted=last and root is None)
            fleet = functools.partial(SimulatedFleet, self.cloud)
            calls = self.calls
            _, made = coordinate(calls, layers, ways, source, cuts, -1, fleet, joining.take)
            joining.finish(made)
            source = results(made)
            if root is not None:
                rest = [root, *(s for r in found[number + 1 :] for s in _stages(r))]
                self._here(source, rest, "there everything comes together")
                return self._done()
        return self._done()

    def _here(self, source: Extents, stages: list[Stage], why: str) -> None:
        """What the coordinator's machine does, reading all of it."""
        p = self.parameters
        names = " | ".join(argv[0].lstrip("@") for stage in stages for argv in stage.pipe)
        self.notes.append(f"{names}: on the coordinator's machine, for {why}")
        size, seconds = float(source.size), source.size / MB / p["local_bandwidth"]
        for argv in (argv for stage in stages for argv in stage.pipe):
            rates = p.rates(argv)
            seconds = max(seconds, rates.seconds(size, p["record"]))
            size *= rates.ratio
        self.cost.count({"get": -(-source.size // (8 << 20))}, {"read": source.size})
        self.cost.here.update({"read": source.size})
        self._wait(f"{stages[0].id}", "processor", seconds, source.size)
        self.cloud.stages[f"{stages[0].id}"].tasks = 1

    def _wait(self, stage: str, part: str, seconds: float, size: int) -> None:
        clock, spent = self.cloud.clock, self.cloud.stages[stage]
        spent.begin = min(spent.begin, clock.now)
        clock.run(clock.now + seconds)
        spent.end = clock.now
        spent.read += size
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


def _stages(region: Region) -> list[Stage]:
    return [s for s in (region.map, *region.levels, region.root) if s is not None]
