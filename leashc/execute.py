"""`leashc run`: a plan is made or read, run and reported on.

`leashc run TEXT` alone is understood here, for Click takes longer to import than a small
pipeline runs.
"""

from __future__ import annotations

import gc
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from typing import TYPE_CHECKING, Any, NoReturn

from leashc.errors import CompileError
from leashc.given import planned, settings_of
from runtime.report import Report

if TYPE_CHECKING:
    from runtime.inputs import Cloud
    from runtime.plan import Plan

# What the options of `run` are where none is given, as leashc.cli declares them.
DEFAULTS: dict[str, Any] = {
    "width": 0,
    "jobs": None,
    "merge": "auto",
    "kernels": "auto",
    "optimize": None,
    "deadline": None,
    "budget": None,
    "fan_in": None,
    "pipefail": False,
    "operators": (),
    "text": False,
    "output": "",
    "memory": None,
    "block": None,
    "work_dir": None,
    "keep": False,
    "timing": False,
    "as_json": False,
    "trust": False,
    "backend": "local",
    "split": "byte-range",
    "chunk_prefix": "",
    "final": "local",
    "bucket": None,
    "prefix": "leash/",
    "region": None,
    "function": "leash-worker",
    "quiet": False,
    "verbose": False,
}


def alone(words: Sequence[str], environment: Mapping[str, str]) -> str:
    """The text, if these words are `run TEXT` and nothing else is said; else ""."""
    match words:
        case ("run", text) if not text.startswith("-"):
            return "" if any(name.startswith("LEASH_") for name in environment) else text
    return ""


def execute(pipeline: str, arguments: tuple[str, ...], given: dict[str, Any]) -> NoReturn:
    """Run it as the shell would, and exit with its status."""
    report = Report(detailed=given["as_json"])
    started = time.perf_counter()
    with report.step("compile"):
        plan = planned(pipeline, arguments, given)
    _carry_out(plan, report, started, given)


def _carry_out(plan: Plan, report: Report, started: float, given: dict[str, Any]) -> NoReturn:
    """Run a plan, report on it and exit with its status."""
    from leashc import machine

    settings = settings_of(given, dict(plan.variables))
    if plan.options.kernels == "only":
        from runtime import kernels

        if not kernels.executable():
            raise CompileError("the kernels are not built here", "use --kernels auto")
    gc.enable()
    watched = sys.stderr.isatty() and not given["quiet"] and len(plan.stages) > 1
    with machine.progress(plan, report) if watched else nullcontext():
        if given["backend"] == "aws":
            from runtime import aws

            aws.run(plan, settings, _cloud(given), report)
        else:
            if given["chunk_prefix"] or given["split"] != "byte-range":
                from click import UsageError

                raise UsageError("--split and --chunk-prefix go with --backend aws")
            from runtime.local import run

            run(plan, settings, report)
    if given["verbose"]:
        for note in report.notes:
            _say(f"leashc: {note}")
    if given["timing"]:
        seconds = time.perf_counter() - started
        if "cost" in report.facts:
            from leashc.simulation.beside import beside

            calls, final = given["jobs"] or 1000, given["final"]
            report.cost += beside(plan, report.facts, seconds, calls, final)
        _say(report.table("leashc run", seconds))
    if given["as_json"]:
        _say(report.as_json(time.perf_counter() - started))
    sys.exit(report.status)


def _cloud(given: dict[str, Any]) -> Cloud:
    """How a run uses the cloud."""
    from click import UsageError

    from leashc.options import target
    from runtime.inputs import Cloud

    place, prefix = target(given), given["chunk_prefix"]
    if prefix and given["split"] != "chunks":
        raise UsageError("--chunk-prefix goes with --split chunks")
    if prefix and not prefix.startswith("s3://"):
        prefix = f"s3://{place.bucket}/{prefix}"
    calls = given["jobs"] or 1000
    return Cloud(place, calls, given["final"], given["split"], prefix, given["keep"])


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
