"""A cold worker: from the start of its process to its first request to S3, and where it goes.

python -m benchmarks.cold_start [--count 20]

The deployed package runs under AWS's runtime client, with compiled libraries, as in the local
cloud. A stub of the Runtime API has an event ready, and a stub of S3 sees the request.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import queue
import signal
import statistics
import subprocess
import tempfile
import time
import zipfile
from pathlib import Path
from typing import NamedTuple

from leashc.deploy import HANDLER
from leashc.package import build
from runtime.target import PROTOCOL
from tests.cloud import image
from tests.cloud.control import Function
from tests.cloud.net import Handler, Reply, Server

BUCKET, PREFIX = "bucket", "leash/"
EVENT = {"version": PROTOCOL, "bucket": BUCKET, "prefix": PREFIX, "plan": "0" * 64}
ARN = "arn:aws:lambda:us-east-1:123456789012:function:worker"
PATIENCE = 20  # seconds

# What a worker loads on its way to its first event. Each line is measured in processes of its
# own, which execute those above it too, so a step is the difference to the line before.
LADDER = (
    ("Python", ""),
    ("AWS's runtime client", "import awslambdaric.bootstrap, gc; gc.disable()"),
    ("botocore's modules", "import botocore.session"),
    ("our modules", "import runtime.worker"),
    ("the client of S3", "import lambdas.worker"),
)
END = "import os; os.write(1, b'.'); os._exit(0)"


class Start(NamedTuple):
    """A worker: when it asked for an event, and S3 for an object; its CPU time; seconds."""

    ready: float
    asked: float
    cpu: float


class Stubs:
    """A Runtime API with one event for everybody, an S3 that never answers; when each was asked."""

    def __init__(self) -> None:
        self.moments: queue.SimpleQueue[float] = queue.SimpleQueue()
        self.runtime, self.s3 = Server(self._give), Server(self._hold)

    def close(self) -> None:
        self.runtime.close()
        self.s3.close()

    def _give(self, handler: Handler) -> None:
        self.moments.put(time.perf_counter())
        headers = (  # the client crashes where one is missing
            ("Content-Type", "application/json"),
            ("Lambda-Runtime-Aws-Request-Id", "1"),
            ("Lambda-Runtime-Invoked-Function-Arn", ARN),
            ("Lambda-Runtime-Trace-Id", "Root=1-0-0"),
            ("Lambda-Runtime-Deadline-Ms", str(int(time.time() * 1000) + 300_000)),
        )
        handler.answer(Reply(200, headers, json.dumps(EVENT).encode()))

    def _hold(self, handler: Handler) -> None:
        self.moments.put(time.perf_counter())
        handler.rfile.read(1)  # no answer: the worker does nothing more until it is killed


class Worker:
    """The deployed package and the libraries of Lambda's image, in a directory."""

    def __init__(self, directory: Path, stubs: Stubs) -> None:
        self.code = directory / "code"
        zipfile.ZipFile(io.BytesIO(build())).extractall(self.code)
        image.libraries(directory / "lib")
        variables = (("LEASH_BUCKET", BUCKET), ("LEASH_PREFIX", PREFIX))
        function = Function("worker", "1", ARN, HANDLER, 300, 3008, variables, self.code, None)
        shared = {
            "PATH": os.environ["PATH"],
            "LAMBDA_RUNTIME_DIR": str(directory / "lib"),
            "AWS_LAMBDA_RUNTIME_API": stubs.runtime.url.removeprefix("http://"),
            "AWS_ENDPOINT_URL_S3": stubs.s3.url,
            "AWS_ACCESS_KEY_ID": "stub",
            "AWS_SECRET_ACCESS_KEY": "stub",
            "AWS_REGION": "us-east-1",
        }
        self.variables = image.variables(function, shared)

    def start(self, *arguments: str) -> subprocess.Popen[bytes]:
        """Lambda's Python in the image."""
        command = [*image.PYTHON, *arguments]
        pipe = subprocess.PIPE
        return subprocess.Popen(command, cwd=self.code, env=self.variables, stdout=pipe)


def cold(worker: Worker, stubs: Stubs) -> Start:
    """Start a worker and wait until it asks S3. queue.Empty if it does not."""
    began = time.perf_counter()
    process = worker.start("-m", "awslambdaric", HANDLER)
    try:
        ready, asked = (stubs.moments.get(timeout=PATIENCE) - began for _ in "12")
    finally:
        os.kill(process.pid, signal.SIGKILL)
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)  # so that Popen waits no more
        process.communicate()
    return Start(ready, asked, used.ru_utime + used.ru_stime)


def loaded(worker: Worker, lines: list[str]) -> float:
    """Seconds until a process has executed these lines."""
    began = time.perf_counter()
    process = worker.start("-c", "\n".join([*lines, END]))
    assert process.stdout is not None
    with process:
        if not process.stdout.read(1):
            raise RuntimeError(f"it does not run: {lines}")
        return time.perf_counter() - began


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--count", type=int, default=20, help="processes of each kind")
    options = parser.parse_args()
    lines = [line for _, line in LADDER]
    starts: list[Start] = []
    rungs: list[list[float]] = [[] for _ in LADDER]
    stubs = Stubs()
    with tempfile.TemporaryDirectory() as directory:
        worker = Worker(Path(directory), stubs)
        # In turn, so that whatever else the machine does meets all alike; the first is to warm up.
        for number in range(options.count + 1):
            start = cold(worker, stubs)
            times = [loaded(worker, lines[: rung + 1]) for rung in range(len(LADDER))]
            if number:
                starts.append(start)
                for rung, seconds in zip(rungs, times, strict=True):
                    rung.append(seconds)
    stubs.close()
    _report(starts, [statistics.median(rung) for rung in rungs])


def _report(starts: list[Start], rungs: list[float]) -> None:
    ready = statistics.median(start.ready for start in starts)
    total = statistics.median(start.asked for start in starts)
    marks = [*rungs, ready, total]
    names = [*(name for name, _ in LADDER), "the runtime client's start", "event to request"]
    for name, before, after in zip(names, [0.0, *marks], marks, strict=False):
        print(f"{(after - before) * 1000:6.0f} ms  {name}")
    cpu = statistics.median(start.cpu for start in starts)
    least, most = min(start.asked for start in starts), max(start.asked for start in starts)
    print(
        f"{total * 1000:6.0f} ms  from process start to the first S3 request: median of "
        f"{len(starts)} ({least * 1000:.0f}-{most * 1000:.0f}); {cpu * 1000:.0f} ms of CPU"
    )


if __name__ == "__main__":
    main()
