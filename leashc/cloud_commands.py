"""The commands that make, remove and examine what runs in the cloud need."""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

from leashc.options import clouded
from leashc.options import target as named

if TYPE_CHECKING:
    from runtime.target import Target

Command = Callable[..., Any]

# What CloudWatch can keep logs for; 0 is for ever.
LOG_DAYS = (0, 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 3653)


def targeting(command: Command) -> Command:
    """Give a command its `target` from --bucket, --prefix, --region and --function.

    It is None for a command whose --backend is local: that needs no bucket.
    """

    @functools.wraps(command)
    def targeted(**given: Any) -> Any:
        where = {name: given.pop(name) for name in ("bucket", "prefix", "region", "function")}
        target = None if given.get("backend") == "local" else named(where)
        return command(target=target, **given)

    return clouded(targeted)


@click.command()
@targeting
@click.option("--memory", type=click.IntRange(128, 10240), default=3008, help="MB [3008].")
@click.option("--timeout", type=click.IntRange(1, 900), default=300, help="Seconds [300].")
@click.option("--storage", type=click.IntRange(512, 10240), default=2048, help="MB of /tmp [2048].")
@click.option(
    "--architecture",
    type=click.Choice(["arm64", "x86_64"]),
    default="arm64",
    help="The processor [arm64].",
)
@click.option("--python", help="Lambda's Python, as 3.12 [this one's version].")
@click.option("--layer", "layers", multiple=True, metavar="ARN", help="A layer with more commands.")
@click.option(
    "--command", "commands", multiple=True, metavar="NAME", help="Allow this command, too."
)
@click.option(
    "--read",
    "reads",
    multiple=True,
    metavar="S3://BUCKET/PREFIX/",
    help="What may be read [all of the bucket].",
)
@click.option("--log-days", type=int, default=14, help="Days to keep logs, 0 for ever [14].")
@click.option(
    "--lifecycle",
    "expire_days",
    type=click.IntRange(1, 3650),
    metavar="DAYS",
    help="Have S3 remove what crashed runs left, after so many days.",
)
@click.option("--dry-run", is_flag=True, help="Print the policy and what would be done.")
def deploy(target: Target, dry_run: bool, **given: Any) -> None:
    """Make or update the worker's function and its role."""
    from leashc.deploy import PYTHONS, Settings
    from leashc.deploy import deploy as make

    if given["log_days"] not in LOG_DAYS:
        raise click.BadParameter(f"one of {', '.join(map(str, LOG_DAYS))}", param_hint="--log-days")
    if given["python"] not in (None, *PYTHONS):
        raise click.BadParameter(f"one of {', '.join(PYTHONS)}", param_hint="--python")
    settings = Settings(**{name: value for name, value in given.items() if value is not None})
    make(target, settings, click.echo, dry_run=dry_run)
    if not settings.expire_days:
        click.echo(
            "What crashed runs leave is removed by `leashc runs clean`, "
            "or by S3 itself after 7 days with --lifecycle 7."
        )


@click.command()
@targeting
@click.option("--dry-run", is_flag=True, help="Print what would be deleted.")
def destroy(target: Target, dry_run: bool) -> None:
    """Delete what `deploy` made; objects stay."""
    from leashc.deploy import destroy as remove

    remove(target, click.echo, dry_run=dry_run)


@click.command()
@targeting
@click.option(
    "--backend",
    type=click.Choice(["local", "aws"]),
    default="local",
    envvar="LEASH_BACKEND",
    help="Where runs are to run.",
)
def doctor(target: Target | None, backend: str) -> None:
    """Examine what runs need, and say how to get it."""
    from leashc import doctor as examination

    if target is None:
        sound = examination.doctor_here(click.echo)
    else:
        sound = examination.doctor(target, click.echo)
    sys.exit(0 if sound else 1)
