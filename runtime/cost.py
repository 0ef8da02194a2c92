"""What a run in the cloud costs, counted from what happened."""

from __future__ import annotations

import threading
from collections import Counter
from typing import Any

from runtime.invoke import Answer


class Cost:
    """memory: MB of the function; billed: ms of it, the init phase too; requests of S3 by kind."""

    def __init__(self, memory: int = 0) -> None:
        self.memory = memory
        self.invocations = 0
        self.billed = 0
        self.requests: Counter[str] = Counter()
        self.moved: Counter[str] = Counter()
        self._lock = threading.Lock()

    def add(self, answer: Answer) -> None:
        """Count a call of the worker and the requests that it made."""
        with self._lock:
            self.invocations += 1
            self.billed += answer.billed
            self.requests.update(answer.value.get("requests", {}))
            self.moved.update(answer.value.get("moved", {}))

    def as_dict(self) -> dict[str, Any]:
        return {
            "invocations": self.invocations,
            "gb_seconds": self.memory / 1024 * self.billed / 1000,
            "requests": dict(self.requests),
            "bytes": dict(self.moved),
        }
