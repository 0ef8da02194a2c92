"""What a command line gives: a pipeline, the world that it is compiled in, this machine's part."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from leashc.errors import CompileError

if TYPE_CHECKING:
    from leashc.compile import Unit
    from runtime.plan import Options, Plan
    from runtime.tasks import Settings


def read(argument: str, is_text: bool) -> tuple[str, str, str]:
    """What an argument stands for: ("text" | "plan", its content, its name for messages)."""
    if is_text:
        return "text", argument, ""
    if argument == "-":
        content = _content(0, "standard input")
        return ("plan" if content.lstrip().startswith("{\n") else "text"), content, "standard input"
    blank = any(character.isspace() for character in argument)
    if not argument.endswith((".sh", ".json")) and (blank or "/" not in argument):
        return "text", argument, ""
    if blank and not os.path.exists(argument):
        return "text", argument, ""
    content = _content(
        argument, argument, "a pipeline's text that looks like a file's name needs -c"
    )
    return ("plan" if argument.endswith(".json") else "text"), content, argument


def _content(file: str | int, name: str, remedy: str = "") -> str:
    """All of a file, byte for byte."""
    try:
        with open(file, "rb", closefd=file != 0) as stream:
            return stream.read().decode(errors="surrogateescape")
    except OSError as error:
        raise CompileError(f"{name}: {os.strerror(error.errno or 0)}", remedy) from None


def unit_of(
    text: str, name: str, arguments: tuple[str, ...], given: dict[str, Any]
) -> tuple[Unit, Options]:
    """What to compile, in the world as it is."""
    from leashc import host, machine
    from leashc.compile import Unit
    from runtime.plan import Options

    if arguments and not name and "$" not in text:
        from click import UsageError

        raise UsageError(
            f"the pipeline does not use {arguments[0]!r}; quote it all: "
            f"leashc run '{' '.join((text, *arguments))}'"
        )
    machine.load(given["operators"])
    options = Options(
        given["width"],
        given["jobs"] or machine.cores(),
        given["merge"],
        given["fan_in"] or 0,
        given["pipefail"],
        tuple(given["operators"]),
        arguments,
        given["kernels"],
    )
    shell = host.here(arguments, name or "leashc")
    return Unit(text, shell, machine.look, name, given.get("output", ""), host.cache()), options


def planned(pipeline: str, arguments: tuple[str, ...], given: dict[str, Any]) -> Plan:
    """The plan to run: compiled from a text, or read from a file and compared with its text."""
    from leashc import host, machine
    from leashc.compile import compile

    kind, content, name = read(pipeline, given["text"])
    if kind == "text":
        unit, options = unit_of(content, name, arguments, given)
        if "$(" in content or "`" in content:
            from leashc.substitution import substituting

            unit = substituting(unit, options, settings_of(given, unit.shell.variables))
        if given["backend"] == "aws" and not options.width:
            from leashc.simulation.command import chosen

            options = chosen(unit, options, given)
        return compile(unit, options)
    from leashc.confirm import confirmed
    from runtime.plan_file import from_json

    plan = from_json(content)
    machine.load(given["operators"])
    return confirmed(
        plan,
        host.here(plan.options.arguments)._replace(variables=dict(plan.variables)),
        machine.look,
        trust=given["trust"],
        operators=tuple(given["operators"]),
        output=given["output"],
    )


def settings_of(given: dict[str, Any], variables: Mapping[str, str]) -> Settings:
    """How this machine is used."""
    from leashc import machine
    from runtime.tasks import Settings

    jobs = given["jobs"] or machine.cores()
    memory = given["memory"] or machine.memory() // 4
    # Large ones leave few results to merge; but each is held in memory until it is passed on.
    block = given["block"] or min(max(memory // jobs // 32, 16 << 20), 64 << 20)
    return Settings(
        jobs,
        memory,
        block,
        given["work_dir"] or "",
        given["keep"],
        machine.environment(variables),
    )
