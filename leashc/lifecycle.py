"""The bucket's lifecycle: what crashed runs leave goes by itself, after some days.

Other rules of the bucket stay as they are; ours are known by their names.
"""

from __future__ import annotations

from typing import Any

from leashc.clients import Clients, ask
from runtime.target import Target

# Beneath the prefix. Of the first nothing outlives its run; of inputs only what was not finished
# goes, for the next run may want them.
EXPIRED = ("results", "commits", "chunks")
KEPT = ("inputs",)
_UPLOADS = 1  # days after which an unfinished upload is given up

Rule = dict[str, Any]


class Lifecycle:
    """A part of a deployment (see leashc.parts). Its value: our rules."""

    def __init__(self, clients: Clients, target: Target) -> None:
        self._s3 = clients("s3")
        self._bucket = target.bucket
        self._ours = {_id(target, kind) for kind in (*EXPIRED, *KEPT)}
        self.name = f"lifecycle of s3://{target.bucket}/{target.prefix}"

    def found(self) -> Any:
        ours = [rule for rule in self._all().get("Rules", ()) if self._is_ours(rule)]
        return sorted(ours, key=lambda rule: str(rule["ID"])) or None

    def put(self, wanted: Any, found: Any) -> None:
        now = self._all()
        rules = [rule for rule in now.get("Rules", ()) if not self._is_ours(rule)] + wanted
        if not rules:
            self._s3.delete_bucket_lifecycle(Bucket=self._bucket)
            return
        size = "TransitionDefaultMinimumObjectSize"  # a setting beside the rules that a put resets
        kept = {size: now[size]} if size in now else {}
        self._s3.put_bucket_lifecycle_configuration(
            Bucket=self._bucket, LifecycleConfiguration={"Rules": rules}, **kept
        )

    def delete(self) -> None:
        self.put([], None)

    def _all(self) -> dict[str, Any]:
        return ask(self._s3.get_bucket_lifecycle_configuration, Bucket=self._bucket) or {}

    def _is_ours(self, rule: Rule) -> bool:
        return rule.get("ID") in self._ours


def rules(target: Target, days: int) -> list[Rule]:
    """What expires beneath the target's prefix after so many days, and its unfinished uploads."""
    expires = {"Expiration": {"Days": days}}
    kinds = sorted((*EXPIRED, *KEPT))
    return [_rule(target, kind, expires if kind in EXPIRED else {}) for kind in kinds]


def _rule(target: Target, kind: str, does: Rule) -> Rule:
    return {
        "ID": _id(target, kind),
        "Status": "Enabled",
        "Filter": {"Prefix": f"{target.prefix}{kind}/"},
        "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": _UPLOADS},
        **does,
    }


def _id(target: Target, kind: str) -> str:
    return f"leashc {target.prefix}{kind}"
