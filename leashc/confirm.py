"""Plan files come from strangers: what one says is compared with what its text means."""

from __future__ import annotations

import json
from typing import Any

from leashc.compile import Unit, compile
from leashc.inputs import Look
from leashc.shell import Shell
from runtime.errors import PlanError
from runtime.plan import Blob, Input, Plan
from runtime.plan_file import to_json


def unpinned(plan: Plan) -> Plan:
    """The plan without the times of its files: it serves as long as the names do."""
    sources = tuple(
        source._replace(blobs=tuple(blob._replace(modified=-1) for blob in source.blobs))
        for source in plan.sources
    )
    commands = tuple(
        command._replace(streams=tuple(map(unpinned, command.streams))) for command in plan.commands
    )
    stages = tuple(stage._replace(inputs=tuple(map(_loose, stage.inputs))) for stage in plan.stages)
    return plan._replace(sources=sources, stages=stages, commands=commands)


def _loose(given: Input) -> Input:
    return given._replace(blob=given.blob._replace(modified=-1))


def confirmed(
    plan: Plan, shell: Shell, look: Look, *, trust: bool, operators: tuple[str, ...], output: str
) -> Plan:
    """A stranger's plan, if it does what its text says and no more than it may.

    The text is compiled again, over the sources as the plan describes them; other
    files (patterns, what could not be divided) are looked at. Raises PlanError, which
    names the first difference.
    """
    if plan.options.operators and plan.options.operators != operators:
        names = " ".join(f"--operators {name}" for name in plan.options.operators)
        raise PlanError("options.operators: the plan needs operators of its own", f"add {names}")
    if plan.effects and not trust:
        raise PlanError(
            f"effects: the plan does more than compute its output: {'; '.join(plan.effects)}",
            "if you know where it comes from, add --trust",
        )
    blobs = {blob.path: blob for part in plan.plans() for blob in part.blobs()}
    sizes = [source.size for source in plan.sources if not source.blobs]

    def described(path: str) -> Blob | str:
        if path == "-":
            return Blob("-", sizes[0] if sizes else -1)
        return blobs.get(path) or look(path)

    unit = Unit(plan.pipeline, shell, described)
    again = compile(unit, plan.options)._replace(tools=plan.tools)
    if again != plan:
        # A small input makes a plan without stages to divide, unless one asked for them.
        again = compile(unit, plan.options, divide=True)._replace(tools=plan.tools)
    if again != plan:
        place = _difference(json.loads(to_json(plan)), json.loads(to_json(again)))
        raise PlanError(f"{place}: the plan does not say what its text says", "compile it again")
    return plan._replace(output=plan.output._replace(path=output))


def _difference(plan: Any, again: Any, where: str = "") -> str:
    """The first place where two JSON values differ."""
    if isinstance(plan, dict) and isinstance(again, dict):
        for name in {**plan, **again}:
            if plan.get(name) != again.get(name):
                return _difference(plan.get(name), again.get(name), f"{where}.{name}")
    if isinstance(plan, list) and isinstance(again, list):
        for number, (mine, theirs) in enumerate(zip(plan, again, strict=False)):
            if mine != theirs:
                return _difference(mine, theirs, f"{where}[{number}]")
    return where.lstrip(".")
