"""Kernels that read a range of a file themselves."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.command import bash, leashc
from tests.nasty import examples, streams
from tests.test_kernels import C, kernel

__all__ = ["kernel"]

UPPER = ("tr", "61-7a+41", "")


def read(kernel: str, path: Path, *words: str) -> subprocess.CompletedProcess[bytes]:
    with path.open("rb") as file:
        argv = (kernel, "from", *words, "|", *UPPER)
        return subprocess.run(argv, stdin=file, capture_output=True, env=C, check=False)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "file"


@examples(100)
@given(data=streams(), cut=st.integers(0, 300))
def test_ranges_come_to_the_file(
    kernel: str, tmp_path_factory: pytest.TempPathFactory, data: bytes, cut: int
) -> None:
    file = tmp_path_factory.mktemp("range") / "file"
    file.write_bytes(data)
    cut = min(cut, len(data))
    parts = [read(kernel, file, "0", str(cut)), read(kernel, file, str(cut), str(len(data)))]
    assert b"".join(part.stdout for part in parts) == data.upper()
    assert not any(part.returncode or part.stderr for part in parts)


def test_a_nul_within_the_range_is_a_status(kernel: str, file: Path) -> None:
    file.write_bytes(b"one\n" * 100_000 + b"\0\n")
    end = 4 * 100_000
    assert read(kernel, file, "0", str(end), "text").returncode == 0
    assert read(kernel, file, "0", str(end + 1), "text").returncode == 3
    assert read(kernel, file, "0", str(end + 1)).returncode == 0


def test_a_file_that_ends_within_the_range(kernel: str, file: Path) -> None:
    file.write_bytes(b"one\n")
    done = read(kernel, file, "0", "5")
    assert done.returncode == 2
    assert done.stderr == b"leash-kernel: the input became shorter while it was read\n"


@pytest.mark.parametrize("words", ["", "0", "1 -2", "x 2", "0 1 some", "0 1 text more", "0 1x"])
def test_other_words_are_not_understood(kernel: str, file: Path, words: str) -> None:
    file.write_bytes(b"one\n")
    done = read(kernel, file, *words.split())
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr.endswith(b": not understood\n")


@pytest.mark.parametrize("place", [0.01, 0.49, 0.99])
def test_grep_of_a_file_with_a_nul_runs_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: float
) -> None:
    """Wherever it is: grep says that the file is binary, and so prints other lines."""
    data = bytearray(b"a rare line\n" + b"and another one\n" * 100_000 + b"a rare line\n")
    data[int(len(data) * place)] = 0
    (tmp_path / "data").write_bytes(data)
    monkeypatch.chdir(tmp_path)
    text = "grep -F rare data"
    whole = bash(text, variables={"LC_ALL": "C"})
    done = leashc("run", "--width", "3", "-v", text, variables={"LC_ALL": "C"})
    assert (done.output, done.status) == (whole.output, whole.status)
    assert "was run again, whole: its input has a NUL byte" in done.errors
