"""Commands joined by pipes, started from argument lists; no shell text is ever built."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple, Protocol

from runtime.outputs import Outputs
from runtime.plan import Blob, Command, Plan
from runtime.slots import OBJECT, PART, STREAM
from runtime.spawn import numbered, spawn

if TYPE_CHECKING:
    from runtime.source import Extent

PIPE_SIZE = 1 << 20
GRACE = 2.0  # seconds that processes get to end by themselves
SIGPIPE = int(signal.SIGPIPE)


class Ended(NamedTuple):
    """How a process ended: its status as the shell counts it (128 + n for a signal), its costs."""

    status: int
    signal: int = 0
    seconds: float = 0.0  # of processor time
    memory: int = 0  # bytes at the peak


class Feeding(Protocol):
    """What a command reads by name, made while it reads; `descriptor` is the end to read."""

    descriptor: int

    def stop(self) -> None:
        """End it: nobody wants more of it."""

    def finish(self) -> None:
        """Wait for its end, now that the command has ended. Raises what making it raised."""


# What words of a command stand for, if not for themselves: what feeds it under their name.
Named = Mapping[str, Callable[[], Feeding]]


class Group:
    """Processes joined by pipes. A command that could not be started has only an end."""

    def __init__(self) -> None:
        self.processes: list[subprocess.Popen[bytes] | Ended] = []
        self.feedings: list[Feeding] = []  # what they read by name

    def wait(self) -> list[Ended]:
        """Wait for all of them; how each ended, in order."""
        return [p if isinstance(p, Ended) else _reap(p) for p in self.processes]


def _reap(process: subprocess.Popen[bytes]) -> Ended:
    try:
        _, code, usage = os.wait4(process.pid, 0)
    except ChildProcessError:  # `close` was faster
        code = process.wait()
        return Ended(128 - code, -code) if code < 0 else Ended(code)
    process.returncode = os.waitstatus_to_exitcode(code)
    killed = max(-process.returncode, 0)
    return Ended(
        128 + killed if killed else process.returncode,
        killed,
        usage.ru_utime + usage.ru_stime,
        usage.ru_maxrss * 1024,
    )


class Children:
    """Starts processes and knows which are alive, so that none outlives a run."""

    def __init__(self, environment: Mapping[str, str], outputs: Outputs) -> None:
        self.environment = dict(environment)
        self.outputs = outputs
        # Objects, or parts of them, by their paths: a word that stands for one (OBJECT) becomes
        # a pipe.
        self.remote: dict[str, Blob | Extent] = {}
        # Starts a plan whose output a command reads by name, given that command's input and
        # what is `taken` for it.
        self.stream: Callable[[Plan, int, int], Feeding] | None = None
        # How many streams the subshell of bash would have inherited that runs this plan.
        self.taken = 0
        self._alive: dict[int, subprocess.Popen[bytes]] = {}
        self._feedings: list[Feeding] = []
        self._lock = threading.Lock()
        self._closed = False

    def start(
        self,
        pipe: Sequence[Command],
        stdin: int,
        stdout: int,
        stderr: int,
        named: Named = MappingProxyType({}),
    ) -> Group:
        """Start the commands; the three descriptors stay the caller's.

        named: what the first of them reads in place of its parts or streams.
        """
        group = Group()
        given, source = stdin, stdin
        for number, command in enumerate(pipe):
            if number + 1 < len(pipe):
                following, sink = new_pipe()
            else:
                following, sink = -1, stdout
            group.processes.append(self._one(group, command, source, sink, stderr, named))
            named = MappingProxyType({})
            if source not in (given, -1):
                os.close(source)
            if sink != stdout:
                os.close(sink)
            source = following
        return group

    def _one(
        self, group: Group, command: Command, stdin: int, stdout: int, stderr: int, named: Named
    ) -> subprocess.Popen[bytes] | Ended:
        descriptors = {0: stdin, 1: stdout, 2: stderr}
        opened: list[int] = []
        try:
            for redirect in command.redirects:
                if redirect.operator == ">&":
                    descriptors[redirect.descriptor] = descriptors[int(redirect.target)]
                    continue
                try:
                    if redirect.target in named:
                        new = self._feed(group, named[redirect.target]()).descriptor
                    elif redirect.target.startswith(STREAM):
                        new = self.read(group, command, redirect.target, stdin).descriptor
                    else:
                        new = self.outputs.open(redirect)
                except OSError as error:
                    say(descriptors[2], f"{redirect.target}: {os.strerror(error.errno or 0)}")
                    return Ended(1)
                opened.append(new)
                descriptors[redirect.descriptor] = new
            words, given = list(command.argv), {}
            beside = sum(word.startswith(OBJECT) for word in words)
            for at, word in enumerate(words):
                if word.startswith(OBJECT):
                    given[at] = self._object(group, word, beside)
                elif word.startswith((PART, STREAM)) and word in named:
                    given[at] = self._feed(group, named[word]()).descriptor
                elif word.startswith(STREAM):
                    given[at] = self.read(group, command, word, stdin).descriptor
            opened += given.values()
            streams = [at for at in given if words[at].startswith(STREAM)]
            with numbered([given[at] for at in streams], self.taken) as numbers:
                given.update(zip(streams, numbers, strict=True))
                for at, number in given.items():
                    words[at] = f"/dev/fd/{number}"
                whole = command._replace(argv=tuple(words))
                return self._spawn(whole, descriptors, tuple(given.values()))
        finally:
            for descriptor in opened:
                os.close(descriptor)

    def _object(self, group: Group, word: str, beside: int) -> int:
        """A descriptor that gives the object which a word stands for."""
        from runtime.remote import blocks, reading

        blob = self.remote[word.removeprefix(OBJECT)]
        return self._feed(group, reading(lambda: blocks(blob, beside))).descriptor

    def read(self, group: Group, command: Command, word: str, stdin: int) -> Feeding:
        """What gives the output of a plan which a word stands for; it ends with the group."""
        assert self.stream is not None
        number = int(word[len(STREAM) :])
        return self._feed(group, self.stream(command.streams[number], stdin, self.taken + number))

    def _feed(self, group: Group, feeding: Feeding) -> Feeding:
        group.feedings.append(feeding)
        with self._lock:
            self._feedings.append(feeding)
            closed = self._closed
        if closed:
            feeding.stop()
        return feeding

    def _spawn(
        self, command: Command, descriptors: dict[int, int], given: tuple[int, ...]
    ) -> subprocess.Popen[bytes] | Ended:
        argv = command.argv
        environment = self.environment | dict(command.environment)
        try:
            with self._lock:
                if self._closed:
                    return Ended(128 + signal.SIGTERM, signal.SIGTERM)
                process = spawn(argv, environment, descriptors, given)
                self._alive[process.pid] = process
        except OSError as error:
            status, what = 126, os.strerror(error.errno or 0)
            if error.errno == errno.ENOENT:
                status = 127
                what = what if "/" in argv[0] else "command not found"
            elif os.path.isdir(argv[0]):
                what = "Is a directory"
            say(descriptors[2], f"{argv[0]}: {what}")
            return Ended(status)
        return process

    def done(self, group: Group) -> list[Ended]:
        """Wait for a group and forget it. Raises RunError if an object could not be read."""
        ends = group.wait()
        with self._lock:
            for process in group.processes:
                if isinstance(process, subprocess.Popen):
                    self._alive.pop(process.pid, None)
        for feeding in group.feedings:
            feeding.finish()
            with self._lock:
                self._feedings.remove(feeding)
        return ends

    def kill(self, group: Group) -> None:
        """End what still runs of a group (it must still be waited for)."""
        with self._lock:
            for process in group.processes:
                if isinstance(process, subprocess.Popen) and process.pid in self._alive:
                    _kill(process)
        for feeding in group.feedings:
            feeding.stop()

    def close(self) -> None:
        """End all that still run, and start no more."""
        with self._lock:
            self._closed = True
            alive = list(self._alive.values())
            feedings = list(self._feedings)
            for process in alive:
                _kill(process)
        for feeding in feedings:
            feeding.stop()
        end = time.monotonic() + GRACE
        for process in alive:
            try:
                process.wait(max(end - time.monotonic(), 0))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _kill(process: subprocess.Popen[bytes]) -> None:
    """By SIGTERM, at which `sort` removes its temporary files; by SIGKILL where that is ignored."""
    ignored = signal.getsignal(signal.SIGTERM) is signal.SIG_IGN
    if process.returncode is None:
        try:
            os.kill(process.pid, signal.SIGKILL if ignored else signal.SIGTERM)
        except ProcessLookupError:
            pass  # it ended by itself in this very moment


def write_all(descriptor: int, data: bytes | memoryview) -> int:
    """Write all of it, however little a pipe takes at a time; how many bytes."""
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]
    return len(data)


def say(descriptor: int, message: bytes | str) -> None:
    """A message on a command's standard error; text is ours and gets our name."""
    if isinstance(message, str):
        message = f"leashc: {message}\n".encode(errors="surrogateescape")
    try:
        os.write(descriptor, message)
    except OSError:
        pass  # nobody reads it


def new_pipe() -> tuple[int, int]:
    """A pipe, large if the system allows it: fewer turns between two processes."""
    import fcntl

    ends = os.pipe()
    try:
        fcntl.fcntl(ends[1], fcntl.F_SETPIPE_SZ, PIPE_SIZE)
    except OSError:
        pass  # the limit for pipes is reached; the ordinary size serves
    return ends
