"""The coordinator: tasks of a region as calls of the worker, in the order of their needs.

    map ×n --gather(k)--> combine ... --gather--> root
    map ×m --shuffle--> combine ×n
    map ×m --shuffle(k)--> combine --shuffle--> combine ×n

A task starts when its inputs exist: there is no barrier between the layers (see batches),
and before the map of a shuffle stands the task that finds its splitters.
"""

from __future__ import annotations

import itertools
import statistics
from array import array
from collections import Counter
from collections.abc import Callable
from typing import Any, NamedTuple

from runtime.attempts import Calls, Job
from runtime.batches import Batch, ranges, steps
from runtime.errors import RunError
from runtime.fleet import Fleet, Threads
from runtime.plan import Blob, Exchange, Stage
from runtime.slots import measures
from runtime.source import Extent, Extents
from runtime.verdict import Unfit, verdict
from runtime.work import Outcome, from_json

# A task gets a second attempt beside the first when so much of its stage is done and it has
# taken so many times as long as the others, and so many seconds more. Where few are left, what
# a second attempt costs is little beside all that waits for them.
SLOW = ((0.95, 1.2, 2.0), (0.75, 2.0, 5.0))
LOOK = 0.25  # seconds without news after which slow tasks are looked for


# A number among so many results, and the result.
Taken = Callable[[int, int, Blob], None]


def coordinate(
    calls: Calls,
    layers: list[Stage],
    ways: list[Exchange],
    source: Extents,
    cuts: list[tuple[int, int]],
    size: int = -1,
    fleet: Callable[[Calls], Fleet] = Threads,
    taken: Taken = lambda number, count, blob: None,
) -> tuple[list[Outcome], list[Outcome]]:
    """The outcomes of a region's map, and those of its last layer, in order.

    layers: the map, then what combines it; ways: to each but the first; size: see
    slots.SIZE; taken: is told of each result of the last layer as it comes. Raises Unfit,
    TaskFailed and RunError; what is under way then is not waited for.
    """
    return _Region(calls, layers, ways, source, cuts, size, fleet(calls), taken).outcomes()


class _Running(NamedTuple):
    job: Job
    numbers: itertools.count[int]


class _Region:
    """One region's tasks: the thread that calls `outcomes` decides, the fleet calls."""

    def __init__(
        self,
        calls: Calls,
        layers: list[Stage],
        ways: list[Exchange],
        source: Extents,
        cuts: list[tuple[int, int]],
        size: int,
        fleet: Fleet,
        taken: Taken,
    ) -> None:
        self.calls = calls
        self.fleet = fleet
        self.taken = taken
        self.layers = layers
        self.source = source
        self.cuts = cuts
        self.size = size
        self.steps = steps(layers, ways, len(cuts))
        self.ranges = ranges(layers, ways, len(cuts))
        self.widths = [len(cuts), *(step.width for step in self.steps)]
        self.waiting = [[len(batch.members) for batch in step.batches] for step in self.steps]
        # Where each range that is in a result begins, and where the last ends: of ten thousand
        # runs a hundred million numbers.
        self.places: list[dict[int, array[int]]] = [{} for _ in layers]
        self.splitters: Outcome | None = None
        self.done: list[dict[int, Outcome | None]] = [{} for _ in layers]
        self.running: dict[tuple[int, int], _Running] = {}
        self.seconds: list[list[float]] = [[] for _ in layers]
        self.doubled: set[tuple[int, int]] = set()
        self.flying: Counter[tuple[int, int]] = Counter()  # attempts under way
        self.last = len(cuts)  # tasks of the map from here on do not count

    def outcomes(self) -> tuple[list[Outcome], list[Outcome]]:
        try:
            if self.ranges > 1:
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
        last = [self.done[-1][n] for n in range(self.widths[-1])] if self.steps else counted
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
        stage = self.layers[0]
        job = Job(stage, 0, self.source, size=self.size, ask="splitters", ranges=self.ranges)
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
        self.running[layer, job.place] = _Running(job, itertools.count())
        self._submit(layer, job.place)

    def _submit(self, layer: int, number: int) -> None:
        running = self.running[layer, number]
        self.flying[layer, number] += 1
        steps = self.calls.attempts(running.job, running.numbers, self.fleet.now)
        self.fleet.begin(layer, number, steps)

    def _end(self, layer: int, number: int, outcome: Outcome) -> None:
        """A task is done: what was waiting for it may begin."""
        running = self.running.pop((layer, number), None)
        if running:
            self.seconds[layer].append(self.fleet.now() - self.calls.begun[running.job.task])
        kept = outcome if outcome.statuses else None  # no record began there
        if kept:
            stage = self.layers[layer].id
            self.calls.volumes[stage] = self.calls.volumes[stage].plus(kept)
        if kept and verdict(self.layers[layer], kept) and not layer:
            if self.steps and "halts" in self.layers[0].statuses:
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
        if layer == len(self.steps):
            if outcome:
                self.taken(number, self.widths[layer], outcome.result)
            return
        step = self.steps[layer]
        which = step.batch(number)
        if outcome and self.splitters and step.spans:
            self._measure(layer, number, outcome, self.splitters)
            self.done[layer][number] = outcome._replace(begins=())
        self.waiting[layer][which] -= 1
        if not self.waiting[layer][which]:
            begin = self._shuffled if step.spans else self._gathered
            begin(layer + 1, step.batches[which])

    def _gathered(self, layer: int, batch: Batch) -> None:
        """Neighbours are there: the task that combines them may begin."""
        number = batch.tasks[0]
        made = [found for member in batch.members if (found := self.done[layer - 1][member])]
        root = self.widths[layer] == 1
        if len(made) == 1 and not root:
            # A single part is its own combination.
            self._done(layer, number, made[0])
        elif not made and not root:
            self._done(layer, number, None)
        else:
            self._begin(layer, Job(self.layers[layer], number, results(made), size=self.size))

    def _measure(self, layer: int, number: int, outcome: Outcome, splitters: Outcome) -> None:
        """Know where the ranges lie in a result. Raises RunError."""
        task, found = outcome.task, len(outcome.begins)
        if layer:
            if self.places[layer][number][-1] != outcome.bytes_out:
                raise RunError(f"task {task} did not write all that it read")
            return
        if found != len(splitters.begins):
            raise RunError(f"task {task} found {found} of the splitters in it")
        # Of few records there are fewer ranges; those after the last are empty.
        after = [outcome.bytes_out] * (self.ranges - found)
        self.places[0][number] = array("q", (0, *outcome.begins, *after))

    def _shuffled(self, layer: int, batch: Batch) -> None:
        """Runs are there: each task reads its ranges of all of them."""
        done, places = self.done[layer - 1], self.places[layer - 1]
        runs = [(places[n], run.result) for n in batch.members if (run := done[n])]
        spans = self.steps[layer - 1].spans
        # What was merged has the ranges of its task alone.
        base = self.steps[layer - 2].spans[batch.members[0]].start if layer > 1 else 0
        measured = layer < len(self.steps) and self.steps[layer].spans
        for number in batch.tasks:
            first, last = spans[number].start - base, spans[number].stop - base
            read = Extents([Extent(blob, at[first], at[last]) for at, blob in runs])
            if not read.size:
                self._done(layer, number, None)
                continue
            if measured:
                ends = (sum(at[n] - at[first] for at, _ in runs) for n in range(first, last + 1))
                self.places[layer][number] = array("q", ends)
            self._begin(layer, Job(self.layers[layer], number, read, size=self.size))

    def _double(self) -> None:
        """Second attempts beside those that take too long."""
        now, begun = self.fleet.now(), self.calls.begun
        for layer, finished in enumerate(self.seconds):
            share = len(finished) / self.widths[layer]
            allowed = [(slower, later) for most, slower, later in SLOW if share >= most]
            if not finished or not allowed:
                continue
            usual = statistics.median(finished)
            limit = min(max(slower * usual, usual + later) for slower, later in allowed)
            for (where, number), running in list(self.running.items()):
                # What waits for its turn is not slow.
                since = begun.get(running.job.task, now)
                if where == layer and now - since > limit and (layer, number) not in self.doubled:
                    self.doubled.add((layer, number))
                    self.calls.repeated.append(f"{running.job.task}: slow")
                    self._submit(layer, number)


def results(outcomes: list[Outcome]) -> Extents:
    """What tasks wrote, one after the other."""
    return Extents([Extent(outcome.result, 0, outcome.bytes_out) for outcome in outcomes])
