"""The commands of the command line."""

from __future__ import annotations

import gc
import importlib
import os
import sys
import time
from collections.abc import Mapping
from contextlib import nullcontext
from typing import TYPE_CHECKING, Any, ClassVar, NoReturn

import click

from leashc.errors import CompileError
from leashc.options import Size, clouded, compiling, option, target

if TYPE_CHECKING:
    from leashc.compile import Unit
    from runtime.inputs import Cloud
    from runtime.plan import Options, Plan
    from runtime.report import Report
    from runtime.tasks import Settings

OUR_FAILURE = 125


class _Lazy(click.Group):
    """Commands of the cloud, imported when they are used."""

    PLACES: ClassVar = {
        "runs": "leashc.runs",
        "deploy": "leashc.cloud_commands",
        "destroy": "leashc.cloud_commands",
        "doctor": "leashc.cloud_commands",
    }

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [*super().list_commands(ctx), *self.PLACES]

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in self.PLACES:
            return super().get_command(ctx, name)
        command: click.Command = getattr(importlib.import_module(self.PLACES[name]), name)
        return command


def _asked(ctx: click.Context, _: click.Parameter, version_asked: bool) -> None:
    if version_asked:
        ctx.invoke(version)
        ctx.exit()


@click.group(cls=_Lazy, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_asked,
    help="Print the version.",
)
def cli() -> None:
    """Compile shell pipelines into parallel dataflow, and run them.

    The answer is always the bytes and the exit status of the shell.

    \b
      leashc run 'sort big.txt | uniq -c | sort -rn | head'
      leashc explain 'cat *.log | grep ERR | wc -l'
      leashc compile 'cut -f3 x.tsv | sort -u' -o plan.json
    """


@cli.command()
@compiling
@option("--output", "-o", default="", help="Write here instead of standard output.")
@option("--memory", type=Size(), help="What all tasks together may use [a quarter of it].")
@option("--block", type=Size(), default="16M", help="Bytes a task gets of a stream.")
@option("--work-dir", type=click.Path(file_okay=False, exists=True), help="For spooled results.")
@option("--keep", is_flag=True, help="Keep intermediate results and commit records.")
@option("--timing", is_flag=True, help="Print where the time went, on stderr.")
@option("--json", "as_json", is_flag=True, help="Print a report as JSON, on stderr.")
@option("--trust", is_flag=True, help="Let a plan file do more than compute its output.")
@option("--backend", type=click.Choice(["local", "aws"]), default="local", help="Where it runs.")
@option(
    "--split",
    type=click.Choice(["byte-range", "chunks", "round-robin"]),
    default="byte-range",
    help="How inputs are divided (aws).",
)
@option("--chunk-prefix", default="", help="Objects in place of standard input (aws, chunks).")
@option("--final", type=click.Choice(["local", "lambda"]), default="local", help="The last merge.")
@clouded
@option("--quiet", "-q", is_flag=True, help="No notes and no progress.")
@option("--verbose", "-v", is_flag=True, help="Say which stages were run again, and why.")
@click.argument("pipeline")
@click.argument("arguments", nargs=-1)
def run(pipeline: str, arguments: tuple[str, ...], **given: Any) -> None:
    """Run PIPELINE as the shell would, divided.

    It is a pipeline's text, a script (with its ARGUMENTS), a plan, or `-` for standard input.
    """
    from runtime.report import Report

    report = Report(detailed=given["as_json"])
    started = time.perf_counter()
    with report.step("compile"):
        plan = _planned(pipeline, arguments, given)
    _execute(plan, report, started, given)


@cli.command(name="compile")
@compiling
@option("--output", "-o", default="", help="The plan's file [standard output].")
@click.option("--pin", is_flag=True, help="Refuse to run when an input has changed since.")
@click.argument("pipeline")
@click.argument("arguments", nargs=-1)
def compile_(
    pipeline: str, arguments: tuple[str, ...], output: str, pin: bool, **given: Any
) -> None:
    """Write the plan of PIPELINE."""
    from leashc import machine
    from leashc.compile import compile
    from leashc.confirm import unpinned
    from runtime.plan_file import to_json

    kind, content, name = _read(pipeline, given["text"])
    if kind == "plan":
        raise click.UsageError(f"{name} is a plan already")
    unit, options = _unit(content, name, arguments, given)
    plan = machine.with_tools(compile(unit, options, divide=True))
    machine.write(output, to_json(plan if pin else unpinned(plan)))


@cli.command()
@compiling
@click.option("--after", metavar="PASS", default="", help="Show the graph after this pass.")
@click.option("--format", "form", type=click.Choice(["text", "dot", "json"]), default="text")
@click.argument("pipeline")
@click.argument("arguments", nargs=-1)
def explain(pipeline: str, arguments: tuple[str, ...], after: str, form: str, **given: Any) -> None:
    """Show how wide each stage of PIPELINE is, and why not wider.

    Under the reason stands what to write instead, if anything helps: `try`.
    """
    from leashc.compile import compile
    from leashc.explain import explain
    from leashc.passes import PASSES

    names = ["none", *(step.__name__ for step in PASSES)]
    if after and after not in names:
        raise click.BadParameter(f"{after!r} is none of {', '.join(names)}", param_hint="--after")
    kind, content, name = _read(pipeline, given["text"])
    note = ""
    if kind == "plan":
        from runtime.plan_file import from_json

        plan = from_json(content)
    else:
        unit, options = _unit(content, name, arguments, given)
        plan = compile(unit, options, until=after, divide=True)
        if form == "text" and len(compile(unit, options).stages) < len(plan.stages):
            note = "note     `run` does it whole, for its input is small; --width divides it\n"
    if form == "text" and any(stage.kernels for stage in plan.stages):
        from runtime import kernels

        if not kernels.executable():
            note += (
                "note     the kernels are not built here, so the tools run; see `leashc doctor`\n"
            )
    click.echo(explain(plan, form) + note, nl=False)


@cli.command()
@option("--operators", "files", multiple=True, type=click.Path(exists=True, dir_okay=False))
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
@click.argument("words", nargs=-1, metavar="[NAME | check NAME|FILE]")
def operators(words: tuple[str, ...], files: tuple[str, ...], as_json: bool) -> None:
    """List the commands that leashc knows.

    With NAME, say what each of its flags does; with `check`, hold the law of NAME, or of a FILE
    of your own, against the real command.
    """
    from leashc import catalogue, machine

    machine.load(files)
    match words:
        case ():
            click.echo(catalogue.listing(as_json), nl=False)
        case ("check", name):
            sys.exit(catalogue.check(name))
        case (name,):
            click.echo(catalogue.described(name, as_json), nl=False)
        case _:
            raise click.UsageError("one NAME, or `check` and one NAME or FILE")


@cli.command()
def version() -> None:
    """Print the version."""
    from importlib.metadata import PackageNotFoundError
    from importlib.metadata import version as installed

    try:
        click.echo(f"leashc {installed('leashc')}")
    except PackageNotFoundError:
        click.echo("leashc (from its source, not installed)")


def _read(argument: str, is_text: bool) -> tuple[str, str, str]:
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


def _unit(
    text: str, name: str, arguments: tuple[str, ...], given: dict[str, Any]
) -> tuple[Unit, Options]:
    """What to compile, in the world as it is."""
    from leashc import host, machine
    from leashc.compile import Unit
    from runtime.plan import Options

    if arguments and not name and "$" not in text:
        raise click.UsageError(
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


def _planned(pipeline: str, arguments: tuple[str, ...], given: dict[str, Any]) -> Plan:
    """The plan to run: compiled from a text, or read from a file and compared with its text."""
    from leashc import host, machine
    from leashc.compile import compile
    from runtime.plan_file import from_json

    kind, content, name = _read(pipeline, given["text"])
    if kind == "text":
        unit, options = _unit(content, name, arguments, given)
        if "$(" in content or "`" in content:
            from leashc.substitution import substituting

            unit = substituting(unit, options, _settings(given, unit.shell.variables))
        return compile(unit, options)
    plan = from_json(content)
    machine.load(given["operators"])
    from leashc.confirm import confirmed

    return confirmed(
        plan,
        host.here(plan.options.arguments)._replace(variables=dict(plan.variables)),
        machine.look,
        trust=given["trust"],
        operators=tuple(given["operators"]),
        output=given["output"],
    )


def _settings(given: dict[str, Any], variables: Mapping[str, str]) -> Settings:
    """How this machine is used."""
    from leashc import machine
    from runtime.tasks import Settings

    return Settings(
        given["jobs"] or machine.cores(),
        given["memory"] or machine.memory() // 4,
        given["block"],
        given["work_dir"] or "",
        given["keep"],
        machine.environment(variables),
    )


def _cloud(given: dict[str, Any]) -> Cloud:
    """How a run uses the cloud."""
    from runtime.inputs import Cloud

    place, prefix = target(given), given["chunk_prefix"]
    if prefix and given["split"] != "chunks":
        raise click.UsageError("--chunk-prefix goes with --split chunks")
    if prefix and not prefix.startswith("s3://"):
        prefix = f"s3://{place.bucket}/{prefix}"
    calls = given["jobs"] or 1000
    return Cloud(place, calls, given["final"], given["split"], prefix, given["keep"])


def _execute(plan: Plan, report: Report, started: float, given: dict[str, Any]) -> NoReturn:
    """Run a plan, report on it and exit with its status."""
    from leashc import machine

    settings = _settings(given, dict(plan.variables))
    if plan.options.kernels == "only":
        from runtime import kernels

        if not kernels.executable():
            raise CompileError("the kernels are not built here", "use --kernels auto")
    gc.enable()
    watched = sys.stderr.isatty() and not given["quiet"] and len(plan.stages) > 1
    with machine.progress(plan, report) if watched else nullcontext():
        if given["backend"] == "aws":
            from runtime import aws

            aws.run(plan, settings, _cloud(given), report)
        else:
            if given["chunk_prefix"] or given["split"] != "byte-range":
                raise click.UsageError("--split and --chunk-prefix go with --backend aws")
            from runtime.local import run

            run(plan, settings, report)
    if given["verbose"]:
        for note in report.notes:
            click.echo(f"leashc: {note}", err=True)
    if given["timing"]:
        click.echo(report.table("leashc run", time.perf_counter() - started), err=True)
    if given["as_json"]:
        click.echo(report.as_json(time.perf_counter() - started), err=True)
    sys.exit(report.status)
