"""Faults by a seeded plan, put between a client and the cloud.

A plan decides for each request by its seed, the request's target and how often that was asked
for, and not by when: with the same names, the same seed gives the same faults in whatever
order requests come. In the target of an S3 request the upload's id is left out, in that of an
invocation the event's `attempt`, so that one thing to do has one target.
"""

from __future__ import annotations

import json
import os
import random
import re
import socket
import struct
import threading
import time
from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from tests.cloud.control import refusal
from tests.cloud.functions import FAULT, INVOKE, throttle
from tests.cloud.net import Address, Handler, Reply, Server, ask

S3_KINDS = (
    "s3:slow-down",  # 503, nothing done
    "s3:internal-error",  # 500, nothing done
    "s3:reset",  # the connection is reset, nothing done
    "s3:lost",  # done, and the connection is reset before the response
    "s3:dropped",  # reset in the middle of the response
    "s3:truncated",  # closed in the middle of the response
    "s3:slow",  # the response comes late and in pieces
)
LAMBDA_KINDS = (
    "lambda:throttled",  # 429, nothing done
    "lambda:server-error",  # 500 or 503, nothing done
    "lambda:lost",  # done, and the connection is reset before the response
    "lambda:duplicated",  # done a second time, at once or a little later
    "lambda:timeout",  # killed in mid-run or at its end, as if its time was over
    "lambda:memory",  # killed in mid-run or at its end, as if it took too much memory
)
KINDS = (*S3_KINDS, *LAMBDA_KINDS)


class Fault(NamedTuple):
    """A fault that was injected, and into which request."""

    kind: str
    target: str


class Faults:
    """A plan of faults and, in `injected`, what came of it.

    environment: the variables for a client that goes through the faults; the functions
    that it invokes do too.
    """

    def __init__(
        self,
        seed: int,
        rate: float = 0.05,
        kinds: Iterable[str] = KINDS,
        limit: int = 2,
        delay: float = 0.5,
    ) -> None:
        """rate: the share of requests; limit: most faults in a row for one target, so that who
        tries again gets through; delay: seconds that a response may be late, that a duplicate
        may come later, and that a function runs at most until it is killed.
        """
        self.seed = seed
        self.injected: list[Fault] = []
        self.environment: dict[str, str] = {}
        self.delay = delay
        self._rate = rate
        self._kinds = tuple(kinds)
        self._limit = limit
        self._asked: Counter[str] = Counter()
        self._in_a_row: Counter[str] = Counter()
        self._late: list[threading.Thread] = []
        self._lock = threading.Lock()

    def __str__(self) -> str:
        lines = [f"{fault.kind} {fault.target}" for fault in self.injected]
        return "\n".join([f"seed {self.seed}, {len(lines)} faults", *lines])

    def draw(self, service: str, target: str) -> tuple[str, random.Random]:
        """The kind of fault for a request, or "", and what else there is to draw for it."""
        kinds = [kind for kind in self._kinds if kind.startswith(service)]
        with self._lock:
            self._asked[target] += 1
            dice = random.Random(f"{self.seed} {self._asked[target]} {target}")
            if dice.random() >= self._rate or self._in_a_row[target] >= self._limit or not kinds:
                self._in_a_row[target] = 0
                return "", dice
            self._in_a_row[target] += 1
            kind = dice.choice(kinds)
            self.injected.append(Fault(kind, target))
            return kind, dice

    def later(self, seconds: float, address: Address, handler: Handler, body: bytes) -> None:
        """Make a request once more, after some time."""

        def again() -> None:
            time.sleep(seconds)
            ask(address, handler.command, handler.path, handler.headers.items(), body)

        thread = threading.Thread(target=again, daemon=True)
        thread.start()
        self._late.append(thread)

    def settle(self) -> None:
        """Wait for what was to come later."""
        for thread in self._late:
            thread.join()


class Proxy:
    """An endpoint at `url` in front of another; `plan` says what goes wrong, None: nothing."""

    def __init__(self, service: str, address: Address) -> None:
        """service: "s3" or "lambda"."""
        self.plan: Faults | None = None
        self._service = service
        self._address = address
        self._server = Server(self._respond)
        self.url = self._server.url

    def close(self) -> None:
        self._server.close()

    def _respond(self, handler: Handler) -> None:
        plan, body, target = self.plan, handler.content(), ""
        if self._service == "s3":
            path = re.sub("uploadId=[^&]*", "uploadId", handler.path)
            target = f"{handler.command} {path} {handler.headers.get('Range', '')}".rstrip()
        elif invoke := INVOKE.match(handler.path):
            target = f"{invoke[1]} {_work(body)}"
        if not plan or not target:
            handler.answer(self._pass(handler, body))
            return
        kind, dice = plan.draw(self._service, target)
        match kind:
            case "":
                handler.answer(self._pass(handler, body))
            case "s3:slow-down":
                handler.answer(_s3_error(503, "SlowDown", "Please reduce your request rate."))
            case "s3:internal-error":
                handler.answer(_s3_error(500, "InternalError", "We encountered an internal error."))
            case "s3:reset":
                _reset(handler)
            case "s3:lost" | "lambda:lost":
                self._pass(handler, body)
                _reset(handler)
            case "s3:dropped" | "s3:truncated":
                head, rest = handler.wire(self._pass(handler, body))
                whole = head + rest
                # A head that ends in good order before its time would pass for a whole one.
                sent = dice.randrange(len(head), len(whole)) if rest else 0
                handler.wfile.write(whole[:sent])
                if kind == "s3:dropped":
                    _reset(handler)
                handler.close_connection = True
            case "s3:slow":
                head, rest = handler.wire(self._pass(handler, body))
                whole = head + rest
                for piece in range(4):
                    time.sleep(dice.uniform(0, plan.delay / 4))
                    handler.wfile.write(
                        whole[len(whole) * piece // 4 : len(whole) * (piece + 1) // 4]
                    )
            case "lambda:throttled":
                handler.answer(throttle("ConcurrentInvocationLimitExceeded"))
            case "lambda:server-error":
                status = dice.choice((500, 503))
                handler.answer(refusal(status, "ServiceException", "An error occurred."))
            case "lambda:duplicated":
                plan.later(dice.choice((0, plan.delay)), self._address, handler, body)
                handler.answer(self._pass(handler, body))
            case "lambda:timeout" | "lambda:memory":
                what = kind.partition(":")[2]
                fault = (FAULT, f"{what} {dice.uniform(0, plan.delay):.3f}")
                handler.answer(self._pass(handler, body, fault))

    def _pass(self, handler: Handler, body: bytes, *more: tuple[str, str]) -> Reply:
        headers = [*handler.headers.items(), *more]
        return ask(self._address, handler.command, handler.path, headers, body)


def _work(event: bytes) -> str:
    """An event without the number of its attempt."""
    value = json.loads(event or b"{}")
    if isinstance(value, dict):
        value.pop("attempt", None)
    return json.dumps(value, sort_keys=True)


def _s3_error(status: int, code: str, message: str) -> Reply:
    body = f"<?xml version='1.0'?><Error><Code>{code}</Code><Message>{message}</Message></Error>"
    return Reply(status, (("Content-Type", "application/xml"),), body.encode())


def _reset(handler: Handler) -> None:
    """End a connection so that the client sees a reset and no orderly end."""
    linger = struct.pack("ii", 1, 0)
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
    os.close(handler.connection.detach())
    handler.close_connection = True
