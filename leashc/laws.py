"""The laws that operators declare, held against the real commands.

`check` runs a command whole on some input, then as its behaviour says it may run
on that input's parts, and compares. `counterexamples` tries an operator's
examples on inputs made to break them, and makes what it finds small.
"""

from __future__ import annotations

import random
import shlex
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from leashc.behaviour import ASCII, TEXT, Behaviour, Framing, Kind, Status
from leashc.bench import Bench, Result, divide, records
from leashc.invocation import Invocation, Locale
from leashc.operators import Operator
from runtime import guards, slots
from runtime.plan import Argv, Guard
from runtime.verdict import Unfit

LOCALES = ("C", "C.UTF-8")

# A command and its behaviour, held against some data and places to cut them.
Check = Callable[[bytes, Sequence[int]], "Counterexample | None"]

# Lines that have broken tools or laws before.
LINES = (
    *b"\n \na\nA\nab\na b\n a\nb\na\tb\nb,2,a\naab  ba\n-\na\r\n\x0b\na  \\".split(b"\n"),
    *b"1 10 9 -1 1K 1.5e1 Jan v1.10 v1.9 0x1 nan".split(),
    *"é\nÉ é\nfeb 2".encode().split(b"\n"),
    *b"\xc3\na\xffb\n\xff\n\0\na\0b".split(b"\n"),
    *b'{"a": 1}\n[1, 2]\n{"a":\n"b"}\n[\n]\n12 3'.split(b"\n"),
    *b"\\:\\:\\:\n\\:\\:\n\\:".split(b"\n"),
    b"ab" * 700,
    b"x " * 3000,
)


@dataclass(frozen=True)
class Counterexample:
    """An input, cut into parts, for which a claim does not hold."""

    argv: Argv
    locale: str
    parts: tuple[bytes, ...]
    claim: str
    expected: Result
    got: Result

    def __str__(self) -> str:
        return (
            f"LC_ALL={self.locale} {shlex.join(self.argv)}: {self.claim}\n"
            f"  parts     {list(self.parts)}\n"
            f"  expected  {self.expected.output!r}, status {self.expected.status}\n"
            f"  got       {self.got.output!r}, status {self.got.status}"
        )


def check(
    argv: Argv, behaviour: Behaviour, data: bytes, cuts: Sequence[int], locale: str = "C"
) -> Counterexample | None:
    """Hold a behaviour against the command itself, which reads standard input.

    cuts: the numbers of records before which the data are cut. Data that violate
    the guard, or that the map says are unfit, prove nothing: then, and when all is
    well, the answer is None.
    """
    if not behaviour.wide:
        return None
    goes_on = not behaviour.joined and (behaviour.rest or behaviour.status is Status.ZERO)
    if goes_on and cuts and (found := _rest(argv, behaviour, data, cuts, locale)):
        return found
    if not fits(behaviour.guard, data):
        return None
    parts = tuple(b"".join(part) for part in divide(records(data), cuts))
    with tempfile.TemporaryDirectory(prefix="leash-law-") as scratch:
        bench = Bench(locale, Path(scratch))
        if behaviour.joined:
            from leashc.joined_laws import held

            whole, got = held(bench, argv, behaviour, data, cuts)
            claim = f"it is not {behaviour.kind}"
            same = got == whole
            return None if same else Counterexample(argv, locale, parts, claim, whole, got)
        whole = bench.run((argv,), data)
        try:
            outputs, divided = bench.by_parts(behaviour, data, cuts)
        except Unfit:
            return None

        def broken(claim: str, got: Result = divided) -> Counterexample:
            return Counterexample(argv, locale, parts, claim, whole, got)

        order = list if behaviour.keeps_order else sorted
        same = order(records(divided.output)) == order(records(whole.output))
        if not same or divided.status != whole.status:
            return broken(f"it is not {behaviour.kind}")
        if (made := bench.with_nothing(behaviour, outputs)) != divided.output:
            return broken("it makes something of nothing", Result(made, divided.status))
        framed = behaviour.framing is Framing.RECORDS and behaviour.kind is not Kind.AGGREGATE
        if framed and not all(output.endswith(b"\n") for output in outputs[:-1] if output):
            return broken("a part's output ends inside a record")
        for keeps, text in ((behaviour.keeps_text, TEXT), (behaviour.keeps_ascii, ASCII)):
            if keeps and fits(text, data) and not fits(text, whole.output):
                return broken(f"it does not keep what it reads as it is: {text.words}")
        if both := bench.by_kernel(behaviour, data):
            tool, kernel = both
            # What is tallied comes in no order.
            rows = sorted if any(argv[0] == "@tally" for argv in behaviour.combine) else list
            if (rows(records(kernel.output)), kernel.status) != (
                rows(records(tool.output)),
                tool.status,
            ):
                return broken(f"its kernel gives something else than {tool.output!r}", kernel)
        if not behaviour.ordered and data.endswith(b"\n"):
            turned = bench.run((argv,), b"".join(reversed(records(data))))
            if turned != whole:
                return broken("the order of its input matters", turned)
    return None


def _rest(
    argv: Argv, behaviour: Behaviour, data: bytes, cuts: Sequence[int], locale: str
) -> Counterexample | None:
    """Hold what runs from where a law fails against the command: all after the first cut."""
    first, rest = (b"".join(part) for part in divide(records(data), cuts[:1]))
    if not rest or not fits(behaviour.guard, first):
        return None
    with tempfile.TemporaryDirectory(prefix="leash-law-") as scratch:
        bench = Bench(locale, Path(scratch))
        try:
            outputs, divided = bench.by_parts(behaviour, first, cuts[1:])
        except Unfit:
            return None
        came = bench.scratch / "came"
        came.write_bytes(bench.combined(behaviour, outputs).output if first else b"")
        before = records(first)
        index, filled = str(len(before)), str(sum(line != b"\n" for line in before))
        pipe = behaviour.map or (behaviour.argv,)
        last = (*pipe[:-1], behaviour.rest or pipe[-1])
        alone = bench.run(last, rest, inputs=(str(came),), index=(index,), filled=(filled,))
        carries = any(word == slots.INPUTS for word in behaviour.rest)
        got = alone if carries else Result(divided.output + alone.output, alone.status)
        whole = bench.run((argv,), data)
    order = list if behaviour.keeps_order else sorted
    if order(records(got.output)) == order(records(whole.output)) and got.status == whole.status:
        return None
    return Counterexample(argv, locale, (first, rest), "the rest is another", whole, got)


def fits(guard: Guard | None, data: bytes) -> bool:
    """Whether data are as a guard wants them."""
    try:
        guards.check(guard, [data])
    except guards.GuardFailed:
        return False
    return True


def nasty(source: random.Random) -> tuple[bytes, list[int]]:
    """An input made to break laws, and where to cut it.

    Few different lines and many of each, so that equal or nearly equal ones meet at
    the seams; often no newline at the end; often fewer records than parts.
    """
    few = source.sample(LINES, source.randint(1, 3))
    few += [few[0].swapcase(), few[0] + few[-1]][: source.randint(0, 2)]
    lines: list[bytes] = []
    for _ in range(source.randint(0, 6)):
        lines += [source.choice(few)] * source.choice((1, 1, 2, 4))
    if source.random() < 0.1:
        lines *= 200
    data = b"\n".join(lines) + b"\n" * (source.random() < 0.6)
    return data, sorted(source.randint(0, len(lines)) for _ in range(source.randint(1, 4)))


def counterexamples(
    operator: Operator, tries: int = 50, seed: int = 0, locales: Sequence[str] = LOCALES
) -> Iterator[Counterexample]:
    """At most one small counterexample for each of the operator's examples in each locale."""
    for example in operator.examples:
        argv = (operator.name, *shlex.split(example))
        for locale in locales:
            invocation = Invocation(argv[0], argv[1:], locale=Locale.of({"LC_ALL": locale}))
            holds = partial(check, argv, operator.behaviour(invocation), locale=locale)
            source = random.Random(seed)
            for _ in range(tries):
                data, cuts = nasty(source)
                if holds(data, cuts):
                    yield smallest(holds, data, cuts)
                    break


def smallest(holds: Check, data: bytes, cuts: Sequence[int]) -> Counterexample:
    """The least counterexample that leaving out cuts, records and bytes leads to."""
    best = holds(data, cuts)
    assert best is not None
    shrunk = True
    while shrunk:
        shrunk = False
        for smaller, fewer in _smaller(data, cuts):
            if again := holds(smaller, fewer):
                best, data, cuts, shrunk = again, smaller, fewer, True
                break
    return best


def _smaller(data: bytes, cuts: Sequence[int]) -> Iterator[tuple[bytes, Sequence[int]]]:
    """Inputs a step smaller than this one, the largest steps first."""
    for number in range(len(cuts)):
        yield data, [*cuts[:number], *cuts[number + 1 :]]
    lines = records(data)
    size = len(lines)
    while size := size // 2:
        for start in range(0, len(lines), size):
            rest = lines[:start] + lines[start + size :]
            yield b"".join(rest), [c if c <= start else max(start, c - size) for c in cuts]
    for line in sorted(set(lines)):
        body, end = line.removesuffix(b"\n"), line[len(line.removesuffix(b"\n")) :]
        for shorter in (body[len(body) // 2 :], body[: len(body) // 2], body[1:], body[:-1]):
            if len(shorter) < len(body) and shorter + end:
                yield b"".join(shorter + end if other == line else other for other in lines), cuts
