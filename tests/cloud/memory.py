"""How much memory the processes of a session take."""

from __future__ import annotations

import math
import threading
import time

from tests.cloud.keeper import PAGE, Process, processes

_FRESH = 0.05  # seconds


def peak(pid: int) -> int:
    """The most memory that a process ever had resident, in bytes; 0 if it is gone."""
    try:
        with open(f"/proc/{pid}/status", encoding="ascii") as file:
            return next((int(s.split()[1]) << 10 for s in file if s.startswith("VmHWM")), 0)
    except (FileNotFoundError, ProcessLookupError):
        return 0


class _Meter:
    """The memory of sessions, from one look at /proc for all who ask within a tick."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._seen = -math.inf
        self._sessions: dict[int, list[Process]] = {}

    def resident(self, session: int) -> int:
        """Bytes that a session has resident; libraries count for its first process alone."""
        with self._lock:
            if time.monotonic() - self._seen > _FRESH:
                self._sessions = {}
                for process in processes():
                    self._sessions.setdefault(process.session, []).append(process)
                self._seen = time.monotonic()
            members = self._sessions.get(session, [])
        return sum(p.resident if p.pid == session else _own(p) for p in members)


def _own(process: Process) -> int:
    """What a process has resident and does not share, in bytes."""
    try:
        with open(f"/proc/{process.pid}/statm", encoding="ascii") as file:
            _, resident, shared, *_ = map(int, file.read().split())
    except (FileNotFoundError, ProcessLookupError):
        return 0
    return (resident - shared) * PAGE


resident = _Meter().resident
