"""What a run did: statuses, tasks, times; and the table that `--timing` prints."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from runtime.work import Outcome

WIDTH = 60


@dataclass
class Report:
    """statuses: one a command of the pipeline (PIPESTATUS); steps: name and seconds.

    tasks: what each did, if `detailed` asks for it (there may be no end of them);
    read: bytes that tasks were fed so far; current: what is being done; cost: lines
    for people; facts: what a backend adds to the report for programs.
    """

    statuses: tuple[int, ...] = ()
    status: int = 0
    steps: list[tuple[str, float]] = field(default_factory=list)
    tasks: list[Outcome] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    detailed: bool = False
    read: int = 0
    current: str = ""
    cost: list[str] = field(default_factory=list)
    facts: dict[str, Any] = field(default_factory=dict)

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
