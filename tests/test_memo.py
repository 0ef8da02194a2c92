"""What is kept from run to run answers as if it were computed, whatever becomes of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from leashc import memo
from leashc.memo import KEPT, LARGEST, Memo
from leashc.stage import Stage


def never() -> Stage:
    raise AssertionError("it was computed again")


def test_an_answer_is_computed_once(tmp_path: Path) -> None:
    answer = Stage((), reason="none")
    assert Memo(str(tmp_path)).get("a", lambda: answer) == answer
    assert Memo(str(tmp_path)).get("a", never) == answer
    with pytest.raises(AssertionError):
        Memo(str(tmp_path)).get("b", never)
    with pytest.raises(AssertionError):
        Memo().get("a", never)


def test_another_leashc_computes_it_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Memo(str(tmp_path)).get("a", lambda: 1)
    monkeypatch.setattr(memo, "_stamp", lambda: (0, 0))
    assert Memo(str(tmp_path)).get("a", lambda: 2) == 2


@pytest.mark.parametrize("content", [b"", b"spoilt", b"cnone\nsuch\n.", b"K\x01."])
def test_a_damaged_file_is_as_good_as_none(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "memo").write_bytes(content)
    assert Memo(str(tmp_path)).get("a", lambda: 1) == 1
    assert Memo(str(tmp_path)).get("a", lambda: 2) == 1


def test_without_room_it_is_computed(tmp_path: Path) -> None:
    assert Memo(str(tmp_path / "missing")).get("a", lambda: 1) == 1


def test_a_large_answer_is_not_kept(tmp_path: Path) -> None:
    Memo(str(tmp_path)).get("a", lambda: "answer")
    Memo(str(tmp_path)).get("b", lambda: "long" * LARGEST)
    assert Memo(str(tmp_path)).get("b", lambda: "computed again") == "computed again"
    assert (tmp_path / "memo").stat().st_size < LARGEST


def test_the_newest_are_kept(tmp_path: Path) -> None:
    for number in range(KEPT + 1):
        Memo(str(tmp_path)).get(str(number), lambda: 0)
    Memo(str(tmp_path)).get(str(KEPT), lambda: 1)
    assert Memo(str(tmp_path)).get("1", lambda: 1) == 0
    assert Memo(str(tmp_path)).get("0", lambda: 1) == 1
