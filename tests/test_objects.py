"""Objects as operands of commands that run whole: read through pipes, or refused with a hint."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from runtime.remote import SMALLEST, _gathered
from tests.cloud import Cloud
from tests.command import bash

CONTENT = {"a": b"c\nb\n\na", "b": b"x\nb\n" * 40000}


@pytest.fixture
def names(cloud: Cloud, tmp_path: Path) -> dict[str, str]:
    """The objects, by their short names; files of those names lie in the directory."""
    for name, content in CONTENT.items():
        (tmp_path / name).write_bytes(content)
        cloud.s3.put_object(Bucket=cloud.bucket, Key=f"objects/{name}", Body=content)
    return {name: f"s3://{cloud.bucket}/objects/{name}" for name in CONTENT}


def leashc(cloud: Cloud, text: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "leashc", "run", "-c", text],
        env={**os.environ, **cloud.environment, "LC_ALL": "C"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize(
    "text",
    [
        "sort -m {a} {b}",
        "sort -m {b} {b} | uniq -c",
        "sort -c {a}",
        "cat -b {a} {b} {a}",
        "cut -z -c2-5 {a}",
        "seq 3 | cat - {a}",
        "cat {a} | sort -m - {b} | head -n 3",
        "seq 9 | sort {a} | rev",
        "cat {a} | uniq -D {b} 2> /dev/null",
    ],
)
def test_a_whole_command_reads_objects(
    cloud: Cloud,
    names: dict[str, str],
    text: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LC_ALL", "C")
    expected = bash(text.format(a="a", b="b"))
    ours = leashc(cloud, text.format(**names))
    assert (ours.stdout, ours.returncode) == (expected.output, expected.status), ours.stderr


def test_a_pattern_that_reads_like_the_object_is_none(cloud: Cloud) -> None:
    path = f"s3://{cloud.bucket}/objects/self"
    cloud.s3.put_object(Bucket=cloud.bucket, Key="objects/self", Body=path.encode() + b"\nend\n")
    assert leashc(cloud, f"cat {path} | grep -A 1 {path}").stdout == path.encode() + b"\nend\n"


@pytest.mark.parametrize("text", ["head {a} {b}", "seq 3 | wc -l {a}", "tail -v {a}"])
def test_a_command_that_prints_names_is_refused(
    cloud: Cloud, names: dict[str, str], text: str
) -> None:
    refused = leashc(cloud, text.format(**names))
    assert refused.returncode == 2
    assert f"write: cat {names['a']} | ".encode() in refused.stderr


def test_an_object_that_is_missing_is_no_pipe_that_is_empty(cloud: Cloud) -> None:
    path = f"s3://{cloud.bucket}/objects/none"
    missing = leashc(cloud, f"seq 3 | sort -m - {path}")
    assert (missing.returncode, missing.stdout) == (125, b"")
    assert missing.stderr == f"leashc: {path}: no such object\n".encode()


def test_small_objects_come_in_one_piece_and_large_ones_as_they_are() -> None:
    large = bytes(SMALLEST)
    pieces = list(_gathered(iter([b"b\n", b"\0\n", large, large, b"a"])))
    assert pieces == [b"b\n\0\n" + large, large, b"a"]
