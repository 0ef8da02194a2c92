"""Commands that do to several files what they do to each: parts have some of the files."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from tests.command import bash, leashc

FILES = {
    "a": b"one a\ntwo\n",
    "b": b"",
    "c": b"a\nb\n" * 300 + b"no newline a",
    "d": b"a \0 binary\n",
    "e": b"three\xff\n\na\n",
}


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name, data in FILES.items():
        Path(name).write_bytes(data)
        Path(f"{name}.gz").write_bytes(gzip.compress(data))


def wide(text: str) -> bool:
    """Whether its first stage has some of the files in each part."""
    plan = json.loads(leashc("compile", "--width", "3", "-c", text).output)
    return any(stage.get("joined") == "files" for stage in plan["stages"])


@pytest.mark.parametrize(
    "text",
    [
        "md5sum a b c d e",
        "sha256sum --tag ? | sort -k 4",
        "grep -l a ?",
        "grep a a c d",
        "grep -n '' a b c e | cut -d: -f2- | sort | uniq -c",
        "grep -c a ? | sort",
        "grep -hc a a b c",
        "grep -m 2 a ?",
        "grep -bo a a c",
        "grep -l nowhere ?",
        "grep '[' a b",
        "zcat *.gz | sort | uniq -c",
        "zcat a.gz b.gz c.gz | wc",
        "gunzip -c a.gz a c.gz",
        "gzip -dc a.gz b.gz > out",
        "zcat a.gz c.gz | head -n 1",
        "head -qn 1 a b c d",
        "tail -q -c 4 a b c",
        "seq 9 | grep -l a a b | cat -n",
    ],
)
@pytest.mark.parametrize("width", ["2", "4"])
def test_the_answer_of_bash(text: str, width: str) -> None:
    assert wide(text)
    theirs = bash(text)
    written = Path("out").read_bytes() if "out" in text else b""
    ours = leashc("run", "--width", width, "-c", text)
    assert ours == theirs
    if "out" in text:
        assert Path("out").read_bytes() == written


@pytest.mark.parametrize(
    "text",
    [
        "md5sum a",
        "md5sum a - < c",
        "md5sum -c a b",
        "md5sum -z a b",
        "md5sum a <(cat b)",
        "md5sum a nowhere",
        "grep -h a a b",
        "grep -L a a b",
        "grep -Zl a a b",
        "grep -q a a b",
        "grep -C 1 a a b",
        "grep -l a a -",
        "zcat a.gz",
        "gzip -l a.gz b.gz",
        "gzip -v -c a b",
        "head -n 1 a b",
        "head -qzn 1 a b",
    ],
)
def test_what_is_not_divided_by_its_files(text: str) -> None:
    assert not wide(text)
    assert leashc("run", "--width", "3", "-c", text) == bash(text)
