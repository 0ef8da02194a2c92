"""The results and commit records of a run in its bucket."""

from __future__ import annotations

import os

from runtime.placed import spread
from runtime.plan import Stage
from runtime.ranges import Cutter
from runtime.remote import Writing
from runtime.s3 import store
from runtime.target import Target
from runtime.work import Outcome, Result, Work, from_record, record


class CloudResult(Result):
    """An attempt's output, uploaded as it appears."""

    def __init__(self, path: str, cutter: Cutter | None) -> None:
        self.path = path
        self._cutter = cutter
        self._writing = Writing(path, cutter)
        self.descriptor = self._writing.descriptor

    def finish(self) -> int:
        os.close(self.descriptor)
        size = self._writing.finish()
        self.etag = self._writing.upload.etag
        self.begins = self._cutter.begins if self._cutter else ()
        return size

    def discard(self) -> None:
        os.close(self.descriptor)
        self._writing.discard()


class CloudWork(Work):
    """Results and commit records of one run, in the bucket; scratch files in /tmp.

    cutter: what cuts the result into ranges; stage: that of the task, whose commands the
    records speak of.
    """

    def __init__(self, target: Target, run: str) -> None:
        super().__init__()
        self.cutter: Cutter | None = None
        self.stage: Stage | None = None
        self.target = target
        self.run = run

    def result(self, task: str, attempt: int) -> Result:
        return CloudResult(self.target.result(self.run, task, attempt), self.cutter)

    def committed(self, task: str) -> Outcome:
        """What was recorded of a task."""
        return from_record(store().get(self.target.commit(self.run, task)))

    def commit(self, outcome: Outcome) -> bool:
        path = self.target.commit(self.run, outcome.task)
        if self.stage:
            outcome = spread(self.stage, outcome)
        first = bool(store().put(path, record(outcome), once=True))
        if not store().exists(self.target.open(self.run)):
            # The run is over and has cleared up: whoever is late clears up after himself.
            store().delete([path, outcome.blob] if outcome.blob else [path])
        return first
