"""Tasks: one partition of one stage; readers, processes joined by pipes, a writer."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from runtime import slots
from runtime.errors import TaskFailed
from runtime.plan import Command, Plan, Stage
from runtime.processes import SIGPIPE, Children, Ended, Group, new_pipe
from runtime.report import Report
from runtime.work import Outcome, Work

STDERR_TAIL = 4096


@dataclass(frozen=True)
class Settings:
    """How this machine is used. jobs: tasks at a time; memory and block in bytes."""

    jobs: int = 2
    memory: int = 1 << 30
    block: int = 16 << 20
    work_dir: str = ""
    keep: bool = False
    environment: Mapping[str, str] = field(default_factory=lambda: dict(os.environ))


class Unfit(Exception):
    """A law does not serve these data: the stage has to run whole. str() says why."""


@dataclass
class Part:
    """The output of a task: a spooled file, or bytes that already are where they belong."""

    outcome: Outcome
    descriptor: int = -1
    path: str = ""
    fatal: bool = False  # a command gave up here, so nothing after it counts
    broken: bool = False  # nobody reads any more
    stderr: bytes = b""

    def release(self, *, keep: bool) -> None:
        """Give the file back."""
        if self.descriptor >= 0:
            os.close(self.descriptor)
            self.descriptor = -1
            if not keep:
                os.unlink(self.path)


class Runner:
    """Runs tasks and keeps the account of what became of each command."""

    def __init__(
        self, plan: Plan, settings: Settings, children: Children, work: Work, report: Report
    ) -> None:
        self.plan = plan
        self.settings = settings
        self.children = children
        self.work = work
        self.report = report
        self.statuses: dict[int, list[int]] = {}
        self.rules: dict[int, str] = {}

    def commands(
        self, stage: Stage, inputs: Sequence[str] = (), index: int = 0, size: int = -1
    ) -> list[Command]:
        """The commands of a stage, slots filled."""
        memory = max(self.settings.memory // (2 * self.settings.jobs), 1 << 20)
        values = {
            slots.INPUTS: tuple(inputs),
            slots.INDEX: (str(index),),
            slots.MEMORY: (f"{min(memory, 64 << 20) >> 10}K",),
            slots.SIZE: (str(size),),
        }
        if any(slots.SCRATCH in argv for argv in stage.pipe):
            values[slots.SCRATCH] = (self.work.path,)
        found = []
        for argv, environment, origin, behaviour in zip(
            stage.pipe, stage.environment, stage.origins, stage.behaviours, strict=True
        ):
            given = self.plan.commands[origin] if origin >= 0 else None
            if given and behaviour == "whole":
                found.append(given)
                continue
            redirects = tuple(r for r in given.redirects if r.descriptor == 2) if given else ()
            words = slots.program(slots.fill(argv, values))
            found.append(Command(words, environment, redirects))
        return found

    def complaint(self, stage: Stage) -> str:
        """What a stage has to say against an empty input, or "".

        A bad option or pattern is reported once, by the command as it was typed,
        rather than once a task; so a stage that complains is not divided.
        """
        with memory("stdin") as nothing, memory("stdout") as sink, memory("stderr") as errors:
            group = self.children.start(self.commands(stage), nothing, sink, errors)
            ends = self.children.done(group)
            if os.fstat(errors).st_size:
                return os.pread(errors, 200, 0).decode(errors="replace").split("\n")[0]
        for argv, rule, end in zip(stage.pipe, stage.statuses, ends, strict=True):
            if end.status > (rule == "any"):
                return f"{argv[0]} ends with status {end.status} on an empty input"
        return ""

    def run(
        self,
        stage: Stage,
        number: int,
        commands: list[Command],
        feed: Callable[[int], int],
        stdout: int = -1,
        started: Callable[[Group], None] = lambda group: None,
    ) -> Part:
        """One attempt at a task. `feed` writes the input into a pipe and counts its bytes.

        stdout: where the output belongs; without it a spooled file is written.
        Raises Unfit and TaskFailed.
        """
        start = time.perf_counter()
        task = f"{stage.id}.{number}"
        descriptor, path = self.work.blob(task, 0) if stdout < 0 else (-1, "")
        try:
            with memory("stderr") as errors:
                sink = descriptor if stdout < 0 else stdout
                moved, ends = self._processes(commands, feed, sink, errors, started)
                said = os.pread(errors, os.fstat(errors).st_size, 0)
            outcome = Outcome(
                task,
                0,
                tuple(end.status for end in ends),
                time.perf_counter() - start,
                sum(end.seconds for end in ends),
                max(end.memory for end in ends),
                moved,
                os.fstat(descriptor).st_size if path else 0,
                path,
                said[-STDERR_TAIL:].decode(errors="surrogateescape"),
            )
            part = Part(outcome, descriptor, path, stderr=said)
            self._judge(stage, part, ends, direct=stdout >= 0)
        except BaseException:
            if path:
                os.close(descriptor)
            raise
        if path:
            self.work.commit(outcome)
        return part

    def _processes(
        self,
        commands: list[Command],
        feed: Callable[[int], int],
        stdout: int,
        stderr: int,
        started: Callable[[Group], None],
    ) -> tuple[int, list[Ended]]:
        """Start the commands, feed them and wait: bytes fed, and how each ended."""
        read, write = new_pipe()
        group = self.children.start(commands, read, stdout, stderr)
        os.close(read)
        started(group)
        moved = 0
        try:
            moved = feed(write)
        except BrokenPipeError:
            pass  # the first command had enough; its status says whether that is well
        except BaseException:
            self.children.kill(group)
            raise
        finally:
            os.close(write)
            ends = self.children.done(group)
        return moved, ends

    def _judge(self, stage: Stage, part: Part, ends: list[Ended], *, direct: bool) -> None:
        """What the statuses of a task mean for the run."""
        for argv, behaviour, rule, end in zip(
            stage.pipe, stage.behaviours, stage.statuses, ends, strict=True
        ):
            if end.signal == SIGPIPE or end.status == 0:
                continue
            if end.signal:
                what = f"{argv[0]} was killed by signal {end.signal}"
                raise self.failed(stage, part.outcome, what)
            if rule == "any" and end.status == 1:
                continue
            if behaviour not in ("stateless", "indexed"):
                raise Unfit(f"{argv[0]} ended with status {end.status}")
            part.fatal = part.fatal or rule != "worst"
        part.broken = direct and ends[-1].signal == SIGPIPE

    def failed(self, stage: Stage, outcome: Outcome | None, what: str) -> TaskFailed:
        """The error of a task, with the command's own words."""
        task = f", task {outcome.task.split('.')[1]}" if outcome else ""
        words = outcome.stderr.strip() if outcome else ""
        message = f"stage {stage.id}{task}: {what}" + (f"\n{words}" if words else "")
        return TaskFailed(message, "nothing was written; run again, or see --keep and --work-dir")

    def count(self, stage: Stage, part: Part) -> None:
        """Enter the statuses and the messages of a finished part, in the order of the parts."""
        if part.stderr:
            os.write(2, part.stderr)
        self.report.tasks.append(part.outcome)
        self.report.read += part.outcome.bytes_in
        for origin, rule, status in zip(
            stage.origins, stage.statuses, part.outcome.statuses, strict=True
        ):
            self.enter(origin, rule, status)

    def enter(self, origin: int, rule: str, status: int) -> None:
        """Enter the status of a command of the plan (or of a part of it)."""
        if origin >= 0:
            self.rules[origin] = rule
            self.statuses.setdefault(origin, []).append(status)

    def settle(self, stage: Stage, skip: int, ends: list[Ended]) -> None:
        """Enter the ends of a stage of width 1. Raises TaskFailed if a helper of ours failed."""
        for argv, origin, end in zip(stage.pipe[skip:], stage.origins[skip:], ends, strict=True):
            if origin >= 0:
                self.enter(origin, "worst", end.status)
            elif end.status and end.signal != SIGPIPE:
                what = f"signal {end.signal}" if end.signal else f"status {end.status}"
                raise self.failed(stage, None, f"{argv[0]} ended with {what}")


@contextmanager
def memory(name: str) -> Iterator[int]:
    """A file in memory, as a descriptor."""
    descriptor = os.memfd_create(name)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def copy(descriptor: int, sink: int, skip: int = 0) -> int:
    """Append a file's bytes to a pipe or a file, in the kernel where it can; how many."""
    size = os.fstat(descriptor).st_size
    position = skip
    try:
        while position < size:
            position += os.sendfile(sink, descriptor, position, size - position)
    except OSError as error:
        if isinstance(error, BrokenPipeError) or position > skip:
            raise
        # A sink that cannot be spliced into, such as a file opened to append.
        while block := os.pread(descriptor, 1 << 20, position):
            view = memoryview(block)
            while view:
                view = view[os.write(sink, view) :]
            position += len(block)
    return position - skip
