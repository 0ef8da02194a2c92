"""The AWS backend on the local cloud: deployed, run, broken, resumed; the shell is the oracle."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cloud import Cloud, cases, killed
from tests.cloud.environment import Invocation
from tests.command import ROOT, bash

EXAMPLES = sorted((ROOT / "examples").glob("*.sh"))


@pytest.fixture(scope="module")
def aws(cloud: Cloud) -> Iterator[Cloud]:
    """The cloud with the worker deployed."""
    cases.deploy(cloud)
    yield cloud
    cloud.lambda_.delete_function(FunctionName="leash-worker")


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def leashc(cloud: Cloud, *words: str, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "leashc", *words],
        env={**os.environ, **cloud.environment, "LC_ALL": "C"},
        input=stdin,
        capture_output=True,
        timeout=120,
        check=False,
    )


def put(cloud: Cloud, name: str, content: bytes) -> str:
    cloud.s3.put_object(Bucket=cloud.bucket, Key=name, Body=content)
    return f"s3://{cloud.bucket}/{name}"


def got(cloud: Cloud, name: str) -> bytes:
    body: bytes = cloud.s3.get_object(Bucket=cloud.bucket, Key=name)["Body"].read()
    return body


TEXT = b"".join(b"%d the quick %d\r\nb\n" % (n * 7919 % 1000, n) for n in range(3000)) + b"end"


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
def test_an_example_prints_what_bash_prints(
    aws: Cloud, example: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    expected = bash(example.read_text())
    ours = leashc(aws, "run", "--backend", "aws", "--width", "3", str(example))
    assert (ours.stdout, ours.returncode) == (expected.output, 0), ours.stderr


def test_random_pipelines_give_the_bytes_and_the_status_of_the_shell(
    aws: Cloud, here: Path
) -> None:
    assert not cases.failures(aws, range(1, 13))


def test_faults_end_in_the_right_bytes_or_in_a_clear_error(aws: Cloud, here: Path) -> None:
    assert not cases.failures(aws, range(100, 108), 0.05)


@pytest.mark.parametrize("seed", [8, 10, 11])
def test_a_killed_run_goes_on_where_it_was(aws: Cloud, here: Path, seed: int) -> None:
    assert not killed.problem(aws, seed)


def test_the_merge_tree_is_as_deep_as_asked(aws: Cloud) -> None:
    path = put(aws, "in/text", TEXT)
    before = len(aws.invocations)
    merge = ("--width", "8", "--fan-in", "2")
    ours = leashc(aws, "run", "--backend", "aws", *merge, "--final", "lambda", f"sort {path}")
    assert ours.stdout == b"".join(sorted(line + b"\n" for line in TEXT.split(b"\n")))
    assert sorted(stages(aws.invocations[before:]).values()) == [1, 2, 4, 8]


def test_a_shuffle_reads_each_range_of_each_run_and_gathers_nothing_here(aws: Cloud) -> None:
    records = [b"%09d %s" % (n * 7919 % 1_000_003, b"x" * 40) for n in range(900_000)]
    text = b"\n".join(records)
    path, output = put(aws, "in/records", text), f"s3://{aws.bucket}/out/ranges"
    before = len(aws.invocations)
    run = ("run", "--backend", "aws", "--width", "4", "--merge", "shuffle", "--json")
    ours = leashc(aws, *run, f"sort -r {path} > {output}")
    assert ours.returncode == 0, ours.stderr
    assert got(aws, "out/ranges") == b"".join(line + b"\n" for line in sorted(records)[::-1])
    asked = [json.loads(call.event) for call in aws.invocations[before:]]
    assert [event["ask"] for event in asked if event["ask"] != "tools"].count("splitters") == 1
    assert len([event for event in asked if event.get("stage") == 2]) == 4
    assert all(len(event["inputs"]) == 4 for event in asked if event.get("stage") == 2)
    report = json.loads(ours.stderr)
    assert report["cost"]["requests"]["copy"] == 4
    assert sum(report["cost"]["coordinator"].values()) < 100_000


def test_a_shuffle_on_two_levels_merges_a_few_runs_at_a_time(aws: Cloud) -> None:
    records = [b"%06d %d" % (n * 7919 % 500_009, n) for n in range(400_000)]
    path, output = put(aws, "in/levels", b"\n".join(records)), f"s3://{aws.bucket}/out/levels"
    before = len(aws.invocations)
    run = ("run", "--backend", "aws", "--width", "7", "--merge", "shuffle", "--fan-in", "3")
    ours = leashc(aws, *run, f"sort -snk1,1 {path} > {output}")
    assert ours.returncode == 0, ours.stderr
    expected = sorted(records, key=lambda record: record[:6])
    assert got(aws, "out/levels") == b"".join(line + b"\n" for line in expected)
    asked = [json.loads(call.event) for call in aws.invocations[before:]]
    read = {
        stage: Counter(len(e["inputs"]) for e in asked if e.get("stage") == stage)
        for stage in (2, 3)
    }
    assert read == {2: {3: 6, 1: 3}, 3: {3: 7}}  # three ranges of 3, 3 and 1 runs; then of these


def test_a_shuffle_takes_up_the_splitters_that_are_committed(aws: Cloud) -> None:
    path = put(aws, "in/text", TEXT)
    run = ("run", "--backend", "aws", "--width", "3", "--merge", "shuffle", "--keep", "--json")
    first = leashc(aws, *run, f"sort -sk2,2 {path}")
    sort = ["env", "LC_ALL=C", "sort", "-sk2,2"]
    expected = subprocess.run(sort, input=TEXT, capture_output=True, check=True)
    assert first.stdout == expected.stdout
    name = json.loads(first.stderr)["run"]
    before = len(aws.invocations)
    again = leashc(aws, "runs", "resume", name)
    assert again.stdout == first.stdout
    assert not stages(aws.invocations[before:])


def test_who_is_late_with_splitters_gets_those_that_are_committed(aws: Cloud) -> None:
    path = put(aws, "in/late", TEXT)
    run = ("run", "--backend", "aws", "--width", "3", "--merge", "shuffle", "--keep", "--json")
    before = len(aws.invocations)
    assert leashc(aws, *run, f"sort {path}").returncode == 0
    events = [json.loads(call.event) for call in aws.invocations[before:]]
    event = next(event for event in events if event["ask"] == "splitters")
    first = json.loads(got(aws, f"leash/commits/{event['run']}/1.splitters"))
    put(aws, f"leash/open/{event['run']}", b"")
    late = aws.lambda_.invoke(
        FunctionName="leash-worker", Payload=json.dumps({**event, "attempt": 7})
    )
    answer = json.loads(late["Payload"].read())
    assert answer["outcome"] == first
    assert answer["requests"]["put"] == 2  # its own splitters, and the record that was refused


def test_objects_are_read_and_written_by_either_backend(aws: Cloud) -> None:
    first, second = put(aws, "some/a.txt", TEXT), put(aws, "some/b.txt", b"one\ntwo")
    everything = f"cat s3://{aws.bucket}/some/*.txt | tr a-z A-Z"
    for backend in ("local", "aws"):
        for options in (
            ("--width", "3"),
            ("--width", "2", "-o", f"s3://{aws.bucket}/out/{backend}"),
        ):
            ours = leashc(aws, "run", "--backend", backend, *options, everything)
            assert (ours.returncode, ours.stderr) == (0, b"")
        assert got(aws, f"out/{backend}") == (TEXT + b"one\ntwo").upper()
        beneath = leashc(aws, "run", "--backend", backend, f"cat s3://{aws.bucket}/some/ | wc -c")
        assert int(beneath.stdout) == len(TEXT) + 7
        count = leashc(aws, "run", "--backend", backend, "--width", "2", f"wc {second}")
        assert count.stdout.split() == [b"1", b"2", b"7", second.encode()]
    redirected = leashc(aws, "run", f"sort < {first} > s3://{aws.bucket}/out/sorted")
    assert redirected.returncode == 0
    assert got(aws, "out/sorted").startswith(b"0 the quick 0\r\n")


def test_what_runs_again_reads_its_input_as_from_one_command(aws: Cloud) -> None:
    name = put(aws, "binary.txt", b"b\n\0\n")
    text = f"cat {name} | tr a '\\0' | grep -o '[ab]'"
    ours = leashc(aws, "run", "--backend", "aws", "--width", "2", "-v", text)
    assert b"run again, whole: its input has a NUL byte" in ours.stderr
    assert (ours.stdout, ours.returncode) == (b"", 0)


def stages(calls: list[Invocation]) -> Counter[int]:
    """How many tasks of each stage were called for."""
    return Counter(event["stage"] for call in calls if "stage" in (event := json.loads(call.event)))


def test_what_the_function_has_is_asked_once_and_decides_what_runs_there(aws: Cloud) -> None:
    path = put(aws, "in/tools", TEXT)
    kept = "leash/tools/leash-worker.json"
    text = f"cat {path} | tr a-z A-Z | sort | cut -c2-9"
    expected = b"".join(line[1:9] + b"\n" for line in sorted(TEXT.upper().split(b"\n")))

    def ran() -> tuple[list[Invocation], list[str]]:
        before = len(aws.invocations)
        ours = leashc(aws, "run", "--backend", "aws", "--width", "2", "--json", text)
        assert (ours.returncode, ours.stdout) == (0, expected), ours.stderr
        return aws.invocations[before:], json.loads(ours.stderr)["notes"]

    def changed(name: str, **found: str) -> None:
        tools = json.loads(got(aws, kept))
        tools[name] |= found
        put(aws, kept, json.dumps(tools).encode())

    aws.s3.delete_object(Bucket=aws.bucket, Key=kept)
    asked = [json.loads(call.event).get("ask") for _ in range(2) for call in ran()[0]]
    assert asked.count("tools") == 1
    changed("cut", version="another cut 1.0")
    calls, notes = ran()
    assert set(stages(calls)) == {1}
    assert "cut is `another cut 1.0` in the function" in notes[0]
    changed("sort", path="")
    calls, notes = ran()
    assert not calls
    lacks = "the function has no sort; deploy it with a --layer that has"
    assert notes == [f"stage 1 runs here: {lacks}"]
    aws.s3.delete_object(Bucket=aws.bucket, Key=kept)


def test_the_splits(aws: Cloud) -> None:
    for number in range(3):
        put(aws, f"chunks-of-mine/part{number}", b"%d\nb\nno end" % number)
    whole = "".join(f"{number}\nb\nno end" for number in range(3)).encode()
    expected = b"".join(sorted(line + b"\n" for line in whole.split(b"\n")))
    run = ("run", "--backend", "aws", "--split")
    chunks = leashc(aws, *run, "chunks", "--chunk-prefix", "chunks-of-mine/part", "sort")
    assert chunks.stdout == expected
    named = leashc(aws, *run, "chunks", f"cat s3://{aws.bucket}/chunks-of-mine/* | sort")
    assert named.stdout == expected
    dealt = leashc(aws, *run, "round-robin", "--width", "3", "sort", stdin=whole)
    assert dealt.stdout == expected
    refused = leashc(aws, *run, "round-robin", "--width", "3", "tr a b | cut -c1", stdin=whole)
    assert refused.returncode == 125
    assert b"changes the order of records, which matters to tr | cut" in refused.stderr


def test_errors_name_stage_task_and_what_to_do(aws: Cloud) -> None:
    missing = leashc(aws, "run", "--backend", "aws", f"sort s3://{aws.bucket}/none")
    assert missing.stderr == f"leashc: s3://{aws.bucket}/none: no such object\n".encode()
    nobody = leashc(aws, "run", "--backend", "aws", "--function", "none", "--width", "2", "sort")
    assert b"there is no function none\n  run `leashc deploy`" in nobody.stderr
    nowhere = leashc(aws, "run", "--backend", "aws", "--bucket", "no-such", "--width", "2", "sort")
    assert b"there is no bucket no-such" in nowhere.stderr


def test_the_worker_refuses_what_it_was_not_deployed_for(aws: Cloud) -> None:
    def answer(**changes: object) -> str:
        event = {
            "version": 3,
            "bucket": aws.bucket,
            "prefix": "leash/",
            "plan": "0" * 64,
            "run": "r",
            "stage": 1,
            "number": 0,
            "attempt": 0,
            "inputs": [],
            "cut": [0, 0],
            "index": 0,
            "size": -1,
            "ask": "",
            "splitters": [],
            "ranges": 1,
            **changes,
        }
        body = aws.lambda_.invoke(FunctionName="leash-worker", Payload=json.dumps(event))
        found = json.loads(body["Payload"].read())
        return f"{found['error']['kind']}: {found['error']['message']}"

    assert "speaks version 3, not 4" in answer(version=4)
    assert "serves s3://leashc-cloud/leash/ only" in answer(bucket="another")
    assert "serves s3://leashc-cloud/leash/ only" in answer(prefix="")
    assert answer().startswith("missing")
    put(aws, f"leash/plans/{'1' * 64}.json", b"{}")
    assert answer(plan="1" * 64) == "refused: the plan is not the one that the event names"


def test_doctor_and_runs(aws: Cloud) -> None:
    doctor = leashc(aws, "doctor", "--backend", "aws")
    assert doctor.returncode == 0, doctor.stdout
    assert b"FAIL" not in doctor.stdout
    leashc(aws, "runs", "clean", "--older", "0")
    ran = leashc(
        aws, "run", "--backend", "aws", "--width", "2", "--timing", "sort", stdin=b"b\na\n"
    )
    assert ran.stdout == b"a\nb\n"
    assert b"COST: $0.0" in ran.stderr
    assert b"predicted                         measured" in ran.stderr
    assert re.search(r"\n  1 +2 × \S+ s, \d → 0 MB +2 × \S+ s, 0 → 0 MB\n", ran.stderr.decode())
    listed = leashc(aws, "runs", "list").stdout.decode()
    run = listed.split()[0]
    assert listed.split()[1:3] == ["done", "0"]
    # Two tasks, and the question for the tools, for the answer was cleaned away.
    assert b"invocations 3" in leashc(aws, "runs", "show", run).stdout
    assert (
        b"stage      1: 2 tasks, 4 bytes in, 4 bytes out" in leashc(aws, "runs", "show", run).stdout
    )
    dry = leashc(aws, "runs", "clean", "--older", "0", "--dry-run").stdout
    assert dry.endswith(b"objects and 0 unfinished uploads would go\n")
    assert not leashc(aws, "runs", "clean").stdout.startswith(b"s3://")
    leashc(aws, "runs", "clean", "--older", "0")
    assert leashc(aws, "runs", "list").stdout == b""
