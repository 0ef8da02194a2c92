"""The options that commands share, each of which a LEASH_ variable sets too."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from runtime.target import Target

F = TypeVar("F", bound=Callable[..., Any])


class Size(click.ParamType[int]):
    """Bytes, with K, M, G or T behind the number: powers of 1024, or of 1000 as in MB."""

    name = "size"

    def convert(self, value: Any, param: Any, ctx: Any) -> int:
        if isinstance(value, int):
            return value
        found = re.fullmatch(r"(\d+)(?:([KMGT])(I?B)?|B)?", str(value).upper())
        if not found or not int(found[1]):
            self.fail(f"{value!r} is no size; write 512M or 4G", param, ctx)
        size = int(found[1])
        for _ in range("KMGT".index(found[2]) + 1 if found[2] else 0):
            size *= 1000 if found[3] == "B" else 1024
        return size


class Width(click.ParamType[int]):
    """A positive number, or `auto`, which is 0."""

    name = "n|auto"

    def convert(self, value: Any, param: Any, ctx: Any) -> int:
        if value in ("auto", 0):
            return 0
        if not str(value).isdigit() or not 0 < int(value) <= 100_000:
            self.fail(f"{value!r} is neither a number from 1 to 100000 nor `auto`", param, ctx)
        return int(value)


class Seconds(click.ParamType[float]):
    """Seconds, or minutes or hours with m or h behind the number."""

    name = "time"

    def convert(self, value: Any, param: Any, ctx: Any) -> float:
        found = re.fullmatch(r"(\d+(?:\.\d+)?)([smh]?)", str(value))
        if not found:
            self.fail(f"{value!r} is no time; write 60s or 2m", param, ctx)
        return float(found[1]) * {"": 1, "s": 1, "m": 60, "h": 3600}[found[2]]


def option(*names: str, **settings: Any) -> Callable[[F], F]:
    """A click option that a LEASH_ variable sets too."""
    long = next(name for name in names if name.startswith("--"))
    variable = "LEASH_" + long.lstrip("-").replace("-", "_").upper()
    return click.option(*names, envvar=variable, **settings)


def clouded(command: F) -> F:
    """The options that say where in the cloud something is."""
    for decorate in reversed(
        (
            click.option("--bucket", envvar=["LEASH_BUCKET", "AWS_BUCKET"], help="The bucket."),
            option("--prefix", default="leash/", help="What names of ours begin with in it."),
            click.option("--region", envvar=["LEASH_REGION", "AWS_REGION", "AWS_DEFAULT_REGION"]),
            option("--function", default="leash-worker", help="The name of the Lambda function."),
        )
    ):
        command = decorate(command)
    return command


def target(given: dict[str, Any]) -> Target:
    """The place in the cloud that the options name."""
    from runtime.target import Target

    if not given["bucket"]:
        raise click.UsageError("which bucket? say --bucket, or set AWS_BUCKET")
    if given["region"]:
        # All clients ask the environment, as those of every other tool do.
        os.environ["AWS_REGION"] = os.environ["AWS_DEFAULT_REGION"] = given["region"]
    prefix = given["prefix"].strip("/")
    return Target(given["bucket"], f"{prefix}/" if prefix else "", given["function"])


def optimizing(command: F) -> F:
    """The options that say which of the plans for AWS serves."""
    for decorate in reversed(
        (
            option(
                "--optimize",
                type=click.Choice(["time", "cost", "balanced"]),
                help="What width and merge are chosen for, where they are not given (aws).",
            ),
            option("--deadline", type=Seconds(), help="Seconds that it may take (aws)."),
            option("--budget", type=float, help="Dollars that it may cost (aws)."),
        )
    ):
        command = decorate(command)
    return command


def compiling(command: F) -> F:
    """The options of everything that compiles."""
    for decorate in reversed(
        (
            option("--width", type=Width(), default="auto", help="Partitions of a wide stage."),
            option("--jobs", type=click.IntRange(1, 4096), help="Tasks at a time [cores]."),
            option(
                "--merge",
                type=click.Choice(["auto", "flat", "tree", "shuffle"]),
                default="auto",
                help="How partitions come together.",
            ),
            option(
                "--kernels",
                type=click.Choice(["auto", "off", "only"]),
                default="auto",
                help="Native code for what it covers: where built, never, or refuse the rest.",
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
