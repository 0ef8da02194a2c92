"""`leashc runs`: what ran in the cloud, going on with it, and removing what it left."""

from __future__ import annotations

import sys
import time
from typing import Any

import click

from leashc.options import clouded, option, target


@click.group()
def runs() -> None:
    """List or show the cloud's runs, resume one, or clean up."""


@runs.command(name="list")
@clouded
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
def list_(as_json: bool, **given: Any) -> None:
    """List the runs in the bucket, the oldest first."""
    import json

    from runtime import runs as records

    for record in records.listed(target(given)):
        if as_json:
            click.echo(json.dumps(record))
            continue
        status = "" if record["status"] is None else f" {record['status']}"
        cost = f"${record['cost']['total']:.6f}"
        click.echo(
            f"{record['run']}  {record['state'] + status:9}  {cost:>10}  {record['pipeline']}"
        )


@runs.command()
@clouded
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
@click.argument("run")
def show(run: str, as_json: bool, **given: Any) -> None:
    """Show the pipeline, state, tasks and cost of RUN."""
    import json

    from runtime import runs as records

    record = records.record(target(given), run)
    record["committed"] = sorted(records.committed(target(given), run))
    if as_json:
        click.echo(json.dumps(record))
        return
    for name in ("run", "pipeline", "state", "status", "time", "plan", "split", "final"):
        click.echo(f"{name:10} {'' if record[name] is None else record[name]}")
    click.echo(f"{'committed':10} {' '.join(record['committed'])}")
    for stage, volume in record.get("stages", {}).items():
        click.echo(
            f"{'stage':10} {stage}: {volume['tasks']} tasks, {volume['bytes_in']} bytes in, "
            f"{volume['bytes_out']} bytes out"
        )
    click.echo(f"{'repeated':10} {'; '.join(record['repeated'])}")
    for name, value in record["cost"].items():
        click.echo(f"{name:10} {value}")


@runs.command()
@clouded
@option("--memory", default="", hidden=True)
@click.option("--timing", is_flag=True, help="Print where the time went, on stderr.")
@click.option("--json", "as_json", is_flag=True, help="Print a report as JSON, on stderr.")
@click.option("--keep", is_flag=True, help="Keep intermediate results and commit records.")
@click.option("--jobs", type=click.IntRange(1, 4096), help="Tasks at a time.")
@click.argument("run")
def resume(run: str, **given: Any) -> None:
    """Go on with RUN where it was broken off.

    Committed tasks are not done again.
    """
    from leashc import machine
    from runtime import aws
    from runtime import runs as records
    from runtime.inputs import Cloud
    from runtime.report import Report
    from runtime.tasks import Settings

    began = time.perf_counter()
    place = target(given)
    record = records.record(place, run)
    plan = records.plan(place, record)
    settings = Settings(
        machine.cores(),
        machine.memory() // 4,
        environment=machine.environment(dict(plan.variables)),
    )
    cloud = Cloud(
        place,
        given["jobs"] or 1000,
        record["final"],
        record["split"],
        record["chunk_prefix"],
        given["keep"],
    )
    report = Report(detailed=given["as_json"])
    aws.run(plan, settings, cloud, report, resumed=run)
    if given["timing"]:
        click.echo(report.table("leashc runs resume", time.perf_counter() - began), err=True)
    if given["as_json"]:
        click.echo(report.as_json(time.perf_counter() - began), err=True)
    sys.exit(report.status)


@runs.command()
@clouded
@click.option("--older", default="1d", help="What is older than this: 30m, 12h, 7d, or 0 for all.")
@click.option("--dry-run", is_flag=True, help="Say what would go.")
def clean(older: str, dry_run: bool, **given: Any) -> None:
    """Remove what runs left in the bucket.

    That is results, commit records, chunks, uploads, plans and records.
    """
    from runtime import runs as records

    objects, uploads = records.leftovers(target(given), time.time() - _seconds(older))
    for path in objects + [f"{path} (upload {upload})" for path, upload in uploads]:
        click.echo(path)
    if not dry_run:
        records.remove(objects, uploads)
    word = "would go" if dry_run else "are gone"
    click.echo(f"{len(objects)} objects and {len(uploads)} unfinished uploads {word}")


def _seconds(text: str) -> float:
    unit = {"s": 1, "m": 60, "h": 3600, "d": 86400}.get(text[-1:], 0)
    number = text[:-1] if unit else text
    if not number.isdigit():
        raise click.BadParameter(f"{text!r} is no age; write 30m, 12h or 7d", param_hint="--older")
    return float(number) * (unit or 1)
