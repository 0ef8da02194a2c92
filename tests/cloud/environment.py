"""An execution environment: one process under AWS's runtime client, and the API that it talks to.

The process asks our Runtime API for the next event and posts what came of it. The thread that
invokes waits for these messages and, in between, looks at the clock, at the memory of all
processes of the environment (sampled every 50 ms; a shorter peak is not seen), and at whether
the process still lives. The size of /tmp is not limited.
"""

from __future__ import annotations

import json
import math
import os
import queue
import shutil
import signal
import time
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from tests.cloud import image, memory
from tests.cloud.control import Function
from tests.cloud.keeper import Keeper
from tests.cloud.net import Handler, Reply, Server

RESPONSE_LIMIT = 6_291_556  # bytes

_TICK = 0.05  # seconds
_INIT_LIMIT = 60  # seconds; Lambda's are 10, but it does not start all on one machine
_MB = 1 << 20
_LOOK = os.WEXITED | os.WNOHANG | os.WNOWAIT


class Ruin(NamedTuple):
    """A fault to befall an invocation: "timeout" or "memory", `after` seconds or at its end."""

    kind: str
    after: float


@dataclass(frozen=True)
class Invocation:
    """What was invoked and what came of it; times in seconds, memory in bytes.

    status: "success", "error" (of the handler, or in the answer's size), "timeout", "memory",
    "exit" (of the process), or "init" (it failed).
    """

    function: str
    id: str
    event: bytes
    cold: bool
    status: str
    body: bytes
    init: float
    duration: float
    billed: float
    memory: int
    log: bytes


class _Message(NamedTuple):
    kind: str
    body: bytes = b""


class Environment:
    """A started process; `invoke` it from one thread at a time, then `end` it."""

    def __init__(
        self, function: Function, directory: Path, variables: dict[str, str], keeper: Keeper
    ) -> None:
        """directory: for its temporary files and its log; does not exist yet."""
        self.function = function
        self.variables = variables
        self.log = directory / "log"
        self._keeper = keeper
        self._temporary = directory / "tmp"
        self._temporary.mkdir(parents=True)
        self._inbox: queue.SimpleQueue[Reply | None] = queue.SimpleQueue()
        self._messages: queue.SimpleQueue[_Message] = queue.SimpleQueue()
        self._api = Server(self._serve)
        self._memory = 0
        self._started = time.monotonic()
        self._init: float | None = None
        api = self._api.url.removeprefix("http://")
        # A file takes what is written at any time, in order, and nobody has to read it in time.
        with self.log.open("ab") as log:
            self.process = keeper.start(
                [*image.PYTHON, "-m", "awslambdaric", function.handler],
                cwd=function.code,
                env=image.variables(function, variables)
                | {"AWS_LAMBDA_RUNTIME_API": api, "TMPDIR": str(self._temporary)},
                stdout=log,
                stderr=log,
            )

    @property
    def alive(self) -> bool:
        """Whether its process runs."""
        if self.process.returncode is not None:
            return False
        try:
            # Not `poll`: until it is waited for, its number stays that of its session.
            return os.waitid(os.P_PID, self.process.pid, _LOOK) is None
        except ChildProcessError:
            return False

    def invoke(self, request_id: str, event: bytes, ruin: Ruin | None) -> Invocation:
        """Run an event to whatever end; the environment may be dead after it."""
        cold = self._init is None
        before = 0 if cold else self.log.stat().st_size
        status, body = self._initialize(request_id)
        self._write(f"START RequestId: {request_id} Version: {self.function.version}\n")
        began = time.monotonic()
        if status == "success":
            status, body = self._run(request_id, event, ruin)
        duration = time.monotonic() - began
        self._memory = max(self._memory, memory.peak(self.process.pid))
        init = (self._init or 0.0) if cold else 0.0
        billed = math.ceil((duration + init) * 1000)
        self._write(
            f"END RequestId: {request_id}\n"
            f"REPORT RequestId: {request_id}\tDuration: {duration * 1000:.2f} ms\t"
            f"Billed Duration: {billed} ms\tMemory Size: {self.function.memory} MB\t"
            f"Max Memory Used: {math.ceil(self._memory / _MB)} MB\t"
            + (f"Init Duration: {init * 1000:.2f} ms\t" if cold else "")
            + _REPORTED.get(status, "")
            + "\n"
        )
        with self.log.open("rb") as file:
            file.seek(before)
            log = file.read().replace(b"\r", b"\n")
        name = self.function.name
        times = (init, duration, billed / 1000)
        return Invocation(name, request_id, event, cold, status, body, *times, self._memory, log)

    def end(self) -> None:
        """Kill it with all that it has started; its log stays."""
        self._keeper.end(self.process)
        self._inbox.put(None)
        self._api.close()
        shutil.rmtree(self._temporary, ignore_errors=True)

    def _initialize(self, request_id: str) -> tuple[str, bytes]:
        if self._init is not None:
            return "success", b""
        message = self._hear(self._started + _INIT_LIMIT)
        self._init = time.monotonic() - self._started
        if message.kind == "next":
            return "success", b""
        if message.kind == "init/error":
            return "init", message.body
        return message.kind, self._failure(message, request_id)

    def _run(self, request_id: str, event: bytes, ruin: Ruin | None) -> tuple[str, bytes]:
        now = time.monotonic()
        deadline = now + self.function.timeout
        self._inbox.put(
            Reply(
                200,
                (
                    ("Content-Type", "application/json"),
                    ("Lambda-Runtime-Aws-Request-Id", request_id),
                    ("Lambda-Runtime-Invoked-Function-Arn", self.function.arn),
                    ("Lambda-Runtime-Trace-Id", "Root=1-00000000-000000000000000000000000"),
                    ("Lambda-Runtime-Deadline-Ms", str(int((time.time() + deadline - now) * 1000))),
                ),
                event,
            )
        )
        message = self._hear(deadline, Ruin(ruin.kind, now + ruin.after) if ruin else None)
        if message.kind not in ("response", "error"):
            return message.kind, self._failure(message, request_id)
        if len(message.body) > RESPONSE_LIMIT:
            text = "Response payload size exceeded maximum allowed payload size"
            self._keeper.end(self.process)  # on AWS the runtime client gives up
            return "error", _error(
                "Function.ResponseSizeTooLarge", f"{text} ({RESPONSE_LIMIT} bytes)."
            )
        # It is free again when it asks for the next event.
        if self._hear(time.monotonic() + self.function.timeout).kind != "next":
            self._keeper.end(self.process)
        return ("success" if message.kind == "response" else "error"), message.body

    def _hear(self, deadline: float, ruin: Ruin | None = None) -> _Message:
        """What the process says, or what befalls it: "timeout", "memory" or "exit"."""
        while True:
            lives = self.alive
            patience = max(0, min(_TICK, deadline - time.monotonic()))
            try:
                # What a process said before its end is in the queue by now.
                message = self._messages.get(timeout=patience if lives else 0)
            except queue.Empty:
                message = None
            if ruin and (message or time.monotonic() > ruin.after):
                return _Message(ruin.kind)
            if message:
                return message
            if not lives:
                return _Message("exit")
            if time.monotonic() > deadline:
                return _Message("timeout")
            used = memory.resident(self.process.pid)
            self._memory = max(self._memory, used)
            if used > self.function.memory * _MB:
                return _Message("memory")

    def _failure(self, message: _Message, request_id: str) -> bytes:
        """End a process that did not answer; Lambda's words for why."""
        self._keeper.end(self.process)
        kind = "Runtime.ExitError"
        match message.kind:
            case "timeout":
                kind = "Sandbox.Timedout"
                said = f"Task timed out after {self.function.timeout:.2f} seconds"
                now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
                self._write(f"{now} {request_id} {said}\n")
            case "memory":
                said = "Runtime exited with error: signal: killed"
            case _:
                said = _exit(self.process.returncode)
        return _error(kind, f"RequestId: {request_id} Error: {said}")

    def _serve(self, handler: Handler) -> None:
        """The Runtime API."""
        what = handler.path.removeprefix("/2018-06-01/runtime/")
        if what == "invocation/next":
            self._messages.put(_Message("next"))
            event = self._inbox.get()
            if event:
                handler.answer(event)
            else:
                handler.close_connection = True
            return
        body = handler.content()
        kind = what if what == "init/error" else what.rpartition("/")[2]
        self._messages.put(_Message(kind, body))  # before it can end
        status = 202 if len(body) <= RESPONSE_LIMIT else 413
        handler.answer(Reply(status, (), b'{"status":"OK"}\n'))

    def _write(self, text: str) -> None:
        with self.log.open("a", encoding="utf-8") as log:
            log.write(text)


_REPORTED = {
    "timeout": "Status: timeout\t",
    "memory": "Status: error\tError Type: Runtime.OutOfMemory\t",
    "exit": "Status: error\tError Type: Runtime.ExitError\t",
}


def _exit(code: int) -> str:
    if code == 0:
        return "Runtime exited without providing a reason"
    if code > 0:
        return f"Runtime exited with error: exit status {code}"
    return f"Runtime exited with error: signal: {(signal.strsignal(-code) or '?').lower()}"


def _error(kind: str, message: str) -> bytes:
    return json.dumps({"errorType": kind, "errorMessage": message}).encode()
