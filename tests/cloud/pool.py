"""The execution environments that there are: used again when idle, started up to a limit."""

from __future__ import annotations

import itertools
import threading
from collections import Counter
from pathlib import Path

from tests.cloud.control import Function
from tests.cloud.environment import Environment
from tests.cloud.keeper import Keeper


class Throttled(Exception):
    """As many invocations as may run at a time are running; its text is AWS's reason."""


class Pool:
    """Environments to `take`, and to `give_back` after one invocation.

    limit: invocations at a time, and environments at a time.
    started: how many environments there have been.
    """

    def __init__(self, directory: Path, keeper: Keeper) -> None:
        self.limit = 32
        self.started = 0
        self._directory = directory
        self._keeper = keeper
        self._lock = threading.Lock()
        self._busy: Counter[str] = Counter()
        self._all: set[Environment] = set()
        self._idle: list[Environment] = []  # the longest idle first
        self._numbers = itertools.count(1)

    @property
    def alive(self) -> int:
        """How many environments there are, busy and idle."""
        with self._lock:
            return len(self._all)

    def take(self, function: Function, variables: dict[str, str]) -> Environment:
        """One that is idle, the last used first, or a new one; Throttled."""
        stale: list[Environment] = []
        with self._lock:
            if self._busy.total() >= self.limit:
                raise Throttled("ConcurrentInvocationLimitExceeded")
            if function.reserved is not None and self._busy[function.name] >= function.reserved:
                raise Throttled("ReservedFunctionConcurrentInvocationLimitExceeded")
            taken = None
            for environment in reversed(self._idle):
                if (environment.function, environment.variables) == (function, variables):
                    self._idle.remove(environment)
                    if environment.alive:
                        taken = environment
                        break
                    stale.append(environment)
            if not taken:
                if self._idle and len(self._all) - len(stale) >= self.limit:
                    stale.append(self._idle.pop(0))
                self.started += 1
                directory = self._directory / f"{function.name}.{next(self._numbers)}"
                taken = Environment(function, directory, variables, self._keeper)
                self._all.add(taken)
            self._busy[function.name] += 1
        self._end(stale)
        return taken

    def give_back(self, environment: Environment) -> None:
        """Let it be used again, or end it if it is dead."""
        alive = environment.alive
        with self._lock:
            self._busy[environment.function.name] -= 1
            if alive:
                self._idle.append(environment)
        if not alive:
            self._end([environment])

    def retire(self, name: str) -> None:
        """End what is idle of a function that has changed."""
        with self._lock:
            stale = [e for e in self._idle if e.function.name == name]
            self._idle = [e for e in self._idle if e not in stale]
        self._end(stale)

    def kill(self) -> None:
        """Kill all processes and start no more; whoever waits for one sees it end."""
        with self._lock:
            self.limit = 0
            left = list(self._all)
        for environment in left:
            self._keeper.end(environment.process)

    def close(self) -> None:
        """End all environments."""
        self.kill()
        self._end(list(self._all))

    def _end(self, environments: list[Environment]) -> None:
        for environment in environments:
            environment.end()
            with self._lock:
                self._all.discard(environment)
