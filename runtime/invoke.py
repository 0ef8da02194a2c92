"""Invoking the worker: one synchronous call, and what can go wrong with it."""

from __future__ import annotations

import base64
import functools
import gc
import json
import re
import resource
from collections.abc import Mapping
from typing import Any, NamedTuple

from runtime.clients import broken, client, unconnected
from runtime.errors import RunError

LONGEST = 900  # seconds that any function may run
_REPORT = re.compile(
    r"(Billed Duration|Init Duration|Memory Size|Max Memory Used): ([\d.]+) (?:ms|MB)"
)


class Passing(Exception):
    """A call that may succeed when it is made again; `kind` says what went wrong.

    throttled, unreachable: nothing has begun. lost: nobody knows whether it has.
    timeout, memory: the platform ended it.
    """

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(message)
        self.kind = kind


class Answer(NamedTuple):
    """What the worker said; ms billed, ms of them to start, and MB of the function."""

    value: dict[str, Any]
    billed: int = 0
    init: float = 0.0
    memory: int = 0


class Function:
    """The deployed worker. calls: how many may be under way at a time."""

    def __init__(self, name: str, calls: int) -> None:
        self.name = name
        self.calls = calls

    @functools.cached_property
    def client(self) -> Any:
        # Each call is a connection, and many systems allow no more than 1,024 files.
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        wanted = min(self.calls + 512, hard)
        if soft < wanted:
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
        # A call that is repeated behind our back would be billed, and lost, twice; and its
        # arguments are always of the same three types.
        made = client(
            "lambda",
            max_pool_connections=self.calls,
            read_timeout=LONGEST + 10,
            retries={"total_max_attempts": 1},
            parameter_validation=False,
        )
        # A thousand calls make much garbage. What lives on anyway (the service's model has
        # tens of thousands of dictionaries) need not be looked through for it each time.
        gc.freeze()
        return made

    def __call__(self, event: Mapping[str, Any]) -> Answer:
        """Invoke it and wait. Raises Passing, or RunError for what stays as it is."""
        from botocore.exceptions import BotoCoreError, ClientError

        payload = json.dumps(event).encode()
        try:
            found = self.client.invoke(FunctionName=self.name, LogType="Tail", Payload=payload)
            body = found["Payload"].read()
        except ClientError as error:
            raise self._explained(error) from None
        except unconnected() as error:
            raise Passing("unreachable", str(error)) from None
        except broken() as error:
            raise Passing("lost", f"the connection to Lambda broke: {error}") from None
        except BotoCoreError as error:
            raise RunError(f"{self.name}: {error}", "see `leashc doctor --backend aws`") from None
        report = dict(_REPORT.findall(_log(found)))
        if "FunctionError" in found:
            raise _ended(body, report)
        try:
            value = json.loads(body)
        except ValueError:
            raise Passing("lost", "the answer of the worker broke off") from None
        return Answer(
            value,
            int(float(report.get("Billed Duration", 0))),
            float(report.get("Init Duration", 0)),
            int(float(report.get("Memory Size", 0))),
        )

    def _explained(self, error: Any) -> Exception:
        code = error.response["Error"].get("Code", "")
        status = error.response["ResponseMetadata"]["HTTPStatusCode"]
        message = error.response["Error"].get("Message", "") or code
        if status == 429:
            return Passing("throttled", message)
        if status >= 500:
            return Passing("lost", message)
        if code == "ResourceNotFoundException":
            return RunError(f"there is no function {self.name}", "run `leashc deploy`")
        if code.startswith("AccessDenied"):
            return RunError(
                f"{self.name}: access denied",
                f"the credentials need lambda:InvokeFunction on {self.name}",
            )
        return RunError(f"{self.name}: {message}")


def _log(found: Mapping[str, Any]) -> str:
    return base64.b64decode(found.get("LogResult", "")).decode(errors="replace")


def _ended(body: bytes, report: Mapping[str, str]) -> Exception:
    """Why a function did not answer."""
    try:
        found = json.loads(body)
    except ValueError:
        found = {}
    message = str(found.get("errorMessage", "")) or body[:200].decode(errors="replace")
    if "timed out" in message:
        return Passing("timeout", message)
    if "signal: killed" in message or found.get("errorType") == "Runtime.OutOfMemory":
        used = report.get("Max Memory Used", "all")
        return Passing("memory", f"{message} ({used} MB used)")
    if found.get("errorType") in ("Runtime.ExitError", "Sandbox.Failure", "InternalError"):
        return Passing("lost", message)
    return RunError(
        f"the worker failed: {found.get('errorType', 'error')}: {message}",
        "run `leashc doctor --backend aws`; another version may be deployed",
    )
