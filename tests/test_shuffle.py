"""Ranges of sorted runs: where splitters cut, for every key, and how even the ranges are."""

from __future__ import annotations

import os
import random
import shlex
import subprocess
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from leashc.compile import Unit, compile
from leashc.shell import Shell
from runtime.plan import Argv, Blob, Options, Source, Stage
from runtime.ranges import Cutter
from runtime.sample import splitters, stretches
from runtime.slots import INPUTS, MEMORY, SCRATCH, SPLITTERS, fill, program
from runtime.source import Extents

RUNS, RANGES = 3, 12

# What the keys below tell apart, or do not.
WORDS = [
    *(b"-1", b"0", b"007", b"7", b"7.0", b"1e3", b"1000", b"1K", b"1M", b"999", b"-0", b"+5"),
    *(b"jan", b"FEB", b" mar", b"December", b"v1.10", b"v1.9", b"a~1", b"a.b.gz", b"inf"),
    *(b"", b" ", b"\t", b"a", b"A", b"aB", b"Ab", b"a-b", b"\xff", b"\xc3\xa9", b"\0", b"\r"),
]
SPECS = [
    *("", "-r", "-n", "-rn", "-u", "-f", "-fu", "-d", "-i", "-di", "-h", "-M", "-V", "-s"),
    *("-b", "-hr", "-Mr", "-Vr", "-nu", "-fs", "-ru", "-sk2", "-dfu", "-Mu", "-hu"),
    *("-k2", "-k2,2", "-k2n", "-k1,1 -s", "-k2,2nr -k1", "-t, -k2", "-t, -k2,2n -u", "-k1.2,1.3"),
    *("-k2b,2", "-k1f,1 -k2r", "-k2M -s", "-k1V", "-t a -k1,1h", "-bk2.1,2.2 -u", "-k3,1"),
]


def lines(source: random.Random, count: int) -> bytes:
    """Records that are often equal, in part or as a whole."""
    found = []
    for _ in range(count):
        blanks, fields = source.choice((b" ", b",", b"  ")), source.randrange(4)
        found.append(blanks.join(source.choices(WORDS, k=fields)) + b"\n")
    return b"".join(found)


def stages(spec: str, after: str = "") -> tuple[Stage, Stage]:
    """The map and the merge that the compiler makes of a sort."""
    unit = Unit(f"sort {spec} x {after}", Shell({"LC_ALL": "C"}), lambda path: Blob(path, 1 << 30))
    plan = compile(unit, Options(RUNS, 2, "shuffle"))
    assert [exchange.kind for exchange in plan.exchanges] == ["scatter", "shuffle", "gather"]
    return plan.stages[0], plan.stages[1]


def ran(
    pipe: tuple[Argv, ...],
    stdin: bytes,
    directory: Path,
    found: tuple[str, ...] = (),
    inputs: tuple[str, ...] = (),
) -> bytes:
    """What the commands of a stage print. found: what stands for the splitters."""
    values = {MEMORY: ("8M",), SCRATCH: (str(directory),), SPLITTERS: found, INPUTS: inputs}
    for argv in pipe:
        command = program(fill(argv, values))
        done = subprocess.run(command, input=stdin, capture_output=True, env=C, check=True)
        stdin = done.stdout
    return stdin


C = {"PATH": os.environ["PATH"], "LC_ALL": "C"}


def ranges(
    spec: str,
    parts: list[bytes],
    sample: bytes,
    count: int,
    directory: Path,
    block: int = 1 << 20,
    after: str = "",
) -> list[bytes]:
    """The ranges that the parts of an input are made into, in order."""
    mapped, merge = stages(spec, after)
    chosen = b"".join(splitters(ran(mapped.pipe, sample, directory), count))
    file = directory / "splitters"
    file.write_bytes(chosen)
    runs = []
    for part in parts:
        cutter = Cutter(chosen, divides=not mapped.ordered)
        run = ran(mapped.pipe, part, directory, (str(file), "-"))
        taken = [cutter.take(run[at : at + block]) for at in range(0, len(run), block)]
        kept = b"".join([*taken, cutter.end()])
        assert len(cutter.begins) == chosen.count(b"\n")
        runs.append([kept[a:b] for a, b in pairwise((0, *cutter.begins, len(kept)))])
    merged = []
    for range_ in zip(*runs, strict=True):
        paths = [directory / f"run{number}" for number in range(len(range_))]
        for path, data in zip(paths, range_, strict=True):
            path.write_bytes(data)
        merged.append(ran(merge.pipe, b"", directory, inputs=tuple(map(str, paths))))
    return merged


def sorted_by_the_shell(spec: str, data: bytes) -> bytes:
    command = ["sort", *shlex.split(spec)]
    return subprocess.run(command, input=data, capture_output=True, env=C, check=True).stdout


@pytest.mark.parametrize("spec", SPECS)
def test_a_splitter_stands_where_sort_puts_it(spec: str, tmp_path: Path) -> None:
    """Each of 264 records against 11 splitters: 124,872 pairs for the 43 keys."""
    source = random.Random(spec)
    parts = [lines(source, 88) for _ in range(RUNS)]
    data = b"".join(parts)
    found = ranges(spec, parts, data, RANGES, tmp_path, source.randrange(1, 40))
    assert b"".join(found) == sorted_by_the_shell(spec, data)
    # Most of these records name no month, and a stable sort may not divide what is equal.
    assert sum(map(bool, found)) > 2 or "M" in spec


def text(source: random.Random) -> bytes:
    words = [b"%x" % (source.randrange(200) ** 2) for _ in range(150_000)]
    return b"".join(b" ".join(words[at : at + 5]) + b"\n" for at in range(0, len(words), 5))


def numbers(source: random.Random) -> list[bytes]:
    return [b"%08d\n" % source.randrange(10**8) for _ in range(100_000)]


INPUTS_OF = {
    "text": text,
    "constant line": lambda source: b"the same\n" * 90_000,
    "90% one line": lambda source: b"".join(
        line if source.random() < 0.1 else b"55555555\n" for line in numbers(source)
    ),
    "sorted": lambda source: b"".join(sorted(numbers(source))),
    "reversed": lambda source: b"".join(sorted(numbers(source), reverse=True)),
    "numeric keys": lambda source: b"".join(line.lstrip(b"0") for line in numbers(source)),
    "empty lines": lambda source: b"\n" * 900_000,
}


@pytest.mark.parametrize("name", INPUTS_OF)
def test_the_largest_range_is_at_most_twice_the_mean(name: str, tmp_path: Path) -> None:
    make: Any = INPUTS_OF[name]
    data = make(random.Random(name))
    path = tmp_path / "input"
    path.write_bytes(data)
    extents = Extents.of(Source(0, (Blob(str(path), len(data)),)))
    assert extents is not None
    sample = b"".join(stretches(extents, 8))
    cuts = [extents.boundary(start) for start, _ in extents.cuts(4)] + [len(data)]
    parts = [data[a:b] for a, b in pairwise(cuts)]
    spec = "-n" if name == "numeric keys" else ""
    found = ranges(spec, parts, sample, 8, tmp_path)
    assert b"".join(found) == sorted_by_the_shell(spec, data)
    assert max(map(len, found)) <= 2 * len(data) / 8


def test_equal_keys_of_a_stable_sort_are_one_range(tmp_path: Path) -> None:
    parts = [b"k %d\nk 1\n" % number * 50 for number in range(4)]
    found = ranges("-s -k1,1", parts, b"".join(parts), 4, tmp_path)
    assert [range_ for range_ in found if range_] == [b"".join(parts)]


@pytest.mark.parametrize("after", ["uniq -c", "uniq -d", "uniq -cu"])
def test_counts_are_cut_by_what_they_count(after: str, tmp_path: Path) -> None:
    source = random.Random(after)
    parts = [lines(source, 400) for _ in range(RUNS)]
    data = b"".join(parts)
    found = ranges("", parts, data, RANGES, tmp_path, 33, f"| {after}")
    sort = sorted_by_the_shell("", data)
    uniq = subprocess.run(after.split(), input=sort, capture_output=True, env=C, check=True)
    assert b"".join(found) == uniq.stdout
    assert sum(map(bool, found)) > 2


def test_an_empty_sample_makes_one_range() -> None:
    assert splitters(b"", 8) == []
    assert splitters(b"a\n", 3) == [b"a\n", b"a\n"]
