"""Tasks: one partition of one stage; readers, processes joined by pipes, a writer."""

from __future__ import annotations

import os
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from types import MappingProxyType
from typing import NamedTuple

from runtime import slots
from runtime.account import Account
from runtime.feed import Feed, Sink, nothing
from runtime.guards import GuardFailed
from runtime.plan import Command, Plan, Stage
from runtime.processes import SIGPIPE, Children, Ended, Group, Named, new_pipe, say
from runtime.report import Report
from runtime.source import Extent
from runtime.verdict import failed, verdict
from runtime.work import Outcome, Work

STDERR_TAIL = 4096

UNFIT = 3  # the status of a kernel that is to look for NULs, and met one

# What one tool may buffer, in bytes: of sort, more would not stay in a processor's cache, and
# the pages of a fresh process cost more than another run on disk.
BUFFER = 8 << 20


class Settings(NamedTuple):
    """How this machine is used. jobs: tasks at a time; memory and block in bytes."""

    jobs: int = 2
    memory: int = 1 << 30
    block: int = 16 << 20
    work_dir: str = ""
    keep: bool = False
    environment: Mapping[str, str] = os.environ


class Part:
    """The output of a task: a spooled file, or bytes that already are where they belong."""

    def __init__(self, outcome: Outcome, path: str = "", stderr: bytes = b"") -> None:
        self.outcome = outcome
        self.path = path
        self.stderr = stderr
        self.final = False  # a command gave up here, or has its answer: nothing after it counts
        self.broken = False  # nobody reads any more


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
        self.stopped = threading.Event()
        self.account = Account()
        # Files with what a command's streams say (its number, their words), for all its parts.
        self.copies: dict[tuple[int, str], str] = {}

    def stop(self) -> None:
        """End all processes and start no more: the run has failed, or was interrupted."""
        self.stopped.set()
        self.children.close()

    def commands(
        self,
        stage: Stage,
        inputs: Sequence[str] = (),
        index: int = 0,
        size: int = -1,
        *,
        last: bool = True,
        splitters: str = "",
        before: int = 0,
    ) -> list[Command]:
        """The commands of a stage, slots filled. splitters: a file of them."""
        memory = max(self.settings.memory // (2 * self.settings.jobs), 1 << 20)
        values = {
            slots.INPUTS: self.objects(inputs),
            slots.INDEX: (str(index),),
            slots.FILLED: (str(index),),
            slots.LAST: (str(int(last)),),
            slots.BEFORE: (str(before),),
            slots.MEMORY: (f"{min(memory, BUFFER) >> 10}K",),
            slots.THREADS: (str(1 if stage.width > 1 else self.settings.jobs),),
            slots.SIZE: (str(size),),
            slots.SPLITTERS: (splitters, "-") if splitters else (),
        }
        if any(slots.SCRATCH in argv for argv in stage.pipe):
            values[slots.SCRATCH] = (self.work.path,)
        found = []
        for argv, environment, origin, behaviour in zip(
            stage.pipe, stage.environment, stage.origins, stage.behaviours, strict=True
        ):
            given = self.plan.commands[origin] if origin >= 0 else None
            if given and behaviour == "whole":
                found.append(piped(given))
                continue
            redirects = tuple(r for r in given.redirects if r.descriptor == 2) if given else ()
            own = dict[str, tuple[str, ...]]()
            if argv[0] == slots.KERNEL:
                own[slots.MEMORY] = (f"{memory >> 10}K",)
                own[slots.SPLITTERS] = ("with", splitters) if splitters else ()
            copies = {word: (path,) for (at, word), path in self.copies.items() if at == origin}
            words = slots.program(slots.fill(argv, {**values, **own, **copies}))
            found.append(Command(words, environment, redirects))
        return found

    def whole(self, number: int) -> Command:
        """A command of the plan as it was given, for it to read again what its parts have."""
        command = piped(self.plan.commands[number])
        words = (self.copies.get((number, word), word) for word in command.argv)
        return command._replace(argv=tuple(words))

    def objects(self, words: Sequence[str]) -> tuple[str, ...]:
        """The words, those that name objects marked as such."""
        remote = self.children.remote
        return tuple(slots.OBJECT + word if word in remote else word for word in words)

    def complaint(self, stage: Stage) -> str:
        """What a stage has to say against an empty input, or "".

        A bad option or pattern is reported once, by the command as it was typed,
        rather than once a task; so a stage that complains is not divided.
        """
        with memory("stdin") as nothing, memory("stdout") as sink, memory("stderr") as errors:
            group = self.children.start(self.commands(stage), nothing, sink, errors, _empty(stage))
            ends = self.children.done(group)
            if os.fstat(errors).st_size:
                return os.pread(errors, 200, 0).decode(errors="replace").split("\n")[0]
        for argv, rule, end in zip(stage.pipe, stage.statuses, ends, strict=True):
            if end.status > (rule not in ("worst", "zero")):
                return f"{argv[0]} ends with status {end.status} on an empty input"
        return ""

    def run(
        self,
        stage: Stage,
        number: int,
        commands: list[Command],
        feed: Feed | Extent = nothing,
        stdout: int = -1,
        started: Callable[[Group], None] = lambda group: None,
        attempt: int = 0,
        named: Named = MappingProxyType({}),
    ) -> Part:
        """One attempt at a task.

        feed: what the first command reads, or the range of a file, if a kernel is to read it.
        stdout: where the output belongs; without it a spooled file is written. named: see
        Children.start.
        Raises Unfit, GuardFailed and TaskFailed.
        """
        start = time.perf_counter()
        task = f"{stage.id}.{number}"
        result = self.work.result(task, attempt) if stdout < 0 else None
        try:
            with memory("stderr") as errors:
                sink = result.descriptor if result else stdout
                if isinstance(feed, Extent):
                    moved, ends = (
                        feed.size,
                        self._reading(stage, commands, feed, sink, errors, started, named),
                    )
                else:
                    moved, ends = self._processes(commands, feed, sink, errors, started, named)
                said = os.pread(errors, os.fstat(errors).st_size, 0)
        except BaseException:
            if result:
                result.discard()
            raise
        outcome = Outcome(
            task,
            attempt,
            tuple(end.status for end in ends),
            tuple(end.signal for end in ends),
            time.perf_counter() - start,
            sum(end.seconds for end in ends),
            max(end.memory for end in ends),
            moved,
            result.finish() if result else 0,
            result.path if result else "",
            said[-STDERR_TAIL:].decode(errors="surrogateescape"),
            result.etag if result else "",
            result.begins if result else (),
        )
        part = Part(outcome, outcome.blob, stderr=said)
        part.final = verdict(stage, outcome)
        part.broken = result is None and ends[-1].signal == SIGPIPE
        if result:
            self.work.commit(outcome)
        return part

    def _processes(
        self,
        commands: list[Command],
        feed: Feed,
        stdout: int,
        stderr: int,
        started: Callable[[Group], None],
        named: Named,
    ) -> tuple[int, list[Ended]]:
        """Start the commands, feed them and wait: bytes fed, and how each ended."""
        read, write = new_pipe()
        group = self.children.start(commands, read, stdout, stderr, named)
        os.close(read)
        started(group)
        moved = 0
        try:
            moved = feed(Sink(write))
        except BrokenPipeError:
            pass  # the first command had enough; its status says whether that is well
        except BaseException:
            self.children.kill(group)
            raise
        finally:
            os.close(write)
            ends = self.children.done(group)
        return moved, ends

    def _reading(
        self,
        stage: Stage,
        commands: list[Command],
        extent: Extent,
        stdout: int,
        stderr: int,
        started: Callable[[Group], None],
        named: Named,
    ) -> list[Ended]:
        """The same where the first command is a kernel, which reads a range of a file itself."""
        looks = stage.guard is not None and "\0" in stage.guard.lacks
        words = ("from", str(extent.start), str(extent.stop), *(("text",) if looks else ()))
        kernel, *argv = commands[0].argv
        reads = commands[0]._replace(argv=(kernel, *words, "|", *argv))
        file = extent.open()
        try:
            group = self.children.start([reads, *commands[1:]], file, stdout, stderr, named)
        finally:
            os.close(file)
        started(group)
        ends = self.children.done(group)
        if ends[0].status == UNFIT:
            raise GuardFailed("its input has a NUL byte")
        return ends

    def count(self, stage: Stage, part: Part) -> None:
        """Enter the statuses and the messages of a finished part, in the order of the parts."""
        say(2, part.stderr)
        if self.report.detailed:
            self.report.tasks.append(part.outcome)
        self.report.read += part.outcome.bytes_in
        for origin, rule, status, behaviour in zip(
            stage.origins, stage.statuses, part.outcome.statuses, stage.behaviours, strict=True
        ):
            # Part of an aggregate that nobody needed any more: the whole of it did end well.
            if status != 128 + SIGPIPE or behaviour != "aggregate":
                self.account.enter(origin, rule, status)

    def release(self, part: Part) -> None:
        """A part is done with: its file and its commit record go, unless they are to be kept."""
        if part.path and part.path not in self.children.remote and not self.settings.keep:
            self.work.forget(part.outcome)
        part.path = ""

    def settle(self, stage: Stage, skip: int, ends: list[Ended]) -> None:
        """Enter the ends of a stage of width 1. Raises TaskFailed if a helper of ours failed."""
        for argv, origin, end in zip(stage.pipe[skip:], stage.origins[skip:], ends, strict=True):
            if origin >= 0:
                self.account.enter(origin, "worst", end.status)
            elif end.signal == SIGPIPE:
                # Its reader left. The shell sees that only of the last in the pipe.
                if end is ends[-1]:
                    self.account.enter(stage.covers[1], "worst", end.status)
            elif end.status:
                what = f"signal {end.signal}" if end.signal else f"status {end.status}"
                raise failed(stage, None, f"{argv[0]} ended with {what}", end.signal)


def _empty(stage: Stage) -> Named:
    """The inputs of a stage that reads several, all of them empty."""
    if not stage.together:
        return {}
    from runtime.fed import parts
    from runtime.source import Extents

    return parts([Extents([]) for _ in stage.inputs])


def piped(command: Command) -> Command:
    """A command of the plan, the words marked that stand for objects: inputs come last."""
    left, words = Counter(command.objects), list(command.argv)
    for at, word in reversed(list(enumerate(words))):
        if left[word]:
            left[word] -= 1
            words[at] = slots.OBJECT + word
    return command._replace(argv=tuple(words))


@contextmanager
def memory(name: str) -> Iterator[int]:
    """A file in memory, as a descriptor."""
    descriptor = os.memfd_create(name)
    try:
        yield descriptor
    finally:
        os.close(descriptor)
