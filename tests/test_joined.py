"""Commands of several inputs, divided together, against bash: bytes, statuses and messages."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from tests.command import bash, leashc

LINES = (
    *b"\n\na\nA\nab\na b\n a\nb\na\tb\nb,2,a\n1 x\n10 y\n1 z\n\xff\n\0\na\0b".split(b"\n"),
    b"x" * 300,
)


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def lines(source: random.Random) -> bytes:
    """Few different lines and many of each; in order or not; perhaps without a last newline."""
    few = source.sample(LINES, source.randint(1, len(LINES)))
    some = [source.choice(few) for _ in range(source.choice((0, 1, 5, 40)))]
    if source.random() < 0.85:
        some.sort()
    return b"\n".join(some) + b"\n" * (source.random() < 0.7)


def same(text: str, width: int, block: int) -> None:
    """A pipeline divided, stream blocks cut small, against bash."""
    theirs = bash(text)
    ours = leashc("run", "--width", f"{width}", "--block", f"{block}", "-c", text)
    assert (ours.output, ours.status) == (theirs.output, theirs.status), (text, width, block)
    if "head" not in text:  # which may end before a command complains
        assert ours.errors == theirs.errors, (text, width, block)


def inputs(source: random.Random, count: int) -> list[str]:
    """So many words for inputs: files, streams, and standard input at most once."""
    words = []
    for number in range(count):
        Path(f"f{number}").write_bytes(lines(source))
        words.append(source.choice((f"f{number}", f"<(cat f{number})")))
    if source.random() < 0.3:
        words[source.randrange(count)] = "-"
    return words


COMM = ("", "-12", "-23", "-13", "-3", "--check-order", "--nocheck-order", "--output-delimiter=ab")


@pytest.mark.parametrize("seed", range(25))
def test_comm(seed: int) -> None:
    source = random.Random(seed)
    one, two = inputs(source, 2)
    text = f"comm {source.choice(COMM)} {one} {two}"
    if "-" in (one, two):
        Path("f3").write_bytes(lines(source))
        text = f"sort f3 | {text}"
    text += source.choice(("", "", " | cat -n", " | sort | uniq -c", " | head -n 3"))
    same(text, source.randint(1, 7), source.choice((1, 7, 50, 10000)))
