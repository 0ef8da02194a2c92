"""What a run did: statuses, tasks, times; and the table that `--timing` prints."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from runtime.work import Outcome

WIDTH = 60


class Report:
    """statuses: one a command of the pipeline (PIPESTATUS); steps: name and seconds.

    tasks: what each did, if `detailed` asks for it (there may be no end of them);
    read: bytes that tasks were fed so far; current: what is being done; cost: lines
    for people; facts: what a backend adds to the report for programs.
    """

    def __init__(self, *, detailed: bool = False) -> None:
        self.detailed = detailed
        self.statuses: tuple[int, ...] = ()
        self.status = 0
        self.steps: list[tuple[str, float]] = []
        self.tasks: list[Outcome] = []
        self.notes: list[str] = []
        self.read = 0
        self.current = ""
        self.cost: list[str] = []
        self.facts: dict[str, Any] = {}

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Time a step of the run."""
        start = time.perf_counter()
        self.current = name
        try:
            yield
        finally:
            self.steps.append((name, time.perf_counter() - start))

    def as_json(self, total: float) -> str:
        """The report for programs: one line of JSON; times in seconds, memory in bytes."""
        import json

        return json.dumps(
            {
                "status": self.status,
                "pipestatus": self.statuses,
                "seconds": total,
                "steps": [{"name": name, "seconds": seconds} for name, seconds in self.steps],
                "tasks": [task._asdict() for task in self.tasks],
                "notes": self.notes,
                **self.facts,
            }
        )

    def table(self, title: str, total: float) -> str:
        """The timing summary; `total` in seconds of wall clock (steps may overlap)."""
        lines = ["=" * WIDTH, f"TIMING SUMMARY - {title}", "=" * WIDTH]
        for number, (name, seconds) in enumerate(self.steps, 1):
            lines.append(_dotted(f"  {number}. {name}", seconds))
        lines += ["-" * WIDTH, _dotted("  TOTAL TIME", total), *self.cost, "=" * WIDTH]
        return "\n".join(lines)


def _dotted(name: str, seconds: float) -> str:
    figure = f" {seconds:.2f}s"
    room = WIDTH - len(figure)
    if len(name) > room - 3:
        name = name[: room - 4] + "…"
    return name.ljust(room, ".") + figure
