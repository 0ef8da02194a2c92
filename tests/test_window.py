"""awk programs that remember the records just before, over partitions and dealt streams."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from leashc.behaviour import Kind
from leashc.invocation import Locale
from leashc.operators import find, parsed
from runtime.source import ending
from tests.command import bash, leashc

PROGRAMS = [
    "p {print p, $0} {p = $0}",
    "{print a, b, $1; a = b; b = $NF}",
    "NR > 1 {print $1 - p} {p = $1}",
    'BEGIN {print "x"; p = 7} $1 != p {print FNR, p} {p = $1 ""}',
    "$1 == p {print q, $2} {p = $1; q = $2}",
    "{if (NR % 2) print c; c = substr($0, 1, 2) NF}",
]
C = {"LC_ALL": "C"}


def reach(program: str) -> int:
    """How many records come again; 0 if it runs whole, or otherwise."""
    operator = find("awk")
    assert operator
    law = operator.judge(parsed(("awk", program))._replace(locale=Locale.of(C)))
    return law.trim.before if law.kind is Kind.INDEXED and law.trim else 0


def test_how_far_it_reaches() -> None:
    assert list(map(reach, PROGRAMS)) == [1, 2, 1, 1, 1, 1]
    assert reach("{print a, b, c, $0; a = b; b = c; c = $1}") == 3
    assert reach("{print a, b, $0; b = $0; a = b}") == 1


@pytest.mark.parametrize(
    "program",
    [
        "{s += $1; print s}",
        "f; /a/ {f = 1}",
        "{print a; t = a + b; a = b; b = t}",
        "{print p; p = p + $1}",
        "/a/ {next} {print p; p = $0}",
        "{$1 = 2; print p; p = $0}",
        "{sub(/a/, p); print; p = $0}",
        "{print p; p = $0; if (NF) p = 1}",
        "{print p; p = NR}",
        "{print p; p = q++}",
        "{print p[1]; p[1] = $0}",
        "{print p; p = $0; for (p in ENVIRON) print}",
        "{print p; p = $0; split($0, p)}",
        "function f(x) {$0 = x; return x} {print p; p = $0; print f(1)}",
        "{print p; p = $0} END {print p}",
    ],
)
def test_what_runs_whole(program: str) -> None:
    assert reach(program) == 0


@pytest.mark.parametrize("program", PROGRAMS)
@pytest.mark.parametrize("shape", ["awk '{}' f", "awk '{}' f g", "tr a-c x < f | sort | awk '{}'"])
def test_the_bytes_of_the_shell(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, program: str, shape: str
) -> None:
    monkeypatch.chdir(tmp_path)
    source = random.Random(program + shape)
    for lines in (0, 1, 2, 3, 40, 100_000):
        for name, end in (("f", "\n"), ("g", "")):
            words = ("a", "b b", "", "c 1 2", "17", "é\r", "3 a")
            text = "\n".join(source.choice(words) for _ in range(lines)) + end
            Path(name).write_text(text, encoding="utf-8")
        text = shape.replace("{}", program)
        if "FNR" in program:
            text = text.replace("f g", "f")
        expected = bash(text, variables=C)
        for width in ("2", "3", "7"):
            ours = leashc("run", "--width", width, text, variables=C)
            assert (ours.output, ours.status) == (expected.output, expected.status), (lines, width)


def test_a_stream_that_is_unfit_goes_on_from_what_came_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From the block with a NUL on, which begins with the record before it."""
    monkeypatch.chdir(tmp_path)
    lines = [f"{number % 7}\n".encode() for number in range(3_000_000)]
    lines[2_500_000] = b"a\0b\n"
    Path("f").write_bytes(b"".join(lines))
    text = "cat f | grep -av 9 | awk '$1 != p {print p, NR} {p = $1}'"
    ours = leashc("run", "--width", "2", "--block", "64K", text, variables=C)
    assert ours.output == bash(text, variables=C).output


@pytest.mark.parametrize("records", [0, 1, 2, 3, 9])
def test_the_last_records_of_data(records: int) -> None:
    lines = [b"a\n", b"\n", b"long line\n", b"b\n"]
    assert ending(b"".join(lines), records) == b"".join(lines[len(lines) - min(records, 4) :])
    assert ending(b"", records) == b""
