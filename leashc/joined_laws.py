"""The law of a joined behaviour, held against its command: some data, told out to its inputs."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from pathlib import Path

from leashc.behaviour import Behaviour, Framing
from leashc.bench import Bench, Result, combined, records
from runtime.cut import key_of
from runtime.plan import Argv
from runtime.slots import PART


def held(
    bench: Bench, argv: Argv, behaviour: Behaviour, data: bytes, cuts: Sequence[int]
) -> tuple[Result, Result]:
    """What the command says of all, and of the parts; each input has some of the records."""
    lines = records(data)
    count = len(behaviour.inputs)
    inputs = [[line for at, line in enumerate(lines) if at % (n + 2)] for n in range(count)]
    if behaviour.joined == "files":
        return _by_file(bench, argv, behaviour, [b"".join(lines) for lines in inputs], cuts)
    for lines, key in zip(inputs, behaviour.keys, strict=False):
        found = key_of(key)
        lines[:] = [line.rstrip(b"\n") + b"\n" for line in lines]
        lines.sort(key=lambda line, found=found: (found(line[:-1]), line))  # type: ignore[misc]
    whole = _run(bench, argv, behaviour.inputs, [b"".join(lines) for lines in inputs])
    output, status = b"", 0
    for part in _parts(inputs, behaviour, cuts):
        names = [f"{PART}{number}" for number in range(count)]
        one = _run(bench, behaviour.argv, names, part)
        output, status = output + one.output, max(status, one.status)
    return whole, Result(output, status)


def _by_file(
    bench: Bench, argv: Argv, behaviour: Behaviour, inputs: list[bytes], cuts: Sequence[int]
) -> tuple[Result, Result]:
    """What it says of all files, and of some each, their names the same."""
    paths = [bench.scratch / f"input{number}" for number in range(len(inputs))]
    for path, data in zip(paths, inputs, strict=True):
        path.write_bytes(data)
    named = dict(zip(behaviour.inputs, map(str, paths), strict=True))
    whole = bench.run((tuple(named.get(word, word) for word in argv),), b"")
    places = sorted({0, len(paths), *(cut % len(paths) for cut in cuts)})
    parts = [
        bench.run((behaviour.argv,), b"", inputs=tuple(map(str, paths[start:stop])))
        for start, stop in itertools.pairwise(places)
    ]
    outputs = [part.output for part in parts]
    if behaviour.framing is Framing.RECORDS:  # as whoever is behind takes them
        outputs[:-1] = [o + b"\n" if o and not o.endswith(b"\n") else o for o in outputs[:-1]]
    return whole, Result(
        b"".join(outputs), combined(behaviour.status, [part.status for part in parts])
    )


def _parts(
    inputs: list[list[bytes]], behaviour: Behaviour, cuts: Sequence[int]
) -> list[list[bytes]]:
    """The inputs cut at these numbers of records, or before the keys of those of the first."""
    last = [0] * len(inputs)
    places = []
    for cut in sorted(cuts):
        if behaviour.keys and cut < len(inputs[0]):
            keys = [key_of(key) for key in behaviour.keys]
            least = keys[0](inputs[0][cut][:-1])
            places.append(
                [
                    sum(key(line[:-1]) < least for line in lines)
                    for key, lines in zip(keys, inputs, strict=True)
                ]
            )
        elif not behaviour.keys:
            places.append([min(cut, len(lines)) for lines in inputs])
    found: list[list[bytes]] = []
    for place in [*places, [len(lines) for lines in inputs]]:
        trios = zip(inputs, last, place, strict=True)
        part = [b"".join(lines[start:stop]) for lines, start, stop in trios]
        if any(part) or not found:
            found.append(part)
        last = place
    return found


def _run(bench: Bench, argv: Argv, names: Sequence[str], inputs: list[bytes]) -> Result:
    paths = {}
    for number, (name, data) in enumerate(zip(names, inputs, strict=True)):
        path = Path(bench.scratch) / f"input{number}"
        path.write_bytes(data)
        paths[name] = str(path)
    return bench.run((tuple(paths.get(word, word) for word in argv),), b"")
