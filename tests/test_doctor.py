"""doctor, against moto; the worker's answers are given by the test."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from click.testing import CliRunner

from leashc.cloud_commands import doctor as command
from leashc.deploy import Settings, deploy
from leashc.doctor import doctor
from runtime import tools
from runtime.deployed import family
from runtime.invoke import Answer, Function, Passing
from runtime.target import Target
from tests.account import account, nothing_else

TARGET = Target("data", "leash/", "worker")
REGION = "us-east-1"


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, Any]]:
    """An account with a deployed function; what it gives answers as the worker would."""
    monkeypatch.setenv("LC_ALL", "C")
    answer: dict[str, Any] = {}

    def invoke(function: Function, event: dict[str, Any]) -> Answer:
        assert (event["ask"], event["bucket"], event["prefix"]) == ("tools", "data", "leash/")
        names = ("bash", "cut", "no-such-command", "sort")
        answer.setdefault("tools", tools.survey(names))
        answer["tools"].update(answer.pop("changed", {}))
        return Answer(answer, 120, 80.0)

    monkeypatch.setattr(Function, "__call__", invoke)
    limits = {"AccountLimit": {"UnreservedConcurrentExecutions": 1000}}
    with account(monkeypatch, REGION):
        client("s3").create_bucket(Bucket="data")
        deploy(TARGET, Settings(commands=("no-such-command",)), print)
        monkeypatch.setattr(
            "botocore.client.ClientCreator._create_api_method",
            answering("get_account_settings", limits),
        )
        yield answer


def answering(name: str, value: dict[str, Any]) -> Any:
    """In the place of what makes a client's methods: one of them, which moto lacks, is ours."""
    from botocore.client import ClientCreator

    real = ClientCreator._create_api_method

    def made(self: Any, method: str, operation: str, model: Any) -> Any:
        return (lambda _: value) if method == name else real(self, method, operation, model)

    return made


def client(service: str) -> Any:
    return boto3.client(service, REGION)


def lines() -> tuple[bool, list[str]]:
    said: list[str] = []
    return doctor(TARGET, said.append), said


def failures() -> list[str]:
    sound, said = lines()
    failed = [line for line in said if line.startswith("FAIL")]
    assert sound == (not failed)
    return failed


def test_all_is_well(aws: dict[str, Any]) -> None:
    sound, said = lines()
    assert sound
    assert not [line for line in said if line.startswith("FAIL")]
    text = "\n".join(said)
    for part in (
        "OK    credentials of arn:aws:sts::123456789012:",
        "OK    region us-east-1",
        "OK    bucket data",
        "OK    conditional writes beneath s3://data/leash/",
        "OK    function worker is active",
        "OK    its code is the one of this leashc",
        "OK    it serves s3://data/leash/",
        "OK    it has 3008 MB, 300 s, 2048 MB of /tmp, python",
        "OK    invocation: 120 ms billed, 80 ms to start",
        "OK    /dev/fd gives pipes by name",
        "OK    1000 calls at a time in this account",
    ):
        assert part in text
    assert not client("s3").list_objects_v2(Bucket="data").get("Contents")


def test_tools_and_locales_that_differ_are_named(
    aws: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    found = tools.survey(["bash", "sort", "cut", "no-such-command"])
    here = found["commands"]["sort"]["version"]
    found["commands"]["sort"] = {"path": "/usr/bin/sort", "version": "sort (GNU coreutils) 8.32"}
    found["commands"]["cut"] = {"path": "", "version": ""}
    aws["tools"] = {**found, "locales": ["C", "C.utf8", "POSIX"]}
    monkeypatch.setenv("LC_ALL", "tr_TR.UTF-8")
    sound, said = lines()
    assert sound
    warned = [line for line in said if line.startswith("WARN")]
    assert warned == [
        f"WARN  sort is `sort (GNU coreutils) 8.32` in the worker, `{here}` here"
        " → they may print different bytes",
        "WARN  cut is not in the worker → deploy with a --layer that has",
        "WARN  the worker has no locale tr_TR.UTF-8 → "
        "run with LC_ALL=C, or what depends on it stays here",
    ]
    assert "OK    1 commands are the same here and in the worker" in said
    assert "OK    locales in the worker: C, C.utf8, POSIX" in said


def test_what_is_wrong_with_the_function(aws: dict[str, Any]) -> None:
    worker = client("lambda")
    worker.update_function_configuration(
        FunctionName="worker", Environment={"Variables": {"LEASH_BUCKET": "b", "LEASH_PREFIX": ""}}
    )
    worker.update_function_code(FunctionName="worker", ZipFile=b"PK\5\6" + bytes(18))
    worker.put_function_concurrency(FunctionName="worker", ReservedConcurrentExecutions=0)
    aws["error"] = {"message": "the worker serves s3://b/ only", "remedy": ""}
    assert failures() == [
        "FAIL  its code is not the one of this leashc → run `leashc deploy`",
        "FAIL  it serves s3://b/, not s3://data/leash/ → name that place, or run `leashc deploy`",
        "FAIL  invocation: the worker serves s3://b/ only → run `leashc deploy`",
        "FAIL  worker may not run: no concurrency is reserved for it → "
        "aws lambda delete-function-concurrency --function-name worker",
    ]


def test_without_function_or_bucket(aws: dict[str, Any]) -> None:
    client("lambda").delete_function(FunctionName="worker")
    client("s3").delete_bucket(Bucket="data")
    assert failures() == [
        "FAIL  there is no bucket data → make it: aws s3 mb s3://data --region us-east-1",
        "FAIL  there is no function worker → run `leashc deploy`",
    ]


def test_a_store_without_conditional_writes(
    aws: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("runtime.s3.Store.put", lambda *_, once: once)
    (failed,) = failures()
    assert "If-None-Match" in failed


def test_a_call_that_does_not_come_back(
    aws: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    def invoke(*_: object) -> None:
        raise Passing("timeout", "Task timed out after 300.00 seconds")

    monkeypatch.setattr(Function, "__call__", invoke)
    (failed,) = failures()
    assert failed.startswith("FAIL  invocation: Task timed out after 300.00 seconds → ")


def test_few_calls_at_a_time(aws: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    limits = {"AccountLimit": {"UnreservedConcurrentExecutions": 10}}
    monkeypatch.setattr(
        "botocore.client.ClientCreator._create_api_method",
        answering("get_account_settings", limits),
    )
    sound, said = lines()
    assert sound
    assert said[-1] == (
        "WARN  10 calls at a time in this account → "
        "use --jobs 10, or ask for more in Service Quotas"
    )


def test_without_credentials_nothing_else_is_asked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    nothing_else(monkeypatch)
    assert failures() == ["FAIL  which region? → say --region, or set AWS_REGION"]
    monkeypatch.setenv("AWS_REGION", REGION)
    assert failures() == [
        "FAIL  there are no AWS credentials → "
        "run `aws configure`, or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"
    ]


def test_an_account_that_is_another_ones(
    aws: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ACCOUNT_ID", "210987654321")
    assert failures() == [
        "FAIL  AWS_ACCOUNT_ID is 210987654321, and the credentials are of 123456789012 → "
        "unset it, or use that account's credentials"
    ]


def test_this_machine() -> None:
    found = CliRunner().invoke(command, ["--backend", "local"])
    assert found.exit_code == 0, found.output
    assert "OK    bash: GNU bash" in found.output
    assert "OK    sed: sed (GNU sed)" in found.output


def test_a_machine_without_bash(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    found = CliRunner().invoke(command, ["--backend", "local"])
    assert found.exit_code == 1
    assert "FAIL  bash is not here → install it" in found.output


def test_a_survey_runs_no_file_that_is_pointed_at() -> None:
    found = tools.survey(["/bin/sh", "../sh", "no-such-command"])
    assert set(map(str, found["commands"].values())) == {"{'path': '', 'version': ''}"}
    assert found["descriptors"] and found["cores"] and found["scratch"] > 1 << 20


def test_a_tool_that_hangs_is_not_waited_for(
    tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    tool = tmp_path / "slow"
    tool.write_text("#!/bin/sh\nexec sleep 60\n")
    tool.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    monkeypatch.setattr(tools, "LONGEST", 0.2)
    assert tools.survey(["slow"])["commands"]["slow"]["version"] == "unknown"


def test_commands_need_a_bucket(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LEASH_BUCKET", "AWS_BUCKET"):
        monkeypatch.delenv(name, raising=False)
    found = CliRunner().invoke(command, ["--backend", "aws"])
    assert found.exit_code == 2
    assert "which bucket" in found.output


def test_tools_of_one_family_do_the_same() -> None:
    assert family("sort (GNU coreutils) 8.32") == family("sort (GNU coreutils) 9.4")
    assert family("GNU Awk 5.1.0, API: 2.0") == family("GNU Awk 5.3.1, API: 3.2")
    said = ("mawk 1.3.4 20200120", "GNU Awk 5.1.0", "awk version 20240728", "BusyBox v1.36.1")
    assert len({family(version) for version in said}) == 4
