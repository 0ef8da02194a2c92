"""The AWS backend: the regions that begin a plan run on Lambda; what follows, here.

A region goes to Lambda while its input lies in S3 and a law divides it. From the first
that does not on, the stream is with the coordinator and stays there.
"""

from __future__ import annotations

import hashlib
import json
import secrets
import time
from typing import Any, NamedTuple

from runtime import s3
from runtime.coordinator import Coordinator
from runtime.cost import Cost
from runtime.invoke import Function
from runtime.local import Begun
from runtime.local import run as run_here
from runtime.plan import Blob, Plan, Source, Stage, to_json
from runtime.regions import Region
from runtime.report import Report
from runtime.source import Extent, Extents
from runtime.target import Target
from runtime.tasks import Part, Runner, Settings
from runtime.verdict import Unfit
from runtime.work import Outcome

# Collations that Lambda's image has.
LOCALES = {"", "C", "POSIX", "C.UTF-8", "C.utf8"}


class Cloud(NamedTuple):
    """How a run uses the cloud. calls: tasks at a time; final: where the last merge runs."""

    target: Target
    calls: int = 1000
    final: str = "local"  # local, lambda
    split: str = "byte-range"  # byte-range, chunks, round-robin
    keep: bool = False


def run(plan: Plan, settings: Settings, cloud: Cloud, report: Report, resumed: str = "") -> Report:
    """Run a plan. resumed: go on with that run. As runtime.local.run."""
    return _Run(plan, cloud, report, resumed).over(settings)


class _Run:
    def __init__(self, plan: Plan, cloud: Cloud, report: Report, resumed: str) -> None:
        self.plan = plan
        self.cloud = cloud
        self.report = report
        self.id = resumed or f"{time.strftime('%Y%m%d-%H%M%S')}-{secrets.token_hex(3)}"
        self.resumed = bool(resumed)
        text = to_json(plan).encode()
        self.digest = hashlib.sha256(text).hexdigest()
        self.text = text
        self.cost = Cost()
        self.coordinator = Coordinator(
            cloud.target,
            self.id,
            self.digest,
            Function(cloud.target.function, cloud.calls),
            cloud.calls,
            self.cost,
        )

    def over(self, settings: Settings) -> Report:
        report = run_here(self.plan, settings, self.report, self._begin)
        self._record("done", report.status)
        if not self.cloud.keep:
            clear(self.cloud.target, self.id)
        return report

    def _begin(self, runner: Runner, regions: list[Region]) -> Begun:
        """The regions that remain, and what they begin with."""
        if reason := self._stays(regions[0]):
            self.report.notes.append(f"it runs here: {reason}")
            return Begun(regions)
        self._announce()
        source = self._source(regions[0], runner)
        size = source.size if len(source.extents) == 1 else -1
        for number, region in enumerate(regions):
            more = number + 1 < len(regions) and regions[number + 1].map is not None
            more = more and (region.root is None or _only_combines(region.root))
            try:
                parts, left = self._region(runner, region, source, size, root_there=more)
            except Unfit as why:
                assert region.map is not None
                self.report.notes.append(f"stage {region.map.id} was run again, whole: {why}")
                stdin = self._stdin(number, source, runner)
                return Begun(regions[number:], again=True, stdin=stdin)
            if not more:
                return Begun([left, *regions[number + 1 :]], parts, size=size)
            source, size = _extents([part.outcome for part in parts]), -1
        raise AssertionError("the last region has no more after it")

    def _region(
        self, runner: Runner, region: Region, source: Extents, size: int, *, root_there: bool
    ) -> tuple[list[Part], Region]:
        """The results of a region on Lambda, and what is left of it to do."""
        assert region.map is not None
        layers, fans = [region.map, *region.levels], list(region.fans)
        root = region.root
        if root is not None and _only_combines(root):
            root_there = root_there or self.cloud.final == "lambda"
        else:
            root_there = False
        if root_there and root is not None:
            layers, fans = [*layers, root], [*fans, 1 << 30]
            root = None
        cuts = self._cuts(source, region.map)
        with self.report.step(f"{_named(region.map, len(cuts))}, on Lambda"):
            outcomes, results = self.coordinator.region(layers, fans, source, cuts, size)
        for outcome in outcomes:
            runner.count(region.map, Part(outcome, stderr=outcome.stderr.encode()))
        parts = [Part(outcome, outcome.blob) for outcome in results]
        for part in parts:
            blob = Blob(part.path, part.outcome.bytes_out)
            runner.children.remote[part.path] = blob
        return parts, region._replace(levels=(), fans=(), root=root)

    def _cuts(self, source: Extents, stage: Stage) -> list[tuple[int, int]]:
        if self.cloud.split != "chunks":
            return source.cuts(stage.width)
        place, cuts = 0, []
        for extent in source.extents:
            cuts.append((place, place + extent.size))
            place += extent.size
        return cuts or [(0, 0)]

    def _stays(self, region: Region) -> str:
        """Why nothing of the plan can run on Lambda, or ""."""
        if region.map is None:
            return "its first stage runs whole"
        for name, value in self.plan.variables:
            if name in ("LC_ALL", "LC_COLLATE", "LC_CTYPE", "LANG") and value not in LOCALES:
                return f"Lambda has no locale {value}"
        return ""

    def _source(self, region: Region, runner: Runner) -> Extents:
        """The first region's input in S3: local files are uploaded, once."""
        assert region.source is not None and region.map is not None
        source = region.source
        if not source.blobs:
            path = self.cloud.target.chunk(self.id, 0)
            if not (self.resumed and s3.store().exists(path)):
                with self.report.step("upload of standard input"):
                    upload = s3.store().upload(path)
                    upload.drain(0)
                    upload.close()
            source = Source(source.id, (s3.store().head(path),), source.joint)
        elif not all(blob.remote for blob in source.blobs):
            with self.report.step("upload of local inputs"):
                blobs = tuple(self._uploaded(blob) for blob in source.blobs)
            source = source._replace(blobs=blobs)
        extents = Extents.of(source)
        assert extents is not None
        drop = region.map.drop
        return extents.without(*drop) if drop else extents

    def _uploaded(self, blob: Blob) -> Blob:
        if blob.remote:
            return blob
        digest = hashlib.sha256()
        with open(blob.path, "rb") as file:
            while block := file.read(1 << 20):
                digest.update(block)
            path = self.cloud.target.path(f"inputs/{digest.hexdigest()}")
            if not s3.store().exists(path):
                file.seek(0)
                upload = s3.store().upload(path)
                upload.drain(file.fileno())
                upload.close()
        return s3.store().head(path)

    def _stdin(self, number: int, source: Extents, runner: Runner) -> int:
        """Where a region that is run again, whole, finds its input."""
        first = self.plan.sources[0]
        if not number and first.blobs:
            return 0  # its commands name their files
        return runner.children.outputs.reading(source.blocks)

    def _announce(self) -> None:
        """The plan and the run, for the workers and for whoever goes on."""
        target = self.cloud.target
        s3.store().put(target.plan(self.digest), self.text)
        self._record("running", None)
        if self.resumed:
            self.coordinator.resume()

    def _record(self, state: str, status: int | None) -> None:
        record: dict[str, Any] = {
            "run": self.id,
            "state": state,
            "status": status,
            "time": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
            "pipeline": self.plan.pipeline,
            "plan": self.digest,
            "function": self.cloud.target.function,
            "final": self.cloud.final,
            "split": self.cloud.split,
            "repeated": self.coordinator.repeated,
            "cost": self.cost.as_dict(),
        }
        s3.store().put(self.cloud.target.run(self.id), json.dumps(record, indent=1).encode())


def clear(target: Target, run: str) -> int:
    """Remove what a run left between its stages; how many objects."""
    store = s3.store()
    found = [blob.path for p in target.intermediates(run) for blob in store.objects(p)]
    store.delete(found)
    return len(found)


def _only_combines(root: Stage) -> bool:
    return all(behaviour in ("combine", "finish") for behaviour in root.behaviours)


def _extents(outcomes: list[Outcome]) -> Extents:
    return Extents([Extent(Blob(o.blob, o.bytes_out), 0, o.bytes_out) for o in outcomes])


def _named(stage: Stage, width: int) -> str:
    names = " | ".join(argv[0].lstrip("@") for argv in stage.pipe)
    return f"stage {stage.id} ×{width}: {names}"
