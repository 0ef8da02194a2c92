"""A simulated cloud: environments that start and answer, a store with limits."""

from __future__ import annotations

import math
import random
from collections import Counter, defaultdict, deque
from collections.abc import Generator
from concurrent.futures import Future
from typing import Any

import simpy

from leashc.simulation.parameters import MB, Parameters
from leashc.simulation.task import Demand, Function, demand
from runtime.attempts import Call, Calls, Job, Pause, Steps
from runtime.cost import READS, Cost
from runtime.errors import RunError
from runtime.fleet import End
from runtime.invoke import Answer, Passing
from runtime.plan import Blob
from runtime.s3 import longest_pause
from runtime.work import Outcome

Waiting = Generator[simpy.Event, Any, Any]

# What the time of a stage is spent on.
PARTS = ("start", "requests", "network", "processor", "straggling")


class Spent:
    """What a stage took: its tasks, when the first began and the last ended, seconds by PARTS."""

    def __init__(self) -> None:
        self.tasks = 0
        self.begin = math.inf
        self.end = 0.0
        self.parts: defaultdict[str, float] = defaultdict(float)
        self.read = self.written = 0
        self.requests: Counter[str] = Counter()

    @property
    def bottleneck(self) -> str:
        """What most of the time went to."""
        return max(PARTS, key=lambda part: self.parts[part])


class _Limit:
    """Requests that a prefix serves in a second; what comes too soon waits its turn."""

    def __init__(self, rate: float) -> None:
        self.rate = rate
        self._free = 0.0

    def admitted(self, count: int, now: float) -> float:
        """When the last of so many requests is served."""
        self._free = max(self._free, now) + count / self.rate
        return self._free


class Cloud:
    """The function's environments and the bucket.

    cost: where attempts are counted whose answers do not come; seed: of all that is left
    to chance.
    """

    def __init__(self, function: Function, parameters: Parameters, cost: Cost, seed: int) -> None:
        self.function = function
        self._cost = cost
        self.parameters = parameters
        self.clock = simpy.Environment()
        self.stages: defaultdict[str, Spent] = defaultdict(Spent)
        self.environments = 0
        self._random = random.Random(seed)
        self._idle = self._busy = 0
        self._done: set[str] = set()
        self._tokens, self._counted = parameters["burst"], 0.0
        self._reads = _Limit(parameters["get_rate"])
        self._writes = _Limit(parameters["put_rate"])
        self._shares: list[float] = []  # of a run, where each range of it begins

    def latency(self, name: str) -> float:
        """A latency by chance: log-normal around its median."""
        p = self.parameters
        return p[name] * self._random.lognormvariate(0, p["tail"])

    def call(self, call: Call) -> Waiting:
        """What becomes of a call of the worker: an Answer, or Passing is raised."""
        p, began = self.parameters, self.clock.now
        yield self.clock.timeout(self.latency("invocation_latency"))
        init = yield from self._environment()
        spent = self.stages[str(call.job.stage.id)]
        spent.begin = min(spent.begin, began)
        start = self.clock.now
        spent.parts["start"] += start - began
        need = demand(call.job, p, self.function)
        if need.scratch > self.function.storage << 20:
            raise RunError(
                f"{call.job}: a run of {need.scratch >> 20} MB does not fit into /tmp",
                "use more --width, or --storage",
            )
        seconds = self._seconds(need, spent)
        self._busy += 1
        yield self.clock.timeout(p["task"])  # now those are there that began with it
        if p["store_bandwidth"]:
            share = p["store_bandwidth"] / self._busy
            seconds = max(seconds, (need.read + need.written) / MB / share)
        yield self.clock.timeout(max(min(seconds, self.function.timeout) - p["task"], 0.0))
        self._busy -= 1
        self._idle += 1
        spent.tasks += 1
        spent.read += need.read
        spent.written += need.written
        spent.requests.update(need.requests)
        counted = call.job.ask == "records"
        value = {
            **({"records": int(need.read / p["record"])} if counted else {}),
            "outcome": self._outcome(call, need)._asdict(),
            "requests": need.requests,
            "moved": {"read": need.read, "written": need.written},
            "machine": {"arm64": "aarch64"}.get(self.function.architecture, "x86_64"),
        }
        billed = math.ceil((self.clock.now - start + init) * 1000)
        answer = Answer(value, billed, init * 1000, self.function.memory)
        late = seconds > self.function.timeout
        if late or self._random.random() < p["lost"]:
            self._cost.add(answer)
            raise (
                Passing("timeout", f"it would need {seconds:.0f} s")
                if late
                else Passing("lost", "the simulated answer was lost")
            )
        if call.job.task not in self._done:  # of two attempts, nobody waits for the second
            self._done.add(call.job.task)
            spent.end = self.clock.now
        return answer

    def _environment(self) -> Waiting:
        """Wait for an environment; seconds of its init phase, that are billed."""
        if self._idle:
            self._idle -= 1
            return 0.0
        p, now = self.parameters, self.clock.now
        self._tokens = min(p["burst"], self._tokens + (now - self._counted) * p["ramp"])
        self._counted = now
        if self._tokens < 1:
            raise Passing("throttled", "the simulated function has no environment yet")
        self._tokens -= 1
        self.environments += 1
        init = p["init"] * self._random.lognormvariate(0, p["tail"] / 3)
        yield self.clock.timeout(p["creation"] + init)
        return init

    def _seconds(self, need: Demand, spent: Spent) -> float:
        """How long a task takes, and what for."""
        p, now = self.parameters, self.clock.now
        fixed = p["task"] + sum(self.latency("put_latency") for _ in range(3))
        busy = fixed
        spent.parts["start"] += fixed
        for phase in need.phases:
            network, computing = phase.network(p), phase.computing(p, self.function)
            spent.parts["network" if network > computing else "processor"] += max(
                network, computing
            )
            busy += max(network, computing)
        if self._random.random() < p["slow"]:
            spent.parts["straggling"] += busy * (p["slowness"] - 1)
            busy *= p["slowness"]
        reads = sum(n for kind, n in need.requests.items() if kind in READS)
        writes = sum(need.requests.values()) - reads
        served = max(self._reads.admitted(reads, now), self._writes.admitted(writes, now))
        spent.parts["requests"] += max(served - now - busy, 0.0)
        return max(busy, served - now)

    def _outcome(self, call: Call, need: Demand) -> Outcome:
        job = call.job
        written, begins = need.written, tuple[int, ...]()
        if job.ask == "splitters":
            self._shares = self._cut(job.ranges)
            written = len(self._shares)
            begins = tuple(range(written))
        elif job.splitters.size:
            begins = tuple(int(share * written) for share in self._shares)
        path = f"s3://simulated/{job.task}.{call.attempt}"
        statuses = (0,) * len(job.stage.pipe)
        return Outcome(
            job.task,
            call.attempt,
            statuses,
            statuses,
            0.0,
            0.0,
            0,
            need.read,
            written,
            path,
            begins=begins,
        )

    def _cut(self, ranges: int) -> list[float]:
        """Where ranges begin that a sample has made about equal."""
        shape = self.parameters["skew"] ** -2
        sizes = [self._random.gammavariate(shape, 1 / shape) for _ in range(ranges)]
        total, at, found = sum(sizes), 0.0, []
        for size in sizes[:-1]:
            at += size / total
            found.append(at)
        return found


class SimulatedCalls(Calls):
    """Calls of a run whose commit records nobody has to look up: what was lost was not done."""

    def _found(self, job: Job) -> Outcome | None:
        return None


class SimulatedFleet:
    """A fleet over the simulated clock. The coordinator's own time goes by there, too."""

    def __init__(self, cloud: Cloud, calls: Calls) -> None:
        self._cloud = cloud
        self._clock = cloud.clock
        self._threads = simpy.Resource(self._clock, calls.most)
        self._ends: deque[End] = deque()
        self._busy = 0.0  # until when the coordinator makes calls that were begun

    def now(self) -> float:
        return float(self._clock.now)

    def begin(self, layer: int, number: int, steps: Steps) -> None:
        self._clock.process(self._through(layer, number, steps))

    def next(self, seconds: float) -> End | None:
        until = self.now() + seconds
        while not self._ends and self._clock.peek() <= until:
            self._clock.step()
        if self._ends:
            return self._ends.popleft()
        self._clock.run(until)
        return None

    def close(self) -> None:
        """What is under way is of no interest any more."""

    def _through(self, layer: int, number: int, steps: Steps) -> Waiting:
        """Do what an attempt wants, as runtime.fleet.Threads does."""
        future: Future[dict[str, Any]] = Future()
        with self._threads.request() as thread:
            yield thread
            self._busy = max(self._busy, self.now()) + self._cloud.parameters["coordinator"]
            yield self._clock.timeout(self._busy - self.now())
            try:
                step = next(steps)
                while True:
                    if isinstance(step, Pause):
                        yield self._clock.timeout(longest_pause(step.failures) / 2)
                        step = next(steps)
                        continue
                    try:
                        answer = yield from self._cloud.call(step)
                    except Passing as why:
                        step = steps.throw(why)
                    else:
                        step = steps.send(answer)
            except StopIteration as done:
                future.set_result(done.value)
            except Exception as error:  # as a thread's: for whoever asks for the result
                future.set_exception(error)
        self._ends.append(End(layer, number, future))


def blob(name: str, size: int) -> Blob:
    """An object that is not there."""
    return Blob(f"s3://simulated/{name}", size, etag="simulated")
