"""Measures every pipeline with every system, in turn, and checks that all give the same bytes.

    python -m benchmarks.run --size 100M --only sort
    python -m benchmarks.run --write

The systems take turns within each repeat, so a slow minute of the machine falls on
all of them. The input is in the page cache; the output goes to a file.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib
import importlib.util
import os
import re
import shutil
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from benchmarks import report
from benchmarks.data import data_file, parse_size
from benchmarks.measure import Measurement, measure, warm
from benchmarks.pipelines import PIPELINES, Pipeline
from benchmarks.report import Result

LEASHC = Path(sys.executable).parent / "leashc"
LIBRARIES = ("polars", "duckdb")
PEERS = (*LIBRARIES, "parallel")
SMALL = 10_000  # bytes of the input where only start-up shows
SMALL_REPEATS = 10  # such runs are short and vary more


def job(library: str, pipeline: Pipeline, file: str) -> list[str]:
    """The program that does a pipeline's work with a library, if there is one."""
    module = importlib.import_module(f"benchmarks.{library}_jobs")
    program = str(Path(__file__).with_name(f"{library}_jobs.py"))
    return [sys.executable, program, pipeline.name, file] if pipeline.name in module.JOBS else []


# From a pipeline and a file to an argument list; an empty one means: cannot be expressed.
SYSTEMS: Mapping[str, Callable[[Pipeline, str], list[str]]] = {
    "bash": lambda pipeline, file: ["bash", "-c", pipeline.shell(file)],
    "leashc": lambda pipeline, file: [str(LEASHC), "run", pipeline.shell(file)],
    "tools": lambda pipeline, file: [
        *(str(LEASHC), "run", "--kernels", "off"),
        pipeline.shell(file),
    ],
    "polars": lambda pipeline, file: job("polars", pipeline, file),
    "duckdb": lambda pipeline, file: job("duckdb", pipeline, file),
    "parallel": lambda pipeline, file: (
        ["bash", "-c", pipeline.by_parallel(file)] if pipeline.parallel else []
    ),
}


@dataclass(frozen=True)
class Bench:
    """Where and how often to measure, and by which systems; the first is the shell, the oracle."""

    folder: Path
    systems: list[str]
    repeats: int

    def results(self, pipeline: Pipeline, file: str) -> dict[str, Result]:
        """Measure one pipeline by every system, in turn."""
        warm(self.folder / file)
        results = {system: Result() for system in self.systems}
        expected: tuple[int, str] | None = None
        for _ in range(
            max(self.repeats, SMALL_REPEATS) if pipeline.data == "small" else self.repeats
        ):
            for system, result in results.items():
                if not installed(system):
                    result.problem = "not installed"
                    continue
                argv = SYSTEMS[system](pipeline, file)
                if not argv:
                    result.problem = "–"
                    continue
                run, digest = self.run(argv)
                result.runs.append(run)
                answer = (run.status, digest)
                expected = expected or answer
                # GNU parallel ends with how many jobs failed, and a query that finds nothing ends
                # well, unlike grep: only leashc has a status to compare.
                if system in PEERS and not (run.status and system in LIBRARIES):
                    answer = (expected[0], digest)
                if answer != expected:
                    result.problem = f"DIFFERS (status {run.status})"
        return results

    def run(self, argv: list[str]) -> tuple[Measurement, str]:
        """One run and the digest of its output, which is then removed."""
        output = self.folder / "output"
        environment = {**os.environ, "LC_ALL": "C", "PARALLEL": "--will-cite"}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)  # start-up is that of a used installation
        run = measure(argv, output, self.folder, environment)
        with output.open("rb") as written:
            digest = hashlib.file_digest(written, "sha256").hexdigest()
        output.unlink()
        return run, digest


def installed(system: str) -> bool:
    if system in LIBRARIES:
        return importlib.util.find_spec(system) is not None
    return LEASHC.exists() if system in ("leashc", "tools") else shutil.which(system) is not None


def parse_systems(text: str) -> list[str]:
    """The systems named, after the shell, which all are compared with."""
    named = set(text.split(","))
    if unknown := named - set(SYSTEMS):
        raise argparse.ArgumentTypeError(f"no such system: {', '.join(sorted(unknown))}")
    return [system for system in SYSTEMS if system in named | {"bash"}]


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.run",
        description="Measure pipelines with the shell, leashc and what one might use instead.",
    )
    parser.add_argument("--size", type=parse_size, default="1G", help="bytes of text (default 1G)")
    parser.add_argument("--runs", type=int, default=3, help="repeats, for medians (default 3)")
    parser.add_argument("--only", default="", metavar="REGEX", help="pipelines by name or text")
    parser.add_argument(
        "--systems",
        type=parse_systems,
        default=list(SYSTEMS),
        metavar="LIST",
        help=f"which to run; bash always does (default {','.join(SYSTEMS)})",
    )
    parser.add_argument("--folder", type=Path, default=Path("build/bench"), help="for its files")
    parser.add_argument("--write", action="store_true", help="keep the table in the README")
    return parser.parse_args()


def main() -> int:
    options = arguments()
    chosen = [p for p in PIPELINES if re.search(options.only, f"{p.name} {p.text}")]
    if not chosen:
        sys.exit(f"no pipeline matches {options.only}")
    print("making the data …", file=sys.stderr)
    files = {
        data: data_file(
            options.folder,
            SMALL if data == "small" else options.size,
            ".log" if data == "log" else ".txt",
        ).name
        for data in sorted({pipeline.data for pipeline in chosen})
    }
    bench = Bench(options.folder, options.systems, options.runs)

    lines: list[str] = []

    def show(line: str) -> None:
        print(line, flush=True)
        lines.append(line)

    show(report.preamble(options.size, options.runs))
    show("")
    show(report.header("seconds", options.systems))
    measured: list[tuple[str, dict[str, Result]]] = []
    for pipeline in chosen:
        results = bench.results(pipeline, files[pipeline.data])
        show(report.times(pipeline.name, results))
        measured.append((pipeline.name, results))
    show("")
    show(report.header("CPU s / MB", options.systems))
    for name, results in measured:
        show(report.means(name, results))
    show("")
    for pipeline in chosen:
        show(f"- {pipeline.name}: `{pipeline.shell(files[pipeline.data])}`")
    if any("DIFFERS" in result.problem for _, found in measured for result in found.values()):
        sys.exit("some outputs differ from the shell's")
    if options.write:
        report.write(Path(__file__).with_name("README.md"), lines)
    return 0


if __name__ == "__main__":
    sys.exit(main())
