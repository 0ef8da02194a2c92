"""Connections to AWS that do not come about: tried again, and given up with a clear word."""

from __future__ import annotations

import itertools
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from runtime import attempts, s3
from runtime.attempts import Calls, Job
from runtime.cost import Cost
from runtime.errors import RunError, TaskFailed
from runtime.fleet import Threads
from runtime.invoke import Function
from runtime.plan import Stage
from runtime.source import Extents
from runtime.target import Target

GREP = Stage(1, (("grep", "a"),), 8, "map", "", ((),), (0,), ("stateless",), ("any",))
JOB = Job(GREP, 5, Extents([]))


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        """Lambda: a task that is done."""
        self.rfile.read(int(self.headers["Content-Length"]))
        self._answer(json.dumps({"outcome": {"task": "1.5"}}).encode())

    def do_GET(self) -> None:
        """S3: an object."""
        self._answer(b"content")

    def _answer(self, body: bytes) -> None:
        assert isinstance(self.server, Endpoint)
        self.server.agents.append(self.headers["User-Agent"])
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class Endpoint(HTTPServer):
    """An address that refuses connections until it is opened, after so many pauses."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler, bind_and_activate=False)
        self.server_bind()
        self.agents: list[str] = []
        self.opens_after = -1
        self.pauses: list[int] = []
        self._serving: threading.Thread | None = None

    def pause(self, number: int) -> None:
        self.pauses.append(number)
        if len(self.pauses) == self.opens_after:
            self.server_activate()
            self._serving = threading.Thread(target=self.serve_forever, args=(0.01,))
            self._serving.start()

    def close(self) -> None:
        if self._serving:
            self.shutdown()
            self._serving.join()
        self.server_close()


@pytest.fixture
def endpoint(monkeypatch: pytest.MonkeyPatch) -> Iterator[Endpoint]:
    made = Endpoint()
    address = f"http://127.0.0.1:{made.server_address[1]}"
    for name, value in (
        ("AWS_ENDPOINT_URL", address),
        ("AWS_ACCESS_KEY_ID", "none"),
        ("AWS_SECRET_ACCESS_KEY", "none"),
        ("AWS_REGION", "us-east-1"),
    ):
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(s3, "pause", made.pause)
    yield made
    made.close()


def answer() -> dict[str, object]:
    function = Function("worker", 2)
    try:
        calls = Calls(Target("b"), "run", "0" * 64, function, 2, Cost())
        fleet = Threads(calls)
        fleet.begin(0, 5, calls.attempts(JOB, itertools.count(), fleet.now))
        ended = fleet.next(60)
        assert ended is not None
        return ended.future.result()
    finally:
        function.client.close()


def test_a_function_is_called_again_when_nobody_was_reached(endpoint: Endpoint) -> None:
    endpoint.opens_after = 3
    assert answer() == {"outcome": {"task": "1.5"}}
    assert endpoint.pauses == [0, 1, 2]
    assert endpoint.agents[0].startswith("leashc botocore/")


def test_a_function_that_nobody_reaches_names_stage_and_task(endpoint: Endpoint) -> None:
    with pytest.raises(TaskFailed, match="stage 1, task 5: Could not connect") as failure:
        answer()
    assert "leashc doctor" in failure.value.remedy
    assert len(endpoint.pauses) == attempts.ATTEMPTS - 1


def test_an_object_is_read_when_its_store_can_be_reached(endpoint: Endpoint) -> None:
    endpoint.opens_after = 2
    store = s3.Store()
    assert store.get("s3://b/name") == b"content"
    assert endpoint.pauses == [0, 1]
    store.client.close()


def test_a_store_that_nobody_reaches_is_given_up(endpoint: Endpoint) -> None:
    store = s3.Store()
    with pytest.raises(RunError, match="s3://b/name: Could not connect"):
        store.get("s3://b/name")
    assert len(endpoint.pauses) == s3.ATTEMPTS - 1
    store.client.close()


def test_a_connection_that_breaks_within_an_error_is_made_again(
    endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    from botocore.httpsession import ProtocolError

    asked: list[str] = []

    def request(kind: str, path: str, **given: object) -> dict[str, object]:
        asked.append(kind)
        if len(asked) == 1:
            raise ProtocolError("Connection broken")
        return {"ETag": "done"}

    store = s3.Store()
    monkeypatch.setattr(store, "_request", request)
    assert store.call("put", "s3://b/key") == {"ETag": "done"}
    assert endpoint.pauses == [0]
