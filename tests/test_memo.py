"""What is kept from run to run answers as if it were computed, whatever becomes of it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import pytest

from leashc import memo
from leashc.memo import KEPT, LARGEST, Memo
from leashc.stage import Stage

T = TypeVar("T")


def ask(directory: Path, question: str, compute: Callable[[], T]) -> T:
    memo = Memo(str(directory))
    answer = memo.get(question, compute)
    memo.save()
    return answer


def never() -> Any:
    raise AssertionError("it was computed again")


def test_an_answer_is_computed_once(tmp_path: Path) -> None:
    answer = Stage((), reason="none")
    assert ask(tmp_path, "a", lambda: answer) == answer
    assert ask(tmp_path, "a", never) == answer
    with pytest.raises(AssertionError):
        ask(tmp_path, "b", never)
    with pytest.raises(AssertionError):
        Memo().get("a", never)


def test_another_leashc_computes_it_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ask(tmp_path, "a", lambda: 1)
    monkeypatch.setattr(memo, "_stamp", lambda: (0, 0))
    assert ask(tmp_path, "a", lambda: 2) == 2


@pytest.mark.parametrize("content", [b"", b"spoilt", b"cnone\nsuch\n.", b"K\x01."])
def test_a_damaged_file_is_as_good_as_none(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "memo").write_bytes(content)
    assert ask(tmp_path, "a", lambda: 1) == 1
    assert ask(tmp_path, "a", lambda: 2) == 1


def test_without_room_it_is_computed(tmp_path: Path) -> None:
    assert ask(tmp_path / "missing", "a", lambda: 1) == 1


def test_a_large_answer_is_not_kept(tmp_path: Path) -> None:
    ask(tmp_path, "a", lambda: "answer")
    ask(tmp_path, "b", lambda: "long" * LARGEST)
    assert ask(tmp_path, "b", lambda: "computed again") == "computed again"
    assert (tmp_path / "memo").stat().st_size < LARGEST


def test_the_newest_are_kept(tmp_path: Path) -> None:
    for number in range(KEPT + 1):
        ask(tmp_path, str(number), lambda: 0)
    ask(tmp_path, str(KEPT), lambda: 1)
    assert ask(tmp_path, "1", lambda: 1) == 0
    assert ask(tmp_path, "0", lambda: 1) == 1


def test_answers_that_others_kept_meanwhile_stay(tmp_path: Path) -> None:
    mine = Memo(str(tmp_path))
    assert mine.get("a", lambda: 1) == 1
    ask(tmp_path, "b", lambda: 2)
    mine.save()
    assert [ask(tmp_path, "a", never), ask(tmp_path, "b", never)] == [1, 2]
