"""Lambda: the Invoke API over execution environments; everything else is passed to moto.

As AWS's: function errors and their bodies, the log's tail with its REPORT line, timeout,
memory, the limits of 6 MB, unknown functions, throttling at the limit of concurrency, and
environments that are used again. It differs from AWS in this:

- Signatures and policies are not looked at, and an environment has all cores of this machine.
- A function is ready at once. Its code has to come as ZipFile; layers are not mounted.
- There are no Event invocations, response streams, or limit of /tmp; the code's directory can
  be written to. Logs are read with `logs`, not from CloudWatch.
"""

from __future__ import annotations

import base64
import json
import os
import re
import uuid
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from tests.cloud.control import Control, Refused, refusal
from tests.cloud.environment import Invocation, Ruin
from tests.cloud.image import libraries
from tests.cloud.keeper import Keeper
from tests.cloud.net import Handler, Reply, Server
from tests.cloud.pool import Pool, Throttled

REQUEST_LIMIT = 6 << 20  # bytes
TAIL = 4096  # bytes of log in an answer
INVOKE = re.compile(r"/2015-03-31/functions/([^/?]+)/invocations")

# A header of an Invoke that shall go wrong, `timeout` or `memory`, after seconds: `timeout 0.5`.
FAULT = "X-Cloud-Fault"

_FUNCTION = re.compile(r"/[\d-]+/functions/([^/?]+)")
_ACCOUNT = "/2016-08-19/account-settings"


class Functions:
    """The Lambda endpoint at `url`, and what was invoked there in `invocations`."""

    def __init__(
        self, directory: Path, control: Control, keeper: Keeper, variables: dict[str, str]
    ) -> None:
        """variables: what every function finds in its environment; may be replaced later."""
        directory.mkdir()
        libraries(directory / "lib")
        self.invocations: list[Invocation] = []
        self.throttled = 0
        self.pool = Pool(directory, keeper)
        self._directory = directory
        self._control = control
        self._server = Server(self._respond)
        self.address = self._server.address
        self.url = self._server.url
        self.variables = {
            **variables,
            "AWS_ENDPOINT_URL": self.url,
            "PATH": os.environ["PATH"],
            "LAMBDA_RUNTIME_DIR": str(directory / "lib"),
        }

    def logs(self, name: str) -> str:
        """All that the environments of a function wrote, one environment after the other."""
        logs = sorted(self._directory.glob(f"{name}.*/log"), key=lambda p: int(p.parent.suffix[1:]))
        return "".join(log.read_text(encoding="utf-8", errors="replace") for log in logs)

    def close(self) -> None:
        """Kill all environments and stop answering."""
        self.pool.kill()
        self._server.close()
        self.pool.close()

    def _respond(self, handler: Handler) -> None:
        path = urlsplit(handler.path).path
        if handler.command == "POST" and INVOKE.fullmatch(path):
            handler.answer(self._invoke(handler))
        elif path.rstrip("/") == _ACCOUNT:
            limit = self.pool.limit
            limits = {"ConcurrentExecutions": limit, "UnreservedConcurrentExecutions": limit}
            handler.answer(Reply(200, (), json.dumps({"AccountLimit": limits}).encode()))
        else:
            try:
                reply = self._control.forward(handler)
            except Refused as refused:
                reply = refused.reply
            if handler.command != "GET" and (changed := _FUNCTION.match(path)):
                self.pool.retire(unquote(changed[1]))
            handler.answer(reply)

    def _invoke(self, handler: Handler) -> Reply:
        event = handler.content() or b"{}"
        if len(event) > REQUEST_LIMIT:
            text = f"Request must be smaller than {REQUEST_LIMIT} bytes for the Invoke operation"
            return refusal(413, "RequestTooLargeException", text)
        kind = handler.headers.get("X-Amz-Invocation-Type", "RequestResponse")
        if kind not in ("RequestResponse", "DryRun"):
            return refusal(400, "InvalidParameterValueException", f"{kind} is not offered here")
        url = urlsplit(handler.path)
        name = unquote(url.path.split("/")[3])
        try:
            json.loads(event)
            function = self._control.function(name, parse_qs(url.query).get("Qualifier", [""])[0])
            if kind == "DryRun":
                return Reply(204)
            environment = self.pool.take(function, self.variables)
        except json.JSONDecodeError as error:
            text = f"Could not parse request body into json: {error}"
            return refusal(400, "InvalidRequestContentException", text)
        except Refused as refused:
            return refused.reply
        except Throttled as reason:
            self.throttled += 1
            return throttle(str(reason))
        ruin, _, after = handler.headers.get(FAULT, "").partition(" ")
        try:
            request_id = str(uuid.uuid4())
            done = environment.invoke(request_id, event, Ruin(ruin, float(after)) if ruin else None)
        finally:
            self.pool.give_back(environment)
        self.invocations.append(done)
        headers = {
            "Content-Type": "application/json",
            "x-amzn-RequestId": request_id,
            "X-Amz-Executed-Version": function.version,
        }
        if done.status != "success":
            headers["X-Amz-Function-Error"] = "Unhandled"
        if handler.headers.get("X-Amz-Log-Type") == "Tail":
            headers["X-Amz-Log-Result"] = base64.b64encode(done.log[-TAIL:]).decode()
        return Reply(200, tuple(headers.items()), done.body)


def throttle(reason: str) -> Reply:
    """The answer to an invocation too many."""
    return refusal(429, "TooManyRequestsException", "Rate Exceeded.", Reason=reason)
