"""A plan as people read it: a tree of stages, Graphviz, or the plan itself."""

from __future__ import annotations

import shlex

from runtime.plan import Exchange, Plan, Source, Stage
from runtime.plan_file import to_json
from runtime.slots import INPUTS, PART, STREAM, shown

_CUTS = {
    "keys": "cut together where their keys change; not in order, it runs again, whole",
    "files": "each part has some of the files",
    "records": "cut together at the same number of records",
    "list": "dealt as one stream, one after the other",
}


def explain(plan: Plan, form: str = "text") -> str:
    """The plan in one of the forms text, dot and json."""
    match form:
        case "json":
            return to_json(plan)
        case "dot":
            return _dot(plan)
        case _:
            return _tree(plan)


def _tree(plan: Plan) -> str:
    """Sources on top; below each exchange the stage that it leads to."""
    lines = [plan.pipeline.strip(), ""]
    exchanges = {exchange.target: exchange for exchange in plan.exchanges}
    lines += [f"source   {_source(source)}" for source in plan.sources]
    for stage in plan.stages:
        lines.append(f"  │ {_exchange(exchanges[stage.id], stage.width)}")
        lines += _stage(stage, plan)
    last = exchanges.get(plan.output.id)
    lines.append(f"  │ {_exchange(last, 1) if last else 'forward'}")
    lines.append(f"output   {plan.output.path or _redirected(plan)}")
    lines += [f"effect   {effect}" for effect in plan.effects]
    return "\n".join(lines) + "\n"


def _stage(stage: Stage, plan: Plan) -> list[str]:
    width = f"×{stage.width}" if stage.width > 1 or stage.role == "map" else "×1"
    lines = [f"stage {stage.id}  {width:<5} {_pipe(stage, plan)}"]

    def note(name: str, value: str) -> None:
        lines.append(f"  │              {name}: {value}")

    if stage.role == "map":
        laws = dict.fromkeys(stage.behaviours)
        note("law", ", ".join(laws))
    if stage.guard:
        note("guard", f"{stage.guard.words}; else it runs again, whole")
    for argv, status in zip(stage.pipe, stage.statuses, strict=True):
        if status == "zero":
            note("guard", f"{argv[0]} ends with status 0 on each part; else it runs again, whole")
    if stage.joined:
        note("inputs", _CUTS[stage.joined])
    if stage.drop:
        first, last = stage.drop
        if first < 0:
            records = "the last record" if first == -1 else f"the last {-first} records"
        else:
            records = f"record {first}" if first == last else f"records {first} to {last}"
        note("reader", f"leaves out {records}")
    if stage.group > 1:
        note("reader", f"keeps {stage.group} records together")
    if stage.before:
        records = "record" if stage.before == 1 else f"{stage.before} records"
        note("reader", f"begins a partition with the {records} before it")
    if stage.strip:
        note(
            "reader",
            f"strips {stage.strip!r} where a partition begins"
            if len(stage.strip) < 20
            else "strips what would be squeezed where a partition begins",
        )
    for kernel in stage.kernels:
        pipe = stage.pipe[kernel.first : kernel.last + 1]
        done = " | ".join(argv[0].lstrip("@") for argv in pipe)
        where = "; on Lambda, the tool" if INPUTS in kernel.argv else ""
        note("kernel", f"{done}{' as one' if len(pipe) > 1 else ''}{where}")
    if stage.reason:
        note("why not wider" if stage.role != "whole" else "whole", stage.reason)
    for remedy in stage.remedies:
        note("try", remedy)
    for stream in _streams(stage, plan):
        note("reads", f"<({stream.pipeline})")
        lines += [f"  │                {line}" for line in _tree(stream).splitlines()[2:-1]]
    return lines


def _streams(stage: Stage, plan: Plan) -> list[Plan]:
    """What the commands of a stage read by `<( )`."""
    words = {word for argv in stage.pipe for word in argv} | {g.blob.path for g in stage.inputs}
    return [
        stream
        for origin in stage.origins
        if origin >= 0
        for number, stream in enumerate(plan.commands[origin].streams)
        if f"{STREAM}{number}" in words
    ]


def _pipe(stage: Stage, plan: Plan) -> str:
    commands = []
    for argv, environment, origin in zip(stage.pipe, stage.environment, stage.origins, strict=True):
        assignments = [f"{name}={shlex.quote(value)}" for name, value in environment]
        streams = plan.commands[origin].streams if origin >= 0 else ()
        names = {f"{STREAM}{at}": f"<({stream.pipeline})" for at, stream in enumerate(streams)}
        for at, given in enumerate(stage.inputs):
            names[f"{PART}{at}"] = names.get(given.blob.path) or shlex.quote(given.blob.path)
        words = [names.get(w) or (shown(w) if w[:1] == "\0" else shlex.quote(w)) for w in argv]
        commands.append(" ".join(assignments + words))
    return " | ".join(commands)


def _source(source: Source) -> str:
    if not source.blobs:
        return "standard input" + (f", {size(source.size)}" if source.size >= 0 else "")
    total = sum(blob.size for blob in source.blobs)
    names = [shlex.quote(blob.path) for blob in source.blobs]
    if len(names) > 3:
        names = [*names[:2], f"… {len(names) - 2} more"]
    return f"{' '.join(names)}, {size(total)}"


def _exchange(exchange: Exchange, width: int) -> str:
    match exchange.kind:
        case "scatter":
            return f"scatter → {width}"
        case "gather":
            return f"gather({exchange.fan}) → {width}"
        case "shuffle":
            return f"shuffle({exchange.fan}) → {width}" if exchange.fan else f"shuffle → {width}"
        case kind:
            return kind


def _redirected(plan: Plan) -> str:
    for redirect in plan.commands[-1].redirects:
        if redirect.descriptor == 1 and redirect.operator in (">", ">>"):
            return f"{redirect.operator} {shlex.quote(redirect.target)}"
    return "standard output"


def _dot(plan: Plan) -> str:
    def label(text: str) -> str:
        return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'

    lines = ["digraph plan {", "  rankdir=TB; node [shape=box, fontname=monospace];"]
    lines += [f"  n{s.id} [label={label(_source(s))}, shape=folder];" for s in plan.sources]
    for stage in plan.stages:
        lines.append(f"  n{stage.id} [label={label(f'×{stage.width}  {_pipe(stage, plan)}')}];")
    lines.append(f"  n{plan.output.id} [label={label(plan.output.path or _redirected(plan))}];")
    for exchange in plan.exchanges:
        name = exchange.kind + (f"({exchange.fan})" if exchange.fan else "")
        lines.append(f"  n{exchange.origin} -> n{exchange.target} [label={label(name)}];")
    return "\n".join([*lines, "}"]) + "\n"


def size(count: int) -> str:
    """A number of bytes for people: 1.0 GB."""
    value = float(count)
    for unit in ("bytes", "kB", "MB"):
        if value < 1000:
            return f"{value:.0f} {unit}" if unit == "bytes" else f"{value:.1f} {unit}"
        value /= 1000
    return f"{value:.1f} GB"
