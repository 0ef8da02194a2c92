"""`leashc simulate`: what a run on AWS would take, for sizes that nobody can try."""

from __future__ import annotations

import math
from typing import Any

import click

from leashc import machine
from leashc.compile import Unit, compile
from leashc.errors import CompileError
from leashc.options import Size, compiling, optimizing
from leashc.simulation import choose, local
from leashc.simulation.choose import Aim
from leashc.simulation.question import Question
from leashc.simulation.task import Function
from runtime.plan import Options, Plan


@click.command()
@compiling
@optimizing
@click.option("--size", type=Size(), default="1G", help="Bytes of the input, as 1TB [1G].")
@click.option("--memory", type=click.IntRange(128, 10240), default=3008, help="MB [3008].")
@click.option("--storage", type=click.IntRange(512, 10240), default=2048, help="MB of /tmp [2048].")
@click.option("--timeout", type=click.IntRange(1, 900), default=900, help="Seconds [900].")
@click.option("--architecture", type=click.Choice(["arm64", "x86_64"]), default="arm64")
@click.option("--final", type=click.Choice(["local", "lambda"]), default="local")
@click.option(
    "--set", "given", multiple=True, metavar="NAME=VALUE", help="Another parameter: bandwidth=40."
)
@click.option("--seed", type=int, default=1, help="Of what is left to chance [1].")
@click.option(
    "--sweep",
    metavar="NAME=VALUES",
    help="A table over width, memory, size or a parameter: width=1..4096, bandwidth=40,75,150.",
)
@click.option("--plot", metavar="FILE.svg", help="Draw the sweep.")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
@click.argument("pipeline")
@click.argument("arguments", nargs=-1)
def simulate(pipeline: str, arguments: tuple[str, ...], **options: Any) -> None:
    """Say what PIPELINE would take on AWS: time, dollars, bottleneck.

    Nothing is run and no account is needed: the plan and the coordinator are real, the clock,
    the function and the bucket are simulated. Its files need not exist.
    """
    from leashc.simulation import report, sweep

    question = Question.of(pipeline, arguments, options)
    name, values = _values(options["sweep"] or "")
    if not question.options.width and name != "width":
        won = choose.best(choose.candidates(question), aim(options))
        question = question._replace(options=won.options)
    if not name:
        if options["plot"]:
            raise click.UsageError("--plot goes with --sweep")
        found = question.answer()
        click.echo(report.as_json(found) if options["as_json"] else report.text(found), nl=False)
        return
    rows = sweep.rows(question, name, values)
    if options["plot"]:
        machine.write(options["plot"], sweep.svg(name, rows))
    click.echo(sweep.as_json(name, rows) if options["as_json"] else sweep.table(name, rows))


def aim(given: dict[str, Any]) -> Aim:
    """What the options ask for."""
    return Aim(
        given["optimize"] or "",
        math.inf if given["deadline"] is None else given["deadline"],
        math.inf if given["budget"] is None else given["budget"],
    )


def explained(pipeline: str, arguments: tuple[str, ...], given: dict[str, Any]) -> str:
    """`leashc explain --cost`: the candidates for files of a given size, or for those there are."""
    usual = {**Function()._asdict(), "given": (), "final": "local", "seed": 1}
    question = Question.of(pipeline, arguments, {**given, **usual, "size": given["size"] or 0})
    if not given["size"]:
        size = volume(question.unit, question.options)
        if size <= 0:
            raise CompileError("nobody knows how large its input is", "say --size 10GB")
        question = question._replace(size=size)

    def planned(options: Options) -> Plan:
        return question._replace(options=options).plan()

    here = local.rows(planned, question.options, question.size, machine.cores())
    there = choose.table(question, choose.candidates(question), aim(given))
    return f"{local.table(here)}\n{there}"


def chosen(unit: Unit, options: Options, given: dict[str, Any]) -> Options:
    """The width and the merge for a run on AWS; as they are where nobody knows the input's size."""
    size = volume(unit, options)
    if size <= 0:
        return options
    calls = given["jobs"] or 1000
    question = Question(unit, options, size, Function(), {}, calls, given["final"])
    found, wanted = choose.candidates(question), aim(given)
    if wanted == Aim() and not any(candidate.found for candidate in found):
        return options  # the function may have more than is expected here
    return choose.best(found, wanted).options


def volume(unit: Unit, options: Options) -> int:
    """Bytes of all that a pipeline reads; -1 where nobody knows it yet."""
    plan = compile(unit, options, divide=True)
    sizes = [blob.size for source in plan.sources for blob in source.blobs]
    return -1 if -1 in sizes or not sizes else sum(sizes)


def _values(text: str) -> tuple[str, list[int]]:
    """`width=1..64` doubles from 1 to 64; `width=10,20` is just these; "" is nothing."""
    name, _, given = text.partition("=")
    if not name:
        return "", []
    low, dots, high = given.partition("..")
    try:
        if not dots:
            return name, [Size().convert(value, None, None) for value in given.split(",")]
        first, last = Size().convert(low, None, None), Size().convert(high, None, None)
    except click.BadParameter:
        raise CompileError(
            f"--sweep {text}: no values", "write width=1..4096 or bandwidth=40,75,150"
        ) from None
    found = []
    while first < last:
        found.append(first)
        first *= 2
    return name, [*found, last]
