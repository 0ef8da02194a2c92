"""What a run in the cloud costs, counted from what happened and priced by a dated table."""

from __future__ import annotations

import json
import os
import threading
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from runtime.invoke import Answer

# S3 bills what writes or lists at one price, what reads at another, and removal at none.
READS = {"get", "head"}
FREE = {"delete", "abort"}
INCLUDED = 512  # MB of ephemeral storage that cost nothing


class Billing(NamedTuple):
    """What the price of a function depends on: MB of memory and storage."""

    region: str = "us-east-1"
    architecture: str = "x86_64"
    memory: int = 3008
    storage: int = 2048


class Cost:
    """invocations; billed: ms, the init phase too; requests of S3 by kind; moved: bytes.

    here: those of them that passed through the coordinator.
    """

    def __init__(self) -> None:
        self.billing = Billing()
        self.invocations = 0
        self.billed = 0
        self.requests: Counter[str] = Counter()
        self.moved: Counter[str] = Counter()
        self.here: Counter[str] = Counter()
        self._lock = threading.Lock()

    def add(self, answer: Answer) -> None:
        """Count a call of the worker and the requests that it made."""
        with self._lock:
            self.invocations += 1
            self.billed += answer.billed
            machine = answer.value.get("machine", "")
            self.billing = self.billing._replace(
                region=os.environ.get("AWS_REGION", "us-east-1"),
                architecture="arm64" if machine == "aarch64" else "x86_64",
                memory=answer.memory,
            )
            self.count(answer.value.get("requests", {}), answer.value.get("moved", {}))

    def count(self, requests: Mapping[str, int], moved: Mapping[str, int]) -> None:
        """Count requests of S3 and the bytes that they moved."""
        self.requests.update(requests)
        self.moved.update(moved)

    def as_dict(self) -> dict[str, Any]:
        """The counts and their prices, for records and reports: GB-seconds, bytes, dollars."""
        gb_seconds = self.billing.memory / 1024 * self.billed / 1000
        extra = max(self.billing.storage - INCLUDED, 0) / 1024 * self.billed / 1000
        table = prices()
        price = table["regions"].get(self.billing.region) or table["regions"][table["fallback"]]
        reads = sum(n for kind, n in self.requests.items() if kind in READS)
        writes = sum(n for kind, n in self.requests.items() if kind not in READS | FREE)
        dollars = {
            "compute": gb_seconds * price[self.billing.architecture],
            "storage": extra * table["storage_gb_second"],
            "invocations": self.invocations * table["invocation"],
            "requests": reads * price["read"] + writes * price["write"],
        }
        return {
            "invocations": self.invocations,
            "gb_seconds": round(gb_seconds, 3),
            "requests": dict(sorted(self.requests.items())),
            "bytes": dict(sorted(self.moved.items())),
            "coordinator": dict(sorted(self.here.items())),
            "dollars": {name: round(value, 8) for name, value in dollars.items()},
            "total": round(sum(dollars.values()), 8),
            "memory": self.billing.memory,
            "architecture": self.billing.architecture,
            "prices": f"{self.billing.region}, {self.billing.architecture}, {table['date']}",
        }

    def lines(self) -> list[str]:
        """The same for people."""
        found = self.as_dict()
        requests = ", ".join(f"{n} {kind}" for kind, n in found["requests"].items())
        moved, here = (
            ", ".join(f"{n / 1e6:.1f} MB {kind}" for kind, n in found[name].items())
            for name in ("bytes", "coordinator")
        )
        return [
            f"  Lambda: {found['invocations']} invocations, {found['gb_seconds']:.2f} GB-seconds",
            f"  S3: {requests or 'no requests'}; {moved or 'nothing moved'}",
            f"  through the coordinator: {here or 'nothing'}",
            f"  COST: ${found['total']:.6f} ({found['prices']})",
        ]


def prices() -> dict[str, Any]:
    """The table: dollars a GB-second, a request, an invocation."""
    text = Path(__file__).with_name("parameters.json").read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(text)["prices"]
    return found
