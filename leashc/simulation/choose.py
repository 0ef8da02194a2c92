"""Choosing a plan: candidates, each with what it is expected to take, and the one that serves."""

from __future__ import annotations

import math
from typing import NamedTuple

from leashc.errors import CompileError
from leashc.simulation.estimate import Estimate, estimate
from leashc.simulation.parameters import Parameters
from leashc.simulation.question import Question
from runtime.errors import RunError
from runtime.plan import Options

MERGES = ("flat", "tree", "shuffle")
WIDEST = 4096
SMALLEST = 1 << 20  # bytes of a partition that is worth a task


class Aim(NamedTuple):
    """What is wanted. deadline: seconds; budget: dollars."""

    optimize: str = ""  # time, cost, balanced; "": what deadline and budget leave open
    deadline: float = math.inf
    budget: float = math.inf

    def measure(self, found: Estimate) -> float:
        """What is to be least."""
        match self.optimize or self._open:
            case "time":
                return found.seconds
            case "cost":
                return found.dollars
        return found.seconds * found.dollars

    @property
    def _open(self) -> str:
        if (self.deadline < math.inf) == (self.budget < math.inf):
            return "balanced"
        return "cost" if self.deadline < math.inf else "time"

    @property
    def words(self) -> str:
        """The same for people."""
        least = {
            "time": "the least time",
            "cost": "the least dollars",
            "balanced": "the least product of seconds and dollars",
        }[self.optimize or self._open]
        within = [f"{self.deadline:g} s"] if self.deadline < math.inf else []
        within += [f"${self.budget:g}"] if self.budget < math.inf else []
        return least + (f" within {' and '.join(within)}" if within else "")

    def fits(self, found: Estimate) -> bool:
        """Whether it is allowed."""
        return found.seconds <= self.deadline and found.dollars <= self.budget


class Candidate(NamedTuple):
    """A plan's options, and what it is expected to take; or why it would not do."""

    options: Options
    found: Estimate | None
    why: str = ""


def candidates(question: Question) -> list[Candidate]:
    """Plans for a question, those that are different. What it says itself stays as it is."""
    options, parameters = question.options, Parameters(question.parameters)
    merges = MERGES if options.merge == "auto" else (options.merge,)
    found: list[Candidate] = []
    seen: set[object] = set()
    for width in [options.width] if options.width else _widths(question.size):
        for merge in merges:
            made = options._replace(width=width, merge=merge)  # type: ignore[arg-type]
            plan = question._replace(options=made).plan()
            if (plan.stages, plan.exchanges) in seen:
                continue
            seen.add((plan.stages, plan.exchanges))
            how = (question.function, parameters, question.calls, question.final)
            try:
                found.append(Candidate(made, estimate(plan, question.size, *how)))
            except RunError as error:
                found.append(Candidate(made, None, str(error)))
    return found


def _widths(size: int) -> list[int]:
    """2, 3, 4, 6, 8, 12, ... as long as a partition is worth a task."""
    powers = [2**n for n in range(1, WIDEST.bit_length())]
    steps = sorted({*powers, *(power * 3 // 2 for power in powers[:-1])})
    return [width for width in steps if width == 2 or width <= size // SMALLEST]


def best(found: list[Candidate], aim: Aim) -> Candidate:
    """The candidate that serves an aim best. Raises CompileError where none does."""
    able = [c for c in found if c.found]
    if not able:
        raise CompileError(f"no plan would do: {found[0].why}", "see `leashc explain --cost`")
    fits = [c for c in able if c.found and aim.fits(c.found)]
    if not fits:
        quick = min(able, key=lambda c: c.found.seconds if c.found else 0)
        cheap = min(able, key=lambda c: c.found.dollars if c.found else 0)
        assert quick.found and cheap.found
        raise CompileError(
            f"no plan is expected to keep within {aim.words.partition(' within ')[2]}",
            f"the fastest takes {quick.found.seconds:.1f} s and ${quick.found.dollars:.4f}, "
            f"the cheapest {cheap.found.seconds:.1f} s and ${cheap.found.dollars:.4f}",
        )
    return min(fits, key=lambda c: aim.measure(c.found) if c.found else 0)


def table(question: Question, found: list[Candidate], aim: Aim) -> str:
    """The candidates that nothing beats in time and dollars, and the best of each merge."""
    won = best(found, aim)
    able = sorted((c for c in found if c.found), key=lambda c: c.found.seconds if c.found else 0)
    shown, least = [], math.inf
    for each in able:
        assert each.found
        if each.found.dollars < least:
            least = each.found.dollars
            shown.append(each)
    for merge in MERGES:
        of = [c for c in able if c.options.merge == merge]
        shown += [c for c in of[:1] if c not in shown]
    shown += [won] if won not in shown else []
    function = question.function
    lines = [
        f"PREDICTED, not run: parameters of {Parameters().date}, {function.architecture} of "
        f"{function.memory} MB, {question.size / 1e9:,.3f} GB",
        "   width  merge      seconds    dollars   GB moved     requests",
    ]
    for each in sorted(shown, key=lambda c: c.found.seconds if c.found else 0):
        assert each.found
        e = each.found
        lines.append(
            f"{'→' if each is won else ' '}{each.options.width:>7}  {each.options.merge:<8}"
            f"{e.seconds:>10.1f}{e.dollars:>11.4f}{e.moved / 1e9:>11,.1f}{e.requests:>13,}"
        )
    lines.append(f"chosen   {won.options.width} {won.options.merge}: {aim.words}")
    refused = [c for c in found if not c.found]
    if refused:
        why = refused[-1]
        lines.append(
            f"not      {len(refused)} others, as {why.options.width} {why.options.merge}: {why.why}"
        )
    lines.append(f"of       {len(found)} plans; those left out are slower and dearer than one here")
    return "\n".join(lines) + "\n"
