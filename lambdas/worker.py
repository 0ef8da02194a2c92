"""The handler that Lambda calls."""

from __future__ import annotations

import gc
from collections.abc import Callable, Mapping
from typing import Any


def _load() -> Callable[[Mapping[str, Any], float], dict[str, Any]]:
    """Make ready all that needs no event: for this Lambda lends a whole core, whatever the memory.

    The collector rests meanwhile: hardly anything becomes garbage, and looking for it takes a
    tenth of the time. What is frozen it does not look at later either.
    """
    gc.disable()
    from runtime.s3 import store
    from runtime.worker import handle

    _ = store().client
    gc.freeze()
    gc.enable()
    return handle


handle = _load()


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """One task; see runtime.worker.handle."""
    return handle(event, context.get_remaining_time_in_millis() / 1000)
