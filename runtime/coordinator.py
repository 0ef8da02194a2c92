"""The coordinator: tasks of a region as calls of the worker, in the order of their needs.

    map ×n --gather(k)--> combine ... --gather--> root
    map ×m --shuffle--> combine ×n

A task starts when its inputs exist: there is no barrier between the layers but a shuffle,
and before the map of one stands the task that finds its splitters.
"""

from __future__ import annotations

import itertools
import statistics
from collections import Counter
from collections.abc import Callable
from typing import Any, NamedTuple

from runtime.attempts import Calls, Job
from runtime.errors import RunError
from runtime.fleet import Fleet, Threads
from runtime.plan import Stage
from runtime.slots import measures
from runtime.source import Extent, Extents
from runtime.verdict import Unfit, verdict
from runtime.work import Outcome, from_json

# A task gets a second attempt beside the first when so much of its stage is done and it has
# taken so many times as long as the others, and so many seconds more. Where few are left, what
# a second attempt costs is little beside all that waits for them.
SLOW = ((0.95, 1.2, 2.0), (0.75, 2.0, 5.0))
LOOK = 0.25  # seconds without news after which slow tasks are looked for


def coordinate(
    calls: Calls,
    layers: list[Stage],
    fans: list[int],
    source: Extents,
    cuts: list[tuple[int, int]],
    size: int = -1,
    fleet: Callable[[Calls], Fleet] = Threads,
) -> tuple[list[Outcome], list[Outcome]]:
    """The outcomes of a region's map, and those of its last layer, in order.

    layers: the map, then what combines it; fans: of each but the first; size: see
    slots.SIZE. Raises Unfit, TaskFailed and RunError; what is under way then is not
    waited for.
    """
    return _Region(calls, layers, fans, source, cuts, size, fleet(calls)).outcomes()


class _Running(NamedTuple):
    job: Job
    since: float
    numbers: itertools.count[int]


class _Region:
    """One region's tasks: the thread that calls `outcomes` decides, the fleet calls."""

    def __init__(
        self,
        calls: Calls,
        layers: list[Stage],
        fans: list[int],
        source: Extents,
        cuts: list[tuple[int, int]],
        size: int,
        fleet: Fleet,
    ) -> None:
        self.calls = calls
        self.fleet = fleet
        self.layers = layers
        self.fans = fans
        self.source = source
        self.cuts = cuts
        self.size = size
        self.widths = [len(cuts)]
        for fan, layer in zip(fans, layers[1:], strict=True):
            shuffled = min(layer.width, len(cuts))
            self.widths.append(-(-self.widths[-1] // fan) if fan else shuffled)
        self.splitters: Outcome | None = None
        self.done: list[dict[int, Outcome | None]] = [{} for _ in layers]
        self.running: dict[tuple[int, int], _Running] = {}
        self.seconds: list[list[float]] = [[] for _ in layers]
        self.doubled: set[tuple[int, int]] = set()
        self.flying: Counter[tuple[int, int]] = Counter()  # attempts under way
        self.last = len(cuts)  # tasks of the map from here on do not count

    def outcomes(self) -> tuple[list[Outcome], list[Outcome]]:
        try:
            if 0 in self.fans:
                self.splitters = self._sampled()
            for job in self._map_jobs():
                self._begin(0, job)
            while len(self.done[-1]) < self.widths[-1]:
                ended = self.fleet.next(LOOK)
                if ended is None:
                    self._double()
                    continue
                layer, number, future = ended
                self.flying[layer, number] -= 1
                if number in self.done[layer]:
                    continue  # another attempt was first, or nobody wants it any more
                if future.exception() and self.flying[layer, number]:
                    continue  # the other attempt may still do it
                self._end(layer, number, from_json(future.result()["outcome"]))
        except BaseException:
            self.calls.stop()
            raise
        finally:
            self.fleet.close()
        counted = [self.done[0][n] for n in range(min(self.last, self.widths[0]))]
        last = [self.done[-1][n] for n in range(self.widths[-1])] if self.fans else counted
        return [o for o in counted if o], [o for o in last if o]

    def _map_jobs(self) -> list[Job]:
        stage = self.layers[0]
        splitters = results([self.splitters] if self.splitters else [])
        jobs = [
            Job(stage, number, self.source, cut, size=self.size, splitters=splitters)
            for number, cut in enumerate(self.cuts)
        ]
        if not measures(stage.pipe):
            return jobs
        # How many records come before each is known only when all before were counted.
        counted = self._asked([job._replace(ask="records") for job in jobs])
        counts = [int(value["records"]) for value in counted]
        befores = itertools.accumulate(counts, initial=0)
        return [job._replace(records=before) for job, before in zip(jobs, befores, strict=False)]

    def _sampled(self) -> Outcome:
        """What the task found that chooses where ranges begin, for all attempts at the others."""
        stage, ranges = self.layers[0], self.widths[self.fans.index(0) + 1]
        job = Job(stage, 0, self.source, size=self.size, ask="splitters", ranges=ranges)
        if known := self.calls.committed.get(job.task):
            return known
        return from_json(self._asked([job])[0]["outcome"])

    def _asked(self, jobs: list[Job]) -> list[dict[str, Any]]:
        """The answers to what must be known before the map begins."""
        now, found = self.fleet.now, dict[int, dict[str, Any]]()
        for number, job in enumerate(jobs):
            self.fleet.begin(-1, number, self.calls.attempts(job, itertools.count(), now))
        while len(found) < len(jobs):
            if ended := self.fleet.next(LOOK):
                found[ended.number] = ended.future.result()
        return [found[number] for number in range(len(jobs))]

    def _begin(self, layer: int, job: Job) -> None:
        known = self.calls.committed.get(job.task)
        if known is not None:
            self._end(layer, job.place, known)
            return
        self.running[layer, job.place] = _Running(job, self.fleet.now(), itertools.count())
        self._submit(layer, job.place)

    def _submit(self, layer: int, number: int) -> None:
        running = self.running[layer, number]
        self.flying[layer, number] += 1
        steps = self.calls.attempts(running.job, running.numbers, self.fleet.now)
        self.fleet.begin(layer, number, steps)

    def _end(self, layer: int, number: int, outcome: Outcome) -> None:
        """A task is done: what was waiting for it may begin."""
        begun = self.running.pop((layer, number), None)
        if begun:
            self.seconds[layer].append(self.fleet.now() - begun.since)
        kept = outcome if outcome.statuses else None  # no record began there
        if kept:
            stage = self.layers[layer].id
            self.calls.volumes[stage] = self.calls.volumes[stage].plus(kept)
        if kept and verdict(self.layers[layer], kept) and not layer:
            if self.fans and "halts" in self.layers[0].statuses:
                # Merges may have begun with parts that the command would never have made.
                raise Unfit(f"task {number} gave up, and what follows it does not count")
            self.last = min(self.last, number + 1)
        self._done(layer, number, kept)
        if layer == 0:
            for other in range(self.last, self.widths[0]):
                if other not in self.done[0]:
                    self._done(0, other, None)

    def _done(self, layer: int, number: int, outcome: Outcome | None) -> None:
        self.done[layer][number] = outcome
        following = layer + 1
        if following == len(self.layers):
            return
        fan = self.fans[layer]
        if not fan:
            if len(self.done[layer]) == self.widths[layer]:
                self._shuffle(layer)
            return
        group = number // fan
        members = range(group * fan, min((group + 1) * fan, self.widths[layer]))
        if not all(member in self.done[layer] for member in members):
            return
        made = [found for member in members if (found := self.done[layer][member])]
        root = self.widths[following] == 1
        if len(made) == 1 and not root:
            # A single part is its own combination.
            self._done(following, group, made[0])
        elif not made and not root:
            self._done(following, group, None)
        else:
            job = Job(self.layers[following], group, results(made), size=self.size)
            self._begin(following, job)

    def _shuffle(self, layer: int) -> None:
        """All runs are there: each task of the next layer reads its range of every one."""
        assert self.splitters is not None
        runs = [run for n in range(self.widths[layer]) if (run := self.done[layer][n])]
        for run in runs:
            if len(run.begins) != len(self.splitters.begins):
                raise RunError(f"task {run.task} found {len(run.begins)} of the splitters in it")
        results = [(run.result, (0, *run.begins, run.bytes_out)) for run in runs]
        ranges = len(self.splitters.begins) + 1  # or fewer tasks have anything to do
        for number in range(self.widths[layer + 1]):
            cut = slice(number, number + 2)
            read = Extents([Extent(r, *at[cut]) for r, at in results] if number < ranges else [])
            if read.size:
                self._begin(layer + 1, Job(self.layers[layer + 1], number, read, size=self.size))
            else:
                self._done(layer + 1, number, None)

    def _double(self) -> None:
        """Second attempts beside those that take too long."""
        now = self.fleet.now()
        for (layer, number), running in list(self.running.items()):
            finished, since = self.seconds[layer], now - running.since
            if (layer, number) in self.doubled or not finished:
                continue
            usual, share = statistics.median(finished), len(finished) / self.widths[layer]
            if any(
                share >= most and since > max(slower * usual, usual + later)
                for most, slower, later in SLOW
            ):
                self.doubled.add((layer, number))
                self.calls.repeated.append(f"{running.job.task}: slow")
                self._submit(layer, number)


def results(outcomes: list[Outcome]) -> Extents:
    """What tasks wrote, one after the other."""
    return Extents([Extent(outcome.result, 0, outcome.bytes_out) for outcome in outcomes])
