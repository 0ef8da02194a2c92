"""The handler that Lambda calls."""

from __future__ import annotations

from typing import Any

from runtime.worker import handle


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """One task; see runtime.worker.handle."""
    return handle(event, context.get_remaining_time_in_millis() / 1000)
