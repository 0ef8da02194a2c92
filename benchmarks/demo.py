"""Counts the words of a large text with the shell and with leashc, and compares: `make demo`."""

from __future__ import annotations

import argparse
import filecmp
import os
import sys
from itertools import islice
from pathlib import Path

from benchmarks.data import data_file, parse_size
from benchmarks.measure import Measurement, measure, warm

LEASHC = Path(sys.executable).parent / "leashc"
WORD_COUNT = r"tr -cs A-Za-z '\n' < {file} | tr A-Z a-z | sort | uniq -c | sort -rn"
TOP = 10


def timed(name: str, argv: list[str], output: Path) -> Measurement:
    """Run one of the two, say how long it took, and stop if it fails."""
    environment = {**os.environ, "LC_ALL": "C"}
    run = measure(argv, output, output.parent, environment)
    if run.status != 0:
        sys.exit(f"{name} ended with status {run.status}")
    print(f"  {name:7} {run.seconds:7.2f} s   {run.memory / 1e6:6.0f} MB of memory", flush=True)
    return run


def main() -> None:
    parser = argparse.ArgumentParser(description="Show a pipeline by the shell and by leashc.")
    parser.add_argument("--size", type=parse_size, default="128M", help="bytes of text")
    parser.add_argument("--folder", type=Path, default=Path("build/demo"), help="for its files")
    options = parser.parse_args()

    print(f"Making {options.size / 1e6:.0f} MB of text …", flush=True)
    text = data_file(options.folder, options.size)
    pipeline = WORD_COUNT.replace("{file}", text.name)
    print(f'\n  $ leashc run "{pipeline}"\n', flush=True)

    expected, answer = options.folder / "shell.out", options.folder / "leashc.out"
    warm(text)
    shell = timed("shell", ["bash", "-c", pipeline], expected)
    ours = timed("leashc", [str(LEASHC), "run", pipeline], answer)

    print(f"\nThe {TOP} most frequent words, by leashc:\n")
    with answer.open() as lines:
        print("".join(islice(lines, TOP)))
    if not filecmp.cmp(expected, answer, shallow=False):
        sys.exit(f"The answers differ: compare {expected} with {answer}.")
    size = answer.stat().st_size
    print(
        f"All {size:,} bytes equal the shell's, in {ours.seconds / shell.seconds:.0%} of its time."
    )


if __name__ == "__main__":
    main()
