"""The same question with one thing changed: a table, and a plot of it."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from typing import NamedTuple
from xml.sax.saxutils import escape

from leashc.simulation.choose import MERGES
from leashc.simulation.question import Question
from runtime.errors import RunError


class Row(NamedTuple):
    """What one run would take; why: it would not do it at all."""

    value: int
    merge: str
    seconds: float = math.nan
    dollars: float = math.nan
    bottleneck: str = ""
    why: str = ""


def rows(question: Question, name: str, values: list[int]) -> list[Row]:
    """A row for each value and each way to merge, or the one that was asked for."""
    asked = question.options.merge
    merges = MERGES if asked == "auto" else (asked,)
    return [_row(question, name, value, merge) for value in values for merge in merges]


def _row(question: Question, name: str, value: int, merge: str) -> Row:
    options = question.options._replace(merge=merge)  # type: ignore[arg-type]
    try:
        found = question._replace(options=options).asking(name, value).answer()
    except RunError as error:
        return Row(value, merge, why=str(error))
    return Row(value, merge, found.seconds, found.dollars, found.bottleneck)


def table(name: str, rows: list[Row]) -> str:
    """For people, and for Markdown."""
    lines = [
        f"| simulated: {name} | merge | seconds | dollars | most of it |",
        "|--:|---|--:|--:|---|",
    ]
    for row in rows:
        if row.why:
            lines.append(f"| {row.value:,} | {row.merge} | | | no: {row.why} |")
        else:
            figures = f"{row.seconds:.1f} | {row.dollars:.4f} | {row.bottleneck}"
            lines.append(f"| {row.value:,} | {row.merge} | {figures} |")
    return "\n".join(lines)


def as_json(name: str, rows: list[Row]) -> str:
    """For programs."""
    found = [
        {key: value for key, value in row._asdict().items() if value == value and value != ""}
        for row in rows
    ]
    return json.dumps({"simulated": True, "sweep": name, "rows": found}, indent=1)


# The plot: two panels side by side, logarithmic, in pixels.
PANEL, HEIGHT, MARGIN = 360, 260, 56
COLOURS = {"flat": "#888888", "tree": "#c46a00", "shuffle": "#0060b0", "auto": "#222222"}


def svg(name: str, rows: list[Row]) -> str:
    """Seconds and dollars over the values, a line for each way to merge."""
    panels = [
        _panel(0, "seconds", name, rows, lambda row: row.seconds),
        _panel(PANEL + MARGIN, "dollars", name, rows, lambda row: row.dollars),
    ]
    width, height = 2 * (PANEL + MARGIN) + MARGIN, HEIGHT + 2 * MARGIN
    title = f'<text x="{MARGIN}" y="18" font-weight="bold">simulated</text>'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
        f'font-family="sans-serif" font-size="11">\n'
        f'<rect width="100%" height="100%" fill="white"/>\n{title}\n'
        + "\n".join(panels)
        + "\n</svg>\n"
    )


def _panel(
    left: float, what: str, name: str, rows: list[Row], figure: Callable[[Row], float]
) -> str:
    known = [row for row in rows if not row.why]
    if not known:
        return ""
    across = _scale([row.value for row in known], left + MARGIN, left + MARGIN + PANEL - 20)
    up = _scale([figure(row) for row in known], MARGIN + HEIGHT - 10, MARGIN)
    bottom = MARGIN + HEIGHT
    drawn = [
        f'<text x="{left + MARGIN}" y="{MARGIN - 12}">{what}</text>',
        f'<text x="{left + MARGIN + PANEL / 2}" y="{bottom + 34}">{escape(name)}</text>',
        f'<path d="M{left + MARGIN} {MARGIN}V{bottom}H{left + MARGIN + PANEL - 20}" '
        'fill="none" stroke="#aaaaaa"/>',
    ]
    drawn += [
        f'<text x="{across(value):.1f}" y="{bottom + 14}" text-anchor="middle" font-size="8">'
        f"{value:,}</text>"
        for value in sorted({row.value for row in known})
    ]
    drawn += [
        f'<text x="{left + MARGIN - 4}" y="{up(tick) + 4:.1f}" text-anchor="end">{tick:g}</text>'
        for tick in _ticks([figure(row) for row in known])
    ]
    for place, merge in enumerate(dict.fromkeys(row.merge for row in known)):
        points = " ".join(
            f"{across(row.value):.1f},{up(figure(row)):.1f}" for row in known if row.merge == merge
        )
        pen = f'stroke="{COLOURS[merge]}" stroke-width="2"'
        label = f'x="{left + MARGIN + 90 + 60 * place}" y="{MARGIN - 12}" fill="{COLOURS[merge]}"'
        drawn += [
            f'<polyline points="{points}" fill="none" {pen}/>',
            f"<text {label}>{merge}</text>",
        ]
    return "\n".join(drawn)


def _scale(values: list[float], start: float, end: float) -> Callable[[float], float]:
    """A logarithmic scale from the least of the values, at `start`, to the greatest."""
    low, high = math.log(min(values)), math.log(max(values))
    span = high - low or 1.0
    return lambda value: start + (math.log(value) - low) / span * (end - start)


def _ticks(values: list[float]) -> list[float]:
    """1, 2 and 5 times powers of ten within the values, at most eight."""
    low, high = math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)))
    found = [
        step * 10.0**power
        for power in range(low, high + 1)
        for step in (1, 2, 5)
        if min(values) <= step * 10.0**power <= max(values)
    ]
    return found[:: max(len(found) // 8, 1)] or [min(values)]
