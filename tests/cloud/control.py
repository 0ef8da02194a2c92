"""The control plane: moto answers; we keep the code that it is given, and read what it knows."""

from __future__ import annotations

import base64
import calendar
import hashlib
import io
import json
import os
import socket
import sys
import threading
import time
import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.cloud.keeper import Keeper
from tests.cloud.net import HOST, Handler, Reply, ask, free_ports

_FUNCTIONS = "/2015-03-31/functions"


@dataclass(frozen=True)
class Function:
    """A deployed function; `timeout` in seconds, `memory` in MB."""

    name: str
    version: str
    arn: str
    handler: str
    timeout: int
    memory: int
    variables: tuple[tuple[str, str], ...]
    code: Path
    reserved: int | None = field(compare=False)  # concurrent invocations


class Refused(Exception):
    """A request that was answered with an error."""

    def __init__(self, reply: Reply) -> None:
        super().__init__(reply)
        self.reply = reply


def refusal(status: int, kind: str, message: str, **more: str) -> Reply:
    """An error of the Lambda API, as an answer."""
    body = {"Type": "User" if status < 500 else "Service", "Message": message, **more}
    headers = (("Content-Type", "application/json"), ("x-amzn-ErrorType", kind))
    return Reply(status, headers, json.dumps(body).encode())


class Control:
    """moto in a process, and the packages that went through to it."""

    def __init__(self, directory: Path, keeper: Keeper, region: str) -> None:
        directory.mkdir()
        (port,) = free_ports(1)
        self._address = (HOST, port)
        self._directory = directory
        self._scope = f"AWS4-HMAC-SHA256 Credential=us/20200101/{region}/lambda/aws4_request"
        self._packages: dict[str, Path] = {}
        self._functions: dict[tuple[str, str], Function] = {}
        self._lock = threading.Lock()
        self.log = directory / "log"
        with self.log.open("wb") as log:
            self.process = keeper.start(
                [sys.executable, str(Path(__file__).parent / "moto_server.py"), str(port)],
                cwd=directory,
                env={"PATH": os.defpath, "AWS_DEFAULT_REGION": region},
                stdout=log,
                stderr=log,
            )

    def reach(self) -> None:
        """OSError while it does not listen yet."""
        socket.create_connection(self._address).close()

    def forward(self, handler: Handler) -> Reply:
        """Have moto answer a request; code that is uploaded with it is kept. Refused."""
        body = handler.content()
        changes = handler.command != "GET" and "/functions" in handler.path
        if changes and body:
            request = json.loads(body)
            package = request.get("Code", request).get("ZipFile")
            if package:
                self._keep(base64.b64decode(package))
        reply = ask(self._address, handler.command, handler.path, handler.headers.items(), body)
        if changes:
            self._functions.clear()
        return reply

    def function(self, name: str, qualifier: str) -> Function:
        """What is deployed under a name; Refused with AWS's answer if nothing is."""
        known = self._functions.get((name, qualifier))
        if known is None:
            known = self._functions[name, qualifier] = self._look_up(name, qualifier)
        return known

    def _look_up(self, name: str, qualifier: str) -> Function:
        path = f"{_FUNCTIONS}/{name}" + (f"?Qualifier={qualifier}" if qualifier else "")
        headers = {"Host": f"{HOST}:{self._address[1]}", "Authorization": self._scope}
        reply = ask(self._address, "GET", path, headers.items())
        if reply.status != 200:
            raise Refused(reply)
        answer: dict[str, Any] = json.loads(reply.body)
        configuration = answer["Configuration"]
        code = self._packages.get(configuration["CodeSha256"])
        if not code:
            raise Refused(refusal(502, "InvalidCodeException", "The code was not sent as ZipFile"))
        return Function(
            name=configuration["FunctionName"],
            version=configuration["Version"],
            arn=configuration["FunctionArn"],
            handler=configuration["Handler"],
            timeout=configuration["Timeout"],
            memory=configuration["MemorySize"],
            variables=tuple(configuration.get("Environment", {}).get("Variables", {}).items()),
            code=code,
            reserved=answer.get("Concurrency", {}).get("ReservedConcurrentExecutions"),
        )

    def _keep(self, package: bytes) -> None:
        """Unpack a zip under its digest, with the modes and times that it names, as Lambda does."""
        digest = hashlib.sha256(package)
        directory = self._directory / digest.hexdigest()
        with self._lock:
            if directory.exists():
                return
            try:
                _unpack(package, directory)
            except zipfile.BadZipFile as error:
                text = "Could not unzip uploaded file. Please check your file, then try again."
                raise Refused(refusal(400, "InvalidParameterValueException", text)) from error
            self._packages[base64.b64encode(digest.digest()).decode()] = directory


def _unpack(package: bytes, directory: Path) -> None:
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        directory.mkdir()
        for member in archive.infolist():
            path = archive.extract(member, directory)
            if mode := member.external_attr >> 16:
                os.chmod(path, mode & 0o777)
            # A compiled module holds the time of its source.
            os.utime(path, (time.time(), calendar.timegm(member.date_time)))
