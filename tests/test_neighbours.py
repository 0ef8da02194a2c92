"""What a command may do to the others of its pipeline: then they run whole, as bash runs them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.command import leashc


@pytest.fixture(autouse=True)
def _files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("f").write_bytes(b"a\na\nb\n1\n\xff\n2\n")
    Path("g").write_bytes(b"a\nb\nc\n")


def reasons(text: str) -> list[str]:
    """Why the stages are not wider."""
    answer = leashc("explain", "--width", "3", "--format", "json", "-c", text)
    stages: list[dict[str, Any]] = json.loads(answer.output)["stages"]
    return [stage["reason"] for stage in stages]


@pytest.mark.parametrize(
    ("text", "file", "writer"),
    [
        ("uniq f g | sort | comm - g", "g", "uniq"),
        ("cut -c1 f | grep -f g | tee ./g", "g", "tee"),
        ("sort < g | sed 'w g'", "g", "sed"),
    ],
)
def test_what_another_command_may_write_is_not_divided(text: str, file: str, writer: str) -> None:
    assert any(f"it reads {file}, which {writer} may write" in why for why in reasons(text))


def test_what_nobody_writes_is_divided_beside_what_writes() -> None:
    assert not any("may write" in why for why in reasons("sort f | uniq - new | comm - g"))


def test_a_failure_counts_though_what_follows_gave_up_before_it() -> None:
    text = "iconv -f UTF-8 -t ASCII//TRANSLIT f | numfmt | cat"
    assert any("may fail after numfmt has given up" in why for why in reasons(text))
    assert not any("given up" in why for why in reasons("iconv -f latin1 -t utf8 f | cut -c1"))
    for first in ("numfmt --invalid=fail < f", "factor < f", "comm -13 f g"):
        found = reasons(f"{first} | fold -w 3 | numfmt")
        assert "it may fail after numfmt has given up, which counts" in found[0]
        assert not any("given up" in why for why in reasons(f"{first} | fold -w 3"))
