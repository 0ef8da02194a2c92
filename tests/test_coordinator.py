"""The coordinator with a worker that is a function: attempts, second attempts, trees, costs."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from runtime import attempts, coordinator, s3
from runtime.attempts import Calls
from runtime.coordinator import coordinate
from runtime.cost import Cost
from runtime.errors import RunError, TaskFailed
from runtime.invoke import Answer, Passing
from runtime.plan import Blob, Exchange, Stage
from runtime.source import Extent, Extents
from runtime.target import Target
from runtime.verdict import Unfit
from runtime.work import Outcome

SOURCE = Extents([Extent(Blob("s3://b/input", 1000), 0, 1000)])
SORT = Stage(1, (("sort",),), 8, "map", "", ((),), (0,), ("aggregate",), ("worst",))
MERGE = Stage(2, (("sort", "-m"),), 1, "combine", "", ((),), (-1,), ("combine",), ("worst",))
GREP = Stage(1, (("grep", "-q"),), 8, "map", "", ((),), (0,), ("stateless",), ("first",))
HALTS = GREP._replace(pipe=(("iconv",),), statuses=("halts",))

Worker = Callable[[dict[str, Any]], dict[str, Any]]


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(s3, "PAUSE", 0.001)
    monkeypatch.setattr(attempts.Calls, "_found", lambda self, job: None)


def done(event: dict[str, Any], status: int = 0) -> dict[str, Any]:
    task = f"{event['stage']}.{event['number']}"
    blob = f"s3://b/{task}.{event['attempt']}"
    outcome = Outcome(task, event["attempt"], (status,), (0,), 1.0, blob=blob, bytes_out=9)
    return {"outcome": outcome._asdict(), "requests": {"get": 2, "put": 1}, "machine": "aarch64"}


def calls(worker: Worker, cost: Cost | None = None) -> Calls:
    def invoke(event: dict[str, Any]) -> Answer:
        return Answer(worker(event), 1000, 0.0, 1024)

    return Calls(Target("b"), "run", "0" * 64, invoke, 8, cost or Cost())


def region(worker: Worker, stage: Stage = SORT, fans: tuple[int, ...] = ()) -> list[Outcome]:
    """The results of a map of width 8 and of merges with these fans."""
    layers = [stage, *[MERGE._replace(id=2 + n) for n in range(len(fans))]]
    ways = [Exchange(1, 2, "gather", fan) for fan in fans]
    return coordinate(calls(worker), layers, ways, SOURCE, SOURCE.cuts(8))[1]


def test_results_come_in_order() -> None:
    assert [o.task for o in region(done)] == [f"1.{n}" for n in range(8)]


def test_a_merge_reads_its_neighbours_when_they_are_done() -> None:
    read: dict[str, list[str]] = {}

    def worker(event: dict[str, Any]) -> dict[str, Any]:
        read[f"{event['stage']}.{event['number']}"] = [given[0] for given in event["inputs"]]
        return done(event)

    assert [o.task for o in region(worker, fans=(2, 2, 2))] == ["4.0"]
    assert read["2.3"] == ["s3://b/1.6.0", "s3://b/1.7.0"]
    assert read["4.0"] == ["s3://b/3.0.0", "s3://b/3.1.0"]


def ranged(event: dict[str, Any]) -> dict[str, Any]:
    """A worker whose runs of 9 bytes are cut at 3 and 5, by two splitters."""
    answer = done(event)
    answer["outcome"]["begins"] = (3, 5) if event["stage"] == 1 else ()
    if event["ask"]:
        answer["outcome"] |= {"task": "1.splitters", "blob": "s3://b/splitters"}
    return answer


RANGES = MERGE._replace(width=4)
SHUFFLE = Exchange(1, 2, "shuffle")


def test_a_task_of_a_shuffle_reads_its_range_of_every_run() -> None:
    read: dict[str, list[tuple[int, int]]] = {}
    given: list[list[Any]] = []

    def worker(event: dict[str, Any]) -> dict[str, Any]:
        if event["stage"] == 2:
            assert [found[0] for found in event["inputs"]] == [f"s3://b/1.{n}.0" for n in range(8)]
            read[f"2.{event['number']}"] = list({tuple(found[-2:]) for found in event["inputs"]})
        elif not event["ask"]:
            given.append(event["splitters"])
        return ranged(event)

    made = coordinate(calls(worker), [SORT, RANGES], [SHUFFLE], SOURCE, SOURCE.cuts(8))[1]
    assert [o.task for o in made] == ["2.0", "2.1", "2.2"]  # of the fourth there is nothing
    assert read == {"2.0": [(0, 3)], "2.1": [(3, 5)], "2.2": [(5, 9)]}
    assert given == [[["s3://b/splitters", 9, -1, "", 0, 9]]] * 8


def test_a_merge_that_loses_bytes_between_two_shuffles_is_an_error() -> None:
    layers = [SORT, MERGE._replace(width=9), MERGE._replace(id=3, width=8)]
    ways = [SHUFFLE._replace(fan=3), SHUFFLE]

    def worker(event: dict[str, Any], lost: int = 0) -> dict[str, Any]:
        answer = done(event)
        size = sum(stop - start for *_, start, stop in event["inputs"])
        answer["outcome"]["bytes_out"] = 70 if event["stage"] == 1 else size - lost
        answer["outcome"]["begins"] = tuple(range(10, 71, 10)) if event["stage"] == 1 else ()
        if event["ask"]:
            answer["outcome"]["begins"] = tuple(range(7))
        return answer

    made = coordinate(calls(worker), layers, ways, SOURCE, SOURCE.cuts(8))[1]
    assert [(o.task, o.bytes_out) for o in made] == [(f"3.{n}", 80) for n in range(7)]

    def losing(event: dict[str, Any]) -> dict[str, Any]:
        return worker(event, lost=event["number"] == 4)

    with pytest.raises(RunError, match=r"task 2\.4 did not write all that it read"):
        coordinate(calls(losing), layers, ways, SOURCE, SOURCE.cuts(8))


def test_splitters_are_chosen_once() -> None:
    before = calls(ranged)
    chosen = Outcome("1.splitters", 3, (0,), (0,), 1.0, 0, 0, 0, 5, "s3://b/first", begins=(0, 2))
    before.committed["1.splitters"] = chosen
    asked: list[str] = []

    def worker(event: dict[str, Any]) -> dict[str, Any]:
        asked.append(event["ask"])
        assert event["stage"] == 2 or event["splitters"][0][0] == "s3://b/first"
        return ranged(event)

    after = calls(worker)
    after.committed |= before.committed
    assert len(coordinate(after, [SORT, RANGES], [SHUFFLE], SOURCE, SOURCE.cuts(8))[1]) == 3
    assert set(asked) == {""}


def test_a_run_that_lost_a_splitter_is_an_error() -> None:
    def worker(event: dict[str, Any]) -> dict[str, Any]:
        answer = ranged(event)
        if event["number"] == 6:
            answer["outcome"]["begins"] = (3,)
        return answer

    with pytest.raises(RunError, match=r"task 1\.6 found 1 of the splitters"):
        coordinate(calls(worker), [SORT, RANGES], [SHUFFLE], SOURCE, SOURCE.cuts(8))


def test_there_is_no_barrier_between_the_layers() -> None:
    merged = threading.Event()

    def worker(event: dict[str, Any]) -> dict[str, Any]:
        if event["stage"] == 2 and event["number"] == 0:
            merged.set()
        if event["stage"] == 1 and event["number"] == 7:
            assert merged.wait(10), "the first merge waits for the last task"
        return done(event)

    assert region(worker, fans=(2, 4))


@pytest.mark.parametrize("kind", ["lost", "throttled", "timeout"])
def test_what_passes_is_tried_again(kind: str) -> None:
    seen: Counter[int] = Counter()

    def worker(event: dict[str, Any]) -> dict[str, Any]:
        seen[event["number"]] += 1
        if seen[event["number"]] == 1:
            raise Passing(kind, "not now")
        return done(event)

    assert {o.attempt for o in region(worker)} == {1}


def test_a_commit_record_speaks_for_a_lost_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    recorded = Outcome("1.3", 0, (0,), (0,), 1.0, blob="s3://b/recorded")
    monkeypatch.setattr(attempts.Calls, "_found", lambda self, job: recorded)

    def worker(event: dict[str, Any]) -> dict[str, Any]:
        if event["number"] == 3:
            raise Passing("lost", "the connection broke")
        return done(event)

    assert region(worker)[3].blob == "s3://b/recorded"


@pytest.mark.parametrize(
    ("kind", "error", "remedy"),
    [
        ("memory", TaskFailed, "--memory"),
        ("timeout", TaskFailed, "--timeout"),
        ("lost", TaskFailed, "resume"),
    ],
)
def test_what_does_not_pass_names_stage_and_task(
    kind: str, error: type[RunError], remedy: str
) -> None:
    def worker(event: dict[str, Any]) -> dict[str, Any]:
        if event["number"] == 5:
            raise Passing(kind, "no")
        return done(event)

    with pytest.raises(error, match="stage 1, task 5: no") as failure:
        region(worker)
    assert remedy in failure.value.remedy


def test_the_workers_own_errors_are_not_tried_again() -> None:
    seen: Counter[str] = Counter()

    def worker(event: dict[str, Any]) -> dict[str, Any]:
        kind = {2: "unfit", 4: "missing"}.get(event["number"])
        if not kind:
            return done(event)
        seen[kind] += 1
        return {"error": {"kind": kind, "message": "so it is", "remedy": ""}}

    with pytest.raises((Unfit, RunError), match="so it is"):
        region(worker)
    assert set(seen.values()) == {1}


def test_nothing_counts_after_a_part_that_gave_up() -> None:
    def worker(event: dict[str, Any]) -> dict[str, Any]:
        return done(event, 1 if event["number"] == 3 else 0)

    assert [o.task for o in region(worker, HALTS)] == [f"1.{n}" for n in range(4)]
    # A merge may have begun with a later part.
    with pytest.raises(Unfit, match="gave up"):
        region(worker, HALTS, fans=(2, 4))


def test_nothing_counts_after_an_answer() -> None:
    results = region(lambda event: done(event, int(event["number"] != 2)), GREP)
    assert [o.task for o in results] == ["1.0", "1.1", "1.2"]


@pytest.mark.parametrize("fails", [False, True])
def test_a_straggler_gets_a_second_attempt(monkeypatch: pytest.MonkeyPatch, fails: bool) -> None:
    monkeypatch.setattr(coordinator, "SLOW", ((0.75, 2.0, 0.2),))
    again = threading.Event()

    def worker(event: dict[str, Any]) -> dict[str, Any]:
        if event["number"] == 6:
            if event["attempt"] == 0:
                assert again.wait(10)
            else:
                again.set()
                if fails:
                    return {"error": {"kind": "missing", "message": "not this one", "remedy": ""}}
        return done(event)

    assert region(worker)[6].task == "1.6"


def test_a_run_that_goes_on_repeats_nothing() -> None:
    def worker(event: dict[str, Any]) -> dict[str, Any]:
        assert event["number"] != 1
        return done(event)

    made = calls(worker)
    made.committed["1.1"] = Outcome("1.1", 0, (0,), (0,), 1.0, blob="s3://b/old", bytes_out=3)
    found, _ = coordinate(made, [SORT], [], SOURCE, SOURCE.cuts(8))
    assert found[1].blob == "s3://b/old"


def test_costs_are_counted_from_what_happened(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_REGION", "eu-central-1")
    cost = Cost()
    coordinate(calls(done, cost), [SORT], [], SOURCE, SOURCE.cuts(8))
    found = cost.as_dict()
    assert (found["invocations"], found["gb_seconds"]) == (8, 8.0)
    assert found["requests"] == {"get": 16, "put": 8}
    assert found["prices"].startswith("eu-central-1, arm64")
    parts = found["dollars"]
    assert parts["compute"] == pytest.approx(8 * 0.0000133334, abs=1e-8)
    assert parts["requests"] == pytest.approx(16 * 0.00000043 + 8 * 0.0000054, abs=1e-8)
    assert found["total"] == pytest.approx(sum(parts.values()), abs=3e-8)
