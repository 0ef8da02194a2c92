"""`leashc calibrate`: what commands cost on this machine, for what a plan leaves to it."""

from __future__ import annotations

import json
import os
import random
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any

import click

from leashc.simulation.parameters import MB, calibration, measured, table

SIZE = 8 * MB  # bytes of each of the two inputs, lines and words
REPEATS = 3  # of which the quickest counts

# The classes of parameters.json, and what stands for each; those that are not here keep theirs.
COMMANDS = {
    "sort": ("sort", "--parallel=1", "-S", "8M"),
    "sort -n": ("sort", "-n", "--parallel=1", "-S", "8M"),
    "sort -u": ("sort", "-u", "--parallel=1", "-S", "8M"),
    "cat": ("cat",),
    "cut": ("cut", "-d ", "-f1"),
    "tr": ("tr", "A-Z", "a-z"),
    "tr -cs": ("tr", "-cs", "A-Za-z", "\\n"),
    "grep": ("grep", "the"),
    "grep -v": ("grep", "-v", "the"),
    "grep -c": ("grep", "-c", "the"),
    "sed": ("sed", "s/the/THE/"),
    "awk": ("awk", "{print $1}"),
    "uniq": ("uniq", "-c"),
    "wc": ("wc",),
    "wc -l": ("wc", "-l"),
    "rev": ("rev",),
}


@click.command()
@click.option("--show", is_flag=True, help="Show what was measured, and what it stands for.")
@click.option("--reset", is_flag=True, help="Forget it.")
def calibrate(show: bool, reset: bool) -> None:
    """Measure what commands cost on this machine.

    It takes some seconds. `leashc simulate` and `explain --cost` then know how long takes what a
    plan leaves to the machine that coordinates it; what runs on Lambda has the rates that ship.
    """
    path = Path(calibration())
    if reset:
        path.unlink(missing_ok=True)
        click.echo(f"removed  {path}")
        return
    if not show:
        found = rates()
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_suffix(".draft")
        draft.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
        draft.replace(path)
    click.echo(shown(), nl=False)


def shown() -> str:
    """What is known of this machine, beside what ships."""
    found, shipped = measured(), table()["commands"]
    if not found:
        return "nothing was measured here; the rates that ship are used\n"
    lines = [
        f"measured on {found['date']}: ms for each MB, µs for each record; in brackets what ships",
        *(
            f"  {name:<10}{mb:>8.2f} ({shipped[name][0]:.2f}){record:>10.3f} "
            f"({shipped[name][1]:.3f})"
            for name, (mb, record) in found["commands"].items()
        ),
        f"in {calibration()}",
    ]
    return "\n".join(lines) + "\n"


def rates() -> dict[str, Any]:
    """Processor time of commands in the C locale: ms for each MB, µs for each record."""
    with tempfile.TemporaryDirectory(prefix="leash-") as directory:
        inputs = [Path(directory, name) for name in ("lines", "words")]
        for path, data in zip(inputs, samples(), strict=True):
            path.write_bytes(data)
        records = [path.read_bytes().count(b"\n") for path in inputs]
        found = {}
        for name, argv in COMMANDS.items():
            try:
                seconds = [min(_seconds(argv, path) for _ in range(REPEATS)) for path in inputs]
            except FileNotFoundError:
                continue  # it is not here
            found[name] = solved(seconds, records)
    return {"date": time.strftime("%Y-%m-%d"), "commands": found}


def solved(seconds: list[float], records: list[int]) -> tuple[float, float]:
    """The costs of a MB (ms) and of a record (µs) from two inputs of SIZE bytes, none below 0."""
    record = max((seconds[1] - seconds[0]) / (records[1] - records[0]), 0.0)
    whole = max(seconds[0] - record * records[0], 0.0)
    return round(whole / (SIZE / MB) * 1e3, 3), round(record * 1e6, 4)


def samples() -> tuple[bytes, bytes]:
    """Lines as of a text, and the same size of lines of one word."""
    source = random.Random(1)
    words = [
        bytes(source.choices(b"etaoinshrdlucmfw", k=source.randrange(2, 9))) for _ in range(5000)
    ]
    chosen = source.choices(words, k=SIZE // 5)
    lines = b"\n".join(b" ".join(chosen[at : at + 10]) for at in range(0, len(chosen), 10))
    return lines[: SIZE - 1] + b"\n", b"\n".join(chosen)[: SIZE - 1] + b"\n"


def _seconds(argv: tuple[str, ...], path: Path) -> float:
    """Processor time of a command; its output goes to a file, as grep looks at nothing for none."""
    environment = {**os.environ, "LC_ALL": "C", "TMPDIR": str(path.parent)}
    with path.open("rb") as stdin, path.with_name("output").open("wb") as stdout:
        process = subprocess.Popen(argv, stdin=stdin, stdout=stdout, env=environment)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    return usage.ru_utime + usage.ru_stime
