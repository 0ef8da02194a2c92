"""The simulated output: one object, by copies within S3, as runtime.joining makes it."""

from __future__ import annotations

import simpy

from leashc.simulation.cloud import Cloud, Waiting
from leashc.simulation.parameters import MB
from runtime.cost import Cost
from runtime.joining import READERS, copied
from runtime.plan import Blob
from runtime.upload import COPIES, LEAST, step
from runtime.work import Outcome


class SimulatedJoining:
    """wanted: whether the results are the output."""

    def __init__(self, cloud: Cloud, cost: Cost, *, wanted: bool) -> None:
        self.cloud = cloud
        self.cost = cost
        self.wanted = wanted
        self._together = True
        self._threads = simpy.Resource(cloud.clock, COPIES)
        self._under_way: list[simpy.Process] = []

    def take(self, number: int, count: int, blob: Blob) -> None:
        """A result is there."""
        copies = copied(blob.size, count)
        self._together &= bool(copies)
        if self.wanted and self._together:
            for start, stop in copies:
                self._copy(stop - start)

    def _copy(self, size: int) -> None:
        self.cost.count({"copy": 1}, {})
        self._under_way.append(self.cloud.clock.process(self._copying(size)))

    def _copying(self, size: int) -> Waiting:
        p, spent = self.cloud.parameters, self.cloud.stages["output"]
        with self._threads.request() as thread:
            yield thread
            spent.begin = min(spent.begin, self.cloud.clock.now)
            seconds = p["put_latency"] + size / MB / p["copy_rate"]
            yield self.cloud.clock.timeout(seconds)
            spent.parts["network"] += seconds
            spent.read += size

    def finish(self, made: list[Outcome]) -> None:
        """All results are there: go on until they are one object."""
        if not self.wanted:
            return
        p, clock, spent = self.cloud.parameters, self.cloud.clock, self.cloud.stages["output"]
        spent.begin = min(spent.begin, clock.now)
        seconds = 2 * p["put_latency"]
        if not self._together:
            small = [outcome.bytes_out for outcome in made if outcome.bytes_out < LEAST]
            self.cost.count({"get": len(small)}, {"read": sum(small)})
            seconds += len(small) * p["get_latency"] / READERS
            for outcome in made:
                for start in range(0, outcome.bytes_out, step(0)):
                    if outcome.bytes_out >= LEAST:
                        self._copy(min(outcome.bytes_out - start, step(0)))
        self.cost.count({"create": 1, "complete": 1}, {})
        if self._under_way:
            clock.run(simpy.AllOf(clock, self._under_way))
        clock.run(clock.now + seconds)
        spent.parts["requests"] += seconds
        spent.end = clock.now
