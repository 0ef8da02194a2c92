"""`leashc simulate`: what a run on AWS would take, for sizes that nobody can try."""

from __future__ import annotations

from typing import Any

import click

from leashc.errors import CompileError
from leashc.options import Size, compiling


@click.command()
@compiling
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
    from leashc.simulation.question import Question

    question = Question.of(pipeline, arguments, options)
    if not options["sweep"]:
        if options["plot"]:
            raise click.UsageError("--plot goes with --sweep")
        found = question.answer()
        click.echo(report.as_json(found) if options["as_json"] else report.text(found), nl=False)
        return
    name, values = _values(options["sweep"])
    rows = sweep.rows(question, name, values)
    if options["plot"]:
        from leashc import machine

        machine.write(options["plot"], sweep.svg(name, rows))
    click.echo(sweep.as_json(name, rows) if options["as_json"] else sweep.table(name, rows))


def _values(text: str) -> tuple[str, list[int]]:
    """`width=1..64` doubles from 1 to 64; `width=10,20` is just these."""
    name, _, given = text.partition("=")
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
