"""Pairs of neighbours: `paste - <(… | tail -n +2)`, and what is counted of two words a line."""

from __future__ import annotations

import json
import random
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime import kernels
from tests.command import bash, leashc
from tests.nasty import examples, streams
from tests.test_kernels import COUNT, C, by_kernel, by_shell, kernel, sort_as
from tests.test_kernels import run as run_kernel
from tests.test_programs import run as run_program

__all__ = ["kernel"]

PASTE = "f=$(mktemp); cat > $f; paste {} $f <(tail -n +2 $f); rm $f"
A = "tr -cs a-z '\\n' < f"


@examples(30)
@given(streams(), st.sampled_from("\t,\0"))
def test_pairs_of_neighbours(kernel: str, data: bytes, delimiter: str) -> None:
    expected = by_shell(
        PASTE.format("-d '\\0'" if delimiter == "\0" else f"-d '{delimiter}'"), data
    )
    if delimiter == "\0":  # paste takes it for none
        expected = by_shell(PASTE.format(""), data)
        delimiter = "\t"
    assert run_program("@pairs", "1", delimiter, data=data) == expected
    assert run_kernel(kernel, "pairs", "1", f"{ord(delimiter):02x}", data=data) == expected


@examples(20)
@given(streams(), st.integers(1, 40))
def test_pairs_of_parts(kernel: str, data: bytes, size: int) -> None:
    """Each part begins with the last record of the one before it; only the last one ends all."""
    records = data.split(b"\n")
    records = records[: len(records) - (not records[-1])]
    cuts = range(0, max(len(records), 1), size)
    whole = run_program("@pairs", "1", "\t", data=data)
    made = b""
    for first in cuts:
        part = b"".join(r + b"\n" for r in records[max(first - 1, 0) : first + size])
        last = str(int(first == cuts[-1]))
        ours = run_program("@pairs", last, "\t", data=part)
        assert run_kernel(kernel, "pairs", last, "09", data=part) == ours
        made += ours
    assert made == whole


@pytest.mark.parametrize("words", ["", "2 09", "1 100", "1 0x", "1 09 1", "10 09"])
def test_words_that_are_none(kernel: str, words: str) -> None:
    done = subprocess.run((kernel, "pairs", *words.split()), input=b"", stderr=-1, check=False)
    assert done.returncode == 2 and b"not understood" in done.stderr


PIPELINES = {
    f"{A} | paste - <({A} | tail -n +2)": True,
    f"{A} | paste -d , - <({A} | tail +2) | sort | uniq -c | sort -rn": True,
    f"{A} | paste - <({A} | sed 1d) > out": True,
    "cat f g | sort -n | paste - <(cat f g | sort -n | tail -n +2) | sort -u": True,
    f"{A} | paste - <({A} | tail -n +3)": False,
    f"{A} | paste - <({A} | tail -n +2 > x)": False,
    f"{A} | paste <({A}) <({A} | tail -n +2)": False,
    f"{A} | paste -s - <({A} | tail -n +2)": False,
    f"{A} | paste -d '\\n' - <({A} | tail -n +2)": False,
    f"{A} | paste - <(tr -cs a-y '\\n' < f | tail -n +2)": False,
    f"{A} | paste - <(tr -cs a-z '\\n' < g | tail -n +2)": False,
    f"{A} | paste - <({A} | tr a b | tail -n +2)": False,
    "cat f | shuf | paste - <(cat f | shuf | tail -n +2) | wc -l": False,
    f"{A} | shuf | tr a b | paste - <({A} | shuf | tr a b | tail -n +2) | wc -l": False,
    "cat <(sort f) | tr a b | paste - <(cat <(sort f) | tr a b | tail -n +2)": False,
    "paste - <(tail -n +2) < f": False,
}


@pytest.mark.parametrize("text", PIPELINES)
@pytest.mark.parametrize("choice", ["auto", "off"])
def test_the_bytes_of_the_shell(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, choice: str
) -> None:
    """What is read twice is read once where it is the same, and nowhere else."""
    monkeypatch.chdir(tmp_path)
    source = random.Random(text)
    for lines in (0, 1, 3, 5_000):
        for name in "fg":
            words = ("a b", "", "c", "é\r", "3 a  b", "the\tof")
            Path(name).write_text("\n".join(source.choice(words) for _ in range(lines)))
        expected = bash(f"{text}; test ! -e out || cat out", variables=C)
        plan = leashc("compile", "--width", "2", "--kernels", choice, text, variables=C).output
        pipes = [argv for stage in json.loads(plan)["stages"] for argv in stage["pipe"]]
        assert any(argv[0] == "@pairs" for argv in pipes) == PIPELINES[text]
        for width in ("2", "7"):
            Path("out").unlink(missing_ok=True)
            options = ("--width", width, "--block", "4K", "--kernels", choice)
            ours = leashc("run", *options, text, variables=C)
            output = ours.output + (Path("out").read_bytes() if Path("out").exists() else b"")
            assert (output, ours.status) == (expected.output, expected.status), (lines, width)
        Path("out").unlink(missing_ok=True)


def test_standard_input_is_not_read_twice() -> None:
    text = "tr a b | paste - <(tr a b | tail -n +2)"
    plan = leashc("compile", "--width", "2", text, variables=C).output
    assert b"@pairs" not in plan


SOURCE = random.Random(3)
HALVES = [b"%x" % (SOURCE.randrange(1 << 20) ** 2) for _ in range(700)]
CODED = {
    "pairs": b"\t".join(b"%b\n%b" % (a, a) for a in SOURCE.choices(HALVES, k=150_000)),
    "spaces": b"".join(b"%b %b\n" % tuple(SOURCE.choices(HALVES, k=2)) for _ in range(150_000)),
    "one half alone": b"".join(
        SOURCE.choice((b"%b %b\n", b"%b\t%b\n", b"%b%b\n"))
        % tuple(SOURCE.choices(HALVES[:200], k=2))
        for _ in range(150_000)
    ),
    "nothing in a half": b"".join(
        SOURCE.choice((b" %b%b\n", b"%b%b \n", b"%b\t\0%b\n", b"\0%b %b\n"))
        % tuple(SOURCE.choices([b"", b"a", b"\0", b"b" * 9, *HALVES[:300]], k=2))
        for _ in range(200_000)
    ),
}


@pytest.mark.parametrize("memory", ["1", "3M", "64M"])
@pytest.mark.parametrize("kind", CODED)
def test_lines_of_two_words(kernel: str, kind: str, memory: str) -> None:
    """Many of them, of few words: they are counted as pairs of numbers."""
    data = CODED[kind] + b"\n" + HALVES[0] * 300_000
    assert by_kernel(kernel, COUNT, data=data, memory=memory) == by_shell("sort | uniq -c", data)
    unique = by_kernel(kernel, sort_as("-u"), data=data, memory=memory)
    assert unique == by_shell("sort -u", data)


@pytest.mark.parametrize("flags", ["-n", "-rn"])
@pytest.mark.parametrize("memory", ["1", "64M"])
def test_numbers_that_come_in_order_or_not(kernel: str, flags: str, memory: str) -> None:
    """What `uniq -c` prints, with lines of other numbers among it."""
    counted = by_shell("sort | uniq -c", CODED["one half alone"])
    others = b"".join(b"%d.%d %d\n" % (n % 300, n % 5, n) for n in range(9_000))
    for data in (counted, counted + others, others + counted + b"-1\n\nx\n255\n256\n 1"):
        ours = by_kernel(kernel, sort_as(flags), data=data, memory=memory)
        assert ours == by_shell(f"sort {flags}", data)


def test_numbers_out_of_order_take_no_more_than_their_memory() -> None:
    """Lines of one number need a place each, beside their text, which is less."""
    if not kernels.executable():
        pytest.skip("no kernels are built")
    data = b"".join(b"7 %d\n" % (n * 7919 % 1009) for n in range(4_000_000))
    limited = ("bash", "-c", 'ulimit -d 40000; exec "$@"', "bash", kernels.executable())
    ours = run_kernel(*limited, "sort", "16M", "/tmp", "-n", data=data)
    assert ours == by_shell("sort -n", data)


@pytest.mark.parametrize("choice", ["auto", "off"])
def test_what_is_counted_is_ranked_where_it_comes_together(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, choice: str
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("f").write_bytes(CODED["spaces"])
    for text in ("sort f | uniq -c | sort -rn", "sort f | uniq -c | sort -n | head -n 9"):
        for merge in ("auto", "tree", "shuffle"):
            options = ("--width", "5", "--merge", merge, "--fan-in", "2", "--kernels", choice)
            ours = leashc("run", *options, text, variables=C)
            assert (ours.output, ours.status) == (bash(text, variables=C).output, 0)
    wide = leashc("explain", "--width", "5", "--merge", "shuffle", "sort f | uniq -c | sort -n")
    assert b"@merge-counts <inputs> | sort" not in wide.output
