"""Where a run in the cloud lives: a bucket, a prefix in it, a function; and the names beneath.

<prefix>plans/<digest>.json          what a run executes, by its SHA-256
<prefix>runs/<run>.json              a run: when, what, with which plan, how it ended
<prefix>tools/<function>.json        what the function has to run commands with
<prefix>inputs/<digest>              local inputs, uploaded once
<prefix>chunks/<run>/chunk<n>.txt    inputs dealt by the coordinator
<prefix>results/<run>/<task>.<attempt>.<try>
<prefix>commits/<run>/<task>         written last and only once: the task is done
<prefix>open/<run>                   there while the run wants results
"""

from __future__ import annotations

import os
from typing import NamedTuple

from runtime.errors import SourceChanged

PROTOCOL = 3  # the version of the events that the worker understands


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
        """A name of its own for every call: the platform may make one of them twice, and what
        a commit record tells of must not be written over.
        """
        return self.path(f"results/{run}/{task}.{attempt}.{os.urandom(4).hex()}")

    def commit(self, run: str, task: str) -> str:
        return self.path(f"commits/{run}/{task}")

    def chunk(self, run: str, number: int) -> str:
        return self.path(f"chunks/{run}/chunk{number}.txt")

    @property
    def tools(self) -> str:
        return self.path(f"tools/{self.function}.json")

    def open(self, run: str) -> str:
        return self.path(f"open/{run}")

    def blamed(self, why: SourceChanged) -> SourceChanged:
        """The same, unless it is about a task's result: then about that."""
        results = self.path("results/")
        if not why.path.startswith(results):
            return why
        stage, number, *_ = why.path[len(results) :].partition("/")[2].split(".")
        return SourceChanged(
            f"{why.path}, the result of stage {stage}, task {number}, is not what was committed",
            "somebody else writes there; run the pipeline again",
        )

    def intermediates(self, run: str) -> tuple[str, ...]:
        """The prefixes of what a run leaves behind until it is over."""
        return tuple(self.path(f"{kind}/{run}/") for kind in ("results", "commits", "chunks"))
