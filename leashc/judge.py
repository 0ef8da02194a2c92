"""Judging: each command of the pipeline as a stage of width 1, with its law or a reason."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from leashc import operators
from leashc.behaviour import PURE, Behaviour, Framing, Guard, Kind
from leashc.errors import CompileError
from leashc.invocation import Invocation, Locale
from leashc.memo import Memo
from leashc.stage import Stage, Step
from runtime.plan import Argv, Blob, Command, Source
from runtime.slots import SIZE

# A file as the compiler asks for it: what it is, or why it can't be divided.
Look = Callable[[str], Blob | str]

Judged = tuple[Stage, Source | None]


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
    memo = memo or Memo()
    calls = [operators.parsed(c.argv, c.environment, variables) for c in commands]
    laws = [_law(*pair, variables, memo) for pair in zip(commands, calls, strict=True)]
    found = []
    for number, (command, call, law) in enumerate(zip(commands, calls, laws, strict=True)):
        reason = law.reason if not law.wide else ""
        source = None
        if not reason:
            reason = _placed(number, commands, law, call.locale, look)
        if not reason and not law.keeps_order and not _sorted(laws[number + 1 :]):
            reason = "the order of for (k in a) belongs to awk, and nothing sorts what it prints"
        if not number and not law.source:
            source, why = _source(command, law, look)
            _refuse_names(command, law)
            reason = reason or why
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
        )
        found.append((stage, source))
    return _whole_beginnings(found)


def _refuse_names(command: Command, law: Behaviour) -> None:
    """An object comes through a pipe, so what runs whole would print the pipe's name."""
    named = [path for path in law.inputs if Blob(path).remote]
    if named and not law.wide and command.argv[0] != "cat":
        raise CompileError(
            f"{command.argv[0]} {named[0]}: its name would be a pipe's, for {law.reason}",
            f"write: cat {named[0]} | {command.argv[0]} …",
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
    if number and any(Blob(path).remote for path in law.inputs):
        raise CompileError(
            f"{law.inputs[0]}: only where a pipeline begins can an object be read",
            "copy it to a file, or let the pipeline begin with it",
        )
    if number and law.inputs:
        return f"it reads {law.inputs[0]}, not the pipe"
    if law.guard is Guard.TEXT and not locale.bytewise and not locale.utf8:
        return f"leashc can't check characters of the locale {locale.ctype}"
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
        return Source(0, size=found.size if isinstance(found, Blob) else -1), ""
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
