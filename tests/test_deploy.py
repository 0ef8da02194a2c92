"""deploy and destroy, against moto; the package and the policies."""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from click.testing import CliRunner

from leashc import package, parts, policy
from leashc.cloud_commands import deploy as deploy_command
from leashc.cloud_commands import destroy as destroy_command
from leashc.deploy import Settings, commands, deploy, destroy
from runtime.errors import RunError
from runtime.target import Target
from tests.account import NUMBER as ACCOUNT
from tests.account import account
from tests.cloud import image

ROOT = Path(__file__).parent.parent
TARGET = Target("data", "leash/", "worker")
REGION = "eu-west-1"
# Its value is none that this interpreter makes, so that goldens hold for all.
PINNED = Settings(python="3.12")


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """An account of moto's, with a bucket."""
    monkeypatch.setattr(parts, "PAUSES", (0, 0))
    with account(monkeypatch, REGION):
        client("s3").create_bucket(
            Bucket=TARGET.bucket, CreateBucketConfiguration={"LocationConstraint": REGION}
        )
        yield


def client(service: str) -> Any:
    return boto3.client(service, REGION)


def done(settings: Settings = PINNED, target: Target = TARGET, **given: bool) -> list[str]:
    """What deploy says."""
    lines: list[str] = []
    deploy(target, settings, lines.append, **given)
    return lines


def states(lines: list[str]) -> list[str]:
    return [re.split("  +", line)[0] for line in lines]


def refusal(code: str, message: str, operation: str) -> ClientError:
    return ClientError(
        {"Error": {"Code": code, "Message": message}, "ResponseMetadata": {}},
        operation,
    )


def everything() -> dict[str, Any]:
    """What there is in the account that deploy may touch."""
    return {
        "roles": client("iam").list_roles()["Roles"],
        "functions": client("lambda").list_functions()["Functions"],
        "groups": client("logs").describe_log_groups()["logGroups"],
    }


# -- the package


def test_the_package_is_small_and_holds_runtime_and_lambdas_only() -> None:
    made = package.build()
    assert len(made) < 1 << 20
    names = zipfile.ZipFile(io.BytesIO(made)).namelist()
    assert {name.partition("/")[0] for name in names} == {"runtime", "lambdas"}
    assert "runtime/programs/count.py" in names
    assert f"runtime/__pycache__/s3.cpython-{package.HERE.replace('.', '')}.pyc" in names
    assert str(ROOT).encode() not in made


def test_the_package_is_the_same_from_the_same_source(tmp_path: Path) -> None:
    made = package.build()
    assert package.build() == made
    for name in package.PACKAGES:
        shutil.copytree(ROOT / name, tmp_path / name, copy_function=shutil.copyfile)
        (tmp_path / name / ".notes.py").write_text("not ours")
        (tmp_path / name / "notes.py~").write_text("nor this")
    shutil.copytree(ROOT / "leashc", tmp_path / "leashc")
    # Another process, with other hashes and other modules loaded.
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            "from leashc import package; print(package.digest(package.build()))",
        ],
        cwd=tmp_path,
        env={"PYTHONPATH": str(tmp_path), "PYTHONHASHSEED": "7"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == package.digest(made)


def test_the_kernels_of_a_package_need_no_library(tmp_path: Path) -> None:
    """They have a place in the zip where they are found without their sources."""
    machine = os.uname().machine
    executable = package.kernel({"aarch64": "arm64"}.get(machine, machine))
    if not executable:
        pytest.skip("no compiler here makes them")
    made = package.build(executable=executable)
    assert len(made) < 3 << 20
    archive = zipfile.ZipFile(io.BytesIO(made))
    name = "runtime/kernels/leash-kernel"
    assert archive.getinfo(name).external_attr >> 16 & 0o777 == 0o755
    assert [n for n in archive.namelist() if n.endswith((".c", ".h"))] == []
    archive.extractall(tmp_path)
    (tmp_path / name).chmod(0o755)  # as Lambda does
    program = "from runtime import kernels; print(kernels.executable())"
    env = {"PYTHONPATH": str(tmp_path)}
    found = subprocess.run(
        [sys.executable, "-c", program], env=env, stdout=-1, cwd=tmp_path, text=True, check=True
    )
    assert found.stdout.strip() == str(tmp_path / name)
    done = subprocess.run(
        [tmp_path / name, "sort", "1M", "/tmp"], input=b"b\na\n", env={}, stdout=-1, check=True
    )
    assert done.stdout == b"a\nb\n"


def test_another_python_gets_no_compiled_modules() -> None:
    names = zipfile.ZipFile(io.BytesIO(package.build("3.99"))).namelist()
    assert names and not [name for name in names if name.endswith(".pyc")]


def test_the_package_on_its_own_is_ready_before_the_first_event(tmp_path: Path) -> None:
    code, libraries = tmp_path / "code", tmp_path / "lib"
    zipfile.ZipFile(io.BytesIO(package.build())).extractall(code)
    image.libraries(libraries)
    (code / "runtime" / "worker.py").write_text("raise SystemExit('this is not compiled')")
    program = (
        "import gc, json, sys, lambdas.worker as w; from runtime.s3 import store; "
        "print(json.dumps([w.__file__, w.handle.__code__.co_filename, 'client' in vars(store()), "
        "gc.isenabled(), gc.get_freeze_count() > 0, *sys.modules]))"
    )
    done = subprocess.run(
        [*image.PYTHON, "-B", "-c", program],
        cwd="/",
        env={"PYTHONPATH": f"{code}:{libraries}", "AWS_REGION": REGION},
        capture_output=True,
        text=True,
        check=True,
    )
    file, compiled, *ready = json.loads(done.stdout)
    # The compiled module is used whatever its source's date.
    assert (file, compiled) == (
        str(code / "lambdas" / "worker.py"),
        str(code / "runtime" / "worker.py"),
    )
    assert ready[:3] == [True, True, True]
    # A cold start has no time for what it does not need.
    assert not {"boto3", "s3transfer", "leashc", "runtime.coordinator"} & set(ready[3:])


# -- the policies


def test_what_the_policies_say(golden: Callable[[str, str], None]) -> None:
    reads = (
        "s3://data/logs/2026",
        "s3://other",
        "s3://third/a/",
        "s3://third/a/b/",
        "s3://third/c",
    )
    pages = {
        "trust": policy.trust(),
        "default": policy.permissions(TARGET, ACCOUNT, REGION),
        "reads": policy.permissions(TARGET, ACCOUNT, "us-gov-west-1", reads),
        "no prefix, China": policy.permissions(
            Target("data", "", "worker"), ACCOUNT, "cn-north-1", ("s3://data/in/",)
        ),
    }
    golden("policies.json", json.dumps(pages, indent=2) + "\n")


@pytest.mark.parametrize(
    ("target", "reads"),
    [
        (Target("data", "lea*h/"), ()),
        (Target("data", "${aws:username}/"), ()),
        (Target("d?ta"), ()),
        (Target("data", "leash/", "w*"), ()),
        (TARGET, ("s3://data/*",)),
        (TARGET, ("data/in",)),
        (TARGET, ("s3://",)),
    ],
)
def test_no_name_makes_a_policy_wider(target: Target, reads: tuple[str, ...]) -> None:
    with pytest.raises(RunError):
        policy.permissions(target, ACCOUNT, REGION, reads)


def test_commands_that_only_act_on_the_world_are_not_allowed() -> None:
    assert {"sort", "grep", "awk"} <= set(commands())
    assert not {"tee", "yes", "echo"} & set(commands())


# -- deploy


def test_deploy_makes_everything(aws: None) -> None:
    assert states(done(PINNED._replace(expire_days=7))) == ["created"] * 5
    found = client("lambda").get_function_configuration(FunctionName="worker")
    assert (found["Runtime"], found["Handler"]) == ("python3.12", "lambdas.worker.handler")
    assert (found["MemorySize"], found["Timeout"]) == (3008, 300)
    assert found["EphemeralStorage"] == {"Size": 2048}
    assert found["Architectures"] == ["arm64"]
    code = package.build("3.12", package.kernel("arm64"))
    assert found["CodeSha256"] == package.digest(code)
    variables = found["Environment"]["Variables"]
    assert variables.pop("LEASH_COMMANDS").split() == list(commands())
    assert variables == {"LEASH_BUCKET": "data", "LEASH_PREFIX": "leash/"}
    role = client("iam").get_role(RoleName="worker-role")["Role"]
    assert found["Role"] == role["Arn"] == policy.role_arn(TARGET, ACCOUNT, REGION)
    assert role["AssumeRolePolicyDocument"] == policy.trust()
    inline = client("iam").get_role_policy(RoleName="worker-role", PolicyName="leashc")
    assert inline["PolicyDocument"] == policy.permissions(TARGET, ACCOUNT, REGION)
    (group,) = client("logs").describe_log_groups()["logGroups"]
    assert (group["logGroupName"], group["retentionInDays"]) == ("/aws/lambda/worker", 14)


def test_a_second_deploy_changes_nothing(aws: None) -> None:
    settings = PINNED._replace(expire_days=7, commands=("mlr",), reads=("s3://data/in/",))
    done(settings)
    before = everything()
    assert states(done(settings)) == ["unchanged"] * 5
    assert everything() == before


def test_deploy_changes_what_is_asked_for_otherwise(aws: None) -> None:
    done()
    lines = done(PINNED._replace(memory=1024, commands=("mlr",)))
    assert states(lines) == ["unchanged", "unchanged", "unchanged", "updated"]
    assert lines[-1].endswith("function worker: MemorySize 3008 -> 1024, Environment")
    found = client("lambda").get_function_configuration(FunctionName="worker")
    assert found["MemorySize"] == 1024
    assert "mlr" in found["Environment"]["Variables"]["LEASH_COMMANDS"].split()
    lines = done(PINNED._replace(reads=("s3://data/in/",), log_days=0, architecture="x86_64"))
    assert states(lines) == ["unchanged", "updated", "updated", "updated"]
    (group,) = client("logs").describe_log_groups()["logGroups"]
    assert "retentionInDays" not in group


def test_deploy_brings_code_and_trust_back(aws: None) -> None:
    done()
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr("other.py", "")
    client("lambda").update_function_code(FunctionName="worker", ZipFile=held.getvalue())
    other = json.dumps(policy.trust()).replace("lambda.", "ec2.")
    client("iam").update_assume_role_policy(RoleName="worker-role", PolicyDocument=other)
    assert states(done()) == ["updated", "unchanged", "unchanged", "updated"]
    assert states(done()) == ["unchanged"] * 4


def test_a_dry_run_prints_the_policy_and_touches_nothing(
    aws: None, golden: Callable[[str, str], None]
) -> None:
    before = everything()
    lines = done(PINNED._replace(expire_days=7), dry_run=True)
    assert everything() == before
    golden("deploy_dry_run.txt", "\n".join(lines) + "\n")
    done()
    before = everything()
    assert states(done(PINNED._replace(memory=512), dry_run=True)[1:]) == [
        *["unchanged"] * 3,
        "would update",
    ]
    assert everything() == before


def test_other_rules_of_the_bucket_stay(aws: None) -> None:
    s3 = client("s3")
    theirs = {
        "ID": "theirs",
        "Status": "Enabled",
        "Filter": {"Prefix": "old/"},
        "Expiration": {"Days": 30},
    }
    s3.put_bucket_lifecycle_configuration(Bucket="data", LifecycleConfiguration={"Rules": [theirs]})
    done(PINNED._replace(expire_days=7))
    assert states(done(PINNED._replace(expire_days=3)))[-1] == "updated"
    rules = s3.get_bucket_lifecycle_configuration(Bucket="data")["Rules"]
    days = {rule["Filter"]["Prefix"]: rule.get("Expiration", {}).get("Days") for rule in rules}
    assert days == {
        "old/": 30,
        "leash/results/": 3,
        "leash/commits/": 3,
        "leash/chunks/": 3,
        "leash/inputs/": None,
    }
    uploads = [rule.get("AbortIncompleteMultipartUpload") for rule in rules if rule != theirs]
    assert uploads == [{"DaysAfterInitiation": 1}] * 4
    destroy(TARGET, print)
    assert s3.get_bucket_lifecycle_configuration(Bucket="data")["Rules"] == [theirs]


def test_a_role_that_is_a_second_old_is_waited_for(
    aws: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried: list[int] = []

    def call() -> None:
        tried.append(1)
        if len(tried) < 3:
            message = "The role defined for the function cannot be assumed by Lambda."
            raise refusal("InvalidParameterValueException", message, "CreateFunction")

    parts._patiently(call)
    assert len(tried) == 3
    tried[:] = []
    monkeypatch.setattr(parts, "PAUSES", (0,))
    with pytest.raises(ClientError):
        parts._patiently(call)


def test_what_is_not_ours_is_left_alone(aws: None) -> None:
    text = json.dumps(policy.trust())
    client("iam").create_role(RoleName="worker-role", AssumeRolePolicyDocument=text)
    before = everything()
    for act in (lambda: done(), lambda: destroy(TARGET, print)):
        with pytest.raises(RunError, match="role worker-role that leashc did not make"):
            act()
    assert everything() == before


def test_a_missing_bucket_is_said_before_anything_is_made(aws: None) -> None:
    before = everything()
    with pytest.raises(RunError, match="there is no bucket nowhere") as caught:
        done(target=Target("nowhere"))
    assert caught.value.remedy == "make it: aws s3 mb s3://nowhere --region eu-west-1"
    assert everything() == before


def test_the_account_may_be_named(aws: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCOUNT_ID", "210987654321")
    assert "arn:aws:logs:eu-west-1:210987654321:" in done(dry_run=True)[0]
    monkeypatch.setenv("AWS_ACCOUNT_ID", "me")
    with pytest.raises(RunError, match="AWS_ACCOUNT_ID"):
        done(dry_run=True)


@pytest.mark.parametrize(
    ("code", "message", "what", "remedy"),
    [
        (
            "AccessDenied",
            "User: arn:aws:iam::1:user/me is not authorized to perform: iam:CreateRole on "
            "resource: arn:aws:iam::1:role/worker-role because no identity-based policy allows the "
            "iam:CreateRole action",
            "arn:aws:iam::1:user/me may not do iam:CreateRole on arn:aws:iam::1:role/worker-role: "
            "no identity-based policy allows the iam:CreateRole action",
            "allow iam:CreateRole",
        ),
        (
            "AccessDeniedException",
            "User: me is not authorized to perform: lambda:GetFunction on resource: x with an "
            "explicit deny in a service control policy",
            "me may not do lambda:GetFunction on x: "
            "there is an explicit deny in a service control policy",
            "allow lambda:GetFunction",
        ),
        (
            "403",
            "Forbidden",
            "HeadBucket: access denied",
            "allow s3:ListBucket for whom the credentials belong to",
        ),
        (
            "ExpiredToken",
            "it expired",
            "AWS does not accept the credentials: it expired",
            "log in again",
        ),
        ("Throttling", "slow", "HeadBucket: slow", ""),
    ],
)
def test_errors_are_for_people(
    aws: None,
    monkeypatch: pytest.MonkeyPatch,
    code: str,
    message: str,
    what: str,
    remedy: str,
) -> None:
    def refused(*_: object) -> None:
        raise refusal(code, message, "HeadBucket")

    monkeypatch.setattr("leashc.deploy.bucket", refused)
    with pytest.raises(RunError) as caught:
        done()
    assert (str(caught.value), caught.value.remedy) == (what, remedy)


# -- destroy


def test_destroy_undoes_deploy_and_can_be_repeated(aws: None) -> None:
    before = everything()
    done(PINNED._replace(expire_days=7))
    lines: list[str] = []
    there = everything()
    destroy(TARGET, lines.append, dry_run=True)
    assert states(lines) == ["would delete"] * 5
    assert everything() == there
    lines.clear()
    destroy(TARGET, lines.append)
    assert states(lines) == ["deleted"] * 5
    assert everything() == before
    with pytest.raises(ClientError, match="NoSuchLifecycleConfiguration"):
        client("s3").get_bucket_lifecycle_configuration(Bucket="data")
    lines.clear()
    destroy(TARGET, lines.append)
    assert states(lines) == ["not there"] * 5


# -- the commands


def test_the_commands(aws: None) -> None:
    runner = CliRunner()
    where = ["--bucket", "data", "--function", "worker"]
    made = runner.invoke(
        deploy_command, [*where, "--memory", "1024", "--layer", "no-arn", "--dry-run"]
    )
    assert made.exit_code == 0, made.output
    assert "would create  function worker\n" in made.output
    made = runner.invoke(deploy_command, [*where, "--memory", "1024", "--lifecycle", "2"])
    assert made.exit_code == 0, made.output
    assert "created       function worker\n" in made.output
    gone = runner.invoke(destroy_command, where)
    assert gone.output.count("deleted") == 5
    for arguments in (["--python", "2.7"], ["--log-days", "2"], ["--memory", "3G"]):
        assert runner.invoke(deploy_command, [*where, *arguments]).exit_code == 2
    assert "which bucket" in runner.invoke(destroy_command, []).output


def test_what_runs_know_of_the_function_is_forgotten_when_it_changes(aws: None) -> None:
    def known() -> bool:
        return bool(client("s3").list_objects_v2(Bucket="data", Prefix="leash/tools/")["KeyCount"])

    done()
    key = TARGET.tools.removeprefix("s3://data/")
    client("s3").put_object(Bucket="data", Key=key, Body=b"{}")
    done()
    done(PINNED._replace(memory=512), dry_run=True)
    assert known()
    done(PINNED._replace(memory=512))
    assert not known()
