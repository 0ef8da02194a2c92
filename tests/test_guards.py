"""Guards: data for which a law holds, fails at once, or fails late, against bash."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from tests.equivalence import Case, difference, load

TEXTS = {
    "rev": [b"abc\n", b"\n", b" a\tb \n", b"last"],
    "rev | cut -d. -f1 | rev": [b"a.b.c\n", b"abc\n", b"..\n"],
    "cat f | rev | sort | rev | head -n 3": [b"b\n", b"a\n", b"aba\n"],
}
# What the law of the command above can't serve.
UNFIT = {
    "rev": [b"\xc3\xa9\n", b"a\xff\n", b"a\0b\n"],
}


def data(lines: list[bytes], unfit: list[bytes], place: str, source: random.Random) -> bytes:
    """Some lines; at a place ("first", "last" or ""), one that a guard is for."""
    found = [source.choice(lines) for _ in range(source.choice((1, 3, 20, 90)))]
    if place:
        found.insert(0 if place == "first" else len(found), source.choice(unfit))
    return (
        b"".join(line if line.endswith(b"\n") else line + b"\n" for line in found[:-1])
        + (found[-1])
    )


@pytest.mark.parametrize("place", ["", "first", "last"])
@pytest.mark.parametrize("text", TEXTS)
def test_the_bytes_and_the_status_of_bash(
    text: str, place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    load()
    source = random.Random(f"{text} {place}")
    unfit = next(bad for name, bad in UNFIT.items() if name in text.split())
    for width in range(1, 8):
        for stdin in ("file", "pipe"):
            given = {"f": data(TEXTS[text], unfit, place, source)}
            Path("f").write_bytes(given["f"])
            locale = source.choice(("C", "C.UTF-8"))
            case = Case(text, given, stdin, width, locale, source.choice((1, 16, 100)))
            assert not difference(case), case
