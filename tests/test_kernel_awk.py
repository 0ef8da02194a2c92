"""The kernel of awk against the awk that is here."""

from __future__ import annotations

import shlex
import subprocess
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leashc.invocation import Locale
from leashc.kernels import words
from leashc.operators import find, parsed
from tests.nasty import examples, streams
from tests.test_kernels import UTF8, C, by_kernel, by_shell, kernel, run

__all__ = ["kernel"]

AWK = [
    tuple(shlex.split(f"awk {words}"))
    for words in """
    '{print $1}'
    '{ print $1, $3 ; }'
    '{print $NF}'
    '{print}'
    '{print $2, $2, $0, $NF, $NF}'
    -F, '{print $2}'
    -F '|' '{print $NF, $1}'
    -F '\\t' '{print $3, $2}'
    '$2 == 404'
    '$2 != 7 {print $1}'
    '$1 > 5'
    '$1>=10 {print $NF}'
    '$1 < 10'
    -F, '$2 <= 200 {print $1}'
    '$1 == 999999999999999'
    '{print substr($2, 2, 3), substr($NF, 1, 1)}'
    """.strip().splitlines()
]
fields = st.sampled_from(
    """a 5 7 10 9 010 404 200 0 - -5 +10 4.04e2 404.0 0x194 inf nan +nan x5 5x 1e1 999999999999999
    9999999999999999 1234567890123456789012 index NO . [23/Nov/2026:10 \xff~ word""".split()
).map(lambda text: text.encode("latin-1"))
gaps = st.sampled_from(
    [b" ", b" ", b"  ", b"\t", b" \t ", b",", b"|", b"\n", b"\n", b",,", b"\r\n", b"\v"]
)
logs = st.lists(st.tuples(fields, gaps), max_size=60).map(
    lambda parts: b"".join(map(b"".join, parts))
)


@examples(150)
@given(st.one_of(logs, streams().map(lambda data: data.replace(b"\0", b""))), st.sampled_from(AWK))
def test_awk(kernel: str, data: bytes, awk: tuple[str, ...]) -> None:
    assert by_kernel(kernel, awk, data=data) == run(*awk, data=data)


COUNTS = [
    ("awk", *flags, f"{rule} END {{for (k in n) print n[k], k}}")
    for *flags, rule in (
        ("{n[$1]++}",),
        ("{ n[$NF]++ ; }",),
        ("{n[$0]++}\n",),
        ("$2 >= 200 {n[ $1 ]++}",),
        ("-F,", "{n[$2]++}"),
        ("{n[substr($1, 1, 2)]++}",),
    )
]


def counted(awk: tuple[str, ...]) -> tuple[str, ...]:
    """The map of an awk that counts; its rows are in no order, and a key may have several."""
    operator = find("awk")
    assert operator
    (found,) = operator.judge(parsed(awk)._replace(locale=Locale.of(C))).map
    return found


def added(rows: bytes) -> Counter[bytes]:
    sums = Counter[bytes]()
    for row in rows.split(b"\n")[:-1]:
        count, _, key = row.partition(b" ")
        sums[key] += int(count)
    return sums


@examples(150)
@given(
    st.one_of(logs, streams().map(lambda data: data.replace(b"\0", b""))), st.sampled_from(COUNTS)
)
def test_awk_that_counts(kernel: str, data: bytes, awk: tuple[str, ...]) -> None:
    mapped = counted(awk)
    assert added(by_kernel(kernel, mapped, data=data)) == added(run(*mapped, data=data))


@pytest.mark.parametrize("odd", [b"", b"a\r b\n"], ids=["plain", "odd"])
def test_awk_that_counts_more_than_memory_holds(kernel: str, odd: bytes) -> None:
    lines = [b"key%d is here %d\n" % (at % 40_000, at) for at in range(100_000)]
    data = b"".join(lines) + odd
    mapped = counted(COUNTS[0])
    ours = by_kernel(kernel, mapped, data=data, memory="1M")
    assert added(ours) == added(run(*mapped, data=data))
    assert len(ours.splitlines()) > 40_001


@pytest.mark.parametrize("awk", AWK, ids=shlex.join)
@pytest.mark.parametrize("odd", [b"", b"a\r b\n404x 0x194\n"], ids=["plain", "odd"])
def test_awk_of_much(kernel: str, awk: tuple[str, ...], odd: bytes) -> None:
    """Over blocks, one of which the awk that is here may have to map, and a line of several."""
    data = b"a 404 c,7 e|f\tg\n 12 404\n\n,, |\n7 12,200,9\n" * 20_000
    data += odd + b"a " * 300_000 + b"\n" + data + b"tail of it"
    assert by_kernel(kernel, awk, data=data) == run(*awk, data=data)


def test_a_block_that_awks_see_otherwise_is_mapped_by_the_one_here(
    kernel: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tool = tmp_path / "awk"
    tool.write_text("#!/bin/sh\necho other\n")
    tool.chmod(0o755)
    monkeypatch.setitem(C, "PATH", f"{tmp_path}:{C['PATH']}")
    test = ("awk", "$1 == 5")
    for data in (b"5\n0x5\n", b"5\n1e5\n", b"5\n+5\n", b"5\nnan\n", b"\v5\n"):
        assert by_kernel(kernel, test, data=data) == b"other\n"
    assert by_kernel(kernel, test, data=b"5\n05 x\nx\n-\n\n") == b"5\n05 x\n"


def test_an_awk_that_fails_is_an_error(kernel: str) -> None:
    argv = (kernel, "awk", "blank", "all", "1", "--", "false")
    done = subprocess.run(argv, input=b"\r", capture_output=True, check=False)
    assert (done.returncode, done.stdout) == (2, b"")


def test_awk_among_others(kernel: str) -> None:
    data = b"a,1 x\nb,2 y\n" * 1000
    steps = (("awk", "{print $1}"), ("awk", "-F,", "$2 >= 2 {print $1}"), ("wc", "-lw"))
    pipeline = " | ".join(map(shlex.join, steps))
    assert by_kernel(kernel, *steps, data=data) == by_shell(pipeline, data)


@pytest.mark.parametrize(
    ("program", "locale"),
    [
        ("'{print $1}'", UTF8),
        *(
            (program, Locale())
            for program in (
                *(
                    "''",
                    "'{print $1 $2}'",
                    "'{print $100}'",
                    "'{print $1 > \"f\"}'",
                    "'{print NF}'",
                ),
                *("-F '' '{print $1}'", "-F ab '{print $1}'", "-F . '{print $1}'", "-F t 1"),
                *(
                    "-v OFS=: '{print $1}'",
                    "'{print $1}' f",
                    "'$1 == 0'",
                    "'$1 == 05'",
                    "'$0 == 5'",
                ),
                *("'$1 == 1.5'", "'$1 == $2'", "'$1 == 1 || $2 == 2'", "'{printf $1}'", "-F é 1"),
                *("'{n[$1]++}'", "'{n[$1]++} END {print 1}'", "'{n[$1] += 2} \n END { exit 1 }'"),
                *("'{print substr($1, 0, 2)}'", "'{print substr($1, 2)}'", "'{print $1; print}'"),
            )
        ),
    ],
)
def test_what_stays_with_awk(program: str, locale: Locale) -> None:
    assert words(("awk", *shlex.split(program)), locale) is None
