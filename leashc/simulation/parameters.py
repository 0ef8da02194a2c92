"""What the model knows of commands, machines and the cloud: runtime/parameters.json."""

from __future__ import annotations

import json
import math
import os
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

import runtime
from leashc.errors import CompileError
from runtime.plan import Argv
from runtime.slots import KERNEL

MB = 1_000_000


class Rates(NamedTuple):
    """What a command costs. mb, record: ms, µs of a processor for each it reads.

    ratio: bytes that it writes for one that it reads.
    """

    mb: float
    record: float
    ratio: float

    def seconds(self, size: float, record: float) -> float:
        """Of a processor, for `size` bytes of records of `record` bytes."""
        return size / MB * self.mb / 1e3 + size / record * self.record / 1e6


def steps(argv: Argv) -> list[Argv]:
    """The steps of a kernel; a command is one by itself."""
    if argv[0] != KERNEL:
        return [argv]
    found = [list[str]()]
    for word in argv[1:]:
        if word == "|":
            found.append([])
        else:
            found[-1].append(word)
    return [tuple(words) for words in found]


class Parameters(Mapping[str, float]):
    """The parameters by name, each in the unit that its entry says.

    given: others than there; here: all commands run on this machine.
    """

    def __init__(self, given: Mapping[str, float] | None = None, *, here: bool = False) -> None:
        found = table()
        self.date: str = found["date"]
        self._values = {name: entry["value"] for name, entry in found["parameters"].items()}
        self._commands = {
            name: Rates(*entry)
            for name, entry in found["commands"].items()
            if name not in ("source", "units")
        }
        # Of this machine, where it was measured; the ratios are those that ship.
        self._here = dict(self._commands)
        for name, (mb, record) in (measured() or {"commands": {}})["commands"].items():
            self._here[name] = self._commands[name]._replace(mb=mb, record=record)
        if here:
            self._commands = self._here
        for name, value in (given or {}).items():
            if name not in self._values:
                raise CompileError(
                    f"there is no parameter {name!r}", f"one of {', '.join(self._values)}"
                )
            self._values[name] = value

    def __getitem__(self, name: str) -> float:
        return float(self._values[name])

    def __iter__(self) -> Any:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def rates(self, argv: Argv, *, here: bool = False) -> Rates:
        """What is known of a command: by its name and flag, by its name, or of any.

        Of a kernel, what its steps cost together. here: on this machine, not on the function.
        """
        if argv[0] == KERNEL:
            mb, record, ratio = 0.0, 0.0, 1.0
            for name, *words in steps(argv):
                rates = self.rates((f"kernel {name}", *words), here=here)
                mb, record = mb + ratio * rates.mb, record + ratio * rates.record
                ratio *= rates.ratio
            return Rates(mb, record, ratio)
        commands = self._here if here else self._commands
        name, *words = argv
        flags = [f"{name} {word}" for word in words if word.startswith("-")]
        letters = [f"{name} -{c}" for word in words if word[:1] == "-" != word[1:2] for c in word]
        for known in (*flags, *sorted(letters), name):
            if known in commands:
                return commands[known]
        return commands["other"]

    def together(self, pipe: Iterable[Argv], size: float) -> float:
        """Seconds that commands take side by side, on this machine: those of the slowest."""
        seconds = 0.0
        for argv in pipe:
            rates = self.rates(argv, here=True)
            seconds = max(seconds, rates.seconds(size, self["record"]))
            size *= rates.ratio
        return seconds


def calibration() -> str:
    """The file with what `leashc calibrate` measured."""
    home = os.environ.get("XDG_CONFIG_HOME") or os.path.expanduser("~/.config")
    return os.path.join(home, "leashc", "calibration.json")


def measured() -> dict[str, Any] | None:
    """What it holds; None if nothing was measured. Raises CompileError if it is damaged."""
    try:
        with open(calibration(), encoding="utf-8") as file:
            found: dict[str, Any] = json.load(file)
        for name, (mb, record) in found["commands"].items():
            if name not in table()["commands"] or not 0 <= mb + record < math.inf:
                raise ValueError(name)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        remedy = "measure again with `leashc calibrate`, or remove it with `calibrate --reset`"
        raise CompileError(f"{calibration()}: {error!r}", remedy) from None
    return found


def table() -> dict[str, Any]:
    """All of the file."""
    with open(os.path.join(os.path.dirname(runtime.__file__), "parameters.json"), "rb") as file:
        found: dict[str, Any] = json.load(file)
    return found
