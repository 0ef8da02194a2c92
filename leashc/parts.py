"""The parts of a deployment: each knows how it is found, put as wanted, and deleted.

What a part is like is one value, compared by ==: `found` tells how it is (None: not there),
`put` makes it or changes it. Role and function are touched only when they are our own.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any, Protocol

from leashc import policy
from leashc.clients import Clients, ask
from runtime.errors import RunError
from runtime.target import Target

MADE = "Made by leashc deploy"  # the description by which we know our own
POLICY = "leashc"  # the name of the role's inline policy
# Seconds between attempts: a role is known everywhere only a while after it was made.
PAUSES = (1, 2, 4, 8, 8, 8, 8, 8)

Configuration = dict[str, Any]

# The function's code is updated by another call than the rest of its configuration.
_OF_CODE = ("Architectures", "CodeSha256")
_OF_FUNCTION = (
    "Description",
    "Role",
    "Runtime",
    "Handler",
    "MemorySize",
    "Timeout",
    "EphemeralStorage",
    "Environment",
)


class Part(Protocol):
    """One thing in the account. Raises ClientError, and RunError for what is not ours."""

    name: str

    def found(self) -> Any: ...

    def put(self, wanted: Any, found: Any) -> None: ...

    def delete(self) -> None: ...


class Role:
    """Its value: the trust policy."""

    def __init__(self, clients: Clients, target: Target) -> None:
        self._role = policy.role(target)
        self._iam = clients("iam")
        self.name = f"role {self._role}"

    def found(self) -> Any:
        found = ask(self._iam.get_role, RoleName=self._role)
        if found is None:
            return None
        _own(self.name, found["Role"].get("Description"))
        return found["Role"]["AssumeRolePolicyDocument"]

    def put(self, wanted: Any, found: Any) -> None:
        text = json.dumps(wanted)
        if found is None:
            self._iam.create_role(
                RoleName=self._role, AssumeRolePolicyDocument=text, Description=MADE
            )
        else:
            self._iam.update_assume_role_policy(RoleName=self._role, PolicyDocument=text)

    def delete(self) -> None:
        self._iam.delete_role(RoleName=self._role)


class Permissions:
    """Its value: the inline policy of the role."""

    def __init__(self, clients: Clients, target: Target) -> None:
        self._which = {"RoleName": policy.role(target), "PolicyName": POLICY}
        self._iam = clients("iam")
        self.name = f"policy of role {policy.role(target)}"

    def found(self) -> Any:
        found = ask(self._iam.get_role_policy, **self._which)
        return found and found["PolicyDocument"]

    def put(self, wanted: Any, found: Any) -> None:
        self._iam.put_role_policy(**self._which, PolicyDocument=json.dumps(wanted))

    def delete(self) -> None:
        self._iam.delete_role_policy(**self._which)


class LogGroup:
    """Its value: for how many days it keeps logs, 0 for ever."""

    def __init__(self, clients: Clients, target: Target) -> None:
        self._group = policy.log_group(target)
        self._logs = clients("logs")
        self.name = f"log group {self._group}"

    def found(self) -> Any:
        # The name that is the prefix itself comes first.
        groups = self._logs.describe_log_groups(logGroupNamePrefix=self._group)["logGroups"]
        if not groups or groups[0]["logGroupName"] != self._group:
            return None
        return groups[0].get("retentionInDays", 0)

    def put(self, wanted: Any, found: Any) -> None:
        if found is None:
            self._logs.create_log_group(logGroupName=self._group)
        if wanted:
            self._logs.put_retention_policy(logGroupName=self._group, retentionInDays=wanted)
        elif found:
            self._logs.delete_retention_policy(logGroupName=self._group)

    def delete(self) -> None:
        self._logs.delete_log_group(logGroupName=self._group)


class Function:
    """Its value: its configuration, in Lambda's words. code: the zip to put."""

    def __init__(self, clients: Clients, target: Target, code: bytes = b"") -> None:
        self._which = {"FunctionName": target.function}
        self._lambda = clients("lambda")
        self._code = code
        self.name = f"function {target.function}"

    def found(self) -> Any:
        found = ask(self._lambda.get_function_configuration, **self._which)
        if found is None:
            return None
        _own(self.name, found.get("Description"))
        known = {key: found.get(key) for key in (*_OF_FUNCTION, *_OF_CODE)}
        return {**known, "Layers": [layer["Arn"] for layer in found.get("Layers", ())]}

    def put(self, wanted: Any, found: Any) -> None:
        """Returns when it can be invoked so."""
        rest = {key: wanted[key] for key in wanted if key not in _OF_CODE}
        machine = {"Architectures": wanted["Architectures"]}
        if found is None:
            given = {**self._which, **rest, **machine, "Code": {"ZipFile": self._code}}
            _patiently(lambda: self._lambda.create_function(**given))
            self._wait("function_active_v2")
            return
        now = self._lambda.get_function_configuration(**self._which)
        if now.get("State") == "Pending":
            self._wait("function_active_v2")
        if now.get("LastUpdateStatus") == "InProgress":
            self._wait("function_updated_v2")
        if any(found[key] != wanted[key] for key in _OF_CODE):
            self._lambda.update_function_code(**self._which, **machine, ZipFile=self._code)
            self._wait("function_updated_v2")
        if any(found[key] != rest[key] for key in rest):
            _patiently(lambda: self._lambda.update_function_configuration(**self._which, **rest))
            self._wait("function_updated_v2")

    def delete(self) -> None:
        self._lambda.delete_function(**self._which)

    def _wait(self, what: str) -> None:
        from botocore.exceptions import WaiterError

        try:
            self._lambda.get_waiter(what).wait(**self._which)
        except WaiterError as error:
            state = error.last_response.get("Configuration", {})
            reason = state.get("LastUpdateStatusReason") or state.get("StateReason") or error
            raise RunError(f"{self.name} is not ready: {reason}") from None


def _own(name: str, description: str | None) -> None:
    """Raise RunError for what somebody else made under the same name."""
    if description != MADE:
        raise RunError(
            f"there is a {name} that leashc did not make",
            "choose another name with --function; leashc leaves it alone",
        )


def _patiently(call: Callable[[], Any]) -> None:
    """Do what needs a role that may be a second old."""
    from botocore.exceptions import ClientError

    for pause in (*PAUSES, None):
        try:
            call()
            return
        except ClientError as error:
            message = error.response["Error"].get("Message", "")
            if "cannot be assumed" not in message or pause is None:
                raise
            time.sleep(pause)
