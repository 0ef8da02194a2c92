"""The table of a benchmark, as Markdown, and its place in the README."""

from __future__ import annotations

import importlib.metadata
import os
import platform
import re
import shutil
import subprocess
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from statistics import median

from benchmarks.measure import Measurement

TOOLS = ("bash", "sort", "grep", "awk", "parallel")
TITLES = {
    "bash": "shell",
    "leashc": "leashc",
    "tools": "leashc, tools",
    "polars": "Polars",
    "duckdb": "DuckDB",
    "parallel": "GNU parallel",
}
LIBRARIES = ("polars", "duckdb")
BEGIN, END = "<!-- results: written by `make bench BENCH=--write` -->", "<!-- end of results -->"


@dataclass
class Result:
    """The runs of one pipeline by one system, and what was wrong with them, if anything."""

    runs: list[Measurement] = field(default_factory=list)
    problem: str = ""

    def median(self, of: Callable[[Measurement], float]) -> float:
        return median(map(of, self.runs))


def preamble(size: int, runs: int) -> str:
    """When, where and with what."""
    with open("/proc/meminfo") as meminfo:
        memory = round(int(meminfo.readline().split()[1]) / 1024**2)
    cores = len(os.sched_getaffinity(0))
    machine = f"{cores} cores, {memory} GB of memory, {platform.machine()}"
    tools = ", ".join(filter(None, (*map(version, TOOLS), *map(library, LIBRARIES))))
    return (
        f"{date.today()}; {machine}; Python {platform.python_version()}, {tools}.\n"
        f"Inputs of {size / 1e6:,.0f} MB, in the page cache; LC_ALL=C; medians of {runs}."
    )


def library(name: str) -> str:
    """`polars 1.3`, or nothing for a library that is not there."""
    try:
        return f"{name} {importlib.metadata.version(name)}"
    except importlib.metadata.PackageNotFoundError:
        return ""


def version(tool: str) -> str:
    """`sort 9.1`, or nothing for a tool that is not there."""
    path = shutil.which(tool)
    if path is None:
        return ""
    name = Path(path).resolve().name  # awk may be mawk or gawk
    question = [path, "-Wversion" if name == "mawk" else "--version"]
    answer = subprocess.run(question, capture_output=True, text=True, check=False)
    number = re.search(r"\d[\d.]+", answer.stdout)
    return f"{name} {number[0]}" if number else name


def header(corner: str, systems: Iterable[str]) -> str:
    """The head of a table, one column a system."""
    titles = [TITLES[system] for system in systems]
    return f"| {corner} | {' | '.join(titles)} |\n|---|{'---:|' * len(titles)}"


def times(name: str, results: Mapping[str, Result]) -> str:
    """Medians of one pipeline's wall times, with their ratio to the first system's."""
    base = next(iter(results.values()))
    reference = base.median(lambda run: run.seconds)

    def cell(result: Result) -> str:
        if result.problem:
            return result.problem
        seconds = result.median(lambda run: run.seconds)
        if result is base:
            return precise(seconds)
        if reference < 0.1:  # a ratio to nearly nothing says nothing
            return f"{precise(seconds)} ({seconds - reference:+.3f} s)"
        return f"{precise(seconds)} ({seconds / reference:.2f})"

    return f"| {name} | {' | '.join(map(cell, results.values()))} |"


def means(name: str, results: Mapping[str, Result]) -> str:
    """What that took: median of CPU time, and the most memory of a run."""

    def cell(result: Result) -> str:
        if result.problem:
            return "–"
        most = max(run.memory for run in result.runs)
        memory = f"{most / 1e6:.0f}" if most else "–"
        return f"{precise(result.median(lambda run: run.cpu))} / {memory}"

    return f"| {name} | {' | '.join(map(cell, results.values()))} |"


def precise(seconds: float) -> str:
    """Two or three figures: 12.3, 1.23, 0.012."""
    digits = 1 if seconds >= 10 else 2 if seconds >= 1 else 3
    return f"{seconds:.{digits}f}"


def write(readme: Path, lines: list[str]) -> None:
    """Replace the results in the README."""
    text = readme.read_text()
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    table = "\n".join(lines)
    readme.write_text(f"{before}{BEGIN}\n\n{table}\n\n{END}{after}")
