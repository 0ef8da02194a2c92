"""A region at work: partitions through the map, their results through the merge tree."""

from __future__ import annotations

import os
import resource
from typing import TYPE_CHECKING, TypeVar

from runtime.errors import TaskFailed
from runtime.feed import Sink, nothing
from runtime.placed import placed
from runtime.plan import Plan, Stage
from runtime.processes import SIGPIPE, Named, new_pipe, say
from runtime.regions import Region
from runtime.slots import INPUTS
from runtime.tail import Tail, pass_on
from runtime.tasks import Part, Runner
from runtime.verdict import Unfit

if TYPE_CHECKING:
    from runtime.divide import Division
    from runtime.joined import Joined

T = TypeVar("T")


class Flow:
    """Reads `stdin` (or the region's source) and writes `sink`; owns and closes both."""

    def __init__(self, plan: Plan, region: Region, runner: Runner, stdin: int, sink: int) -> None:
        self.plan = plan
        # The map is tried as it is in the plan first.
        self.region = region._replace(
            levels=tuple(map(placed, region.levels)), root=region.root and placed(region.root)
        )
        self.runner = runner
        self.stdin = stdin
        self.sink = sink
        self.size = -1
        self.parts: list[Part] | None = None
        self.again = False
        self.combined = 0  # tasks of the merge tree so far: each has a number of its own

    def begin(self, parts: list[Part] | None, size: int, *, again: bool) -> None:
        """Let it go on from what was done elsewhere: the parts of its map, or that it is unfit."""
        self.parts, self.size, self.again = parts, size, again

    def run(self) -> None:
        """Raises RunError."""
        try:
            if self.region.map is None:
                self._whole()
            elif self._redirect():
                if self.again:
                    self._again(self.region.map)
                elif self.parts is not None:
                    self._gather(self.parts)
                else:
                    self._divided(self.region.map)
        finally:
            self._close()

    def _close(self) -> None:
        for descriptor in (self.stdin, self.sink):
            if descriptor > 0:
                os.close(descriptor)
        self.stdin = self.sink = 0

    def _whole(self) -> None:
        """The plan's own commands between our two descriptors."""
        root = self.region.root
        assert root is not None
        with self.runner.report.step(named(root)):
            group = self.runner.children.start(self.runner.commands(root), self.stdin, self.sink, 2)
            # Nobody but the commands may hold the pipes, or their ends would not be seen.
            self._close()
            self.runner.settle(root, 0, self.runner.children.done(group))

    def _redirect(self) -> bool:
        """Send the output where the last command's `>` says; False if that cannot be opened."""
        region = self.region
        if region.root is not None and region.root.behaviours[-1] == "whole":
            return True  # the command is started as it is, redirections and all
        for redirect in self.plan.commands[region.last].redirects:
            if redirect.descriptor == 1:
                try:
                    new = self.runner.children.outputs.open(redirect)
                except OSError as error:
                    say(2, f"{redirect.target}: {os.strerror(error.errno or 0)}")
                    self.runner.account.enter(region.last, "worst", 1)
                    return False
                os.close(self.sink)
                self.sink = new
        return True

    def _divided(self, stage: Stage) -> None:
        # Here, for a whole plan is over sooner than these are imported.
        from runtime.divide import Division
        from runtime.partition import blocks, files, ranges
        from runtime.rest import carries
        from runtime.source import Extents

        region, runner = self.region, self.runner
        extents = None
        if region.source and stage.reads_on and stage.joined != "list":
            extents = Extents.of(region.source)
        if extents and region.source and len(region.source.blobs) < 2 and not stage.inputs:
            self.size = extents.size
        if stage.broadcasts:
            from runtime.broadcast import broadcast

            broadcast(runner, stage, self.stdin)
        # What fails on one of its files runs again; of none it would complain.
        sure = stage.joined == "files" and stage.tentative
        if complaint := "" if sure else runner.complaint(stage):
            runner.report.notes.append(f"stage {stage.id} runs whole: {complaint}")
            self._again(stage)
            return
        # What may have to be run again must not have been passed on; a stream that is not
        # spooled never is.
        rereadable = stage.joined in ("keys", "files") or (extents is not None and not stage.joined)
        again = rereadable and region.combines and stage.tentative
        again = again or carries(stage)
        tail = Tail(self, 0) if region.streams and not again else None
        division = Division(runner, stage, tail.pipe if tail else -1, self.size)
        joined = listed = None
        if stage.together:
            from runtime.joined import Joined

            joined = Joined(runner, stage, self.stdin, extents)
            inputs = joined.inputs(division.stopped)
        elif stage.joined == "files":
            inputs = files(stage)
        elif stage.inputs:
            from runtime.listed import Listed

            listed = Listed(runner, stage, self.stdin)
            inputs = listed.inputs(division.stopped)
        elif extents is not None:
            inputs = ranges(extents, stage)
        else:
            inputs = blocks(self.stdin, stage, runner.settings.block, division.stopped)
        try:
            with runner.report.step(named(division.placed)):
                parts = division.over(inputs, self._fold)
        except Unfit as why:
            if not rereadable or (tail is not None and region.combines):
                raise TaskFailed(f"stage {stage.id}: {why}") from None
            runner.report.notes.append(f"stage {stage.id} was run again, whole: {why}")
            self._again(stage, tail, division.emitted, joined)
        else:
            if division.left is not None:
                self._go_on(stage, division, parts)
            if extents is None and self.stdin > 0:
                # Let the stage before us see that nobody reads any more.
                os.close(self.stdin)
                self.stdin = 0
            if region.source is not None and extents is not None and not region.source.blobs:
                # It was read in parts; whoever reads it next finds it read.
                os.lseek(0, 0, os.SEEK_END)
            if division.broken and region.root is None and not runner.stopped.is_set():
                runner.account.enter(region.last, stage.statuses[-1], 128 + SIGPIPE)
            if tail is not None:
                tail.close()
            elif division.left is None:
                self._gather(parts)
        finally:
            if several := joined or listed:
                several.close()

    def _fold(self, parts: list[Part]) -> list[Part]:
        """One part of many, where a stream may go on for ever."""
        root = self.region.root
        assert root is not None
        return self._level(_combining(root), parts, len(parts))

    def _go_on(self, stage: Stage, division: Division, parts: list[Part]) -> None:
        """Run what is left of a stream as one, from what the parts before it come to."""
        from runtime.rest import rest

        assert division.left is not None
        parts = self._fold(parts) if parts else parts
        paths = [part.path for part in parts] or [os.devnull]
        alone = rest(stage)
        commands = self.runner.commands(alone, paths, division.left.index)
        with self.runner.report.step(f"stage {stage.id}, the rest"):
            tail = Tail(self, self.region.combines)
            feed = division.left.feed
            part = self.runner.run(alone, division.turn, commands, feed, tail.pipe)
            self.runner.count(alone, part)
            tail.close()
        for done in parts:
            self.runner.release(done)

    def _again(
        self,
        stage: Stage,
        tail: Tail | None = None,
        skip: int = 0,
        joined: Joined | None = None,
    ) -> None:
        """Run the plan's own commands on the whole input, leaving out what was passed on."""
        tail = tail or Tail(self, self.region.combines)
        first, last = stage.covers
        numbers = tuple(range(first, last + 1))
        for number in numbers:
            self.runner.account.forget(number)
        commands = [self.runner.whole(number) for number in numbers]
        named: Named = {}
        if joined:
            commands[0], named = joined.whole()
        # Where the last one writes is already open: it is our sink.
        kept = tuple(r for r in commands[-1].redirects if r.descriptor != 1)
        commands[-1] = commands[-1]._replace(redirects=kept)
        with self.runner.report.step(f"stage {stage.id} again, whole"):
            read, write = new_pipe()
            group = self.runner.children.start(commands, self.stdin, write, 2, named)
            os.close(write)
            try:
                pass_on(read, tail.pipe, skip)
            finally:
                os.close(read)
                ends = self.runner.children.done(group)
            for number, end in zip(numbers, ends, strict=True):
                self.runner.account.enter(number, "worst", end.status)
        tail.close()

    def _gather(self, parts: list[Part]) -> None:
        """The merge tree, up to the root's input."""
        region = self.region
        for level, way in zip(region.levels, region.ways, strict=True):
            with self.runner.report.step(named(level)):
                parts = self._level(level, parts, way.fan)
        while region.root and region.takes_files and len(parts) > most():
            # A stream gave more parts than the plan could know of.
            parts = self._level(_combining(region.root), parts, most())
        with self.runner.report.step(named(region.root) if region.root else "output"):
            if region.takes_files and len(parts) > 1:
                tail = Tail(self, 0, [part.path for part in parts])
                tail.close()
            else:
                # A single part is its own combination.
                tail = Tail(self, 1 if region.takes_files else 0)
                for part in parts:
                    if not tail.take(part):
                        break
                tail.close()
        for part in parts:
            self.runner.release(part)

    def _level(self, level: Stage, parts: list[Part], fan: int) -> list[Part]:
        """Combine neighbours, `fan` at a time."""
        from concurrent.futures import ThreadPoolExecutor

        groups = [parts[n : n + fan] for n in range(0, len(parts), fan)]
        named_inputs = any(INPUTS in argv for argv in level.pipe)

        def combine(number: int) -> Part:
            group = groups[number]
            if len(group) == 1:
                return group[0]

            def feed(sink: Sink) -> int:
                return sum(sink.file(part.path) for part in group)

            commands = self.runner.commands(level, [part.path for part in group])
            made = self.runner.run(
                level, self.combined + number, commands, nothing if named_inputs else feed
            )
            for part in group:
                self.runner.release(part)
            return made

        with ThreadPoolExecutor(self.runner.settings.jobs) as pool:
            combined = list(pool.map(combine, range(len(groups))))
        self.combined += len(groups)
        return combined


def most() -> int:
    """How many files one process reads at once: what the system allows, and no more than pays."""
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return max(min(soft - 16, 256), 2)


def _combining(root: Stage) -> Stage:
    """The part of a root that combines, as a level of its own."""
    kept = [at for at, behaviour in enumerate(root.behaviours) if behaviour == "combine"]

    def only(values: tuple[T, ...]) -> tuple[T, ...]:
        return tuple(values[at] for at in kept)

    return root._replace(
        pipe=only(root.pipe),
        environment=only(root.environment),
        origins=only(root.origins),
        behaviours=only(root.behaviours),
        statuses=only(root.statuses),
    )


def named(stage: Stage) -> str:
    """A stage as the timing table calls it: `stage 1 ×32: grep | sort`."""
    width = f" ×{stage.width}" if stage.width > 1 else ""
    names = " | ".join(argv[0].lstrip("@") for argv in stage.pipe)
    return f"stage {stage.id}{width}: {names}"
