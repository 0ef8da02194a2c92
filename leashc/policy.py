"""What the worker may do: its role's two policies, and the names of what is its own.

A list of command names is no sandbox: a command may run any program and ask AWS for anything.
This is what it then gets.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from runtime.errors import RunError
from runtime.target import Target

VERSION = "2012-10-17"  # of the policy language
READ = ("plans", "inputs", "chunks", "results", "commits")  # beneath the prefix
WRITTEN = ("results", "commits")

Policy = dict[str, Any]


def role(target: Target) -> str:
    """The name of the function's role."""
    return f"{target.function}-role"


def role_arn(target: Target, account: str, region: str) -> str:
    return f"arn:{_partition(region)}:iam::{account}:role/{role(target)}"


def log_group(target: Target) -> str:
    """The name of the function's log group, as Lambda gives it."""
    return f"/aws/lambda/{target.function}"


def trust() -> Policy:
    """Who may take the role: Lambda."""
    return _policy(
        {
            "Effect": "Allow",
            "Principal": {"Service": "lambda.amazonaws.com"},
            "Action": "sts:AssumeRole",
        }
    )


def permissions(target: Target, account: str, region: str, reads: Sequence[str] = ()) -> Policy:
    """What the role allows: to read inputs, to write results and commits, to log.

    reads: `s3://bucket/prefix`, what inputs' names may begin with [all of the target's bucket].
    Raises RunError for a name with a character that means something else in a policy.
    """
    partition = _partition(region)
    own = [f"{target.bucket}/{target.prefix}{kind}/" for kind in READ]
    asked = [_read(path) for path in reads] or [f"{target.bucket}/"]
    readable = _shortest([*asked, *own])
    written = [f"{target.bucket}/{target.prefix}{kind}/" for kind in WRITTEN]
    group = f"{region}:{account}:log-group:{_plain(log_group(target))}:*"
    return _policy(
        {
            "Sid": "Read",
            "Effect": "Allow",
            "Action": "s3:GetObject",
            "Resource": [_objects(partition, path) for path in readable],
        },
        {
            "Sid": "Write",
            "Effect": "Allow",
            "Action": ["s3:PutObject", "s3:AbortMultipartUpload", "s3:ListMultipartUploadParts"],
            "Resource": [_objects(partition, path) for path in written],
        },
        *_lists(partition, readable),
        {
            "Sid": "Log",
            "Effect": "Allow",
            "Action": ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"],
            "Resource": f"arn:{partition}:logs:{group}",
        },
    )


def _policy(*statements: Policy) -> Policy:
    return {"Version": VERSION, "Statement": list(statements)}


def _lists(partition: str, readable: list[str]) -> list[Policy]:
    """Without the right to list, S3 says of an object that is missing: access denied."""
    prefixes: dict[str, list[str]] = {}
    for path in readable:
        bucket, _, prefix = path.partition("/")
        prefixes.setdefault(bucket, []).append(prefix)
    return [
        {
            "Sid": f"List{number or ''}",
            "Effect": "Allow",
            "Action": "s3:ListBucket",
            "Resource": f"arn:{partition}:s3:::{bucket}",
            **_only_beneath(names),
        }
        for number, (bucket, names) in enumerate(prefixes.items())
    ]


def _only_beneath(names: list[str]) -> Policy:
    if "" in names:
        return {}
    return {"Condition": {"StringLike": {"s3:prefix": [f"{name}*" for name in names]}}}


def _read(path: str) -> str:
    """`bucket/prefix` of `s3://bucket/prefix`."""
    name = path.removeprefix("s3://")
    bucket, _, prefix = name.partition("/")
    if name == path or not bucket:
        raise RunError(f"{path!r} is no place in S3", "write s3://bucket/prefix/")
    return f"{bucket}/{prefix}"


def _shortest(paths: list[str]) -> list[str]:
    """Without those that another one covers."""
    distinct = list(dict.fromkeys(paths))
    return [
        path
        for path in distinct
        if not any(path != other and path.startswith(other) for other in distinct)
    ]


def _objects(partition: str, path: str) -> str:
    """All objects whose names begin so."""
    return f"arn:{partition}:s3:::{_plain(path)}*"


def _plain(name: str) -> str:
    """The name, if it stands for itself: `*`, `?` and `$` would make a policy wider."""
    if set(name) & set("*?$"):
        raise RunError(f"a policy cannot name {name!r}", "use a name without `*`, `?` and `$`")
    return name


def _partition(region: str) -> str:
    """The part of AWS that a region belongs to; it stands in every ARN."""
    if region.startswith("cn-"):
        return "aws-cn"
    return "aws-us-gov" if region.startswith("us-gov-") else "aws"
