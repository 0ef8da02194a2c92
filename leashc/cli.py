"""The commands of the command line."""

from __future__ import annotations

import importlib
import sys
from typing import Any, ClassVar

import click

from leashc.execute import execute
from leashc.given import read, unit_of
from leashc.options import Size, clouded, compiling, optimizing, option


class _Lazy(click.Group):
    """Commands of the cloud, imported when they are used."""

    PLACES: ClassVar = {
        "runs": "leashc.runs",
        "simulate": "leashc.simulation.command",
        "calibrate": "leashc.simulation.calibrate",
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
@optimizing
@option("--output", "-o", default="", help="Write here instead of standard output.")
@option("--memory", type=Size(), help="What all tasks together may use [a quarter of it].")
@option("--block", type=Size(), help="Bytes a task gets of a stream [16M to 64M, by memory].")
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
    execute(pipeline, arguments, given)


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

    kind, content, name = read(pipeline, given["text"])
    if kind == "plan":
        raise click.UsageError(f"{name} is a plan already")
    unit, options = unit_of(content, name, arguments, given)
    plan = machine.with_tools(compile(unit, options, divide=True))
    machine.write(output, to_json(plan if pin else unpinned(plan)))


@cli.command()
@compiling
@optimizing
@click.option("--cost", is_flag=True, help="Show what plans would take on AWS, and the choice.")
@click.option("--size", type=Size(), help="With --cost: bytes of files that need not exist.")
@click.option("--after", metavar="PASS", default="", help="Show the graph after this pass.")
@click.option("--format", "form", type=click.Choice(["text", "dot", "json"]), default="text")
@click.argument("pipeline")
@click.argument("arguments", nargs=-1)
def explain(pipeline: str, arguments: tuple[str, ...], after: str, form: str, **given: Any) -> None:
    """Show how wide each stage of PIPELINE is, and why not wider.

    Under the reason stands what to write instead, if anything helps: `try`. With --cost, show
    what width and merge would cost on AWS, and take.
    """
    from leashc.compile import compile
    from leashc.explain import explain
    from leashc.passes import PASSES

    names = ["none", *(step.__name__ for step in PASSES)]
    if after and after not in names:
        raise click.BadParameter(f"{after!r} is none of {', '.join(names)}", param_hint="--after")
    if given["cost"]:
        from leashc.simulation.command import explained

        click.echo(explained(pipeline, arguments, given), nl=False)
        return
    kind, content, name = read(pipeline, given["text"])
    note = ""
    if kind == "plan":
        from runtime.plan_file import from_json

        plan = from_json(content)
    else:
        unit, options = unit_of(content, name, arguments, given)
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
