"""Where a run in the cloud lives: a bucket, a prefix in it, a function; and the names beneath.

<prefix>plans/<digest>.json          what a run executes, by its SHA-256
<prefix>runs/<run>.json              a run: when, what, with which plan, how it ended
<prefix>inputs/<digest>              local inputs, uploaded once
<prefix>chunks/<run>/chunk<n>.txt    inputs dealt by the coordinator
<prefix>results/<run>/<task>.<attempt>
<prefix>commits/<run>/<task>         written last and only once: the task is done
<prefix>open/<run>                   there while the run wants results
"""

from __future__ import annotations

from typing import NamedTuple

PROTOCOL = 1  # the version of the events that the worker understands


class Target(NamedTuple):
    """function: the name of the worker's Lambda function."""

    bucket: str
    prefix: str = "leash/"
    function: str = "leash-worker"

    def path(self, name: str) -> str:
        """The object of this name beneath the prefix."""
        return f"s3://{self.bucket}/{self.prefix}{name}"

    def plan(self, digest: str) -> str:
        return self.path(f"plans/{digest}.json")

    def run(self, run: str) -> str:
        return self.path(f"runs/{run}.json")

    def result(self, run: str, task: str, attempt: int) -> str:
        return self.path(f"results/{run}/{task}.{attempt}")

    def commit(self, run: str, task: str) -> str:
        return self.path(f"commits/{run}/{task}")

    def chunk(self, run: str, number: int) -> str:
        return self.path(f"chunks/{run}/chunk{number}.txt")

    def open(self, run: str) -> str:
        return self.path(f"open/{run}")

    def intermediates(self, run: str) -> tuple[str, ...]:
        """The prefixes of what a run leaves behind until it is over."""
        return tuple(self.path(f"{kind}/{run}/") for kind in ("results", "commits", "chunks"))
