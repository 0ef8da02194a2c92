"""The records of runs in the cloud, and what runs leave behind."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from typing import Any

from runtime import s3
from runtime.errors import RunError
from runtime.plan import Plan
from runtime.plan_file import from_json
from runtime.target import Target

KINDS = ("open/", "results/", "commits/", "chunks/", "inputs/", "plans/", "runs/", "tools/")


def listed(target: Target) -> Iterator[dict[str, Any]]:
    """The records of all runs, the oldest first: their names begin with the time."""
    for blob in s3.store().objects(target.path("runs/")):
        yield json.loads(s3.store().get(blob.path))


def record(target: Target, run: str) -> dict[str, Any]:
    """The record of a run. Raises RunError if there is none."""
    try:
        found: dict[str, Any] = json.loads(s3.store().get(target.run(run)))
    except s3.NoObject:
        raise RunError(f"there is no run {run}", "see `leashc runs list`") from None
    return found


def plan(target: Target, record: dict[str, Any]) -> Plan:
    """The plan of a run. Raises RunError if it is not the one that the run began with."""
    text = s3.store().get(target.plan(record["plan"]))
    if hashlib.sha256(text).hexdigest() != record["plan"]:
        raise RunError(f"the plan of {record['run']} was changed", "run the pipeline again")
    return from_json(text.decode())


def committed(target: Target, run: str) -> list[str]:
    """The tasks that are done."""
    prefix = target.commit(run, "")
    return [blob.path[len(prefix) :] for blob in s3.store().objects(prefix)]


def leftovers(target: Target, before: float) -> tuple[list[str], list[tuple[str, str]]]:
    """Objects of ours, and unfinished uploads with their ids, from before a time (Unix, s)."""
    store = s3.store()
    objects = [
        blob.path
        for kind in KINDS
        for blob in store.objects(target.path(kind))
        if blob.modified / 1e9 < before
    ]
    uploads = [
        (path, upload) for path, upload, begun in store.uploads(target.path("")) if begun < before
    ]
    return objects, uploads


def remove(objects: list[str], uploads: list[tuple[str, str]]) -> None:
    """Remove what `leftovers` found."""
    store = s3.store()
    store.delete(objects)
    for path, upload in uploads:
        store.call("abort", path, UploadId=upload)
