"""All but the last records: `head -n -K` over partitions and dealt streams."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.command import bash, leashc

C = {"LC_ALL": "C"}


@pytest.mark.parametrize("lines", [0, 1, 2, 3, 5, 400_000])
@pytest.mark.parametrize("end", [b"", b"\n", b"\n\n"])
def test_all_but_the_last(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lines: int, end: bytes
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("f").write_bytes(b"\n".join(b"line %d" % number for number in range(lines)) + end)
    for count in ("0", "1", "2", "7"):
        for shape in ("head -n -{} f", "tr 0 x < f | sort | head -n -{} | cut -c2-"):
            text = shape.replace("{}", count)
            expected = bash(text, variables=C)
            ours = leashc("run", "--width", "3", "--block", "64K", text, variables=C)
            assert (ours.output, ours.status) == (expected.output, expected.status), text


def test_a_line_that_is_longer_than_a_block(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("f").write_bytes(b"first\n" + b"long " * 1_000_000 + b"\nlast\n")
    for text in ("cat f | sort -r | head -n -1 | cut -c2-", "cat f | sort | head -n -2 | cut -c2-"):
        ours = leashc("run", "--width", "2", "--block", "64K", text, variables=C)
        assert ours.output == bash(text, variables=C).output
