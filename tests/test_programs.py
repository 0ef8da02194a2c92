"""Our own helper programs against the tools that they stand for."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.slots import program
from tests.nasty import examples, streams

C = {**os.environ, "LC_ALL": "C"}


def run(*argv: str, data: bytes = b"") -> bytes:
    return subprocess.run(program(argv), input=data, stdout=-1, env=C, check=True).stdout


def sort_and_count(data: bytes) -> bytes:
    return run("uniq", "-c", data=run("sort", data=data))


@examples(30)
@given(streams())
def test_count_is_sort_and_uniq(data: bytes) -> None:
    assert run("@count", "1M", "/tmp", data=data) == sort_and_count(data)


KEYS = b"".join(b"%d\n" % (number * 7919 % 300_007) for number in range(300_000))  # all different
WORDS = b"".join(b"%d\n" % (number * number % 9973) for number in range(300_000))  # few


@pytest.mark.parametrize(
    ("data", "memory"),
    [
        pytest.param(WORDS, "64M", id="few keys"),
        pytest.param(WORDS, "256K", id="few keys, many runs"),
        pytest.param(KEYS, "64M", id="keys only: sorts from the start"),
        pytest.param(WORDS + KEYS, "1M", id="keys in the end: sorts the rest"),
        pytest.param(WORDS + KEYS + b"no newline", "64M", id="keys in the end, memory for them"),
        pytest.param(b"x" * 3_000_000 + b"\n" + WORDS, "1M", id="a line longer than a block"),
    ],
)
def test_count_of_much(data: bytes, memory: str, tmp_path: Path) -> None:
    assert run("@count", memory, str(tmp_path), data=data) == sort_and_count(data)
    assert not list(tmp_path.iterdir())


@examples(30)
@given(st.lists(streams(), min_size=1, max_size=4))
def test_merge_counts(parts: list[bytes]) -> None:
    # Parts end where records do; only the last may lack its newline.
    whole = [part.rstrip(b"\n") + b"\n" for part in parts]
    assert merged([sort_and_count(part) for part in whole]) == sort_and_count(b"".join(whole))


def test_merge_counts_of_many_blocks() -> None:
    parts = [sort_and_count(part) for part in (KEYS, WORDS, WORDS)]
    assert merged(parts) == sort_and_count(KEYS + WORDS + WORDS)


def test_counts_that_need_more_than_seven_places() -> None:
    parts = [b"9999999 \n12345678 a\n      2 b\n", b"      1 \n87654321 a\n 100000 a b\n"]
    assert merged(parts) == b"10000000 \n99999999 a\n 100000 a b\n      2 b\n"


def merged(parts: list[bytes]) -> bytes:
    descriptors = []
    for part in parts:
        descriptors.append(os.memfd_create("part", 0))
        os.write(descriptors[-1], part)
        os.lseek(descriptors[-1], 0, os.SEEK_SET)
    try:
        return subprocess.run(
            program(("@merge-counts", *(f"/proc/{os.getpid()}/fd/{d}" for d in descriptors))),
            stdout=-1,
            env=C,
            check=True,
        ).stdout
    finally:
        for descriptor in descriptors:
            os.close(descriptor)


@pytest.mark.parametrize("flags", ["", "--counts"])
def test_seam_of_large_parts(flags: str, tmp_path: Path) -> None:
    """Long middles, and last records longer than a block."""
    uniq = ("uniq", "-c") if flags else ("uniq",)
    long = b"y" * 2_500_000 + b"\n"
    parts = [WORDS + long, long, long + WORDS, b"", WORDS[:-1] + b"\n", b"\n\n", b"\n"]
    paths = []
    for number, part in enumerate(parts):
        paths.append(tmp_path / str(number))
        paths[-1].write_bytes(run(*uniq, data=part))
    argv = ("@seam", *flags.split(), "--exact", "--", *map(str, paths))
    assert run(*argv) == run(*uniq, data=b"".join(parts))


def test_number_goes_on() -> None:
    data = b"a\n\nb\r\n\0\n" * 200_000 + b"end"
    expected = run("cat", "-n", data=b"x\n" * 999_998 + data)
    assert (
        run("@number", "999998", data=data)
        == expected[len(run("cat", "-n", data=b"x\n" * 999_998)) :]
    )


def test_renumber_goes_on() -> None:
    lines = WORDS.splitlines(keepends=True)
    first, second = (b"".join(part) for part in (lines[:1000], lines[1000:]))
    parts = run("grep", "-n", "7", data=first) + run(
        "@renumber", "1000", data=run("grep", "-n", "7", data=second)
    )
    assert parts == run("grep", "-n", "7", data=WORDS)


def test_renumber_leaves_what_has_no_number() -> None:
    said = b"1:a:b\ngrep: (standard input): binary file matches\nx\n"
    assert run("@renumber", "5", data=said) == said.replace(b"1:", b"6:")


def test_reversed(tmp_path: Path) -> None:
    paths = [tmp_path / name for name in "abc"]
    for path in paths:
        path.write_bytes(path.name.encode() * 3_000_000)
    assert run("@reversed", *map(str, paths)) == b"".join(p.read_bytes() for p in reversed(paths))


def test_sum() -> None:
    rows = b"      1       2      30\n 4 5 6\n"
    assert run("@sum", "+", "+", "max", data=rows) == b"5 7 30\n"
    assert run("@sum", "--size", "-1", "+", "+", "max", data=rows) == b"      5       7      30\n"
    assert (
        run("@sum", "--size", "100", "--name", "é", "+", "+", "+", data=rows)
        == "  5   7  36 é\n".encode()
    )
    assert run("@sum", "+", data=b"") == b""


@pytest.mark.parametrize(
    "argv", [("@number", "0"), ("@repeats", "--more"), ("@count", "1M", "/tmp")]
)
def test_a_closed_pipe_is_no_error(argv: tuple[str, ...]) -> None:
    """As any tool: ended by the signal, without a word."""
    data = b"      2 line\n" * 500_000
    read, write = os.pipe()
    os.close(read)
    ended = subprocess.run(
        program(argv), input=data, stdout=write, stderr=subprocess.PIPE, check=False
    )
    os.close(write)
    assert (ended.returncode, ended.stderr) == (-13, b"")


def test_nth() -> None:
    """Scripts by place: the first two once, the others in turns."""
    words = ("2", "4", "a", "b", "c", "d", "printf", "%s")
    chosen = [run("@nth", str(before), "", *words) for before in range(7)]
    assert chosen == [b"a", b"b", b"c", b"d", b"c", b"d", b"c"]
    words = ("1", "2", "a", "b", "A", "B", "printf", "%s")
    chosen = [run("@nth", str(before), last, *words) for last in "01" for before in range(3)]
    assert chosen == [b"a", b"b", b"b", b"A", b"B", b"B"]


@examples(20)
@given(st.lists(streams(), min_size=1, max_size=4), st.sampled_from(",\t\n\\"))
def test_serial(parts: list[bytes], delimiter: str) -> None:
    # Parts end where records do; only the last may lack its newline.
    parts = [part.rstrip(b"\n") + b"\n" for part in parts[:-1]] + parts[-1:]
    made = b"".join(run("@serial", delimiter, data=part) for part in parts)
    whole = run("paste", "-s", "-d", delimiter.replace("\\", "\\\\"), data=b"".join(parts))
    assert run("@serial", "--end", data=made) == whole
