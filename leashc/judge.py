"""Judging: each command of the pipeline as a stage of width 1, with its law or a reason."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from leashc import operators
from leashc.behaviour import PURE, Behaviour, Framing, Kind
from leashc.errors import CompileError
from leashc.invocation import Invocation, Locale
from leashc.memo import Memo
from leashc.stage import Stage, Step
from runtime.plan import Argv, Blob, Command, Source
from runtime.slots import SIZE, STREAM

# A file as the compiler asks for it: what it is, or why it can't be divided.
Look = Callable[[str], Blob | str]

Judged = tuple[Stage, Source | None]

_STREAMS = "it reads the output of `<( )`"


def judged(
    commands: tuple[Command, ...],
    variables: Mapping[str, str],
    look: Look,
    memo: Memo | None = None,
) -> list[Judged]:
    """Every command with its law, and the source it brings, if it is the first to read.

    A law that the command's place in the pipeline spoils becomes a reason. memo: where
    laws that a program had to be parsed for are kept.
    """

    def looked(path: str) -> Blob | str:
        return _STREAMS if path.startswith(STREAM) else look(path)

    memo = memo or Memo()
    calls = [operators.parsed(c.argv, c.environment, variables) for c in commands]
    laws = [_law(*pair, variables, memo) for pair in zip(commands, calls, strict=True)]
    found = []
    for number, (command, call, law) in enumerate(zip(commands, calls, laws, strict=True)):
        reason = law.reason if not law.wide else ""
        source = None
        if command.streams:
            reason = _STREAMS
        if not reason:
            reason = _placed(number, commands, law, call.locale, look)
        if not reason and not law.keeps_order and not _sorted(laws[number + 1 :]):
            reason = "the order of for (k in a) belongs to awk, and nothing sorts what it prints"
        if not number and not law.source:
            source, why = _source(command, law, looked)
            reason = reason or why
        if law.objects and (number or reason or not law.wide):
            _refuse_names(command, law, look)
        if number and law.wide:
            # Only who holds the file itself can ask for its size.
            law = _without_size(law)
        step = Step(command.argv, number, "whole", environment=command.environment)
        stage = Stage(
            (step,),
            (call,),
            law,
            reason=reason,
            covers=(number, number),
            guard=law.guard,
            keeps_text=law.keeps_text,
            keeps_ascii=law.keeps_ascii,
        )
        found.append((stage, source))
    return _whole_beginnings(found)


def _refuse_names(command: Command, law: Behaviour, look: Look) -> None:
    """To what runs whole an object comes through a pipe, whose name it must not print.

    Raises CompileError, and RunError for an object that cannot be had.
    """
    if not law.pipes:
        raise CompileError(
            f"{command.argv[0]} {law.objects[0]}: it runs whole, and its file would be a pipe",
            f"write: cat {law.objects[0]} | {command.argv[0]} …",
        )
    for path in law.objects:
        look(path)


def with_objects(commands: tuple[Command, ...], stages: list[Judged]) -> tuple[Command, ...]:
    """The commands, each with the objects among its inputs."""
    return tuple(
        command._replace(objects=stage.law.objects)
        for command, (stage, _) in zip(commands, stages, strict=True)
    )


def _whole_beginnings(found: list[Judged]) -> list[Judged]:
    """`head` and `tail` of a file touch little of it: divided, they would touch more."""
    for number, (stage, source) in enumerate(found):
        first = found[0][1]
        if first is not None and measure(first) >= 0 and not stage.reason:
            if stage.law.stops_early and stage.law.map == stage.law.combine:
                reason = "it reads only the beginning of its input"
                found[number] = (stage._replace(reason=reason), source)
            elif stage.calls[0].name == "tail" and stage.law.inputs and stage.law.trim is None:
                reason = "it reads only the end of its input"
                found[number] = (stage._replace(reason=reason), source)
        if not stage.only_copies:
            break
    return found


def measure(source: Source | None) -> int:
    """The size of a source in bytes; -1 where nobody knows it yet."""
    if source is None:
        return -1
    if not source.blobs:
        return source.size
    return sum(blob.size for blob in source.blobs)


def _law(command: Command, call: Invocation, variables: Mapping[str, str], memo: Memo) -> Behaviour:
    def judge() -> Behaviour:
        return operators.judge(command.argv, command.environment, variables)

    if operators.parses(call.name):
        law = memo.get(f"law of {call} {operators.odd(call.environment, variables)}", judge)
    else:
        law = judge()
    if law.wide and not law.deterministic:
        return PURE.because("it answers differently each time")
    return law


def _sorted(laws: list[Behaviour]) -> bool:
    """Whether commands that work record by record lead to one that forgets their order."""
    for law in laws:
        if not law.ordered:
            return True
        if law.kind is not Kind.STATELESS or law.framing is not Framing.RECORDS:
            return False
    return False


def _placed(
    number: int, commands: tuple[Command, ...], law: Behaviour, locale: Locale, look: Look
) -> str:
    """Why a lawful command can't be divided where it stands, or ""."""
    command, last = commands[number], number + 1 == len(commands)
    if number and law.inputs:
        return f"it reads {law.inputs[0]}, not the pipe"
    if law.guard and law.guard.encoding == "utf-8" and not locale.bytewise and not locale.utf8:
        return f"leashc can't check characters of the locale {locale.ctype}"
    written = any(redirect.descriptor == 1 for redirect in command.redirects)
    if law.terminal and last and not written:
        return "it has colours where the output is a terminal, which the plan can't know"
    for path in law.reads:
        found = look(path)
        if isinstance(found, str):
            return found
    for redirect in command.redirects:
        match redirect.descriptor, redirect.operator:
            case 0, "<" if not number and not law.inputs:
                continue
            case 1, ">" | ">>" if last and len(command.redirects) == 1:
                continue
            case 2, ">" | ">>" if redirect.target == "/dev/null":
                continue
            case 2, ">&":
                return "its messages go with its output (2>&1)"
            case 2, _:
                return f"its messages go to {redirect.target}"
            case _:
                return f"of its redirection {redirect.operator}"
    return ""


def _source(command: Command, law: Behaviour, look: Look) -> tuple[Source | None, str]:
    """What the first command reads: named files, a redirection, or standard input."""
    joint = law.joint
    paths: tuple[str, ...] = law.inputs if law.inputs != ("-",) else ()
    for redirect in command.redirects:
        if redirect.operator == "<":
            paths, joint = (redirect.target,), joint.BYTES
        elif redirect.operator == "<<<":
            return Source(0), "its input is a short text"
    if not paths:
        found = look("-")
        if isinstance(found, str):
            return Source(0), ""
        stops = "what reads standard input after it goes on where it stops"
        return Source(0, size=found.size), stops if law.stops_early else ""
    if "-" in paths:
        return Source(0), "it reads standard input among its files"
    blobs = []
    for path in paths:
        found = look(path)
        if isinstance(found, str):
            return Source(0), found
        blobs.append(found)
    return Source(0, tuple(blobs), joint.value), ""


def _without_size(law: Behaviour) -> Behaviour:
    def plain(argvs: tuple[Argv, ...]) -> tuple[Argv, ...]:
        return tuple(tuple("-1" if word == SIZE else word for word in argv) for argv in argvs)

    return law.but(map=plain(law.map), combine=plain(law.combine), finish=plain(law.finish))
