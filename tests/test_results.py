"""Results in S3 are read as what their commit records tell of, or not at all."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from leashc import host, machine
from leashc.compile import Unit, compile
from runtime import aws, kernels, s3, worker
from runtime.errors import RunError
from runtime.inputs import Cloud as Settled
from runtime.invoke import Answer
from runtime.joining import Joining
from runtime.placed import spread
from runtime.plan import Blob, Kernel, Options, Stage
from runtime.report import Report
from runtime.slots import INPUTS
from runtime.target import Target
from runtime.tasks import Settings
from runtime.upload import LEAST
from runtime.work import Outcome
from tests.cloud import Cloud

Before = Callable[[dict[str, Any]], None]


@pytest.fixture
def place(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> Iterator[Target]:
    """Where a worker in this process serves."""
    target = Target(cloud.bucket, "results-test/")
    told = {"LEASH_BUCKET": cloud.bucket, "LEASH_PREFIX": target.prefix, "LC_ALL": "C"}
    told["LEASH_COMMANDS"] = "sort tr cut"
    for name, value in (cloud.environment | told).items():
        monkeypatch.setenv(name, value)
    s3.store.cache_clear()
    yield target
    s3.store().client.close()
    s3.store.cache_clear()


def run(
    place: Target, monkeypatch: pytest.MonkeyPatch, text: str, before: Before, final: str
) -> Report:
    """Run a pipeline; `before` sees each event before the worker does."""

    def invoke(event: dict[str, Any]) -> Answer:
        before(event)
        return Answer(worker.handle(event, 60.0))

    monkeypatch.setattr(aws, "Function", lambda name, calls: invoke)
    unit = Unit(text, host.here(), machine.look)
    plan = compile(unit, Options(width=4, fan_in=2), divide=True)
    # One call at a time: the store of this process is the workers' too.
    cloud = Settled(place, calls=1, final=final)
    return aws.run(plan, Settings(), cloud, Report(detailed=True))


def written_over(place: Target, task: str) -> None:
    """Another object of the same size stands where a task's result was."""
    found = [b for b in s3.store().objects(place.path("results/")) if f"/{task}." in b.path]
    assert len(found) == 1
    s3.store().put(found[0].path, b"x" * found[0].size)


@pytest.mark.parametrize("size", [40, 5 * LEAST], ids=["small", "in parts"])
def test_results_are_read_as_they_were_committed(
    place: Target, monkeypatch: pytest.MonkeyPatch, capfdbinary: Any, size: int
) -> None:
    content = b"".join(b"%d\n" % (number * 7919 % 99991) for number in range(size // 6))
    path = place.path("in")
    s3.store().put(path, content)
    report = run(place, monkeypatch, f"sort {path}", lambda event: None, "lambda")
    assert report.status == 0
    stages = report.facts["stages"].values()
    assert [volume["tasks"] for volume in stages] == [4, 2, 1]
    assert {volume[way] for volume in stages for way in ("bytes_in", "bytes_out")} == {len(content)}
    assert capfdbinary.readouterr().out == b"".join(sorted(content.splitlines(keepends=True)))
    s3.store().delete([path])


def test_a_worker_refuses_a_result_that_was_written_over(
    place: Target, monkeypatch: pytest.MonkeyPatch
) -> None:
    def before(event: dict[str, Any]) -> None:
        if (event["stage"], event["number"]) == (2, 1):
            written_over(place, "1.3")

    path = place.path("in")
    s3.store().put(path, b"d\nb\nc\na\n" * 10)
    with pytest.raises(
        RunError, match=r"stage 2, task 1: .*result of stage 1, task 3, is not what"
    ):
        run(place, monkeypatch, f"sort {path}", before, "lambda")
    aws.clear(place, "")


@pytest.mark.parametrize("output", ["", "> s3://leashc-cloud/results-test/out"])
def test_so_does_the_coordinator(
    place: Target, monkeypatch: pytest.MonkeyPatch, output: str
) -> None:
    def after_the_last(event: dict[str, Any]) -> None:
        """Tamper with the first task's result when all are done: the last one's own follows."""
        if event["number"] == 3 and not output:
            written_over(place, "1.0")

    take = Joining.take

    def before_it_is_taken(joining: Joining, number: int, count: int, blob: Blob) -> None:
        """What becomes part of an object is copied as soon as it is there."""
        if number == 0 and output:
            written_over(place, "1.0")
        take(joining, number, count, blob)

    monkeypatch.setattr(Joining, "take", before_it_is_taken)
    path = place.path("in")
    s3.store().put(path, b"d\nb\nc\na\n" * (LEAST if output else 10))
    with pytest.raises(RunError, match="result of stage 1, task 0, is not what was committed"):
        run(place, monkeypatch, f"cat {path} | tr a-z A-Z {output}", after_the_last, "local")
    # While it cleared up no signal could disturb it; now they can again.
    assert not signal.pthread_sigmask(signal.SIG_BLOCK, ())
    aws.clear(place, "")


def test_a_worker_runs_kernels(
    place: Target, monkeypatch: pytest.MonkeyPatch, capfdbinary: Any
) -> None:
    """Where no tool could be found; of each command its status is told."""
    if not kernels.executable():
        pytest.skip("no kernels are built")
    path = place.path("in")
    s3.store().put(path, b"d x\nb y\nc z\na b\n" * 10)
    monkeypatch.setenv("PATH", "/nowhere")
    text = f"cut -d ' ' -f2 {path} | tr a-z A-Z"
    report = run(place, monkeypatch, text, lambda event: None, "lambda")
    assert report.statuses == (0, 0)
    assert all(task.statuses == (0, 0) for task in report.tasks)
    assert capfdbinary.readouterr().out == b"X\nY\nZ\nB\n" * 10
    s3.store().delete([path])


def test_a_worker_starts_nothing_for_a_kernel_that_it_was_not_deployed_for(
    place: Target, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A plan is input from a stranger: what a kernel asks of a tool is one that is allowed."""
    stage = Stage(1, (("cut", "-f1"),), 2, "map", "")
    worker._allow(stage._replace(kernels=(Kernel(0, 0, ("merge", "--", INPUTS)),)))
    asked = Kernel(0, 0, ("awk", "blank", "all", "1", "--", "sh", "-c", "id"))
    with pytest.raises(worker.Refused, match="sh is none of the worker's commands"):
        worker._allow(stage._replace(kernels=(asked,)))


@pytest.mark.parametrize("statuses", [(3, 4, 5), (0, 1, 0)])
def test_ends_of_kernels_are_those_of_their_last_commands(statuses: tuple[int, ...]) -> None:
    pipe = tuple((name,) for name in "abcdef")
    done = (Kernel(0, 1, ("x",)), Kernel(2, 2, ("y",)), Kernel(3, 5, ("z",)))
    stage = Stage(1, pipe, 2, "map", "", kernels=done)
    made = Outcome("1.0", 0, statuses, (0, 9, 0), 0.0)
    one, two, three = statuses
    found = spread(stage, made)
    assert (found.statuses, found.signals) == ((0, one, two, 0, 0, three), (0, 0, 9, 0, 0, 0))
    assert spread(stage, found) == found  # told already
