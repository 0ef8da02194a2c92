"""The coordinator beside a stub of Lambda that answers after a while: memory, CPU, threads.

python -m benchmarks.coordinator [--tasks 1000] [--seconds 5]
"""

from __future__ import annotations

import argparse
import asyncio
import json
import multiprocessing
import os
import resource
import threading
import time
from typing import Any

from runtime.attempts import Calls
from runtime.coordinator import coordinate
from runtime.cost import Cost
from runtime.invoke import Function
from runtime.plan import Blob, Stage
from runtime.source import Extent, Extents
from runtime.target import Target

GREP = Stage(1, (("grep", "a"),), 1000, "map", "", ((),), (0,), ("stateless",), ("any",))


def serve(port: Any, seconds: float) -> None:
    """Answer every invocation with a task that is done, some seconds later."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while head := (await reader.readuntil(b"\r\n\r\n")).lower():
            length = int(head.split(b"content-length: ")[1].split(b"\r\n")[0])
            event = json.loads(await reader.readexactly(length))
            await asyncio.sleep(seconds)
            task = f"{event['stage']}.{event['number']}"
            outcome = [task, 0, [0], [0], 1.0, 0.5, 1 << 20, 9, 9, f"s3://b/{task}", ""]
            names = (
                "task attempt statuses signals seconds cpu memory bytes_in bytes_out blob stderr"
            )
            value = {"outcome": dict(zip(names.split(), outcome, strict=True))}
            body = json.dumps({**value, "requests": {"get": 3}, "moved": {"read": 9}}).encode()
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
            await writer.drain()

    async def main() -> None:
        server = await asyncio.start_server(answer, "127.0.0.1", 0, backlog=2000)
        port.value = server.sockets[0].getsockname()[1]
        await server.serve_forever()

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, min(hard, 4096)), hard))
    asyncio.run(main())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--tasks", type=int, default=1000)
    parser.add_argument("--seconds", type=float, default=5.0, help="of a call")
    options = parser.parse_args()
    port = multiprocessing.Value("i", 0)
    stub = multiprocessing.Process(target=serve, args=(port, options.seconds), daemon=True)
    stub.start()
    while not port.value:
        time.sleep(0.01)
    os.environ |= {
        "AWS_ENDPOINT_URL": f"http://127.0.0.1:{port.value}",
        "AWS_ACCESS_KEY_ID": "stub",
        "AWS_SECRET_ACCESS_KEY": "stub",
        "AWS_REGION": "us-east-1",
    }
    function = Function("stub", options.tasks)
    _ = function.client
    cost, most = Cost(), 0
    ended = threading.Event()

    def watch() -> None:
        nonlocal most
        while not ended.wait(0.02):
            most = max(most, threading.active_count() - 1)

    threading.Thread(target=watch).start()
    source = Extents([Extent(Blob("s3://b/input", options.tasks * 10), 0, options.tasks * 10)])
    calls = Calls(Target("b"), "run", "0" * 64, function, options.tasks, cost)
    began, used = time.perf_counter(), time.process_time()
    done, _ = coordinate(calls, [GREP], [], source, source.cuts(options.tasks))
    seconds, used = time.perf_counter() - began, time.process_time() - used
    ended.set()
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{len(done)} tasks of {options.seconds} s at once: {seconds:.1f} s, "
        f"{used / len(done) * 1000:.2f} ms of CPU a task, {memory:.0f} MB, {most} threads"
    )
    stub.kill()


if __name__ == "__main__":
    main()
