"""leashc and bash as a user runs them: processes of their own, in a clean environment.

Whoever calls stands in a directory of the test's own. A run of leashc must show no
traceback, and leave neither a process nor a temporary file behind.

`started` runs the very command; `leashc` a copy of a process that has imported it
already, which saves most of the time.
"""

from __future__ import annotations

import atexit
import fcntl
import functools
import gc
import importlib
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

ROOT = Path(__file__).parent.parent
PYTHON = (sys.executable, "-W", "error")
PATIENCE = 30  # seconds until something counts as hanging

Stream = int | IO[bytes] | None
Variables = Mapping[str, str]


@dataclass(frozen=True)
class Answer:
    """What a command printed, what it had to say, and its exit status as the shell counts it."""

    output: bytes
    errors: str
    status: int


def leashc(*words: str, stdin: bytes = b"", variables: Variables | None = None) -> Answer:
    """Run leashc to its end; `stdin` comes through a pipe."""
    with (
        tempfile.TemporaryDirectory() as scratch,
        tempfile.TemporaryFile() as output,
        tempfile.TemporaryFile() as errors,
    ):
        request = {
            "words": words,
            "directory": os.getcwd(),
            "environment": _environment({"TMPDIR": scratch, **(variables or {})}),
        }
        hidden = _hidden()
        given = _pipe(stdin)
        connection = _server()
        message = json.dumps(request).encode() + b"\n"
        socket.send_fds(connection, [message], [given, output.fileno(), errors.fileno()])
        os.close(given)
        reply = json.loads(connection.recv(100))
        _nothing_left(reply["process"], scratch, hidden)
        output.seek(0)
        errors.seek(0)
        return _answer(output.read(), errors.read(), reply["status"])


def bash(
    text: str, *arguments: str, stdin: bytes = b"", variables: Variables | None = None
) -> Answer:
    """What bash does for a text: the oracle."""
    process = subprocess.run(
        ["bash", "--norc", "-c", text, "bash", *arguments],
        input=stdin,
        capture_output=True,
        env=_environment(variables or {}),
        timeout=PATIENCE,
        check=False,
    )
    return _answer(process.stdout, process.stderr, process.returncode)


def same(text: str, *options: str, stdin: bytes = b"", variables: Variables | None = None) -> None:
    """Assert that leashc answers a pipeline as bash does."""
    theirs = bash(text, stdin=stdin, variables=variables)
    ours = leashc("run", *options, "-c", text, stdin=stdin, variables=variables)
    assert (ours.output, ours.status) == (theirs.output, theirs.status), (text, options, ours)


@contextmanager
def started(
    *words: str,
    before: str = "",
    stdin: Stream = subprocess.PIPE,
    stdout: Stream = subprocess.PIPE,
) -> Iterator[subprocess.Popen[bytes]]:
    """leashc in a session of its own; when the block ends, nothing of it may be left.

    before: shell commands that prepare the process, such as `ulimit`.
    """
    with tempfile.TemporaryDirectory() as scratch:
        hidden = _hidden()
        command = (*PYTHON, "-m", "leashc", *words)
        process = subprocess.Popen(
            ("bash", "-c", f'{before}\nexec "$@"', "bash", *command) if before else command,
            stdin=stdin,
            stdout=stdout,
            stderr=subprocess.PIPE,
            env=_environment({"TMPDIR": scratch}),
            start_new_session=True,
        )
        try:
            yield process
            process.wait(PATIENCE)
            _nothing_left(process.pid, scratch, hidden)
        finally:
            for number in _session(process.pid):
                os.kill(number, 9)
            process.wait()
            for stream in (process.stdin, process.stdout, process.stderr):
                if stream:
                    stream.close()


def ended(process: subprocess.Popen[bytes], stdin: bytes | None = None) -> Answer:
    """Wait for a process that was started; its answer."""
    output, errors = process.communicate(stdin, timeout=PATIENCE)
    return _answer(output or b"", errors or b"", process.returncode)


def until(condition: Callable[[], object], what: str) -> None:
    """Wait for a condition that is bound to come true."""
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end, f"waited in vain until {what}"
        time.sleep(0.01)


def children(process: subprocess.Popen[bytes], name: str) -> list[int]:
    """The processes of this name in the session of leashc."""
    return [number for number in _session(process.pid) if _stat(number)[0] == name]


def _answer(output: bytes, errors: bytes, code: int) -> Answer:
    said = errors.decode(errors="replace")
    for trouble in ("Traceback", "Warning", "Exception ignored"):
        assert trouble not in said, said
    return Answer(output, said, code if code >= 0 else 128 - code)


def _nothing_left(leader: int, scratch: str, hidden: set[str]) -> None:
    until(lambda: not _session(leader), "the last process ends")
    assert os.listdir(scratch) == [], "temporary files are left"
    assert _hidden() == hidden, "hidden files are left"


def _hidden() -> set[str]:
    return {name for name in os.listdir() if name.startswith(".")}


def _environment(variables: Variables) -> dict[str, str]:
    """The least that a user has, whether kernels shall run, and what a test adds."""
    least = {"PATH": os.environ["PATH"], "HOME": "/dev/null", "LC_ALL": "C"}
    if "LEASH_KERNELS" in os.environ:  # the whole suite is to be run without them, too
        least["LEASH_KERNELS"] = os.environ["LEASH_KERNELS"]
    return {**least, "PYTHONPATH": str(ROOT), **variables}


def _pipe(data: bytes) -> int:
    """The reading end of a pipe that holds data."""
    read, write = os.pipe()
    fcntl.fcntl(write, fcntl.F_SETPIPE_SZ, 1 << 20)
    os.write(write, data)
    os.close(write)
    return read


def _session(leader: int) -> list[int]:
    """The living processes of a session."""
    numbers = (int(entry) for entry in os.listdir("/proc") if entry.isdigit())
    return [n for n in numbers if (s := _stat(n))[1] != "Z" and s[2] == str(leader)]


def _stat(number: int) -> tuple[str, str, str]:
    """Name, state and session of a process."""
    try:
        text = Path(f"/proc/{number}/stat").read_text(errors="replace")
    except (FileNotFoundError, ProcessLookupError):
        return "", "Z", ""
    name, rest = text[text.index("(") + 1 :].rsplit(")", 1)
    fields = rest.split()
    return name, fields[0], fields[3]


@functools.cache
def _server() -> socket.socket:
    """The connection to a process that has imported leashc and copies itself for each run."""
    ours, theirs = socket.socketpair()
    server = subprocess.Popen(
        [*PYTHON, "-m", "tests.command", str(theirs.fileno())],
        pass_fds=[theirs.fileno()],
        cwd=ROOT,
        env=_environment({}),
    )
    theirs.close()
    ours.settimeout(PATIENCE)

    def end() -> None:
        ours.close()
        server.wait()

    atexit.register(end)
    return ours


def _serve(connection: socket.socket) -> None:
    for name in "catalogue cli confirm explain host logical machine passes".split():
        importlib.import_module(f"leashc.{name}")
    importlib.import_module("runtime.local")
    from leashc.parser import parse

    parse("true")
    gc.freeze()  # a copy shall not touch, and so not copy, what is there
    while True:
        message, descriptors, _, _ = socket.recv_fds(connection, 1 << 16, 3)
        if not message:
            return
        process = os.fork()
        if process == 0:
            connection.close()
            _become(json.loads(message), descriptors)
        for descriptor in descriptors:
            os.close(descriptor)
        _, code = os.waitpid(process, 0)
        status = os.waitstatus_to_exitcode(code)
        connection.send(json.dumps({"process": process, "status": status}).encode())


def _become(request: dict[str, Any], descriptors: list[int]) -> None:
    """Be the command line, in a session of its own."""
    from leashc.__main__ import main

    os.setsid()
    os.chdir(request["directory"])
    os.environ.clear()
    os.environ.update(request["environment"])
    sys.argv = ["leashc", *request["words"]]
    for number, descriptor in enumerate(descriptors):
        os.dup2(descriptor, number)
        os.close(descriptor)
    try:
        main()
    except SystemExit as end:
        # Taking all those modules down would take longer than the run.
        sys.stdout.flush()
        os._exit(int(end.code or 0))


if __name__ == "__main__":
    with socket.socket(fileno=int(sys.argv[1])) as requests:
        _serve(requests)
