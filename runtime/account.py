"""What became of each command of the plan, put together from its parts."""

from __future__ import annotations


class Account:
    """Statuses by command; as many as differ, so that an endless stream takes no room."""

    def __init__(self) -> None:
        self._statuses: dict[int, set[int]] = {}
        self._rules: dict[int, str] = {}

    def enter(self, origin: int, rule: str, status: int) -> None:
        """Enter the status of a command, or of a part of one; -1 is a helper's, and nobody's."""
        if origin >= 0:
            self._rules[origin] = rule
            self._statuses.setdefault(origin, set()).add(status)

    def forget(self, origin: int) -> None:
        """A command is run again: what its parts said does not count."""
        self._statuses.pop(origin, None)

    def status(self, origin: int) -> int:
        """The status of a command; one that had no part to do ended well."""
        statuses = self._statuses.get(origin)
        return combined(self._rules[origin], statuses) if statuses else 0


def combined(rule: str, statuses: set[int]) -> int:
    """The status of a command from those of its parts (see leashc.behaviour.Status)."""
    if rule in ("worst", "halts", "zero"):
        return max(statuses)
    if rule == "first" and 0 in statuses:
        return 0
    return max(statuses) if max(statuses) > 1 else min(statuses)
