"""The AWS backend: the regions that begin a plan run on Lambda; what follows, here.

A region goes to Lambda while its input lies in S3 and a law divides it. From the first
that does not on, the stream is with the coordinator and stays there.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import json
import secrets
import time
from typing import Any

from runtime import s3
from runtime.attempts import Calls
from runtime.coordinator import coordinate, results
from runtime.cost import Cost
from runtime.deployed import Tools, lacking, tools
from runtime.errors import RunError, SourceChanged
from runtime.inputs import Cloud, Inputs
from runtime.invoke import Function
from runtime.joining import Joining
from runtime.local import Begun
from runtime.local import run as run_here
from runtime.partition import trimmed
from runtime.plan import Blob, Exchange, Plan, Stage
from runtime.plan_file import to_json
from runtime.processes import say
from runtime.regions import Region
from runtime.report import Report
from runtime.source import Extents
from runtime.target import Target
from runtime.tasks import Part, Runner, Settings
from runtime.verdict import Unfit

# Collations that Lambda's image has.
LOCALES = {"", "C", "POSIX", "C.UTF-8", "C.utf8"}


def run(plan: Plan, settings: Settings, cloud: Cloud, report: Report, resumed: str = "") -> Report:
    """Run a plan. resumed: go on with that run. As runtime.local.run."""
    return _Run(plan.piped(), cloud, report, resumed).over(settings)


class _Run:
    def __init__(self, plan: Plan, cloud: Cloud, report: Report, resumed: str) -> None:
        self.plan = plan
        self.cloud = cloud
        self.report = report
        self.id = resumed or f"{time.strftime('%Y%m%d-%H%M%S')}-{secrets.token_hex(3)}"
        self.resumed = bool(resumed)
        self.announced = False  # others can know of this run
        self.inputs = Inputs(cloud, self.id, report, resumed=self.resumed)
        text = to_json(plan).encode()
        self.digest = hashlib.sha256(text).hexdigest()
        self.text = text
        self.cost = Cost()
        self.calls = Calls(
            cloud.target,
            self.id,
            self.digest,
            Function(cloud.target.function, cloud.calls),
            cloud.calls,
            self.cost,
        )

    def over(self, settings: Settings) -> Report:
        try:
            report = self._here(settings)
        except BaseException:
            if self.announced:
                say(2, f"what is done of it is kept: leashc runs resume {self.id}")
                with contextlib.suppress(RunError):  # what broke it off says more
                    self._record("broken off", None)
            raise
        if not self.announced:
            return report
        self.cost.count(s3.store().requests, s3.store().moved)
        self.cost.here.update(s3.store().moved)
        report.cost = self.cost.lines()
        report.facts = {
            "run": self.id,
            "stages": self._volumes(),
            "cost": self.cost.as_dict(),
        }
        self._record("done", report.status)
        # From here on a late worker clears up after itself.
        s3.store().delete([self.cloud.target.open(self.id)])
        if not self.cloud.keep:
            clear(self.cloud.target, self.id)
        return report

    def _here(self, settings: Settings) -> Report:
        """Run it from here. Raises SourceChanged by the task whose result that is."""
        try:
            return run_here(self.plan, settings, self.report, self._begin)
        except SourceChanged as why:
            raise self.cloud.target.blamed(why) from None

    def _begin(self, runner: Runner, regions: list[Region]) -> Begun:
        """The regions that remain, and what they begin with."""
        if self._stays(regions[0]):
            return Begun(regions)
        self._announce()
        source = self.inputs.source(regions[0])
        size = self.inputs.size(regions[0], source)
        for number, region in enumerate(regions):
            more = number + 1 < len(regions) and not self._stays(regions[number + 1])
            more = more and (region.root is None or only_combines(region.root))
            try:
                last = not more and number + 1 == len(regions)
                parts, left = self._region(
                    runner, region, number, source, size, root_there=more, last=last
                )
            except Unfit as why:
                assert region.map is not None
                self.report.notes.append(f"stage {region.map.id} was run again, whole: {why}")
                stdin = self._stdin(number, source, runner)
                return Begun(regions[number:], again=True, stdin=stdin)
            if left is None:
                return Begun([])
            if not more:
                return Begun([left, *regions[number + 1 :]], parts, size=size)
            source, size = results([part.outcome for part in parts]), -1
        raise AssertionError("the last region has no more after it")

    def _region(
        self,
        runner: Runner,
        region: Region,
        number: int,
        source: Extents,
        size: int,
        *,
        root_there: bool,
        last: bool,
    ) -> tuple[list[Part], Region | None]:
        """The results of a region on Lambda, and what is left of it to do.

        last: of all regions. None is left if its results are the output's object already.
        """
        assert region.map is not None
        layers, ways, root = layered(region, rooted=root_there or self.cloud.final == "lambda")
        source = trimmed(source, region.map)
        cuts = self.inputs.cuts(source, region.map, first=not number)
        if shuffled(ways) and len(cuts) == 1:
            layers, ways = [region.map], []  # a single run is sorted
        left = region._replace(levels=(), ways=(), root=root)
        path = self._object(left) if last else ""
        with Joining(path) as joining:
            with self.report.step(f"{_named(region.map, len(cuts))}, on Lambda"):
                outcomes, made = coordinate(
                    self.calls, layers, ways, source, cuts, size, taken=joining.take
                )
            for outcome in outcomes:
                runner.count(region.map, Part(outcome, stderr=outcome.stderr.encode()))
            if path:
                with self.report.step("output"):
                    joining.finish([outcome.result for outcome in made])
        parts = [Part(outcome, outcome.blob) for outcome in made]
        for part in parts:
            runner.children.remote[part.path] = part.outcome.result
        return parts, None if path else left

    def _object(self, region: Region) -> str:
        """The object that a region's results are to become, if nothing else is left to do."""
        assert region.map is not None
        if region.root is not None:
            return ""
        redirects = self.plan.commands[region.last].redirects
        targets = [r.target for r in redirects if r.descriptor == 1 and r.operator == ">"]
        path = (targets or [self.plan.output.path])[-1]
        return path if Blob(path).remote else ""

    def _stays(self, region: Region) -> str:
        """Why a region, and what follows it, cannot run on Lambda; ""  if it can."""
        reason = undivided(region)
        if reason:
            pass
        elif absent := [value for name, value in self.plan.variables if _no_locale(name, value)]:
            reason = f"Lambda has no locale {absent[0]}"
        else:
            assert region.map is not None
            merged = [region.root] if region.root and only_combines(region.root) else []
            reason = lacking([region.map, *region.levels, *merged], self.there)
        if reason:
            stage = region.map or region.root
            assert stage is not None
            self.report.notes.append(f"stage {stage.id} runs here: {reason}")
        return reason

    @functools.cached_property
    def there(self) -> Tools:
        """What the function has."""
        return tools(self.cloud.target, self.calls.invoke, self.cost)

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
        s3.store().put(target.open(self.id), b"")
        self._record("running", None)
        self.announced = True
        if self.resumed:
            self.calls.resume()

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
            "chunk_prefix": self.cloud.chunk_prefix,
            "stages": self._volumes(),
            "repeated": self.calls.repeated,
            "cost": self.cost.as_dict(),
        }
        s3.store().put(self.cloud.target.run(self.id), json.dumps(record, indent=1).encode())

    def _volumes(self) -> dict[str, dict[str, float]]:
        """What passed through each stage on Lambda."""
        return {
            str(stage): volume._asdict() for stage, volume in sorted(self.calls.volumes.items())
        }


def undivided(region: Region) -> str:
    """Why no tasks on Lambda can do a region, whatever there is; "" if they can."""
    if region.map is None:
        return "it runs whole"
    if region.map.inputs:
        return "its inputs are divided together where all of them are at hand"
    if region.map.broadcasts:
        return "it reads a stream that is made here"
    if region.map.group > 1 or region.map.before or region.map.asks_for_last:
        return "where it may be cut depends on all records"
    return ""


def only_combines(root: Stage) -> bool:
    """Whether a root is no more than the last of its region's merges."""
    return all(behaviour in ("combine", "finish") for behaviour in root.behaviours)


def shuffled(ways: list[Exchange]) -> bool:
    """Whether there are ranges, which need splitters."""
    return any(way.kind == "shuffle" for way in ways)


def layered(region: Region, *, rooted: bool) -> tuple[list[Stage], list[Exchange], Stage | None]:
    """The layers of a region and the ways to them, as `coordinate` takes them; and the root.

    rooted: the root is one of the layers, if it only combines; else it is left over.
    """
    assert region.map is not None
    layers, ways, root = [region.map, *region.levels], list(region.ways), region.root
    if rooted and root is not None and only_combines(root):
        return [*layers, root], [*ways, Exchange(layers[-1].id, root.id, "gather", 1 << 30)], None
    return layers, ways, root


def clear(target: Target, run: str) -> None:
    """Remove what a run left between its stages."""
    store = s3.store()
    found = [blob.path for p in target.intermediates(run) for blob in store.objects(p)]
    store.delete(found)


def _no_locale(name: str, value: str) -> bool:
    return name in ("LC_ALL", "LC_COLLATE", "LC_CTYPE", "LANG") and value not in LOCALES


def _named(stage: Stage, width: int) -> str:
    names = " | ".join(argv[0].lstrip("@") for argv in stage.pipe)
    return f"stage {stage.id} ×{width}: {names}"
