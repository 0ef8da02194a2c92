"""Kernels of maps and counts against the tools that they stand for."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leashc.invocation import Locale
from leashc.kernels import words
from tests.nasty import examples, streams
from tests.test_kernels import UTF8, C, by_kernel, by_shell, kernel, run

__all__ = ["kernel"]

CUT = [
    tuple(shlex.split(f"cut {words}"))
    for words in """
    -c1
    -c2-
    -b -2,4
    -c 3,1-2,9-,9
    -d ' ' -f1
    -d ' ' -f2-
    -d ' ' -f -2
    -d, -f3,1
    -d ' ' -f2,4- --output-delimiter=:
    -f2 -s
    -sd a -f1,3
    -d ' ' -f 2-3,7
    """.strip().splitlines()
]


@examples(60)
@given(streams(), st.sampled_from(CUT))
def test_cut(kernel: str, data: bytes, cut: tuple[str, ...]) -> None:
    assert by_kernel(kernel, cut, data=data) == run(*cut, data=data)


@pytest.mark.parametrize("cut", CUT, ids=shlex.join)
def test_cut_of_much(kernel: str, cut: tuple[str, ...]) -> None:
    """Over blocks, with a line that is longer than one, and with no newline at the end."""
    data = b"a b c d,e\tf g\n, ,\n\n" * 20_000 + b"a " * 300_000 + b"\nx\0y z\n" + b"tail of it"
    assert by_kernel(kernel, cut, data=data) == run(*cut, data=data)


@examples(40)
@given(streams(), st.sampled_from(["-l", "-c", "-m", "-lc", "-cml"]))
def test_wc(kernel: str, data: bytes, flags: str) -> None:
    # In a pipe, as in a task: of a file, wc pads for its size.
    wc = ("wc", flags)
    assert by_kernel(kernel, wc, data=data) == by_shell(f"cat | wc {flags}", data)


# What is a word to every wc, and what to some: unprintable, at the edges of vectors and blocks.
texts = st.lists(
    st.sampled_from(
        [b"a", b"word", b"\xff", b"\x01", b"\0", b" ", b"\v", b"\n", b"\r\f", b"x" * 15]
    ),
    max_size=40,
).map(b"".join)
texts = st.tuples(st.sampled_from([0, 200, 4000, 262140]), texts, texts).map(
    lambda given: b"a b \n" * (given[0] // 5) + given[1] + b"xy\t" * 9 + given[2]
)


@examples(100)
@given(texts, st.sampled_from(["-w", "-lw", "-wc", "-lwc"]))
def test_words(kernel: str, data: bytes, flags: str) -> None:
    assert by_kernel(kernel, ("wc", flags), data=data) == by_shell(f"cat | wc {flags}", data)


def test_a_word_goes_on_behind_what_is_not_printed(kernel: str) -> None:
    """Also where the kernel begins to look at sixteen bytes at once."""
    for before in (15, 4079, 4080, 4081, 8160, 262_143, 262_144):
        data = b"a" * before + b"\xff" + b"b" * 100
        assert by_kernel(kernel, ("wc", "-w"), data=data) == by_shell("cat | wc -w", data)


@pytest.mark.parametrize("answer", ["0", "1"])
def test_a_word_is_what_the_wc_of_the_machine_says(
    kernel: str, answer: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tool = tmp_path / "wc"
    tool.write_text(f"#!/bin/sh\necho {answer}\n")
    tool.chmod(0o755)
    monkeypatch.setitem(C, "PATH", f"{tmp_path}:{C['PATH']}")
    data = b"a \1 \xff\xfe b\1"
    assert by_kernel(kernel, ("wc", "-w"), data=data) == (b"4\n" if answer == "1" else b"2\n")


MAPS = [*CUT, ("tr", "a", "\n"), ("tr", "-s", "\n"), ("tr", "-d", "ab"), ("tr", "a-f", "b")]


@examples(60)
@given(streams(), st.lists(st.sampled_from(MAPS), min_size=1, max_size=4))
def test_maps_in_one_kernel(kernel: str, data: bytes, maps: list[tuple[str, ...]]) -> None:
    pipeline = " | ".join(map(shlex.join, maps))
    assert by_kernel(kernel, *maps, data=data) == by_shell(pipeline, data)
    wc = by_kernel(kernel, *maps, ("wc", "-lc"), data=data)
    assert wc == by_shell(f"{pipeline} | wc -lc", data)


@pytest.mark.parametrize(
    ("command", "locale"),
    [
        ("cut -c1", UTF8),
        ("cut -f1 --complement", Locale()),
        ("cut -zf1", Locale()),
        ("cut -d '' -f1", Locale()),
        ("cut -f1 --output-delimiter=ab", Locale()),
        ("cut -c1 --output-delimiter=a", Locale()),
        ("cut -f1,,2", Locale()),
        ("cut -f0", Locale()),
        ("cut -f3-1", Locale()),
        ("cut -c111111111222222222", Locale()),
        ("cut -c1-2-3", Locale()),
        ("cut -d a -d b -f1", Locale()),
        ("cut -f " + ",".join(map(str, range(1, 200, 2))), Locale()),
        ("wc -L", Locale()),
        ("wc", Locale()),
        ("wc -m", UTF8),
        ("wc -l f", Locale()),
    ],
)
def test_what_stays_with_the_tools(command: str, locale: Locale) -> None:
    assert words(tuple(shlex.split(command)), locale) is None
