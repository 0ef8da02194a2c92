"""The local cloud itself: what the tests on it rely on."""

from __future__ import annotations

import base64
import io
import itertools
import json
import os
import re
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError, ConnectionClosedError, HTTPClientError

from tests.cloud import LAMBDA_KINDS, Cloud, Faults
from tests.cloud.keeper import processes
from tests.command import ROOT, until

HANDLER = """
import importlib, os, subprocess, time

def handler(event, context):
    print("event", sorted(event))
    if "sleep" in event:
        time.sleep(event["sleep"])
    if "fail" in event:
        raise ValueError(event["fail"])
    if "grow" in event:
        kept = [bytearray(1 << 20) for _ in range(event["grow"])]
        subprocess.run(["sleep", "30.125"])
    if "child" in event:
        return subprocess.Popen(["sleep", "600"]).pid
    if "size" in event:
        return "x" * event["size"]
    if "exit" in event:
        os._exit(event["exit"])
    if "import" in event:
        return importlib.import_module(event["import"]).__name__
    if "environment" in event:
        return dict(os.environ)
    if "left" in event:
        return context.get_remaining_time_in_millis()
    return {"event": event, "process": os.getpid()}
"""

Invoke = Callable[..., Any]


def package(source: str) -> bytes:
    """A zip with one module, `main`."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("main.py", source)
    return file.getvalue()


@pytest.fixture
def function(cloud: Cloud, request: pytest.FixtureRequest) -> str:
    """The name of a function of this test's own, with 2 s and 128 MB."""
    name = re.sub(r"\W+", "-", request.node.name)[:60]
    create(cloud, name)
    return name


def create(cloud: Cloud, name: str, source: str = HANDLER) -> None:
    role = "arn:aws:iam::123456789012:role/tester"
    iam = cloud.client("iam")
    try:
        role = iam.create_role(RoleName="tester", AssumeRolePolicyDocument="{}")["Role"]["Arn"]
    except iam.exceptions.EntityAlreadyExistsException:
        pass
    finally:
        iam.close()
    cloud.lambda_.create_function(
        FunctionName=name,
        Role=role,
        Runtime="python3.11",
        Handler="main.handler",
        Timeout=2,
        Environment={"Variables": {"ONE": "1"}},
        Code={"ZipFile": package(source)},
    )


def invoke(cloud: Cloud, name: str, client: Any = None, **event: Any) -> Any:
    """The value that a function gives; AssertionError with what it failed with."""
    answer = (client or cloud.lambda_).invoke(FunctionName=name, Payload=json.dumps(event))
    value = json.loads(answer["Payload"].read())
    assert "FunctionError" not in answer, value
    return value


def failure(cloud: Cloud, name: str, **event: Any) -> tuple[Any, str]:
    """What a function fails with, and the tail of its log."""
    answer = cloud.lambda_.invoke(FunctionName=name, Payload=json.dumps(event), LogType="Tail")
    assert (answer["StatusCode"], answer["FunctionError"]) == (200, "Unhandled")
    return json.loads(answer["Payload"].read()), base64.b64decode(answer["LogResult"]).decode()


def test_a_function_runs_under_the_runtime_client(cloud: Cloud, function: str) -> None:
    started = cloud.environments.started
    answer = cloud.lambda_.invoke(
        FunctionName=function, Payload=b'{"a": "\\u00e9"}', LogType="Tail"
    )
    assert answer["ExecutedVersion"] == "$LATEST"
    value = json.loads(answer["Payload"].read())
    assert value["event"] == {"a": "é"}
    report = (
        r"START RequestId: (\S+) Version: \$LATEST\nevent \['a'\]\nEND RequestId: \1\n"
        r"REPORT RequestId: \1\tDuration: [\d.]+ ms\tBilled Duration: \d+ ms\t"
        r"Memory Size: 128 MB\tMax Memory Used: \d+ MB\t(Init Duration: [\d.]+ ms\t)?\n"
    )
    first = re.fullmatch(report, base64.b64decode(answer["LogResult"]).decode())
    assert first and first[2]
    assert invoke(cloud, function)["process"] == value["process"], "warm"
    assert cloud.environments.started == started + 1
    assert [i.cold for i in cloud.invocations if i.function == function] == [True, False]
    assert cloud.logs(function).count("REPORT") == 2


def test_a_function_sees_what_lambda_gives_it(cloud: Cloud, function: str) -> None:
    given = invoke(cloud, function, environment=1)
    assert given["ONE"] == "1"
    assert given["AWS_LAMBDA_FUNCTION_NAME"] == function
    assert given["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"] == "128"
    assert given["AWS_ENDPOINT_URL_S3"] == cloud.environment["AWS_ENDPOINT_URL_S3"]
    assert "HYPOTHESIS" not in given and "PYTEST_CURRENT_TEST" not in given
    assert 1000 < invoke(cloud, function, left=1) <= 2000


def test_only_the_code_and_the_image_can_be_imported(cloud: Cloud, function: str) -> None:
    for name in ("boto3", "main"):
        assert invoke(cloud, function, **{"import": name}) == name
    for name in ("runtime", "leashc", "lambdas", "networkx", "pytest"):
        error, _ = failure(cloud, function, **{"import": name})
        assert error["errorMessage"] == f"No module named '{name}'"


def test_errors_of_the_function(cloud: Cloud, function: str) -> None:
    error, log = failure(cloud, function, fail="no")
    assert (error["errorType"], error["errorMessage"]) == ("ValueError", "no")
    assert "raise ValueError" in error["stackTrace"][0]
    assert "[ERROR] ValueError: no\nTraceback" in log
    error, log = failure(cloud, function, exit=3)
    assert error["errorType"] == "Runtime.ExitError"
    assert error["errorMessage"].endswith("Error: Runtime exited with error: exit status 3")
    assert "Error Type: Runtime.ExitError" in log
    assert invoke(cloud, function)["event"] == {}, "it recovers"


def test_code_that_cannot_be_imported(cloud: Cloud) -> None:
    create(cloud, "broken", "import absent")
    error, _ = failure(cloud, "broken")
    assert error["errorType"] == "Runtime.ImportModuleError"
    cloud.lambda_.update_function_code(FunctionName="broken", ZipFile=package(HANDLER))
    assert invoke(cloud, "broken", a=1)["event"] == {"a": 1}


def test_timeout(cloud: Cloud, function: str) -> None:
    cloud.lambda_.update_function_configuration(FunctionName=function, Timeout=1)
    began = time.monotonic()
    error, log = failure(cloud, function, sleep=20)
    assert time.monotonic() - began < 15
    assert error["errorType"] == "Sandbox.Timedout"
    assert error["errorMessage"].endswith("Error: Task timed out after 1.00 seconds")
    assert "Status: timeout" in log


def test_memory(cloud: Cloud, function: str) -> None:
    cloud.lambda_.update_function_configuration(FunctionName=function, Timeout=20)
    error, log = failure(cloud, function, grow=200)
    assert error["errorType"] == "Runtime.ExitError"
    assert error["errorMessage"].endswith("Error: Runtime exited with error: signal: killed")
    assert "Runtime.OutOfMemory" in log
    used = re.search(r"Max Memory Used: (\d+) MB", log)
    assert used and 128 < int(used[1]) < 300
    assert _mentioning("30.125") == []
    cloud.lambda_.update_function_configuration(FunctionName=function, MemorySize=512, Timeout=1)
    error, _ = failure(cloud, function, grow=200)
    assert error["errorType"] == "Sandbox.Timedout", "enough memory"


def test_an_environment_ends_with_all_that_it_started(cloud: Cloud, function: str) -> None:
    child = invoke(cloud, function, child=1)
    assert child in {process.pid for process in processes()}
    cloud.lambda_.delete_function(FunctionName=function)
    assert child not in {process.pid for process in processes()}
    with pytest.raises(cloud.lambda_.exceptions.ResourceNotFoundException, match="not found"):
        invoke(cloud, function)


def test_concurrency(cloud: Cloud, function: str) -> None:
    def one(_: int) -> str:
        try:
            invoke(cloud, function, sleep=0.5)
        except cloud.lambda_.exceptions.TooManyRequestsException as error:
            return (
                f"{error.response['ResponseMetadata']['HTTPStatusCode']} {error.response['Reason']}"
            )
        return "done"

    def at_once(count: int) -> list[str]:
        with ThreadPoolExecutor(count) as pool:
            return sorted(pool.map(one, range(count)))

    refused = cloud.throttled
    cloud.lambda_.put_function_concurrency(FunctionName=function, ReservedConcurrentExecutions=1)
    assert at_once(2) == ["429 ReservedFunctionConcurrentInvocationLimitExceeded", "done"]
    cloud.lambda_.delete_function_concurrency(FunctionName=function)
    cloud.limit(3)
    try:
        assert at_once(4) == ["429 ConcurrentInvocationLimitExceeded", "done", "done", "done"]
    finally:
        cloud.limit(32)
    assert cloud.throttled == refused + 2


def test_payload_limits(cloud: Cloud, function: str) -> None:
    with pytest.raises(cloud.lambda_.exceptions.RequestTooLargeException):
        invoke(cloud, function, big="x" * (6 << 20))
    assert len(invoke(cloud, function, big="x" * ((6 << 20) - 100))["event"]["big"]) > 6_000_000
    assert len(invoke(cloud, function, size=6_000_000)) == 6_000_000
    error, _ = failure(cloud, function, size=6_400_000)
    assert error["errorType"] == "Function.ResponseSizeTooLarge"
    assert len(invoke(cloud, function, size=6_000_000)) == 6_000_000
    with pytest.raises(cloud.lambda_.exceptions.InvalidRequestContentException):
        cloud.lambda_.invoke(FunctionName=function, Payload=b"{")


def test_the_control_plane(cloud: Cloud, function: str) -> None:
    cloud.lambda_.update_function_configuration(
        FunctionName=function, MemorySize=3008, EphemeralStorage={"Size": 2048}
    )
    known = cloud.lambda_.get_function(FunctionName=function)["Configuration"]
    assert (known["MemorySize"], known["EphemeralStorage"]) == (3008, {"Size": 2048})
    assert cloud.lambda_.get_account_settings()["AccountLimit"]["ConcurrentExecutions"] == 32
    sts = cloud.client("sts")
    assert sts.get_caller_identity()["Account"] == "123456789012"
    sts.close()


@pytest.fixture
def key(request: pytest.FixtureRequest) -> str:
    """A key of this test's own."""
    return f"{request.node.name}/object"


def test_an_object_is_made_once(cloud: Cloud, key: str) -> None:
    def put(number: int) -> str:
        try:
            cloud.s3.put_object(
                Bucket=cloud.bucket, Key=key, Body=str(number).encode(), IfNoneMatch="*"
            )
        except ClientError as error:
            return str(error.response["Error"]["Code"])
        return str(number)

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(put, range(8)))
    (winner,) = set(answers) - {"PreconditionFailed", "ConditionalRequestConflict"}
    assert cloud.s3.get_object(Bucket=cloud.bucket, Key=key)["Body"].read() == winner.encode()


def test_ranges_of_one_version(cloud: Cloud, key: str) -> None:
    place = {"Bucket": cloud.bucket, "Key": key}
    tag = cloud.s3.put_object(**place, Body=b"0123456789")["ETag"]
    part = cloud.s3.get_object(**place, Range="bytes=2-4", IfMatch=tag)
    assert (part["Body"].read(), part["ContentRange"]) == (b"234", "bytes 2-4/10")
    assert cloud.s3.get_object(**place, Range="bytes=8-99")["Body"].read() == b"89"
    cloud.s3.put_object(**place, Body=b"other")
    for options, code in (
        ({"Range": "bytes=0-1", "IfMatch": tag}, "PreconditionFailed"),
        ({"Range": "bytes=50-60"}, "InvalidRange"),
        ({"Key": "absent"}, "NoSuchKey"),
        ({"Bucket": "no-such-bucket"}, "NoSuchBucket"),
    ):
        with pytest.raises(ClientError, match=code):
            cloud.s3.get_object(**place | options)


def test_multipart(cloud: Cloud, key: str) -> None:
    place = {"Bucket": cloud.bucket, "Key": key}
    block = os.urandom(5 << 20)
    cloud.s3.put_object(Bucket=cloud.bucket, Key=f"{key}.source", Body=b"hello")
    upload = {**place, "UploadId": cloud.s3.create_multipart_upload(**place)["UploadId"]}
    first = cloud.s3.upload_part(**upload, PartNumber=1, Body=block)["ETag"]
    source = {"Bucket": cloud.bucket, "Key": f"{key}.source"}
    copied = cloud.s3.upload_part_copy(
        **upload, PartNumber=2, CopySource=source, CopySourceRange="bytes=1-3"
    )["CopyPartResult"]["ETag"]
    listed = cloud.s3.list_parts(**upload)["Parts"]
    assert [(p["PartNumber"], p["Size"]) for p in listed] == [(1, 5 << 20), (2, 3)]
    parts = [{"PartNumber": 1, "ETag": first}, {"PartNumber": 2, "ETag": copied}]
    cloud.s3.complete_multipart_upload(**upload, MultipartUpload={"Parts": parts}, IfNoneMatch="*")
    assert cloud.s3.get_object(**place)["Body"].read() == block + b"ell"
    upload = {**place, "UploadId": cloud.s3.create_multipart_upload(**place)["UploadId"]}
    part = {"PartNumber": 1, "ETag": cloud.s3.upload_part(**upload, PartNumber=1, Body=b"")["ETag"]}
    with pytest.raises(ClientError, match="PreconditionFailed"):
        cloud.s3.complete_multipart_upload(
            **upload, MultipartUpload={"Parts": [part]}, IfNoneMatch="*"
        )
    assert [u["Key"] for u in cloud.s3.list_multipart_uploads(Bucket=cloud.bucket)["Uploads"]]
    cloud.s3.abort_multipart_upload(**upload)
    assert "Uploads" not in cloud.s3.list_multipart_uploads(Bucket=cloud.bucket)
    with pytest.raises(ClientError, match="NoSuchUpload"):
        cloud.s3.upload_part(**upload, PartNumber=1, Body=b"")


def test_listing_in_pages(cloud: Cloud, key: str) -> None:
    keys = [f"{key}/{number:02}" for number in range(7)]
    for name in keys:
        cloud.s3.put_object(Bucket=cloud.bucket, Key=name)
    pages = cloud.s3.get_paginator("list_objects_v2").paginate(
        Bucket=cloud.bucket, Prefix=f"{key}/", PaginationConfig={"PageSize": 3}
    )
    found = [[entry["Key"] for entry in page["Contents"]] for page in pages]
    assert [len(page) for page in found] == [3, 3, 1]
    assert list(itertools.chain(*found)) == keys


@pytest.mark.parametrize(
    ("kind", "error", "done"),
    [
        ("slow-down", "SlowDown", False),
        ("internal-error", "InternalError", False),
        ("reset", "closed", False),
        ("lost", "closed", True),
        ("dropped", "closed", True),
        ("truncated", "closed", True),
    ],
)
def test_faults_of_writes(cloud: Cloud, key: str, kind: str, error: str, done: bool) -> None:
    with cloud.faults(1, rate=1, kinds=[f"s3:{kind}"], limit=1) as faults:
        s3 = cloud.client("s3", faults.environment)
        place = {"Bucket": cloud.bucket, "Key": key}
        with pytest.raises((ClientError, HTTPClientError), match=f"(?i){error}|header|response"):
            s3.put_object(**place, Body=b"x", IfNoneMatch="*")
        if done:
            with pytest.raises(ClientError, match="PreconditionFailed"):
                s3.put_object(**place, Body=b"x", IfNoneMatch="*")
        else:
            s3.put_object(**place, Body=b"x", IfNoneMatch="*")
        assert [fault.kind for fault in faults.injected] == [f"s3:{kind}"]
        s3.close()


@pytest.mark.parametrize("kind", ["dropped", "truncated"])
def test_faults_of_reads(cloud: Cloud, key: str, kind: str) -> None:
    body = os.urandom(1 << 20)
    cloud.s3.put_object(Bucket=cloud.bucket, Key=key, Body=body)
    with cloud.faults(2, rate=1, kinds=[f"s3:{kind}"], limit=1) as faults:
        s3 = cloud.client("s3", faults.environment)
        whole = s3.get_object(Bucket=cloud.bucket, Key=key, Range="bytes=0-")
        assert whole["ContentLength"] == len(body)
        with pytest.raises((HTTPClientError, ClientError)):
            whole["Body"].read()
        again = s3.get_object(Bucket=cloud.bucket, Key=key, Range="bytes=0-")
        assert again["Body"].read() == body
        s3.close()


def test_slow_responses(cloud: Cloud, key: str) -> None:
    cloud.s3.put_object(Bucket=cloud.bucket, Key=key, Body=b"slow")
    with cloud.faults(3, rate=1, kinds=["s3:slow"], delay=0.5) as faults:
        s3 = cloud.client("s3", faults.environment)
        began = time.monotonic()
        assert s3.get_object(Bucket=cloud.bucket, Key=key)["Body"].read() == b"slow"
        assert time.monotonic() - began > 0.1
        s3.close()


def test_faults_of_invocations(cloud: Cloud, function: str) -> None:
    def calls() -> int:
        return sum(invocation.function == function for invocation in cloud.invocations)

    seen = {}
    for kind in LAMBDA_KINDS:
        before = calls()
        with cloud.faults(4, rate=1, kinds=[kind], limit=1, delay=0.1) as faults:
            client = cloud.client("lambda", faults.environment)
            try:
                invoke(cloud, function, client, attempt=1)
                seen[kind] = "done"
            except (ClientError, ConnectionClosedError, AssertionError) as error:
                seen[kind] = str(error)
            assert [fault.kind for fault in faults.injected] == [kind]
            faults.settle()
            seen[kind] += f" {calls() - before}"
            assert invoke(cloud, function, client, attempt=2)["event"] == {"attempt": 2}
            client.close()
    for kind, (text, count) in {
        "throttled": ("TooManyRequestsException", 0),
        "server-error": ("ServiceException", 0),
        "lost": ("Connection", 1),
        "duplicated": ("done", 2),
        "timeout": ("Sandbox.Timedout", 1),
        "memory": ("signal: killed", 1),
    }.items():
        assert text in seen[f"lambda:{kind}"] and seen[f"lambda:{kind}"].endswith(f" {count}")


def test_functions_meet_the_faults_too(cloud: Cloud, function: str) -> None:
    with cloud.faults(5, rate=0) as faults:
        client = cloud.client("lambda", faults.environment)
        given = invoke(cloud, function, client, environment=1)
        assert given["AWS_ENDPOINT_URL_S3"] == faults.environment["AWS_ENDPOINT_URL_S3"]
        assert given["AWS_ENDPOINT_URL_S3"] != cloud.environment["AWS_ENDPOINT_URL_S3"]
        assert faults.injected == []
        client.close()


def test_a_plan_follows_from_its_seed() -> None:
    def plan(seed: int, order: list[int]) -> set[tuple[str, str]]:
        faults = Faults(seed, rate=0.3, limit=2)
        kinds = [[faults.draw("s3", str(target))[0] for _ in range(20)] for target in order]
        for drawn in kinds:
            assert "" in drawn and all(any(k == "" for k in drawn[i : i + 3]) for i in range(18))
        return {(fault.kind, fault.target) for fault in faults.injected}

    assert plan(1, [1, 2, 3]) == plan(1, [3, 1, 2]) != plan(2, [1, 2, 3])


def test_a_command_in_a_cloud_of_its_own() -> None:
    text = 'echo "$AWS_BUCKET"; exit 3'
    ran = subprocess.run(
        [sys.executable, "-W", "error", "-m", "tests.cloud", "--", "sh", "-c", text],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        timeout=60,
    )
    assert (ran.stdout, ran.stderr, ran.returncode) == ("leashc-cloud\n", "", 3)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_nothing_is_left(number: signal.Signals, tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "tests.cloud"],
        stdout=subprocess.PIPE,
        cwd=ROOT,
        env={**os.environ, "TMPDIR": str(tmp_path)},
        text=True,
    ) as process:
        assert process.stdout
        printed = [process.stdout.readline() for _ in range(8)]
        assert printed[0].startswith("export AWS_ENDPOINT_URL=http://127.0.0.1:")
        members = _mentioning(str(tmp_path))
        assert len(members) >= 2
        process.send_signal(number)
        assert process.wait(20) == (-9 if number == signal.SIGKILL else 128 + number)
    until(lambda: not _mentioning(str(tmp_path)) and not os.listdir(tmp_path), "all is gone")


def _mentioning(text: str) -> list[int]:
    """The processes with a text in their arguments or environment."""
    found = []
    for process in processes():
        try:
            told = [Path(f"/proc/{process.pid}/{n}").read_bytes() for n in ("cmdline", "environ")]
        except (FileNotFoundError, ProcessLookupError, PermissionError):
            continue
        if process.pid != os.getpid() and any(text.encode() in part for part in told):
            found.append(process.pid)
    return found
