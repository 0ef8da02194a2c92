"""Runs whose coordinator is killed at a random moment, and what becomes of them.

    python -m tests.cloud.killed --count 20 [--seed S]

Resumed, each gives the shell's bytes; no committed task is done again; `clean` leaves
nothing.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.cloud import Cloud
from tests.cloud.cases import deploy

PIPELINE = "cat text | tr -cs A-Za-z '\\n' | sort | uniq -c | sort -rn | grep -v 7"
WHOLE = 4.0  # seconds: about what an undisturbed run takes


def leashc(cloud: Cloud, *words: str) -> subprocess.CompletedProcess[bytes]:
    """Run a command of ours to its end."""
    return subprocess.run(
        [sys.executable, "-m", "leashc", *words],
        env={**os.environ, **cloud.environment, "LC_ALL": "C"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=120,
        check=False,
    )


def text(seed: int) -> bytes:
    """Some thousand words."""
    source = random.Random(seed)
    words = [f"{source.randrange(3000):x}" for _ in range(60_000)]
    return "\n".join(" ".join(words[n : n + 9]) for n in range(0, len(words), 9)).encode()


def options(seed: int) -> tuple[str, ...]:
    """How the run of a seed is to go: every other one shuffles."""
    merge = "shuffle" if seed % 2 else "auto"
    return ("--backend", "aws", "--width", "6", "--merge", merge)


def problem(cloud: Cloud, seed: int) -> str:
    """Kill a run's coordinator, resume it and clean; what was wrong, or ""."""
    Path("text").write_bytes(text(seed))
    bash = ["bash", "-c", PIPELINE]
    expected = subprocess.run(bash, env={**os.environ, "LC_ALL": "C"}, capture_output=True).stdout
    leashc(cloud, "runs", "clean", "--older", "0")
    coordinator = subprocess.Popen(
        [sys.executable, "-m", "leashc", "run", *options(seed), PIPELINE],
        env={**os.environ, **cloud.environment, "LC_ALL": "C"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    time.sleep(random.Random(f"moment {seed}").uniform(0.5, WHOLE))
    coordinator.kill()
    coordinator.wait()
    # What was under way ends by itself, as on AWS.
    time.sleep(1)
    listed = leashc(cloud, "runs", "list", "--json").stdout.decode().splitlines()
    runs = [record for record in map(json.loads, listed) if record["state"] != "done"]
    found = _resumed(cloud, runs[0]["run"], expected) if runs else ""
    leashc(cloud, "runs", "clean", "--older", "0")
    left = cloud.s3.list_objects_v2(Bucket=cloud.bucket, Prefix="leash/").get("Contents", ())
    uploads = cloud.s3.list_multipart_uploads(Bucket=cloud.bucket).get("Uploads", ())
    left = [each["Key"] for each in (*left, *uploads)]
    return found or (f"clean leaves {left}" if left else "")


def _resumed(cloud: Cloud, run: str, expected: bytes) -> str:
    shown = leashc(cloud, "runs", "show", "--json", run).stdout
    committed = set(json.loads(shown)["committed"])
    before = len(cloud.invocations)
    resumed = leashc(cloud, "runs", "resume", run)
    if resumed.stdout != expected:
        return f"other bytes: {resumed.stdout[:200]!r}, {resumed.stderr.decode()}"
    events = [invocation.event for invocation in cloud.invocations[before:]]
    tasks = {
        f"{event['stage']}.{event['ask'] or event['number']}"
        for event in map(json.loads, events)
        if "stage" in event
    }
    print(f"  {len(committed)} tasks were committed, {len(tasks)} done", flush=True)
    return f"repeated: {sorted(tasks & committed)}" if tasks & committed else ""


def main() -> None:
    """Kill runs and say how many went wrong."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--count", type=int, default=20)
    parser.add_argument("--seed", type=int, default=random.randrange(1 << 32))
    given = parser.parse_args()
    print(f"{given.count} runs from seed {given.seed}", flush=True)
    wrong = 0
    with Cloud() as cloud, tempfile.TemporaryDirectory() as directory:
        deploy(cloud)
        os.chdir(directory)
        for seed in range(given.seed, given.seed + given.count):
            found = problem(cloud, seed)
            wrong += bool(found)
            print(f"seed {seed}: {found or 'well'}", flush=True)
        os.chdir("/")
    print(f"{given.count} runs, {wrong} went wrong")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
