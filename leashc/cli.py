"""The command line: the only place where errors become text and an exit status.

0..255   the pipeline's own, as the shell gives it
2        the text, the plan or the options are refused; nothing has run
125      leashc could not finish the run; no output file was touched
130      interrupted
"""

from __future__ import annotations

import gc
import os
import signal
import sys
import time
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

import click

from leashc.errors import CompileError

if TYPE_CHECKING:
    from leashc.compile import Unit
    from runtime.plan import Options, Plan
    from runtime.report import Report

OUR_FAILURE = 125
F = TypeVar("F", bound=Callable[..., Any])


class Size(click.ParamType[int]):
    """Bytes, with K, M, G or T behind the number (powers of 1024)."""

    name = "size"

    def convert(self, value: Any, param: Any, ctx: Any) -> int:
        if isinstance(value, int):
            return value
        text = str(value).upper().removesuffix("B").removesuffix("I")
        shift = {"K": 10, "M": 20, "G": 30, "T": 40}.get(text[-1:], 0)
        number = text[:-1] if shift else text
        if not number.isdigit() or not int(number):
            self.fail(f"{value!r} is no size; write 512M or 4G", param, ctx)
        return int(number) << shift


class Width(click.ParamType[int]):
    """A positive number, or `auto`, which is 0."""

    name = "n|auto"

    def convert(self, value: Any, param: Any, ctx: Any) -> int:
        if value in ("auto", 0):
            return 0
        if not str(value).isdigit() or not 0 < int(value) <= 100_000:
            self.fail(f"{value!r} is neither a number from 1 to 100000 nor `auto`", param, ctx)
        return int(value)


def option(*names: str, **settings: Any) -> Callable[[F], F]:
    """A click option that a LEASH_ variable sets too."""
    long = next(name for name in names if name.startswith("--"))
    variable = "LEASH_" + long.lstrip("-").replace("-", "_").upper()
    return click.option(*names, envvar=variable, **settings)


def compiling(command: F) -> F:
    """The options of everything that compiles."""
    for decorate in reversed(
        (
            option("--width", type=Width(), default="auto", help="Partitions of a wide stage."),
            option("--jobs", type=click.IntRange(1, 4096), help="Tasks at a time [cores]."),
            option(
                "--merge",
                type=click.Choice(["auto", "flat", "tree"]),
                default="auto",
                help="How partitions come together.",
            ),
            option("--fan-in", type=click.IntRange(2, 1024), help="Inputs of one merge."),
            option("--pipefail", is_flag=True, help="Fail as the last command that failed."),
            option(
                "--operators",
                multiple=True,
                type=click.Path(exists=True, dir_okay=False),
                help="A Python file with operators of your own.",
            ),
            click.option("-c", "text", is_flag=True, help="The argument is a pipeline's text."),
        )
    ):
        command = decorate(command)
    return command


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
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
@option("--quiet", "-q", is_flag=True, help="No notes and no progress.")
@option("--verbose", "-v", is_flag=True, help="Say which stages were run again, and why.")
@click.argument("pipeline")
@click.argument("arguments", nargs=-1)
def run(pipeline: str, arguments: tuple[str, ...], **given: Any) -> None:
    """Run PIPELINE: its text, a script (with its ARGUMENTS), a plan, or `-` for stdin."""
    from runtime.report import Report

    report = Report()
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
    from runtime.plan import to_json

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
    """Show the stages of PIPELINE, how wide each is, or why it is not wider."""
    from leashc.compile import SMALL_REASON, compile
    from leashc.explain import explain
    from leashc.passes import PASSES

    names = ["none", *(step.__name__ for step in PASSES)]
    if after and after not in names:
        raise click.BadParameter(f"{after!r} is none of {', '.join(names)}", param_hint="--after")
    kind, content, name = _read(pipeline, given["text"])
    note = ""
    if kind == "plan":
        from runtime.plan import from_json

        plan = from_json(content)
    else:
        unit, options = _unit(content, name, arguments, given)
        plan = compile(unit, options, until=after, divide=True)
        if form == "text" and compile(unit, options).stages[0].reason == SMALL_REASON:
            note = "note     `run` does it whole, for its input is small; --width divides it\n"
    click.echo(explain(plan, form) + note, nl=False)


@cli.command()
@option("--operators", "files", multiple=True, type=click.Path(exists=True, dir_okay=False))
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
@click.argument("words", nargs=-1, metavar="[NAME | check NAME|FILE]")
def operators(words: tuple[str, ...], files: tuple[str, ...], as_json: bool) -> None:
    """List the operators; say what each flag of NAME does; or check the law of NAME or FILE."""
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

    machine.load(given["operators"])
    options = Options(
        given["width"],
        given["jobs"] or machine.cores(),
        given["merge"],
        given["fan_in"] or 0,
        given["pipefail"],
        tuple(given["operators"]),
        arguments,
    )
    shell = host.here(arguments, name or "leashc")
    return Unit(text, shell, machine.look, name, given.get("output", ""), host.cache()), options


def _planned(pipeline: str, arguments: tuple[str, ...], given: dict[str, Any]) -> Plan:
    """The plan to run: compiled from a text, or read from a file and compared with its text."""
    from leashc import host, machine
    from leashc.compile import compile
    from runtime.plan import from_json

    kind, content, name = _read(pipeline, given["text"])
    if kind == "text":
        unit, options = _unit(content, name, arguments, given)
        return compile(unit, options)
    plan = from_json(content)
    machine.load(given["operators"])
    from leashc.confirm import confirmed

    return confirmed(
        plan,
        replace(host.here(plan.options.arguments), variables=dict(plan.variables)),
        trust=given["trust"],
        operators=tuple(given["operators"]),
        output=given["output"],
    )


def _execute(plan: Plan, report: Report, started: float, given: dict[str, Any]) -> NoReturn:
    """Run a plan, report on it and exit with its status."""
    from leashc import machine
    from runtime.local import run
    from runtime.tasks import Settings

    settings = Settings(
        given["jobs"] or machine.cores(),
        given["memory"] or machine.memory() // 4,
        given["block"],
        given["work_dir"] or "",
        given["keep"],
        machine.environment(dict(plan.variables)),
    )
    gc.enable()
    watched = sys.stderr.isatty() and not given["quiet"] and len(plan.stages) > 1
    with machine.progress(plan, report) if watched else nullcontext():
        run(plan, settings, report)
    if given["verbose"]:
        for note in report.notes:
            click.echo(f"leashc: {note}", err=True)
    if given["timing"]:
        click.echo(report.table("leashc run", time.perf_counter() - started), err=True)
    if given["as_json"]:
        click.echo(report.as_json(time.perf_counter() - started), err=True)
    sys.exit(report.status)


def _occupy() -> None:
    """Let no file take the place of a closed standard stream; use of it fails as if closed."""
    for number, mode in enumerate((os.O_WRONLY, os.O_RDONLY, os.O_WRONLY)):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, mode)
    sys.stderr = sys.stderr or open(2, "w", closefd=False)


def _terminated(number: int, frame: object) -> NoReturn:
    raise SystemExit(128 + number)


def main() -> NoReturn:
    """The entry point. The modules are not taken apart before the end: that takes 20 ms."""
    status = _status()
    try:
        if sys.stdout is not None:  # it is not there when it came closed
            sys.stdout.flush()
    except BrokenPipeError:
        status = status or 141
    os._exit(status)


def _status() -> int:
    """The exit status; every error ends here, as text and a status."""
    from runtime.errors import PlanError, RunError

    _occupy()
    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT):
        if signal.getsignal(number) is not signal.SIG_IGN:  # as `nohup` has it
            signal.signal(number, _terminated)
    try:
        cli.main(standalone_mode=False)
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 0
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except CompileError as error:
        return _failed(error.render(), error.status)
    except RunError as error:
        remedy = f"\n  {error.remedy}" if error.remedy else ""
        status = 2 if isinstance(error, PlanError) else OUR_FAILURE
        return _failed(f"leashc: {error}{remedy}", status)
    except (KeyboardInterrupt, click.Abort):
        return 130
    except BrokenPipeError:
        return 141  # nobody reads what we say: as a command that SIGPIPE ends
    except OSError as error:
        return _failed(f"leashc: {error.filename or 'i/o'}: {error.strerror}", OUR_FAILURE)
    return 0


def _failed(message: str, status: int) -> int:
    try:
        os.write(2, (message + "\n").encode(errors="surrogateescape"))
    except OSError:
        pass  # nobody can be told
    return status


if __name__ == "__main__":
    main()
