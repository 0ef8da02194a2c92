"""Kernels that sort whole inputs, or merge what is sorted, against sort."""

from __future__ import annotations

import os
import random
import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leashc.invocation import Locale
from leashc.kernels import Words, top, words
from runtime.slots import FAN, INPUTS, MEMORY, SCRATCH, THREADS, fill
from tests.nasty import examples, streams
from tests.test_kernels import C, by_kernel, by_shell, kernel, run

__all__ = ["kernel"]

ORDERS = ["", "-r", "-n", "-n -r", "-u"]
NUMBERS = [
    b"7",
    b"07",
    b"-7",
    b" 7.50",
    b"7.5",
    b"x7",
    b"",
    b"-0",
    b"1e3",
    b"9" * 20,
    b"-" + b"9" * 20,
]


def merged(kernel: str, flags: str, paths: list[str], threads: int = 2) -> bytes:
    argv = ("sort", *flags.split(), "-m", "--batch-size", FAN, "-T", SCRATCH, INPUTS)
    found = words(argv, Locale.of(C))
    assert found and not found.maps
    values: dict[str, tuple[str, ...]] = {
        THREADS: (str(threads),),
        MEMORY: ("1M",),
        SCRATCH: ("/tmp",),
        INPUTS: tuple(paths),
    }
    return run(kernel, *fill(found.words, values))


def sorted_files(flags: str, parts: list[bytes], folder: Path) -> list[str]:
    paths = []
    for number, part in enumerate(parts):
        path = folder / str(number)
        path.write_bytes(run("sort", *flags.split(), data=part))
        paths.append(str(path))
    return paths


@pytest.mark.parametrize("flags", ORDERS)
def test_merges_of_nasty_lines(kernel: str, flags: str, tmp_path: Path) -> None:
    @examples(30)
    @given(st.lists(streams(), min_size=1, max_size=5))
    def check(parts: list[bytes]) -> None:
        paths = sorted_files(flags, parts, tmp_path)
        assert merged(kernel, flags, paths) == run("sort", "-m", *flags.split(), *paths)

    check()


@pytest.mark.parametrize("flags", ORDERS)
@pytest.mark.parametrize("kind", ["numbers", "one line", "text", "long lines"])
def test_merges_of_many_ranges(kernel: str, flags: str, kind: str, tmp_path: Path) -> None:
    """Over several ranges and buffers, by several threads."""
    source = random.Random(3)

    def line() -> bytes:
        match kind:
            case "numbers":
                return source.choice(NUMBERS) + b"%d" % source.randrange(5000)
            case "one line":
                return b"the very same line again and again, longer than a key" * 3
            case "text":
                return b" ".join(b"%x" % source.randrange(99) for _ in range(source.randrange(30)))
        return b"%x" % source.randrange(9) * source.choice([1, 9, 700_000])

    count = 60 if kind == "long lines" else 40_000
    parts = [b"\n".join(line() for _ in range(count)) + b"\n" for _ in range(4)]
    paths = sorted_files(flags, parts, tmp_path)
    expected = run("sort", "-m", *flags.split(), *paths)
    assert merged(kernel, flags, paths, threads=3) == expected


def test_a_merge_reads_pipes(kernel: str, tmp_path: Path) -> None:
    path = str(tmp_path / "pipe")
    os.mkfifo(path)
    other = tmp_path / "other"
    other.write_bytes(b"b\nd\n")
    writer = threading.Thread(target=lambda: Path(path).write_bytes(b"a\nc\ne"))
    writer.start()
    assert merged(kernel, "", [path, str(other)]) == b"a\nb\nc\nd\ne\n"
    writer.join()


def test_no_runs_make_no_output(kernel: str, tmp_path: Path) -> None:
    (tmp_path / "empty").touch()
    assert merged(kernel, "", [str(tmp_path / "empty")] * 3) == b""


@pytest.mark.parametrize("flags", ORDERS[:-1])
def test_the_first_of_a_sort(kernel: str, flags: str) -> None:
    sort = ("sort", *flags.split(), "--parallel=1", "-S", MEMORY, "-T", SCRATCH)
    known = words(sort, Locale.of(C))
    assert known

    @examples(40)
    @given(streams(), st.sampled_from([1, 2, 3, 10, 1000]))
    def check(data: bytes, most: int) -> None:
        first = top(known, ("head", "-n", str(most)))
        assert first and not first.maps
        expected = by_shell(f"sort {flags} | head -n {most}", data)
        assert run(kernel, *first.words, data=data) == expected

    check()


@pytest.mark.parametrize("argv", [("head", "-n", "-3"), ("head", "-c", "3"), ("head", "-n", "0")])
def test_what_is_no_first_of_a_sort(argv: tuple[str, ...]) -> None:
    assert top(Words(("sort", "64M", "/tmp"), maps=False), argv) is None
    assert top(Words(("count", "64M", "/tmp"), maps=False), ("head", "-n", "3")) is None


@pytest.mark.parametrize("memory", ["1M", "64M"])
@pytest.mark.parametrize("again", [1, 3])
def test_unique_lines_of_much(kernel: str, memory: str, again: int) -> None:
    """Where hardly a line comes again it sorts, what was counted before included."""
    source = random.Random(5)
    lines = [b"%x" % source.randrange(1 << 60) for _ in range(90_000)] * again
    lines += lines[:1000]
    data = b"\n".join(lines)
    sort = ("sort", "-u", "--parallel=1", "-S", MEMORY, "-T", SCRATCH)
    assert by_kernel(kernel, sort, data=data, memory=memory) == run("sort", "-u", data=data)
