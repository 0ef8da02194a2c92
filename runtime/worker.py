"""The worker: one task of a plan, S3 to processes to S3.

An event is input from a stranger. It names a run, a task, an attempt and the digest
of a plan that lies in the worker's own bucket; what it does not allow is refused.
"""

from __future__ import annotations

import hashlib
import os
import threading
import time
from collections.abc import Mapping
from typing import Any

from runtime.cloud_work import CloudWork
from runtime.errors import RunError, SourceChanged, TaskFailed
from runtime.feed import Feed
from runtime.guards import GuardFailed
from runtime.outputs import Outputs
from runtime.partition import partition
from runtime.placed import placed, spread
from runtime.plan import Plan, Stage
from runtime.plan_file import from_json
from runtime.processes import Children, Group
from runtime.ranges import Cutter
from runtime.report import Report
from runtime.s3 import Denied, NoObject, store
from runtime.sample import sampled
from runtime.slots import INPUTS, measures
from runtime.source import Extents
from runtime.target import PROTOCOL, Target
from runtime.tasks import Runner, Settings
from runtime.verdict import Unfit
from runtime.work import Outcome

MARGIN = 5.0  # seconds before the platform's deadline at which a task stops by itself
# Of the function's memory: Python, the bytes in flight to and from S3, and the tools' own.
OURS = 512 << 20


class Refused(RunError):
    """The event asks for what this worker was not deployed for."""


class Deadline(RunError):
    """There was not enough time."""


def handle(event: Mapping[str, Any], seconds: float) -> dict[str, Any]:
    """Do what an event asks for; what became of it. seconds: until the platform ends us."""
    began = time.perf_counter()
    store().forget()
    try:
        answer = _survey(event) if event.get("ask") == "tools" else _task(event, seconds)
    except (RunError, Unfit) as error:
        remedy = getattr(error, "remedy", "")
        answer = {"error": {"kind": _kind(error), "message": str(error), "remedy": remedy}}
    answer["requests"], answer["moved"] = dict(store().requests), dict(store().moved)
    answer["seconds"], answer["machine"] = time.perf_counter() - began, os.uname().machine
    return answer


def _survey(event: Mapping[str, Any]) -> dict[str, Any]:
    """What there is of the commands that it was deployed for."""
    from runtime.tools import survey

    _check(event, Target(os.environ["LEASH_BUCKET"], os.environ["LEASH_PREFIX"]))
    return {"tools": survey(sorted({"bash", *_allowed()}))}


def _kind(error: RunError | Unfit) -> str:
    for kind, name in (
        (Unfit, "unfit"),
        (Refused, "refused"),
        (Deadline, "deadline"),
        (NoObject, "missing"),
        (Denied, "denied"),
        (SourceChanged, "changed"),
        (TaskFailed, "failed"),
    ):
        if isinstance(error, kind):
            return name
    return "trouble"


def _task(event: Mapping[str, Any], seconds: float) -> dict[str, Any]:
    target = Target(os.environ["LEASH_BUCKET"], os.environ["LEASH_PREFIX"])
    plan = _plan(event, target)
    stages = {stage.id: stage for stage in plan.stages}
    try:
        run, number, attempt = str(event["run"]), int(event["number"]), int(event["attempt"])
        stage = stages[int(event["stage"])]
        extents = Extents.from_json(event["inputs"])
        start, stop = (int(place) for place in event["cut"])
        index, size, ranges = (int(event[name]) for name in ("index", "size", "ranges"))
        found = Extents.from_json(event["splitters"])
    except (KeyError, ValueError, TypeError, IndexError) as error:
        raise Refused(f"the event is none of ours: {error!r}") from None
    blobs = [e.blob for e in (*extents.extents, *found.extents) if e.blob]
    if "/" in run or not all(blob.remote for blob in blobs):
        raise Refused("the event names what is not in S3")
    _allow(stage)
    work = CloudWork(target, run)
    children = Children(_environment(plan), Outputs())
    children.remote = {e.blob.path: e for e in extents.extents if e.blob}
    runner = Runner(plan, _settings(plan), children, work, Report())
    feed: Feed
    inputs: list[str] = []
    if event["ask"] == "splitters":
        return {"outcome": sampled(runner, work, stage, extents, ranges, attempt)._asdict()}
    splitters = ""
    if found.size:
        data = b"".join(found.blocks())
        work.cutter = Cutter(data, divides=not stage.ordered)
        splitters = os.path.join(work.path, "splitters")
        with open(splitters, "wb") as file:
            file.write(data)
    if stage.role == "map":
        part = partition(extents, stage, start, stop)
        if event["ask"] == "records":
            count = part.extents.records(measures(stage.pipe)) if part else 0
            return {"records": count}
        if part is None:
            # Where no record begins, no process starts.
            nothing_done = Outcome(f"{stage.id}.{number}", attempt, (), (), 0.0)
            work.commit(nothing_done)
            return {"outcome": nothing_done._asdict()}
        feed = part.feed
    elif any(INPUTS in argv for argv in stage.pipe):
        inputs, feed = list(children.remote), lambda _: extents.size  # they read it
    else:
        feed = extents.feed
    work.stage, runs = stage, placed(stage)
    commands = runner.commands(runs, inputs, index, size, splitters=splitters)
    watch = _Watch(children, seconds - MARGIN)
    try:
        made = runner.run(runs, number, commands, feed, started=watch.start, attempt=attempt)
    except GuardFailed as why:
        raise Unfit(str(why)) from None
    except SourceChanged as why:
        raise target.blamed(why) from None
    except TaskFailed:
        if watch.fired:
            raise Deadline(f"it needs more than the {seconds:.0f} s that were left") from None
        raise
    finally:
        watch.stop()
        work.close()
    return {"outcome": spread(stage, made.outcome)._asdict()}


def _check(event: Mapping[str, Any], target: Target) -> None:
    """Raise Refused for an event of another version, or of another place."""
    if event.get("version") != PROTOCOL:
        raise Refused(
            f"the worker speaks version {PROTOCOL}, not {event.get('version')!r}",
            "run `leashc deploy` again",
        )
    if event.get("bucket") != target.bucket or event.get("prefix") != target.prefix:
        raise Refused(f"the worker serves s3://{target.bucket}/{target.prefix} only")


def _plan(event: Mapping[str, Any], target: Target) -> Plan:
    _check(event, target)
    digest = str(event.get("plan"))
    text = store().get(target.plan(digest)) if digest.isalnum() else b""
    if hashlib.sha256(text).hexdigest() != digest:
        raise Refused("the plan is not the one that the event names")
    return from_json(text.decode())


def _allow(stage: Stage) -> None:
    """Raise Refused for a command that the worker was not deployed for.

    A kernel may start one as well: that which is named behind its `--`.
    """
    started = [argv[0] for argv in stage.pipe if not argv[0].startswith("@")]
    for kernel in stage.kernels:
        for at, word in enumerate(kernel.argv):
            started += kernel.argv[at + 1 : at + 2] if word == "--" else ()
    allowed = {INPUTS, *_allowed()}
    for name in started:
        if name not in allowed:
            raise Refused(f"{name} is none of the worker's commands", "deploy it with --command")


def _allowed() -> set[str]:
    return set(os.environ.get("LEASH_COMMANDS", "").split())


def _environment(plan: Plan) -> dict[str, str]:
    """What commands see: the locale and time zone of the plan, no credentials."""
    kept = {name: os.environ[name] for name in ("PATH", "LD_LIBRARY_PATH") if name in os.environ}
    pinned = {n: v for n, v in plan.variables if n.startswith("LC_") or n in ("LANG", "TZ")}
    return kept | {"HOME": "/tmp", "TMPDIR": _scratch()} | pinned


def _scratch() -> str:
    return os.environ.get("TMPDIR", "/tmp")


def _settings(plan: Plan) -> Settings:
    size = int(os.environ.get("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "1024")) << 20
    return Settings(1, max(size - OURS, size // 4), environment=_environment(plan))


class _Watch:
    """Ends the processes when the time is nearly over."""

    def __init__(self, children: Children, seconds: float) -> None:
        self.children = children
        self.fired = False
        self._timer = threading.Timer(max(seconds, 0.1), self._fire)
        self._timer.daemon = True
        self._timer.start()

    def start(self, group: Group) -> None:
        """There is nothing to remember: all children go at once."""

    def _fire(self) -> None:
        self.fired = True
        self.children.close()

    def stop(self) -> None:
        self._timer.cancel()
