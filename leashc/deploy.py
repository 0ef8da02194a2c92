"""Deploy: the worker's function and what belongs to it, as asked for; destroy: gone again.

What is as asked already stays untouched, so either may be repeated at any time.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, NamedTuple

from leashc import package, policy
from leashc.clients import Clients, bucket, plainly
from leashc.lifecycle import Lifecycle, rules
from leashc.parts import MADE, POLICY, Configuration, Function, LogGroup, Part, Permissions, Role
from runtime.errors import RunError
from runtime.processes import say
from runtime.s3 import split
from runtime.target import Target

Echo = Callable[[str], object]

HANDLER = "lambdas.worker.handler"
PYTHONS = ("3.11", "3.12", "3.13")  # that Lambda has


class Settings(NamedTuple):
    """What is deployed. memory, storage (/tmp): MB; timeout: seconds.

    commands: allowed beside those that have a law; reads: see policy.permissions; log_days: how
    long logs are kept, 0 for ever; expire_days: after how many days what crashed runs left is
    removed, 0 leaves the bucket's lifecycle alone.
    """

    memory: int = 3008
    timeout: int = 300
    storage: int = 2048
    architecture: str = "arm64"
    python: str = package.HERE if package.HERE in PYTHONS else "3.12"
    layers: tuple[str, ...] = ()
    commands: tuple[str, ...] = ()
    reads: tuple[str, ...] = ()
    log_days: int = 14
    expire_days: int = 0


def commands() -> tuple[str, ...]:
    """The commands that may be part of a divided stage: those that have a law to be tested."""
    from leashc import operators

    return operators.lawful()


def deploy(target: Target, settings: Settings, echo: Echo, *, dry_run: bool = False) -> None:
    """Make or update every part, with a line for each, and wait until the function is active.

    dry_run: print the policies and what would be done; change nothing. Raises RunError, before
    anything is changed, where the bucket is missing or a part is not our own.
    """
    with plainly():
        clients = Clients()
        account, region = clients.account(), clients.region
        permissions = policy.permissions(target, account, region, settings.reads)
        if dry_run:
            shown = {"role": policy.role(target), "trust": policy.trust(), POLICY: permissions}
            echo(json.dumps(shown, indent=2))
        bucket(clients, target.bucket)
        executable = package.kernel(settings.architecture)
        if not executable:
            say(
                2,
                "no compiler here makes kernels for the function, so tools do all: "
                "pip install ziglang",
            )
        code = package.build(settings.python, executable)
        role = policy.role_arn(target, account, region)
        wanted: list[tuple[Part, Any]] = [
            (Role(clients, target), policy.trust()),
            (Permissions(clients, target), permissions),
            (LogGroup(clients, target), settings.log_days),
            (Function(clients, target, code), configuration(target, settings, role, code)),
        ]
        if settings.expire_days:
            wanted.append((Lifecycle(clients, target), rules(target, settings.expire_days)))
        founds = [part.found() for part, _ in wanted]
        if not dry_run and founds != [value for _, value in wanted]:
            # What runs know of the function is asked anew.
            where, key = split(target.tools)
            clients("s3").delete_object(Bucket=where, Key=key)
        for (part, value), found in zip(wanted, founds, strict=True):
            if found == value:
                _say(echo, "unchanged", part.name)
                continue
            if not dry_run:
                part.put(value, found)
            what = part.name if found is None else f"{part.name}{_changes(found, value)}"
            _say(echo, _done("create" if found is None else "update", dry_run), what)


def destroy(target: Target, echo: Echo, *, dry_run: bool = False) -> None:
    """Delete every part; what is gone already counts as deleted. Objects in the bucket stay.

    Raises RunError, before anything is deleted, for a function or role that is not our own.
    """
    with plainly():
        clients = Clients()
        kinds = (Lifecycle, Function, LogGroup, Permissions, Role)
        parts: list[Part] = [kind(clients, target) for kind in kinds]
        founds = [part.found() for part in parts]
        for part, found in zip(parts, founds, strict=True):
            if found is None:
                _say(echo, "not there", part.name)
                continue
            if not dry_run:
                part.delete()
            _say(echo, _done("delete", dry_run), part.name)


def configuration(target: Target, settings: Settings, role: str, code: bytes) -> Configuration:
    """What the function has to be like, in Lambda's words. role: its ARN. Raises RunError."""
    for name in settings.commands:
        if not name or name != "".join(name.split()) or "@" in name:
            raise RunError(f"{name!r} is no command's name", "use --command once for each")
    allowed = sorted({*commands(), *settings.commands})
    variables = {
        "LEASH_BUCKET": target.bucket,
        "LEASH_PREFIX": target.prefix,
        "LEASH_COMMANDS": " ".join(allowed),
    }
    return {
        "Description": MADE,
        "Role": role,
        "Runtime": f"python{settings.python}",
        "Handler": HANDLER,
        "MemorySize": settings.memory,
        "Timeout": settings.timeout,
        "EphemeralStorage": {"Size": settings.storage},
        "Environment": {"Variables": variables},
        "Layers": list(settings.layers),
        "Architectures": [settings.architecture],
        "CodeSha256": package.digest(code),
    }


def _changes(found: Any, wanted: Any) -> str:
    """What is different about a function: `: MemorySize 3008 -> 1024, Environment`."""
    if not isinstance(wanted, dict) or "Handler" not in wanted:
        return ""
    changed = [
        f"{key} {found[key]} -> {value}" if isinstance(value, int) else key
        for key, value in wanted.items()
        if found[key] != value
    ]
    return f": {', '.join(changed)}"


def _done(verb: str, dry_run: bool) -> str:
    return f"would {verb}" if dry_run else f"{verb}d"


def _say(echo: Echo, state: str, what: str) -> None:
    echo(f"{state:<12}  {what}")
