"""Doctor: whether everything that a run needs is there, a line for each thing.

OK    what is as it should be
WARN  what a run can do without -> what to do about it
FAIL  what it cannot do without -> what to do about it
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable
from typing import Any

from leashc import package
from leashc.clients import Clients, ask, bucket, plainly
from leashc.findings import DEPLOY, Finding, Findings, compared, machine
from runtime.errors import RunError
from runtime.target import Target
from runtime.tools import survey

Echo = Callable[[str], object]

FEW_CALLS = 100  # at a time; new accounts begin with 10
WHOLE_CORE = 1769  # MB of a function that has one vCPU


def doctor(target: Target, echo: Echo) -> bool:
    """Look at the account, the bucket and the function; whether nothing failed."""
    sound = True
    patient = _Patient(target, Clients())
    for check in (_credentials, _bucket, _function, _worker, _concurrency):
        failed = not _told(check(patient), echo)
        sound = sound and not failed
        if failed and check is _credentials:
            break  # whatever else is asked would fail as well
    return sound


def doctor_here(echo: Echo) -> bool:
    """Look at this machine; whether nothing failed."""
    return _told(machine(), echo)


def _told(findings: Findings, echo: Echo) -> bool:
    """Whether nothing failed, every finding told."""
    sound = True
    try:
        with plainly():
            for finding in findings:
                sound = sound and finding.word != "FAIL"
                echo(str(finding))
    except RunError as error:
        echo(str(Finding("FAIL", str(error), error.remedy)))
        return False
    return sound


class _Patient:
    """What is examined. function: its configuration, once it is known."""

    def __init__(self, target: Target, clients: Clients) -> None:
        self.target = target
        self.clients = clients
        self.function: dict[str, Any] = {}


def _credentials(patient: _Patient) -> Findings:
    region = patient.clients.region
    found = patient.clients("sts").get_caller_identity()
    yield Finding("OK", f"credentials of {found['Arn']}")
    if patient.clients.account() != found["Account"]:
        told = os.environ["AWS_ACCOUNT_ID"]
        what = f"AWS_ACCOUNT_ID is {told}, and the credentials are of {found['Account']}"
        yield Finding("FAIL", what, "unset it, or use that account's credentials")
    yield Finding("OK", f"region {region}")


def _bucket(patient: _Patient) -> Findings:
    from runtime.s3 import Store

    target = patient.target
    there = bucket(patient.clients, target.bucket).get("BucketRegion", "")
    here = patient.clients.region
    if there not in ("", here):
        yield Finding(
            "WARN",
            f"bucket {target.bucket} is in {there}, the function in {here}",
            f"--region {there}: bytes between regions cost time and money",
        )
    else:
        yield Finding("OK", f"bucket {target.bucket}")
    store, path = Store(), target.path(f"doctor/{secrets.token_hex(8)}")
    try:
        first, second = store.put(path, b"a", once=True), store.put(path, b"b", once=True)
    finally:
        store.delete([path])
    if first and not second:
        yield Finding("OK", f"conditional writes beneath {target.path('')}")
    else:
        yield Finding(
            "FAIL",
            "the bucket does not keep the first of two writes (If-None-Match)",
            "use a store that has conditional writes, as S3 does",
        )


def _function(patient: _Patient) -> Findings:
    target, client = patient.target, patient.clients("lambda")
    found = ask(client.get_function_configuration, FunctionName=target.function)
    if found is None:
        raise RunError(f"there is no function {target.function}", DEPLOY)
    patient.function = found
    state = found.get("State", "Active")
    # An idle one wakes up when it is invoked.
    if state in ("Active", "Inactive") and found.get("LastUpdateStatus") != "InProgress":
        yield Finding("OK", f"function {target.function} is {state.lower()}")
    else:
        yield Finding("FAIL", f"function {target.function} is {state.lower()}", DEPLOY)
    python = str(found["Runtime"]).removeprefix("python")
    executable = package.kernel(found.get("Architectures", ["x86_64"])[0])
    if found["CodeSha256"] == package.digest(package.build(python, executable)):
        yield Finding("OK", "its code is the one of this leashc")
    else:
        yield Finding("FAIL", "its code is not the one of this leashc", DEPLOY)
    variables = found.get("Environment", {}).get("Variables", {})
    served = Target(variables.get("LEASH_BUCKET", ""), variables.get("LEASH_PREFIX", ""))
    if served.path("") == target.path(""):
        yield Finding("OK", f"it serves {served.path('')}")
    else:
        what = f"it serves {served.path('')}, not {target.path('')}"
        yield Finding("FAIL", what, f"name that place, or {DEPLOY}")
    size = f"{found['MemorySize']} MB, {found['Timeout']} s"
    size += f", {found.get('EphemeralStorage', {}).get('Size', 512)} MB of /tmp"
    machine = f"python{python}, {', '.join(found.get('Architectures', ['x86_64']))}"
    if found["MemorySize"] < WHOLE_CORE:
        yield Finding("WARN", f"it has {size}, {machine}", f"--memory {WHOLE_CORE} is a whole core")
    else:
        yield Finding("OK", f"it has {size}, {machine}")


def _worker(patient: _Patient) -> Findings:
    """What the worker finds where it runs, beside what is here."""
    from runtime.deployed import ask as ask_tools
    from runtime.invoke import Function, Passing
    from runtime.s3 import Store

    if not patient.function:
        return
    target = patient.target
    Store().delete([target.tools])  # a run asks anew
    try:
        answer = ask_tools(target, Function(target.function, 1))
    except Passing as why:
        yield Finding("FAIL", f"invocation: {why}", "try again; its log may say more")
        return
    if "error" in answer.value or "tools" not in answer.value:
        error = answer.value.get("error", {"message": "the worker does not say what it has"})
        yield Finding("FAIL", f"invocation: {error['message']}", error.get("remedy") or DEPLOY)
        return
    yield Finding("OK", f"invocation: {answer.billed} ms billed, {answer.init:.0f} ms to start")
    there = answer.value["tools"]
    yield from compared(survey(there["commands"]), there)


def _concurrency(patient: _Patient) -> Findings:
    client, name = patient.clients("lambda"), patient.target.function
    if patient.function:
        found = ask(client.get_function_concurrency, FunctionName=name) or {}
        reserved = found.get("ReservedConcurrentExecutions")
        if reserved == 0:
            remedy = f"aws lambda delete-function-concurrency --function-name {name}"
            yield Finding("FAIL", f"{name} may not run: no concurrency is reserved for it", remedy)
        elif reserved:
            yield Finding("OK", f"{reserved} calls at a time, reserved for {name}")
    try:
        with plainly():
            limits = client.get_account_settings()["AccountLimit"]
    except RunError as error:
        yield Finding("WARN", f"the account's concurrency is not known: {error}", error.remedy)
        return
    calls = limits["UnreservedConcurrentExecutions"]
    if calls < FEW_CALLS:
        remedy = f"use --jobs {calls}, or ask for more in Service Quotas"
        yield Finding("WARN", f"{calls} calls at a time in this account", remedy)
    else:
        yield Finding("OK", f"{calls} calls at a time in this account")
