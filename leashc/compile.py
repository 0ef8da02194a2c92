"""Compile: text → syntax → commands → judged stages → dataflow → plan."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple

from leashc.behaviour import Kind
from leashc.expand import expand
from leashc.inputs import Look, volume
from leashc.judge import Judged, judged, with_objects
from leashc.lower import lower, whole
from leashc.memo import Memo
from leashc.shell import Shell
from runtime.plan import Command, Options, Plan

if TYPE_CHECKING:
    from leashc.syntax import Pipeline

# Below this many bytes of input the shell's own way is over before a graph is made; and below so
# many where commands are expected to take so many seconds at most.
SMALL, MIDDLING, QUICK = 8 << 20, 32 << 20, 0.08

# What a plan keeps of the environment, besides the variables that its words use.
PINNED = ("LANG", "LC_ALL", "LC_COLLATE", "LC_CTYPE", "LC_NUMERIC", "LC_MESSAGES", "LC_TIME", "TZ")


class Unit(NamedTuple):
    """What is compiled: a text, its name for messages, the shell around it, its files.

    output: where the result goes, if not to standard output.
    cache: a directory for what is kept between runs (see host.cache), or "".
    """

    text: str
    shell: Shell
    look: Look
    name: str = ""
    output: str = ""
    cache: str = ""


def compile(unit: Unit, options: Options, *, until: str = "", divide: bool = False) -> Plan:
    """The plan of a pipeline. Raises CompileError.

    divide: make partitions even of a small input. until: stop after that pass.
    """
    memo = Memo(unit.cache)
    pipeline = memo.get(f"syntax of {unit.text}", lambda: _parsed(unit))
    used = Used(unit.shell.variables)

    def stream(inner: Pipeline, shell: Shell) -> Plan:
        inside = unit._replace(shell=shell, text=str(inner), output="")
        plan = _compiled(inner, inside, options, memo, until, divide)
        first = plan.stages[0]
        if first.role == "map" and first.reads_on and not plan.sources[0].blobs:
            # What it inherits may be anything, and others may read it too.
            plan = _compiled(inner, inside, options._replace(width=1), memo, until, divide)
        return plan

    shell = unit.shell._replace(variables=used, stream=stream)
    plan = _compiled(pipeline, unit._replace(shell=shell), options, memo, until, divide)
    memo.save()
    return plan


def _compiled(
    pipeline: Pipeline, unit: Unit, options: Options, memo: Memo, until: str, divide: bool
) -> Plan:
    """The plan of a pipeline, or of one that a command of it reads."""
    commands = expand(pipeline, unit.shell)
    assert isinstance(unit.shell.variables, Used)
    variables = unit.shell.variables.kept()
    stages = judged(commands, variables, unit.look, memo)
    commands = with_objects(commands, stages)
    size = volume(*stages[0], commands[0])
    wide = any(s.law.wide and not s.reason and not s.only_copies for s, _ in stages)
    blobs = stages[0][1].blobs if stages[0][1] else ()
    remote = any(blob.remote for blob in blobs)
    small = 0 <= size <= SMALL or (SMALL < size <= MIDDLING and _quick(stages, size))
    small = small and not remote and not options.width and not divide
    if (options.width == 1 and not remote) or small or not wide:
        why = "width 1 was asked for" if options.width == 1 else "its input is small"
        plan = whole(stages, why, commands, options, unit.output, unit.text, variables)
    else:
        question = repr((until, stages, commands, options, unit.output, unit.text, variables))
        plan = memo.get(
            f"plan of {question}",
            lambda: _planned(stages, commands, options, unit, until, variables),
        )
    return plan._replace(effects=effects(stages, commands))


def _quick(stages: list[Judged], size: int) -> bool:
    """Whether commands side by side take so little that to divide them takes longer."""
    from leashc.simulation.parameters import Parameters

    steps = (step.argv for stage, _ in stages for step in stage.steps)
    return Parameters(here=True).together(steps, size) <= QUICK


def _parsed(unit: Unit) -> Pipeline:
    from leashc.parser import parse

    return parse(unit.text, unit.name).pipeline


def _planned(
    stages: list[Judged],
    commands: tuple[Command, ...],
    options: Options,
    unit: Unit,
    until: str,
    variables: Mapping[str, str],
) -> Plan:
    from leashc.logical import logical
    from leashc.passes import lowered

    flow = logical(stages, commands, options, unit.output)
    return lower(lowered(flow, until), unit.text, variables)


class Used(Mapping[str, str]):
    """Variables that remember which of them were asked for."""

    def __init__(self, variables: Mapping[str, str]) -> None:
        self.variables = variables
        self.names = set(PINNED)

    def __getitem__(self, name: str) -> str:
        self.names.add(name)
        return self.variables[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.variables)

    def __len__(self) -> int:
        return len(self.variables)

    def kept(self) -> dict[str, str]:
        """What a plan has to hold, so that its text means the same elsewhere."""
        return {n: self.variables[n] for n in sorted(self.names) if n in self.variables}


def effects(stages: list[Judged], commands: tuple[Command, ...]) -> tuple[str, ...]:
    """What a pipeline may do besides computing its output, for whoever runs a stranger's plan."""
    found = []
    for (stage, _), command in zip(stages, commands, strict=True):
        if stage.law.kind is Kind.EFFECTFUL:
            found.append(f"{command.argv[0]}: {stage.law.reason}")
        for name, _ in command.environment:
            if name not in PINNED:
                found.append(f"{command.argv[0]}: it runs with {name} set")
        found += [
            f"{command.argv[0]}: it writes {redirect.target}"
            for redirect in command.redirects
            if redirect.operator in (">", ">>") and redirect.target != "/dev/null"
        ]
        found += [effect for stream in command.streams for effect in stream.effects]
    return tuple(found)
