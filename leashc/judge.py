"""Judging: each command of the pipeline as a stage of width 1, with its law or a reason."""

from __future__ import annotations

from collections.abc import Mapping

from leashc import operators
from leashc.behaviour import PURE, Behaviour, Framing, Kind
from leashc.errors import CompileError
from leashc.inputs import Look, inputs_of, known, listed, measure, names_streams
from leashc.invocation import Invocation, Locale
from leashc.memo import Memo
from leashc.stage import Stage, Step
from runtime.plan import Argv, Blob, Command, Input, Source
from runtime.slots import SIZE, STREAM

Judged = tuple[Stage, Source | None]

_BEGINNING = "it reads only the beginning of its input"
_STOPS = "what reads standard input after it goes on where it stops"
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
        reason, remedy = (law.reason, law.remedy) if not law.wide else ("", "")
        source: Source | None = None
        inputs: tuple[Input, ...] = ()
        if not reason and not known(command, law):
            reason = _STREAMS
        if not reason:
            reason, remedy = _placed(number, commands, law, call.locale, look)
        several = listed(command, law)
        if not reason and (law.joined or several):
            inputs, reason = inputs_of(law, several or law.inputs, look)
        if not reason and not law.keeps_order and not _sorted(laws[number + 1 :]):
            reason = "the order of for (k in a) belongs to awk, and nothing sorts what it prints"
            remedy = f"{call.name} … | sort"
        if not number and not law.source:
            source, why = _source(command, law, looked)
            reason = reason or why
        if law.objects and (number or reason or not law.wide):
            _refuse_names(command, law, look)
        if (number or several) and law.wide:
            # Only who holds the file itself can ask for its size.
            law = _without_size(law)
        step = Step(command.argv, number, "whole", environment=command.environment)
        stage = Stage(
            (step,),
            (call,),
            law,
            reason=reason,
            remedies=(remedy,) if remedy else (),
            covers=(number, number),
            guard=law.guard,
            keeps_text=law.keeps_text,
            inputs=inputs,
            joined=(law.joined or "list") if inputs else "",
            joint=law.joint,
            keeps_ascii=law.keeps_ascii,
        )
        found.append((stage, source))
    return _whole_beginnings(_left_alone(commands, found))


def _left_alone(commands: tuple[Command, ...], found: list[Judged]) -> list[Judged]:
    """What reads a file that another command may write runs whole: in the shell's own order."""
    acts = [
        command.argv if stage.law.kind is Kind.EFFECTFUL else ()
        for command, (stage, _) in zip(commands, found, strict=True)
    ]
    for number, (stage, source) in enumerate(found):
        blobs = (*(source.blobs if source else ()), *(given.blob for given in stage.inputs))
        others = {word for at, argv in enumerate(acts) if at != number for word in argv[1:]}
        if shared := others & {blob.path for blob in blobs}:
            reason = stage.reason or f"another command may write {min(shared)} meanwhile"
            found[number] = (stage._replace(reason=reason, inputs=(), joined=""), source)
    return found


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
                reason = _BEGINNING
                found[number] = (stage._replace(reason=reason), source)
            elif stage.calls[0].name == "tail" and stage.law.inputs and stage.law.trim is None:
                reason = "it reads only the end of its input"
                found[number] = (stage._replace(reason=reason), source)
        if not stage.only_copies:
            break
    return found


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
) -> tuple[str, str]:
    """Why a lawful command can't be divided where it stands, or "", and a remedy, or ""."""
    command, last = commands[number], number + 1 == len(commands)
    name, several = command.argv[0], listed(command, law)
    if number and law.inputs and not law.joined and not several:
        why = f"it reads {law.inputs[0]}, not the pipe"
        return why, f"begin the pipeline with {name}: nothing reads what stands before it"
    if several and law.stops_early:
        return _BEGINNING, ""
    if several and names_streams(law):
        return "it prints the name of what it reads", ""
    if several and law.inputs and law.guard:
        return "it may take one of its inputs for binary, and a stream can't be read again", ""
    if law.guard and law.guard.encoding == "utf-8" and not locale.bytewise and not locale.utf8:
        why = f"leashc can't check characters of the locale {locale.ctype}"
        return why, f"LC_ALL=C.UTF-8 {name} …, if its input is UTF-8"
    written = any(redirect.descriptor == 1 for redirect in command.redirects)
    if law.terminal and last and not written:
        why = "it has colours where the output is a terminal, which the plan can't know"
        return why, law.remedy
    for path in law.reads:
        if path.startswith(STREAM):
            continue
        found = look(path)
        if isinstance(found, str):
            return found, ""
    for redirect in command.redirects:
        match redirect.descriptor, redirect.operator:
            case 0, "<" if not number and _reads_stdin(law):
                continue
            case 0, "<" if redirect.target in several:
                continue
            case 1, ">" | ">>" if last and len(command.redirects) == 1:
                continue
            case 2, ">" | ">>" if redirect.target == "/dev/null":
                continue
            case 2, ">&":
                why = "its messages go with its output (2>&1)"
                return why, f"{name} … 2> /dev/null, if nobody needs them"
            case 2, _:
                why = f"its messages go to {redirect.target}"
                return why, f"put 2{redirect.operator} {redirect.target} behind leashc itself"
            case _:
                return f"of its redirection {redirect.operator}", ""
    return "", ""


def _reads_stdin(law: Behaviour) -> bool:
    return "-" in law.inputs if law.joined else not law.inputs


def _source(command: Command, law: Behaviour, look: Look) -> tuple[Source | None, str]:
    """What the first command reads: named files, a redirection, or standard input."""
    joint = law.joint
    paths: tuple[str, ...] = law.inputs if law.inputs != ("-",) else ()
    if several := listed(command, law) or (law.inputs if law.joined else ()):
        if "-" not in several:
            return Source(0), ""
        paths = ()
    for redirect in command.redirects:
        if redirect.operator == "<":
            paths, joint = (redirect.target,), joint.BYTES
        elif redirect.operator == "<<<":
            return Source(0), "its input is a short text"
    if not paths:
        found = look("-")
        if isinstance(found, str):
            return Source(0), ""
        return Source(0, size=found.size), _STOPS if law.stops_early else ""
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
