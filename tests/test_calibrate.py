"""This machine's own rates: measured, kept, shown, used and forgotten."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from leashc.cli import cli
from leashc.errors import CompileError
from leashc.simulation import calibrate
from leashc.simulation.parameters import MB, Parameters, calibration, table
from leashc.simulation.task import seconds_here
from tests.test_simulation import question


@pytest.fixture(autouse=True)
def _config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))


def said(*words: str) -> str:
    done = CliRunner().invoke(cli, ["calibrate", *words])
    assert done.exit_code == 0, done.output
    return done.output


def test_what_is_measured_is_kept_shown_and_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    few = {name: calibrate.COMMANDS[name] for name in ("cat", "sort", "wc -l")}
    monkeypatch.setattr(calibrate, "COMMANDS", {**few, "rev": ("no-such-command",)})
    assert "nothing was measured" in said("--show")
    assert said() == said("--show")
    kept = json.loads(Path(calibration()).read_text())
    assert set(kept["commands"]) == {"cat", "sort", "wc -l"}
    (sort, _), (count, _) = kept["commands"]["sort"], kept["commands"]["wc -l"]
    assert sort > count >= 0
    said("--reset")
    assert "nothing was measured" in said("--show")


def test_every_command_of_it_ships_with_a_rate() -> None:
    assert set(calibrate.COMMANDS) <= set(table()["commands"])


def test_two_inputs_give_the_cost_of_a_mb_and_of_a_record() -> None:
    size = calibrate.SIZE / MB
    seconds = [size * 0.002 + records * 3e-7 for records in (100_000, 900_000)]
    assert calibrate.solved(seconds, [100_000, 900_000]) == pytest.approx((2.0, 0.3))
    assert calibrate.solved([1.0, 0.5], [100, 200])[1] == 0


def test_the_inputs_are_of_one_size_and_differ_in_records() -> None:
    lines, words = calibrate.samples()
    assert len(lines) == len(words) == calibrate.SIZE
    assert words.count(b"\n") > 8 * lines.count(b"\n")


def keep(text: str) -> None:
    path = Path(calibration())
    path.parent.mkdir(parents=True)
    path.write_text(text)


def test_it_is_used_for_what_runs_here_and_not_on_lambda() -> None:
    stages = [stage for stage in question().plan().stages if stage.role == "combine"]
    before = seconds_here(stages, 1e9, Parameters())
    keep(json.dumps({"date": "2026-01-01", "commands": {"sort -m": [500.0, 0.0]}}))
    assert seconds_here(stages, 1e9, Parameters()) == pytest.approx(500) != before
    assert Parameters().rates(("sort", "-m")).mb < 10


@pytest.mark.parametrize(
    "text", ["", "{}", "[]", '{"commands": {"sort": 1}}', '{"commands": {"no": [1, 2]}}']
)
def test_a_damaged_file_is_an_error_that_says_what_to_do(text: str) -> None:
    keep(text)
    with pytest.raises(CompileError, match=r"calibration\.json") as failure:
        Parameters()
    assert "leashc calibrate" in failure.value.remedy
