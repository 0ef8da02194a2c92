"""What a run on AWS is expected to take, in closed form: for choosing among plans.

The tasks of a layer are alike, so one of each is enough:

    seconds = Σ max(⌈w/c⌉ · t + (w mod c) · d, w · d + t, requests / rate) + the rest

for layers of w tasks of t seconds, c calls at a time, and d seconds of the coordinator for each;
the rest is the start of environments, copies of the output, and what runs where one is.
"""

from __future__ import annotations

from collections import Counter
from typing import Any, NamedTuple

from leashc.simulation.cloud import blob
from leashc.simulation.parameters import MB, Parameters
from leashc.simulation.task import Demand, Function, demand, seconds_here
from leashc.simulation.walk import Here, There, walk
from runtime.attempts import Job
from runtime.batches import ranges, steps
from runtime.coordinator import SLOW
from runtime.cost import READS, Cost
from runtime.errors import RunError
from runtime.joining import READERS, copied
from runtime.plan import Plan, Stage
from runtime.s3 import BLOCK
from runtime.slots import measures
from runtime.source import Extent, Extents
from runtime.upload import COPIES

INPUT = blob("input", 1 << 62)


class Layer(NamedTuple):
    """What the tasks of a stage are expected to take; task: seconds of one."""

    stage: int
    tasks: int
    task: float
    seconds: float
    read: int
    written: int


class Estimate(NamedTuple):
    """seconds, dollars; cost: see Cost.as_dict."""

    seconds: float
    cost: dict[str, Any]
    layers: list[Layer]

    @property
    def dollars(self) -> float:
        return float(self.cost["total"])

    @property
    def moved(self) -> int:
        """Bytes from and to S3."""
        return sum(self.cost["bytes"].values())

    @property
    def requests(self) -> int:
        return sum(self.cost["requests"].values())


def estimate(
    plan: Plan, size: int, function: Function, parameters: Parameters, calls: int, final: str
) -> Estimate:
    """Of a plan over `size` bytes. Raises RunError if a task could not do its part."""
    return _Sum(plan, function, parameters, calls).over(size, walk(plan, final))


class _Sum:
    def __init__(self, plan: Plan, function: Function, p: Parameters, calls: int) -> None:
        self.function = function
        self.p = p
        self.calls = calls
        self.environments = 0
        self.seconds = 0.0
        self.layers: list[Layer] = []
        self.cost = Cost()
        self.cost.billing = self.cost.billing._replace(
            architecture=function.architecture, memory=function.memory, storage=function.storage
        )
        blobs = [each for source in plan.sources for each in source.blobs]
        self.cost.count({"put": 3, "head": len(blobs) or 1}, {})

    def over(self, size: int, parts: list[There | Here]) -> Estimate:
        for part in parts:
            if isinstance(part, Here):
                self.cost.count({"get": -(-size // BLOCK)}, {"read": size})
                self.cost.here.update({"read": size})
                self.seconds += seconds_here(part.stages, size, self.p)
            else:
                size = self._there(size, part)
        return Estimate(self.seconds, self.cost.as_dict(), self.layers)

    def _there(self, size: int, part: There) -> int:
        """The bytes that come out of layers on Lambda."""
        first = part.layers[0]
        runs = max(min(first.width, size), 1)
        cut = ranges(part.layers, part.ways, runs)
        splitters = Extents([])
        if cut > 1:
            whole = Extents([Extent(INPUT, 0, size)])
            job = Job(first, 0, whole, ask="splitters", ranges=cut)
            self._layer(first, 1, demand(job, self.p, self.function))
            splitters = Extents([Extent(INPUT, 0, cut)])
        job = Job(first, 0, Extents([]), (0, -(-size // runs)), splitters=splitters)
        if measures(first.pipe):
            self._layer(first, runs, demand(job._replace(ask="records"), self.p, self.function))
        size = self._layer(first, runs, demand(job, self.p, self.function))
        tasks = runs
        for step, stage in zip(steps(part.layers, part.ways, runs), part.layers[1:], strict=True):
            batch = step.batches[0]
            tasks = sum(1 for span in step.spans if span) or step.width
            read = self._read(-(-size // tasks), len(batch.members))
            size = self._layer(stage, tasks, demand(Job(stage, 0, read), self.p, self.function))
        if part.output:
            self._joined(size, tasks)
        return size

    @staticmethod
    def _read(size: int, inputs: int) -> Extents:
        each = -(-size // inputs)
        return Extents([Extent(INPUT, 0, each)] * inputs)

    def _layer(self, stage: Stage, tasks: int, need: Demand) -> int:
        """Count a layer of tasks like this one; the bytes that they write."""
        p, function = self.p, self.function
        if need.scratch > function.storage << 20:
            raise RunError("its runs do not fit into /tmp")
        seconds = need.seconds(p, function)
        if seconds > function.timeout:
            raise RunError(f"a task would need {seconds:.0f} s")
        at_once = min(tasks, self.calls)
        new = max(at_once - self.environments, 0)
        self.environments += new
        begun = p["invocation_latency"] + (p["creation"] + p["init"] if new else 0.0)
        ramp = max(new - p["burst"], 0) / p["ramp"]
        reads = sum(n for kind, n in need.requests.items() if kind in READS)
        writes = sum(need.requests.values()) - reads
        served = max(tasks * reads / p["get_rate"], tasks * writes / p["put_rate"])
        paced = tasks * p["coordinator"] + seconds
        # A later wave begins task by task, as the one before it ends.
        waves, rest = divmod(tasks - 1, at_once)
        waved = (waves + 1) * seconds + rest * p["coordinator"]
        lasting = begun + max(waved + ramp, paced, served)
        # A straggler is waited for, or its second attempt is.
        any_slow = 1 - (1 - p["slow"]) ** tasks
        lasting += any_slow * (min(p["slowness"], 1 + SLOW[0][1]) - 1) * seconds
        self.seconds += lasting
        self.cost.invocations += tasks
        # Where requests are served one after the other, tasks wait for theirs, and that is billed.
        waiting = max(served * at_once / tasks, seconds)
        billed = waiting / 2 + seconds**2 / (2 * waiting)
        billed *= 1 + p["slow"] * (p["slowness"] - 1)
        self.cost.billed += int(1000 * (tasks * billed + new * p["init"]))
        requests = Counter({kind: tasks * n for kind, n in need.requests.items()})
        self.cost.count(requests, {"read": tasks * need.read, "written": tasks * need.written})
        written = tasks * need.written
        self.layers.append(Layer(stage.id, tasks, seconds, lasting, tasks * need.read, written))
        return written

    def _joined(self, size: int, results: int) -> None:
        """The output of so many results, copied together while the last of them are made."""
        p, pieces = self.p, copied(-(-size // results), results)
        gets = 0 if pieces else results
        copies = results * len(pieces)
        self.cost.count({"copy": copies, "create": 1, "complete": 1, "get": gets}, {})
        self.seconds += 2 * p["put_latency"] + gets * p["get_latency"] / READERS
        if pieces:
            longest = max(stop - start for start, stop in pieces)
            each = p["put_latency"] + longest / MB / p["copy_rate"]
            rounds = -(-copies // COPIES)
            self.seconds += max(each, each * rounds - self.layers[-1].seconds / 2)
