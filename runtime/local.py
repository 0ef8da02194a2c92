"""The local backend: a plan on this machine's cores."""

from __future__ import annotations

import functools
import os
import select
import signal
import stat
import threading
from collections.abc import Callable
from typing import NamedTuple

from runtime.errors import RunError, TaskFailed
from runtime.flow import Flow
from runtime.outputs import Outputs
from runtime.plan import Blob, Plan, Redirect
from runtime.processes import Children, Feeding, new_pipe
from runtime.regions import Region, gathered, regions
from runtime.report import Report
from runtime.spawn import keep_numbers
from runtime.tasks import Part, Runner, Settings
from runtime.work import Work

# What a terminal sends to all of its processes: one that dies of these was interrupted with us.
TERMINAL = {signal.SIGHUP, signal.SIGINT, signal.SIGQUIT}


class Begun(NamedTuple):
    """What is left of a plan when another backend did the first of it.

    parts: the results of the first region's map, if that is done; again: it has to run
    whole; stdin: where it reads then; size: see slots.SIZE.
    """

    regions: list[Region]
    parts: list[Part] | None = None
    again: bool = False
    stdin: int = 0
    size: int = -1


def run(
    plan: Plan,
    settings: Settings,
    report: Report | None = None,
    begin: Callable[[Runner, list[Region]], Begun] = lambda runner, regions: Begun(regions),
    stdout: int = 1,
    taken: int = 0,
) -> Report:
    """Run a plan; its statuses and what it took. begin: does what is done elsewhere.

    Standard input is descriptor 0, output `stdout` and the commands' messages 2; taken: see
    Children. Raises RunError when the work could not be done, and KeyboardInterrupt; then
    no output file was touched and no process is left.
    """
    if any(command.streams for command in plan.commands):
        keep_numbers()
    report = report or Report()
    outputs = Outputs()
    children = Children(settings.environment, outputs)
    blobs = list(plan.blobs())
    named = {path: Blob(path) for command in plan.commands for path in command.objects}
    children.remote = {**named, **{blob.path: blob for blob in blobs if blob.remote}}
    children.stream = functools.partial(_stream, settings, report)
    children.taken = taken
    work = Work(settings.work_dir, keep=settings.keep)
    runner = Runner(plan, settings, children, work, report)
    _refuse_overwriting(plan)
    flows = _Flows(runner, stdout)
    mask: set[int] | None = None
    try:
        flows.run(plan, begin(runner, regions(plan)))
        outputs.commit()
    except BaseException:
        # A second Ctrl-C must not keep us from clearing up.
        mask = signal.pthread_sigmask(signal.SIG_BLOCK, TERMINAL)
        runner.stop()
        flows.join()
        outputs.discard()
        raise
    finally:
        flows.close()
        work.close()
        if mask is not None:
            signal.pthread_sigmask(signal.SIG_SETMASK, mask)
    report.statuses = tuple(runner.account.status(number) for number in range(len(plan.commands)))
    failed = [status for status in report.statuses if status]
    report.status = failed[-1] if plan.options.pipefail and failed else report.statuses[-1]
    return report


def _stream(settings: Settings, report: Report, plan: Plan, stdin: int, taken: int) -> Feeding:
    from runtime.streams import Stream  # here, for it runs plans itself

    return Stream(plan, settings, report, stdin, taken)


def _refuse_overwriting(plan: Plan) -> None:
    """The shell would empty an input that is also the output, before reading it."""
    redirects = [redirect for command in plan.commands for redirect in command.redirects]
    written = [r.target for r in redirects if r.operator in (">", ">>")] + [plan.output.path]
    read = [blob.path for part in plan.plans() for blob in part.blobs()]
    for target in filter(os.path.exists, written):
        for path in filter(os.path.exists, read):
            if os.path.samefile(target, path) and stat.S_ISREG(os.stat(path).st_mode):
                raise RunError(
                    f"{path} is both read and written; the shell would empty it first",
                    "write to another file, then rename it",
                )


class _Flows:
    """The regions side by side, each in a thread, reading the stream of the one before.

    The main thread only waits, so that a signal always finds it ready.
    """

    def __init__(self, runner: Runner, stdout: int) -> None:
        self.runner = runner
        self.stdout = stdout
        self.ended: list[int] = []  # a pipe's reading end for each thread, which closes the other
        self.go = threading.Event()
        self.failures: list[BaseException] = []
        self.mask: set[int] = set()

    def run(self, plan: Plan, begun: Begun) -> None:
        """Raises what the first region that failed raised."""
        if not begun.regions:
            return
        out = self._open(plan.output.path) if plan.output.path else os.dup(self.stdout)
        stdin = begun.stdin
        flows: list[Flow] = []
        here = gathered(begun.regions)
        for number, region in enumerate(here):
            following, sink = (0, out) if number + 1 == len(here) else new_pipe()
            flow = Flow(plan, region, self.runner, stdin, sink)
            if not number:
                flow.begin(begun.parts, begun.size, again=begun.again)
            stdin = following
            flows.append(flow)
        self._start(flows)
        self.join()
        for failure in self.failures:
            if isinstance(failure, TaskFailed) and failure.killed in TERMINAL:
                raise SystemExit(128 + failure.killed)
        if self.failures:
            raise self.failures[0]

    def _start(self, flows: list[Flow]) -> None:
        """Start a thread for each; a signal waits until `join` would find them all."""
        self.mask = signal.pthread_sigmask(signal.SIG_BLOCK, TERMINAL | {signal.SIGTERM})
        try:
            for flow in flows:
                ended, end = os.pipe()
                self.ended.append(ended)
                try:
                    threading.Thread(target=self._guarded, args=(flow, end)).start()
                except RuntimeError:
                    os.close(end)
                    raise
        finally:
            # None of them lets signals through before, so none reaches us by one of them.
            self.go.set()
            signal.pthread_sigmask(signal.SIG_SETMASK, self.mask)

    def _guarded(self, flow: Flow, end: int) -> None:
        """A failure anywhere ends everything."""
        self.go.wait()
        # Commands inherit what their thread lets through.
        signal.pthread_sigmask(signal.SIG_SETMASK, self.mask)
        try:
            flow.run()
        except BaseException as error:
            self.failures.append(error)
            self.runner.stop()
        finally:
            os.close(end)

    def join(self) -> None:
        """Wait for the regions; signals are handled while it waits."""
        for ended in self.ended:
            # Not by a lock: a signal that comes as it is taken would leave it taken, and one
            # within `Thread.join` makes Python 3.11 take the thread for ended.
            waiting = select.poll()
            waiting.register(ended)
            while not waiting.poll(100):
                pass

    def close(self) -> None:
        while self.ended:
            os.close(self.ended.pop())

    def _open(self, path: str) -> int:
        try:
            return self.runner.children.outputs.open(Redirect(1, ">", path))
        except OSError as error:
            raise RunError(f"{path}: {os.strerror(error.errno or 0)}") from None
