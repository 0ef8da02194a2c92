"""The coordinator: tasks of a region as calls of the worker, in the order of their needs.

    map ×n --gather(k)--> combine ... --gather--> root

A task starts when its inputs exist. Whether it is done is for its commit record to
say, so attempts may be repeated, doubled or lost.
"""

from __future__ import annotations

import itertools
import queue
import statistics
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, NamedTuple

from runtime import s3
from runtime.cost import Cost
from runtime.errors import RunError, SourceChanged, TaskFailed
from runtime.invoke import Answer, Passing
from runtime.plan import Blob, Stage
from runtime.slots import INDEX
from runtime.source import Extent, Extents
from runtime.target import Target
from runtime.verdict import Unfit, verdict
from runtime.work import Outcome, from_record

PROTOCOL = 1
ATTEMPTS = 8  # of a task whose calls get lost
ENDED = 2  # of one that the platform ended: the same is likely to happen again
PATIENCE = 300.0  # seconds of being throttled
# A task gets a second attempt beside the first when most of its stage is done and it
# has taken so many times as long as the others, and so many seconds more.
MOST, SLOWER, LATER = 0.75, 2.0, 5.0


class Job(NamedTuple):
    """A task to do: its stage, its place in it, and what it reads.

    cut: bytes of the inputs between which it owns the records that begin; records: how
    many come before.
    """

    stage: Stage
    place: int
    inputs: Extents
    cut: tuple[int, int] = (0, 0)
    records: int = 0
    size: int = -1

    @property
    def task(self) -> str:
        return f"{self.stage.id}.{self.place}"


class Coordinator:
    """Runs regions of one run. invoke: calls the worker; calls: at most so many at a time."""

    def __init__(
        self,
        target: Target,
        run: str,
        digest: str,
        invoke: Callable[[dict[str, Any]], Answer],
        calls: int,
        cost: Cost,
    ) -> None:
        self.target = target
        self.run = run
        self.digest = digest
        self.invoke = invoke
        self.calls = calls
        self.cost = cost
        self.committed: dict[str, Outcome] = {}  # by an earlier coordinator of this run
        self.repeated: list[str] = []  # what was done more than once, and why
        self._stopped = threading.Event()

    def stop(self) -> None:
        """Begin nothing more."""
        self._stopped.set()

    def resume(self) -> None:
        """Learn what is done already."""
        store = s3.store()
        records = [blob.path for blob in store.objects(self.target.commit(self.run, ""))]
        with ThreadPoolExecutor(16) as pool:
            for data in pool.map(store.get, records):
                outcome = from_record(data)
                self.committed[outcome.task] = outcome

    def region(
        self,
        layers: list[Stage],
        fans: list[int],
        source: Extents,
        cuts: list[tuple[int, int]],
        size: int = -1,
    ) -> tuple[list[Outcome], list[Outcome]]:
        """The outcomes of the map, and those of the last layer, in order.

        layers: the map, then what combines it; fans: of each but the first; size: see
        slots.SIZE. Raises Unfit, TaskFailed and RunError; what is under way then is
        not waited for.
        """
        return _Region(self, layers, fans, source, cuts, size).outcomes()

    def attempts(self, job: Job, numbers: itertools.count[int], ask: str = "") -> dict[str, Any]:
        """Call the worker until it has an answer."""
        event = {
            "version": PROTOCOL,
            "bucket": self.target.bucket,
            "prefix": self.target.prefix,
            "plan": self.digest,
            "run": self.run,
            "stage": job.stage.id,
            "number": job.place,
            "inputs": job.inputs.as_json(),
            "cut": job.cut,
            "index": job.records,
            "size": job.size,
            "ask": ask,
        }
        patience, ended = time.monotonic() + PATIENCE, 0
        for failures in itertools.count():
            if self._stopped.is_set():
                raise RunError("the run was stopped")
            try:
                return self._answer(job, self.invoke({**event, "attempt": next(numbers)}))
            except Passing as why:
                if why.kind != "throttled" and not ask and (found := self._found(job)):
                    return {"outcome": found._asdict()}
                ended += why.kind in ("timeout", "memory")
                lasting = (
                    time.monotonic() > patience
                    if why.kind == "throttled"
                    else (failures + 1 >= ATTEMPTS or ended >= ENDED)
                )
                if lasting:
                    raise self._given_up(job, why) from None
                self.repeated.append(f"{job.task}: {why.kind}")
                s3.pause(failures)
        raise AssertionError("it returns or raises")

    def _answer(self, job: Job, answer: Answer) -> dict[str, Any]:
        """What the worker says. Raises what went wrong in it."""
        value = answer.value
        self.cost.add(answer)
        if "error" not in value:
            return value
        kind, message = value["error"]["kind"], value["error"]["message"]
        remedy = value["error"]["remedy"]
        if kind == "unfit":
            raise Unfit(message)
        if kind == "trouble":
            raise Passing("lost", message)
        if kind == "deadline":
            raise Passing("timeout", message)
        if kind == "failed":
            raise TaskFailed(message, remedy)
        what = f"stage {job.stage.id}, task {job.place}: {message}"
        raise SourceChanged(what, remedy) if kind == "changed" else RunError(what, remedy)

    def _found(self, job: Job) -> Outcome | None:
        """The commit record of a task whose answer was lost."""
        try:
            return from_record(s3.store().get(self.target.commit(self.run, job.task)))
        except s3.NoObject:
            return None

    def _given_up(self, job: Job, why: Passing) -> RunError:
        where = f"stage {job.stage.id}, task {job.place}"
        remedy = {
            "throttled": "ask for more concurrency, or use fewer --jobs",
            "timeout": "use more --width, or deploy with a longer --timeout",
            "memory": "use more --width, or deploy with more --memory",
        }.get(why.kind, f"go on with `leashc runs resume {self.run}`")
        return TaskFailed(f"{where}: {why}", remedy)


class _Running(NamedTuple):
    job: Job
    since: float
    numbers: itertools.count[int]


class _Region:
    """One region's tasks; the thread that calls `outcomes` decides, those of the pool call."""

    def __init__(
        self,
        coordinator: Coordinator,
        layers: list[Stage],
        fans: list[int],
        source: Extents,
        cuts: list[tuple[int, int]],
        size: int,
    ) -> None:
        self.coordinator = coordinator
        self.layers = layers
        self.fans = fans
        self.source = source
        self.cuts = cuts
        self.size = size
        self.widths = [len(cuts)]
        for fan in fans:
            self.widths.append(-(-self.widths[-1] // fan))
        self.done: list[dict[int, Outcome | None]] = [{} for _ in layers]
        self.running: dict[tuple[int, int], _Running] = {}
        self.seconds: list[list[float]] = [[] for _ in layers]
        self.doubled: set[tuple[int, int]] = set()
        self.last = len(cuts)  # tasks of the map from here on do not count
        self.ends: queue.SimpleQueue[tuple[int, int, Future[Any]]] = queue.SimpleQueue()
        self.pool = ThreadPoolExecutor(coordinator.calls, "call")

    def outcomes(self) -> tuple[list[Outcome], list[Outcome]]:
        try:
            for job in self._map_jobs():
                self._begin(0, job)
            while len(self.done[-1]) < self.widths[-1]:
                try:
                    layer, number, future = self.ends.get(timeout=0.25)
                except queue.Empty:
                    self._double()
                    continue
                if number not in self.done[layer]:
                    value = future.result()
                    self._end(layer, number, _outcome(value["outcome"]))
        except BaseException:
            self.coordinator.stop()
            raise
        finally:
            self.pool.shutdown(wait=False, cancel_futures=True)
        counted = [self.done[0][n] for n in range(min(self.last, self.widths[0]))]
        last = [self.done[-1][n] for n in range(self.widths[-1])] if self.fans else counted
        return [o for o in counted if o], [o for o in last if o]

    def _map_jobs(self) -> list[Job]:
        stage = self.layers[0]
        jobs = [
            Job(stage, number, self.source, cut, size=self.size)
            for number, cut in enumerate(self.cuts)
        ]
        if not any(INDEX in argv for argv in stage.pipe):
            return jobs
        # How many records come before each is known only when all before were counted.
        attempts = self.coordinator.attempts
        counted = self.pool.map(lambda job: attempts(job, itertools.count(), "records"), jobs)
        counts = [int(value["records"]) for value in counted]
        befores = itertools.accumulate(counts, initial=0)
        return [job._replace(records=before) for job, before in zip(jobs, befores, strict=False)]

    def _begin(self, layer: int, job: Job) -> None:
        known = self.coordinator.committed.get(job.task)
        if known is not None:
            self._end(layer, job.place, known)
            return
        self.running[layer, job.place] = _Running(job, time.monotonic(), itertools.count())
        self._submit(layer, job.place)

    def _submit(self, layer: int, number: int) -> None:
        running = self.running[layer, number]
        future = self.pool.submit(self.coordinator.attempts, running.job, running.numbers)
        future.add_done_callback(lambda ended: self.ends.put((layer, number, ended)))

    def _end(self, layer: int, number: int, outcome: Outcome) -> None:
        """A task is done: what was waiting for it may begin."""
        begun = self.running.pop((layer, number), None)
        if begun:
            self.seconds[layer].append(time.monotonic() - begun.since)
        kept = outcome if outcome.statuses else None  # no record began there
        if kept and verdict(self.layers[layer], kept) and not layer:
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
            inputs = [Extent(Blob(o.blob, o.bytes_out), 0, o.bytes_out) for o in made]
            self._begin(
                following, Job(self.layers[following], group, Extents(inputs), size=self.size)
            )

    def _double(self) -> None:
        """Second attempts beside those that take too long."""
        now = time.monotonic()
        for (layer, number), running in list(self.running.items()):
            finished = self.seconds[layer]
            if (layer, number) in self.doubled or len(finished) < MOST * self.widths[layer]:
                continue
            usual = statistics.median(finished) if finished else now - running.since
            if now - running.since > max(SLOWER * usual, usual + LATER):
                self.doubled.add((layer, number))
                self.coordinator.repeated.append(f"{running.job.task}: slow")
                self._submit(layer, number)


def _outcome(found: dict[str, Any]) -> Outcome:
    kept = {**found, "statuses": tuple(found["statuses"]), "signals": tuple(found["signals"])}
    return Outcome(**kept)
