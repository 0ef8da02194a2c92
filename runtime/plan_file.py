"""The plan as text: JSON that is stable to diff, and may come from a stranger.

`to_json` and `from_json` are inverse to each other; `from_json` trusts nothing
and names the place of what is wrong.
"""

from __future__ import annotations

import json
import re
import types
import typing
from typing import Any, Literal

from runtime.errors import PlanError
from runtime.plan import VERSION, Plan
from runtime.slots import PART, SLOTS, STREAM


def to_json(plan: Plan) -> str:
    """The plan as text: stable, indented, pure ASCII, fields at their default left out."""
    return json.dumps(_plain(plan), indent=1) + "\n"


def from_json(text: str) -> Plan:
    """The plan of a text that may come from a stranger. Raises PlanError."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise PlanError(f"this is no plan: {error}", "make one with `leashc compile`") from None
    if not isinstance(value, dict) or "version" not in value:
        raise PlanError("this is no plan: it has no version", "make one with `leashc compile`")
    if value["version"] != VERSION:
        raise PlanError(
            f"version: this leashc reads version {VERSION}, not {value['version']!r}",
            "compile the pipeline again",
        )
    try:
        plan: Plan = _typed(Plan, value, "plan")
    except RecursionError:
        raise PlanError("streams are nested too deeply", "write them to files first") from None
    for part in plan.plans():
        check(part)
    return plan


def check(plan: Plan) -> None:
    """Whether the parts of a plan fit together. Raises PlanError with the place."""

    def demand(condition: bool, where: str, what: str) -> None:
        if not condition:
            raise PlanError(f"{where}: {what}", "compile the pipeline again")

    ids = [s.id for s in plan.sources] + [s.id for s in plan.stages] + [plan.output.id]
    demand(len(set(ids)) == len(ids), "plan", "two nodes have the same id")
    demand(bool(plan.commands), "commands", "there are none")
    demand(bool(plan.stages), "stages", "there are none")
    for number, command in enumerate(plan.commands):
        demand(bool(command.argv), f"commands[{number}]", "it names no program")
        words = [*command.argv, *(redirect.target for redirect in command.redirects)]
        there = {f"{STREAM}{at}" for at in range(len(command.streams))}
        named = all(word in there for word in words if word.startswith(STREAM))
        demand(named, f"commands[{number}]", "it reads a stream that is not there")
    for number, stage in enumerate(plan.stages):
        where = f"stages[{number}]"
        demand(bool(stage.pipe) and all(stage.pipe), f"{where}.pipe", "a command is empty")
        demand(1 <= stage.width <= 1_000_000, f"{where}.width", f"{stage.width} is out of range")
        for name in ("environment", "origins", "behaviours", "statuses"):
            same = len(getattr(stage, name)) == len(stage.pipe)
            demand(same, f"{where}.{name}", "it does not go with the pipe")
        demand(
            all(-1 <= origin < len(plan.commands) for origin in stage.origins),
            f"{where}.origins",
            "there is no such command",
        )
        same = not stage.rest or (len(stage.rest) == len(stage.pipe) and all(stage.rest))
        demand(same, f"{where}.rest", "it does not go with the pipe")
        demand(stage.group > 0, f"{where}.group", "it is a number of records, from 1")
        demand(stage.before >= 0, f"{where}.before", "it is a number of records")
        first, last = stage.covers
        demand(0 <= first <= last < len(plan.commands), f"{where}.covers", "no such commands")
        parts = {f"{PART}{at}" for at in range(len(stage.inputs) if stage.together else 0)}
        taken = {word for argv in stage.pipe for word in argv if word.startswith(PART)}
        demand(parts == taken, f"{where}.inputs", "they do not go with the pipe")
        there = {f"{STREAM}{at}" for at in range(len(plan.commands[first].streams))}
        paths = {given.blob.path for given in stage.inputs if given.blob.path.startswith(STREAM)}
        demand(paths <= there, f"{where}.inputs", "it reads a stream that is not there")
        demand(bool(stage.inputs) == bool(stage.joined), f"{where}.joined", "it lacks its inputs")
        free = 0
        for kernel in stage.kernels:
            fits = free <= kernel.first <= kernel.last < len(stage.pipe)
            demand(fits and bool(kernel.argv), f"{where}.kernels", "no such commands")
            free = kernel.last + 1
    for number, exchange in enumerate(plan.exchanges):
        where = f"exchanges[{number}]"
        known = exchange.origin in ids and exchange.target in ids
        demand(known, where, "it joins nodes that are not there")
        demand(exchange.origin < exchange.target, where, "it does not lead forward")
        roles = {stage.id: stage.role for stage in plan.stages}
        ranged = roles.get(exchange.origin) in ("map", "combine")
        ranged = ranged and roles.get(exchange.target) == "combine"
        demand(exchange.kind != "shuffle" or ranged, where, "it shuffles no runs")


def _plain(value: Any) -> Any:
    """A record as JSON values; the version and fields without a default always, defaults never."""
    if hasattr(value, "_fields"):
        defaults = value._field_defaults
        return {
            name: _plain(getattr(value, name))
            for name in sorted(value._fields, key=lambda name: name != "version")
            if name == "version" or name not in defaults or getattr(value, name) != defaults[name]
        }
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return value


def _typed(kind: Any, value: Any, where: str) -> Any:
    """`value` as an instance of the type `kind`, checked all the way down."""
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if origin is types.UnionType:
        if value is None:
            return None
        return _typed(arguments[0], value, where)
    if origin is Literal:
        if value not in arguments or not isinstance(value, str):
            raise PlanError(f"{where}: {value!r} is none of {', '.join(map(repr, arguments))}")
        return value
    if origin is tuple:
        if not isinstance(value, list):
            raise PlanError(f"{where}: a list was expected")
        if arguments[-1] is Ellipsis:
            arguments = (arguments[0],) * len(value)
        if len(arguments) != len(value):
            raise PlanError(f"{where}: {len(arguments)} values were expected, not {len(value)}")
        pairs = enumerate(zip(arguments, value, strict=True))
        return tuple(_typed(k, v, f"{where}[{i}]") for i, (k, v) in pairs)
    if hasattr(kind, "_fields"):
        return _record(kind, value, where)
    if type(value) is not kind:
        raise PlanError(f"{where}: {kind.__name__} expected, not {type(value).__name__}")
    if isinstance(value, str) and not re.search(r"\.(strip|lacks\[\d+\])$", where):  # bytes
        _word(value, where)
    return value


def _word(value: str, where: str) -> None:
    if "\0" in value[1:]:
        raise PlanError(f"{where}: a NUL byte inside a word")
    if value.startswith("\0") and value not in SLOTS and not value.startswith((STREAM, PART)):
        raise PlanError(f"{where}: there is no slot {value[1:]!r}")


def _record(kind: Any, value: Any, where: str) -> Any:
    if not isinstance(value, dict):
        raise PlanError(f"{where}: an object was expected")
    hints = typing.get_type_hints(kind)
    prefix = "" if where == "plan" else f"{where}."
    for name in value:
        if name not in hints:
            raise PlanError(f"{prefix}{name}: there is no such field")
    needed = (name for name in kind._fields if name not in kind._field_defaults)
    for name in needed:
        if name not in value:
            raise PlanError(f"{prefix}{name}: it is missing")
    return kind(**{name: _typed(hints[name], v, prefix + name) for name, v in value.items()})
