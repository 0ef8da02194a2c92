"""What is simulated: a pipeline, the size of its input, how it is divided, where it runs."""

from __future__ import annotations

from typing import Any, NamedTuple, Self

from leashc.compile import Unit, compile
from leashc.errors import CompileError
from leashc.simulation.cloud import blob
from leashc.simulation.parameters import Parameters
from leashc.simulation.run import Simulated, simulate
from leashc.simulation.task import Function
from runtime.plan import Blob, Options, Plan

OUTPUT = "s3://simulated/output"


class Question(NamedTuple):
    """size: bytes of all inputs together; parameters: those that are others than usual.

    calls: tasks at a time; final: where the last merge runs.
    """

    unit: Unit
    options: Options
    size: int
    function: Function
    parameters: dict[str, float]
    calls: int = 1000
    final: str = "local"
    seed: int = 1

    @classmethod
    def of(cls, pipeline: str, arguments: tuple[str, ...], given: dict[str, Any]) -> Self:
        """What a command line asks."""
        from leashc.given import read, unit_of

        kind, text, name = read(pipeline, given["text"])
        if kind == "plan":
            raise CompileError(f"{name} is a plan", "simulate the text of the pipeline")
        unit, options = unit_of(text, name, arguments, given)
        names = ("memory", "architecture", "storage", "timeout")
        return cls(
            unit._replace(output=OUTPUT),
            options,
            given["size"],
            Function(*(given[name] for name in names)),
            dict(map(_parameter, given["given"])),
            given["jobs"] or 1000,
            given["final"],
            given["seed"],
        )

    def plan(self) -> Plan:
        """The plan for files of this size, whether they are there or not."""
        paths: dict[str, None] = {}

        def look(path: str) -> Blob:
            paths[path] = None
            return blob(path, self.size // len(paths))

        # How many share the size is known when all were asked for.
        for _ in range(2):
            plan = compile(self.unit._replace(look=look), self.options, divide=True)
        return plan

    def answer(self) -> Simulated:
        """A simulated run. Raises CompileError, and RunError where a run would fail."""
        return simulate(
            self.plan(),
            self.size,
            self.function,
            Parameters(self.parameters),
            calls=self.calls,
            final=self.final,
            seed=self.seed,
        )

    def asking(self, name: str, value: int) -> Self:
        """The same with another width, memory, size or parameter."""
        match name:
            case "width":
                return self._replace(options=self.options._replace(width=value))
            case "memory":
                return self._replace(function=self.function._replace(memory=value))
            case "size":
                return self._replace(size=value)
        return self._replace(parameters={**self.parameters, name: value})


def _parameter(text: str) -> tuple[str, float]:
    name, _, value = text.partition("=")
    try:
        return name, float(value)
    except ValueError:
        raise CompileError(f"--set {text}: no number", "write --set bandwidth=40") from None
