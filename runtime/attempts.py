"""Attempts at a task: the worker is called until there is an answer, or no hope.

Whether a task is done is for its commit record to say, so attempts may be repeated,
doubled or lost.
"""

from __future__ import annotations

import itertools
import threading
from collections import defaultdict
from collections.abc import Callable, Generator
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple

from runtime import s3
from runtime.cost import Cost
from runtime.errors import RunError, SourceChanged, TaskFailed
from runtime.invoke import Answer, Passing
from runtime.plan import Stage
from runtime.source import Extents
from runtime.target import PROTOCOL, Target
from runtime.verdict import Unfit
from runtime.work import Outcome, from_record

ATTEMPTS = 8  # of a task whose calls get lost
ENDED = 2  # of one that the platform ended: the same is likely to happen again
PATIENCE = 300.0  # seconds of being throttled


class Job(NamedTuple):
    """A task to do: its stage, its place in it, and what it reads.

    cut: bytes of the inputs between which it owns the records that begin; records: how
    many come before; splitters: what cuts its result into ranges; ask: what is wanted
    in its place: how many "records" it reads, or "splitters" for so many `ranges`.
    """

    stage: Stage
    place: int
    inputs: Extents
    cut: tuple[int, int] = (0, 0)
    records: int = 0
    size: int = -1
    splitters: Extents = Extents([])
    ask: str = ""
    ranges: int = 1

    @property
    def task(self) -> str:
        return f"{self.stage.id}.{self.ask or self.place}"

    def __str__(self) -> str:
        return f"stage {self.stage.id}, task {self.ask or self.place}"


class Call(NamedTuple):
    """A call of the worker: the number of an attempt at a job."""

    job: Job
    attempt: int


class Pause(NamedTuple):
    """A wait, the longer the more often it went wrong."""

    failures: int


# What an attempt at a task does, for a fleet to carry out: it wants answers and pauses, and
# returns what the worker said. A call that came to nothing throws Passing into it.
Steps = Generator[Call | Pause, Answer, dict[str, Any]]


class Volume(NamedTuple):
    """What passed through a stage: its tasks so far, bytes that they read and wrote, seconds.

    Records are not counted: that would cost half a second of each gigabyte.
    """

    tasks: int = 0
    bytes_in: int = 0
    bytes_out: int = 0
    seconds: float = 0.0

    def plus(self, outcome: Outcome) -> Volume:
        return Volume(
            self.tasks + 1,
            self.bytes_in + outcome.bytes_in,
            self.bytes_out + outcome.bytes_out,
            self.seconds + outcome.seconds,
        )


class Calls:
    """The calls of one run. invoke: makes one; most: so many are under way at a time at most."""

    def __init__(
        self,
        target: Target,
        run: str,
        digest: str,
        invoke: Callable[[dict[str, Any]], Answer],
        most: int,
        cost: Cost,
    ) -> None:
        self.target = target
        self.run = run
        self.digest = digest
        self.invoke = invoke
        self.most = most
        self.cost = cost
        self.committed: dict[str, Outcome] = {}  # by an earlier coordinator of this run
        self.repeated: list[str] = []  # what was done more than once, and why
        self.begun: dict[str, float] = {}  # when the first attempt at each task was made
        self.volumes: defaultdict[int, Volume] = defaultdict(Volume)  # by stages
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

    def event(self, call: Call) -> dict[str, Any]:
        """What the worker is called with."""
        job = call.job
        return {
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
            "ask": job.ask,
            "splitters": job.splitters.as_json(),
            "ranges": job.ranges,
            "attempt": call.attempt,
        }

    def attempts(self, job: Job, numbers: itertools.count[int], now: Callable[[], float]) -> Steps:
        """Call the worker until it has an answer. now: the fleet's clock, in seconds."""
        self.begun.setdefault(job.task, now())
        patience, ended = now() + PATIENCE, 0
        for failures in itertools.count():
            if self._stopped.is_set():
                raise RunError("the run was stopped")
            try:
                answer = yield Call(job, next(numbers))
                return self._answer(job, answer)
            except Passing as why:
                begun = why.kind not in ("throttled", "unreachable")
                if begun and job.ask != "records" and (found := self._found(job)):
                    return {"outcome": found._asdict()}
                ended += why.kind in ("timeout", "memory")
                lasting = (
                    now() > patience
                    if why.kind == "throttled"
                    else (failures + 1 >= ATTEMPTS or ended >= ENDED)
                )
                if lasting:
                    raise self._given_up(job, why) from None
                self.repeated.append(f"{job.task}: {why.kind}")
                yield Pause(failures)
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
        what = f"{job}: {message}"
        raise SourceChanged(what, remedy) if kind == "changed" else RunError(what, remedy)

    def _found(self, job: Job) -> Outcome | None:
        """The commit record of a task whose answer was lost."""
        try:
            return from_record(s3.store().get(self.target.commit(self.run, job.task)))
        except s3.NoObject:
            return None
        except RunError as error:
            raise TaskFailed(f"{job}: {error}", error.remedy) from None

    def _given_up(self, job: Job, why: Passing) -> RunError:
        resume = f"`leashc runs resume {self.run}`"
        remedy = {
            "throttled": "ask for more concurrency, or use fewer --jobs",
            "unreachable": f"see `leashc doctor --backend aws`, then go on with {resume}",
            "timeout": "use more --width, or deploy with a longer --timeout",
            "memory": "use more --width, or deploy with more --memory",
        }.get(why.kind, f"go on with {resume}")
        return TaskFailed(f"{job}: {why}", remedy)
