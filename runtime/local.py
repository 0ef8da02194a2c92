"""The local backend: a plan on this machine's cores."""

from __future__ import annotations

import os
import stat
import threading

from runtime.errors import RunError
from runtime.flow import Flow
from runtime.outputs import Outputs
from runtime.plan import Plan, Redirect
from runtime.processes import Children, new_pipe
from runtime.regions import regions
from runtime.report import Report, combined
from runtime.tasks import Runner, Settings
from runtime.work import Work


def run(plan: Plan, settings: Settings, report: Report | None = None) -> Report:
    """Run a plan; its statuses and what it took.

    Standard input is descriptor 0, output 1 and the commands' messages 2. Raises
    RunError when the work could not be done, and KeyboardInterrupt; then no
    output file was touched and no process is left.
    """
    report = report or Report()
    outputs = Outputs()
    children = Children(settings.environment, outputs)
    work = Work(settings.work_dir, keep=settings.keep)
    runner = Runner(plan, settings, children, work, report)
    _refuse_overwriting(plan)
    flows = _Flows(runner)
    try:
        flows.run(plan)
        outputs.commit()
    except BaseException:
        children.close()
        flows.join()
        outputs.discard()
        raise
    finally:
        work.close()
    report.statuses = tuple(
        combined(runner.rules.get(number, "worst"), runner.statuses.get(number, []))
        for number in range(len(plan.commands))
    )
    failed = [status for status in report.statuses if status]
    report.status = failed[-1] if plan.options.pipefail and failed else report.statuses[-1]
    return report


def _refuse_overwriting(plan: Plan) -> None:
    """The shell would empty an input that is also the output, before reading it."""
    redirects = [redirect for command in plan.commands for redirect in command.redirects]
    written = [r.target for r in redirects if r.operator in (">", ">>")] + [plan.output.path]
    read = [blob.path for source in plan.sources for blob in source.blobs]
    for target in filter(os.path.exists, written):
        for path in filter(os.path.exists, read):
            if os.path.samefile(target, path) and stat.S_ISREG(os.stat(path).st_mode):
                raise RunError(
                    f"{path} is both read and written; the shell would empty it first",
                    "write to another file, then rename it",
                )


class _Flows:
    """The regions side by side, each reading the stream of the one before."""

    def __init__(self, runner: Runner) -> None:
        self.runner = runner
        self.threads: list[threading.Thread] = []
        self.failures: list[BaseException] = []

    def run(self, plan: Plan) -> None:
        found = regions(plan)
        stdin, out = 0, os.dup(1)
        if plan.output.path:
            os.close(out)
            out = self._open(plan.output.path)
        for number, region in enumerate(found):
            following, sink = (0, out) if number + 1 == len(found) else new_pipe()
            flow = Flow(plan, region, self.runner, stdin, sink)
            stdin = following
            if number + 1 < len(found):
                thread = threading.Thread(target=self._guarded, args=(flow,))
                self.threads.append(thread)
                thread.start()
            else:
                self._guarded(flow)
        self.join()
        if self.failures:
            raise self.failures[0]

    def _guarded(self, flow: Flow) -> None:
        """A failure anywhere ends every process; the first one is the run's."""
        try:
            flow.run()
        except BaseException as error:
            self.failures.append(error)
            self.runner.children.close()

    def join(self) -> None:
        for thread in self.threads:
            thread.join()

    def _open(self, path: str) -> int:
        try:
            return self.runner.children.outputs.open(Redirect(1, ">", path))
        except OSError as error:
            raise RunError(f"{path}: {os.strerror(error.errno or 0)}") from None
