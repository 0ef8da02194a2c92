"""xargs, a command for each line: what it reads beyond the line, and commands that fail."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.command import bash, leashc

C = {"LC_ALL": "C"}


@pytest.mark.parametrize(
    ("data", "again"),
    [
        (b"1\n2\n\n  3\n40\n" * 20, False),
        (b"1\n2\n3", False),
        (b"", False),
        (b"1\n2\nthree\n4\n" * 5, True),
        (b"1\n" * 30 + b"'2\n3' \n", True),
        (b"1\n" * 30 + b"2\\\n3\n", True),
        (b"1\n2\0 3\n" * 9, True),
    ],
)
@pytest.mark.parametrize(
    "shape", ["xargs -I{} expr {} + 1 < f", "cat f | tac | xargs -I{} expr {} + 1"]
)
def test_a_command_for_each_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, data: bytes, again: bool, shape: str
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("f").write_bytes(data)
    expected = bash(shape, variables=C)
    ours = leashc("run", "--width", "3", "-v", shape, variables=C)
    assert (ours.output, ours.status) == (expected.output, expected.status)
    lines = expected.errors.splitlines()
    assert [line for line in ours.errors.splitlines() if not line.startswith("leashc:")] == lines
    if "<" in shape:
        assert ("was run again, whole" in ours.errors) is again
