"""Whether the width that leashc chooses is a good one: beside other plans, and the shell.

    python -m benchmarks.widths [--size 100M] [--runs 3] [--only REGEX]

Candidates take turns, as in benchmarks.run. Printed are the ratio of the choice to the best
of them, and how many seconds longer than the shell it takes.
"""

from __future__ import annotations

import argparse
import re
import statistics
import sys
from pathlib import Path

from benchmarks.data import data_file, parse_size
from benchmarks.measure import warm
from benchmarks.pipelines import PIPELINES
from benchmarks.run import LEASHC, Bench

CANDIDATES = {
    "auto": [],
    "1": ["--width", "1"],
    "2": ["--width", "2"],
    "4": ["--width", "4"],
    "16": ["--width", "16"],
    "tools": ["--kernels", "off"],
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--size", type=parse_size, default="100M")
    parser.add_argument("--runs", type=int, default=3, help="repeats, for medians")
    parser.add_argument("--only", default="", metavar="REGEX")
    parser.add_argument("--folder", type=Path, default=Path("build/bench"))
    given = parser.parse_args()
    bench = Bench(given.folder, [], given.runs)
    names = ["bash", *CANDIDATES]
    print("| " + " | ".join(["pipeline", *names, "auto / best", "auto - bash"]) + " |")
    print("|---" + "|--:" * (len(names) + 2) + "|")
    for pipeline in PIPELINES:
        if pipeline.data == "small" or not re.search(given.only, pipeline.name):
            continue
        suffix = ".log" if pipeline.data == "log" else ".txt"
        file = data_file(given.folder, given.size, suffix).name
        warm(given.folder / file)
        text = pipeline.shell(file)
        seconds: dict[str, list[float]] = {name: [] for name in names}
        answers = set()
        for _ in range(given.runs):
            for name in names:
                ours = [str(LEASHC), "run", *CANDIDATES.get(name, []), text]
                run, digest = bench.run(["bash", "-c", text] if name == "bash" else ours)
                seconds[name].append(run.seconds)
                answers.add((run.status, digest))
        if len(answers) > 1:
            sys.exit(f"{pipeline.name}: outputs differ")
        found = {name: statistics.median(runs) for name, runs in seconds.items()}
        best = min(found[name] for name in CANDIDATES)
        cells = [f"{found[name]:.2f}" for name in names]
        cells += [f"{found['auto'] / best:.2f}", f"{found['auto'] - found['bash']:+.2f}"]
        print("| " + " | ".join([pipeline.name, *cells]) + " |", flush=True)


if __name__ == "__main__":
    main()
