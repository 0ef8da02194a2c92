"""Clients of AWS's services, and what the services refuse, for people."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from runtime.errors import RunError

_ABSENT = {
    "404",
    "NoSuchBucket",
    "NoSuchEntity",
    "NoSuchLifecycleConfiguration",
    "ResourceNotFoundException",
}
_DENIED = {"403", "AccessDenied", "AccessDeniedException", "Forbidden"}
_INVALID = {
    "ExpiredToken",
    "ExpiredTokenException",
    "InvalidAccessKeyId",
    "InvalidClientTokenId",
    "SignatureDoesNotMatch",
    "UnrecognizedClientException",
}
_WHO = re.compile(
    r"User: (?P<who>\S+) is not authorized to perform: (?P<action>\S+)"
    r"(?: on resource: (?P<what>.+?))?(?: because (?P<why>.*)| with (?P<deny>.*))?$"
)
# Where the permission has another name than the operation, and S3 gives no message.
_PERMISSIONS = {
    "HeadBucket": "s3:ListBucket",
    "GetBucketLifecycleConfiguration": "s3:GetLifecycleConfiguration",
    "PutBucketLifecycleConfiguration": "s3:PutLifecycleConfiguration",
    "DeleteBucketLifecycle": "s3:PutLifecycleConfiguration",
}


class Clients:
    """Clients by service; addresses and credentials come from where every AWS tool has them."""

    def __init__(self) -> None:
        import botocore.session

        self._session = botocore.session.get_session()
        self._made: dict[str, Any] = {}

    def __call__(self, service: str) -> Any:
        """The client of a service: "lambda", "iam", "s3"."""
        from botocore.config import Config

        if service not in self._made:
            config = Config(connect_timeout=5, retries={"total_max_attempts": 5})
            made = self._session.create_client(service, self.region, config=config)
            self._made[service] = made
        return self._made[service]

    @property
    def region(self) -> str:
        """Raises RunError when nobody says which."""
        region = os.environ.get("AWS_REGION") or self._session.get_config_variable("region")
        if not region:
            raise RunError("which region?", "say --region, or set AWS_REGION")
        return str(region)

    def account(self) -> str:
        """The number of the account: AWS_ACCOUNT_ID, or whose the credentials are."""
        given = os.environ.get("AWS_ACCOUNT_ID", "")
        if given and not re.fullmatch(r"\d{12}", given):
            raise RunError(f"AWS_ACCOUNT_ID is {given!r}", "an account's number has 12 digits")
        return given or str(self("sts").get_caller_identity()["Account"])


def ask(call: Callable[..., Any], **given: Any) -> dict[str, Any] | None:
    """The answer of a call, or None where there is no such thing."""
    from botocore.exceptions import ClientError

    try:
        found: dict[str, Any] = call(**given)
    except ClientError as error:
        if error.response["Error"].get("Code") in _ABSENT:
            return None
        raise
    return found


def bucket(clients: Clients, name: str) -> dict[str, Any]:
    """What S3 says of a bucket. Raises RunError when there is none."""
    found = ask(clients("s3").head_bucket, Bucket=name)
    if found is None:
        raise RunError(
            f"there is no bucket {name}",
            f"make it: aws s3 mb s3://{name} --region {clients.region}",
        )
    return found


@contextmanager
def plainly() -> Iterator[None]:
    """Raise what AWS refuses as RunError: what is missing, and for whom."""
    from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError

    try:
        yield
    except ClientError as error:
        raise _refused(error) from None
    except NoCredentialsError:
        raise RunError(
            "there are no AWS credentials",
            "run `aws configure`, or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY",
        ) from None
    except BotoCoreError as error:
        raise RunError(f"AWS: {error}", "see `leashc doctor --backend aws`") from None


def _refused(error: Any) -> RunError:
    code = error.response["Error"].get("Code", "")
    message = error.response["Error"].get("Message", "") or code
    operation = error.operation_name
    if code in _INVALID:
        return RunError(f"AWS does not accept the credentials: {message}", "log in again")
    if code in _DENIED:
        if told := _WHO.search(message):
            who, action, what, why, deny = told.groups()
            place = f" on {what}" if what else ""
            reason = why or (f"there is {deny}" if deny else "no policy allows it")
            return RunError(f"{who} may not do {action}{place}: {reason}", f"allow {action}")
        permission = _PERMISSIONS.get(operation, operation)
        return RunError(
            f"{operation}: access denied", f"allow {permission} for whom the credentials belong to"
        )
    return RunError(f"{operation}: {message}")
