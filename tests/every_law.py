"""Every law of every operator against the real command: nasty inputs, cut everywhere.

    python -m tests.every_law [--inputs N] [--seed N] [NAME...]

An input of few records is cut at each record, before each record alone, and at random
places; one of many at random places. A law that does not hold is shown with its
smallest counterexample. A tool that is not installed is named and left out.
"""

from __future__ import annotations

import argparse
import random
import shlex
import shutil
import sys
from collections.abc import Iterator, Sequence
from functools import partial

from leashc import bench, laws, operators
from leashc.operators import Operator
from tests.coverage import coverage, invocation

FEW = 8  # records of an input that is cut everywhere


def cuts(data: bytes, places: Sequence[int]) -> Iterator[Sequence[int]]:
    """Where to cut an input; `places` are some at random."""
    yield places
    number = len(bench.records(data))
    if number <= FEW:
        yield range(1, number)
        yield from ([place] for place in range(1, number))


def held(operator: Operator, inputs: int, seed: int) -> Iterator[laws.Counterexample | None]:
    """One entry a check: None, or what broke the law; each example ends with its first."""
    for example in operator.examples:
        argv = (operator.name, *shlex.split(example))
        for locale in laws.LOCALES:
            behaviour = operator.behaviour(invocation(operator, argv[1:], locale))
            check = partial(laws.check, argv, behaviour, locale=locale)
            source = random.Random(seed)
            for _ in range(inputs if behaviour.wide else 0):
                data, places = laws.nasty(source)
                broken = next(
                    (some for some in cuts(data, places) if check(data, some) is not None), None
                )
                if broken is not None:
                    yield laws.smallest(check, data, broken)
                    break
                yield None


def main() -> None:
    """A line for each command; status 1 if a law is broken or a claim has no test."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--inputs", type=int, default=3)
    parser.add_argument("--seed", type=int, default=random.randrange(1 << 32))
    parser.add_argument("names", nargs="*", default=operators.lawful())
    given = parser.parse_args()
    print(f"{given.inputs} inputs a law from seed {given.seed}", flush=True)
    broken = 0
    for name in given.names:
        operator = operators.find(name)
        if operator is None or shutil.which(name) is None:
            print(f"{name}: not installed here" if operator else f"{name}: no such operator")
            continue
        results = list(held(operator, given.inputs, given.seed))
        found = [result for result in results if result is not None]
        broken += len(found)
        for counterexample in found:
            print(counterexample)
        flags = coverage(operator)
        print(
            f"{name}: {len(operator.examples)} examples, {len(results)} inputs,"
            f" {len(found)} broken; flags: {len(flags.tested)} divided and tested,"
            f" {len(flags.untested)} not tested, {len(flags.whole)} whole",
            flush=True,
        )
    print(f"{broken} laws broken")
    sys.exit(1 if broken else 0)


if __name__ == "__main__":
    main()
