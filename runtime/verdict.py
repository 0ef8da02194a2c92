"""What the statuses of a task mean for the run."""

from __future__ import annotations

from runtime.errors import TaskFailed
from runtime.plan import Stage
from runtime.processes import SIGPIPE
from runtime.slots import KERNEL
from runtime.work import Outcome


class Unfit(Exception):
    """A law does not serve these data: the stage has to run whole. str() says why."""


def verdict(stage: Stage, outcome: Outcome) -> bool:
    """Whether nothing after this task counts: a command gave up here, or has its answer.

    Raises Unfit when a command of an aggregate failed, or one whose law asks for the
    status 0, and TaskFailed for one that died.
    """
    final = False
    for argv, behaviour, rule, status, killed in zip(
        stage.pipe,
        stage.behaviours,
        stage.statuses,
        outcome.statuses,
        outcome.signals,
        strict=True,
    ):
        final = final or (rule == "first" and status == 0)
        if killed == SIGPIPE or status == 0:
            continue
        if rule == "halts" and not killed:
            final = True
            continue
        if killed:
            raise failed(stage, outcome, f"{argv[0]} was killed by signal {killed}", killed)
        if rule not in ("worst", "zero") and status == 1:
            continue
        if rule == "zero" or behaviour not in ("stateless", "indexed"):
            raise Unfit(f"{argv[0]} ended with status {status}")
        if argv[0] == KERNEL and status > 1:
            raise failed(stage, outcome, f"a kernel ended with status {status}")
        final = final or rule != "worst"
    return final


def failed(stage: Stage, outcome: Outcome | None, what: str, killed: int = 0) -> TaskFailed:
    """The error of a task, with the command's own words."""
    task = f", task {outcome.task.split('.')[1]}" if outcome else ""
    words = outcome.stderr.strip() if outcome else ""
    message = f"stage {stage.id}{task}: {what}" + (f"\n{words}" if words else "")
    return TaskFailed(message, "run it again; --keep and --work-dir say where to look", killed)
