"""Streams: plans that run beside the command that reads their output by name."""

from __future__ import annotations

import os
import threading

from runtime.local import Begun, run
from runtime.plan import Plan
from runtime.processes import new_pipe
from runtime.regions import Region
from runtime.report import Report
from runtime.tasks import Runner, Settings

# Seconds that a stream gets to end by itself when its reader has.
PATIENCE = 0.5


class Stream:
    """A plan at work, whose output a command reads as a file; `descriptor` is the end to read.

    It reads `stdin`, which stays the caller's, where its commands read what they inherit.
    """

    def __init__(
        self, plan: Plan, settings: Settings, report: Report, stdin: int, taken: int
    ) -> None:
        self.plan = plan
        self.settings = settings
        self.taken = taken
        self.outer = report
        self.report = Report(detailed=report.detailed)
        self.failure: BaseException | None = None
        self._stdin = os.dup(stdin)
        self._runner: Runner | None = None
        self._stopped = False
        self._ended = threading.Event()
        self._lock = threading.Lock()
        self.descriptor, self._end = new_pipe()
        threading.Thread(target=self._run).start()

    def _run(self) -> None:
        try:
            run(self.plan, self.settings, self.report, self._begin, self._end, self.taken)
        except BaseException as error:
            self.failure = None if self._stopped else error
        finally:
            os.close(self._end)
            if self._stdin:
                os.close(self._stdin)
            self._ended.set()

    def _begin(self, runner: Runner, regions: list[Region]) -> Begun:
        with self._lock:
            self._runner = runner
            if self._stopped:
                runner.stop()
        stdin, self._stdin = self._stdin, 0
        return Begun(regions, stdin=stdin)

    def stop(self) -> None:
        """End it: nobody wants more of it."""
        with self._lock:
            self._stopped = True
            if self._runner:
                self._runner.stop()

    def finish(self) -> None:
        """Wait for it, but not long: its reader has ended. Raises what the run raised."""
        if not self._ended.wait(PATIENCE):
            self.stop()
        self._ended.wait()
        self.outer.steps += [(f"<( ) {name}", seconds) for name, seconds in self.report.steps]
        self.outer.tasks += self.report.tasks
        self.outer.notes += self.report.notes
        if self.failure:
            raise self.failure
