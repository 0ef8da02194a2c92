"""Random pipelines on the local cloud, against bash; with faults, if one asks for them.

    python -m tests.cloud.cases --count 300 [--seed S] [--faults RATE]

Without faults every case has to give the shell's bytes and statuses. With them it may
also end with an error that names a stage, a task or an object; nothing may be left.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from typing import Any, NamedTuple

from tests import equivalence
from tests.cloud import Cloud

SPLITS = ("byte-range", "byte-range", "chunks", "round-robin")
LIMIT = 120  # seconds: what takes longer hangs
PLACE = re.compile(r"stage \d+, task \d+|s3://|leash-worker")


class Case(NamedTuple):
    """A pipeline, and how the cloud is to run it."""

    pipeline: equivalence.Case
    width: int
    split: str
    final: str
    fan_in: int
    merge: str

    @property
    def arguments(self) -> list[str]:
        merge = ["--merge", self.merge]
        if self.merge == "tree":
            merge += ["--fan-in", str(self.fan_in)]
        return [
            *("run", "--backend", "aws", "--json", "--width", str(self.width)),
            *("--split", self.split, "--final", self.final, *merge, "-c", self.pipeline.text),
        ]


def case(seed: int) -> Case:
    """The case of a seed."""
    source = random.Random(f"cloud {seed}")
    pipeline, width = equivalence.case(seed), source.randrange(1, 17)
    split, final = source.choice(SPLITS), source.choice(("local", "lambda"))
    fan_in = source.choice((0, 2, 3))
    merge = source.choice(("shuffle", "tree" if fan_in else "auto"))
    return Case(pipeline, width, split, final, fan_in, merge)


class Ended(NamedTuple):
    """How a run ended: its output, its status, and what it said at the end, as JSON or as text."""

    output: bytes
    status: int
    report: dict[str, Any]
    message: str


def run(case: Case, environment: Mapping[str, str]) -> Ended:
    """Run a case with the command line, in the current directory. TimeoutExpired if it hangs."""
    with equivalence.given(case.pipeline) as stdin:
        done = subprocess.run(
            [sys.executable, "-m", "leashc", *case.arguments],
            **stdin,
            capture_output=True,
            env={**os.environ, **environment, "LC_ALL": case.pipeline.locale},
            timeout=LIMIT,
            check=False,
        )
    said = done.stderr.decode(errors="replace").rstrip("\n").split("\n")
    try:
        report = json.loads(said[-1])
    except ValueError:
        report = {}
    return Ended(done.stdout, done.returncode, report, "\n".join(said))


def verdict(case: Case, ended: Ended, *, faults: bool) -> str:
    """What is wrong with the end of a run, or ""."""
    if "Traceback" in ended.message:
        return ended.message
    if ended.status == 125 and not ended.report:
        if "--split round-robin changes the order" in ended.message:
            return ""
        if faults and PLACE.search(ended.message):
            return ""
        return f"it failed: {ended.message}"
    theirs = equivalence.shell(case.pipeline)
    ours = tuple(ended.report.get("pipestatus", ()))
    if ended.output != theirs.output:
        return f"output: bash {theirs.output[:300]!r}, leashc {ended.output[:300]!r}"
    if ended.status != theirs.status:
        return f"status: bash {theirs.status}, leashc {ended.status}: {ended.message}"
    if not equivalence.same(theirs.statuses, ours):
        return f"PIPESTATUS: bash {theirs.statuses}, leashc {ours}"
    return ""


def leftovers(cloud: Cloud, run: str) -> list[str]:
    """What a finished run left between its stages."""
    s3, bucket, found = cloud.s3, cloud.bucket, []
    for kind in ("open", "results", "commits", "chunks"):
        listed = s3.list_objects_v2(Bucket=bucket, Prefix=f"leash/{kind}/{run}")
        found += [each["Key"] for each in listed.get("Contents", ())]
    uploads = s3.list_multipart_uploads(Bucket=bucket, Prefix="leash/").get("Uploads", ())
    return found + [f"upload of {each['Key']}" for each in uploads if run in each["Key"]]


def failures(cloud: Cloud, seeds: range, rate: float = 0.0) -> list[str]:
    """Run the cases of some seeds; a description of each that went wrong."""
    wrong = []
    for seed in seeds:
        current = case(seed)
        for name, content in current.pipeline.files.items():
            with open(name, "wb") as file:
                file.write(content)
        began = time.monotonic()
        with cloud.faults(seed, rate) as faults:
            try:
                ended = run(current, faults.environment)
            except subprocess.TimeoutExpired as error:
                ended = Ended(b"", 125, {}, f"it hangs: {error.stderr!r}")
            faults.settle()
        found = verdict(current, ended, faults=bool(rate))
        if not found and "run" in ended.report:
            end = time.monotonic() + 10
            # A task that nobody waits for any more may just be clearing up after itself.
            while (left := leftovers(cloud, ended.report["run"])) and time.monotonic() < end:
                time.sleep(0.2)
            found = f"left: {left}" if left else ""
        if time.monotonic() - began > 30:
            print(f"seed {seed} took {time.monotonic() - began:.0f} s", flush=True)
        if found:
            shown = [str(fault) for fault in faults.injected]
            wrong.append(f"seed {seed}: {current}\n  {found}\n  faults: {shown}")
            print(f"\n{wrong[-1]}", flush=True)
    return wrong


def deploy(cloud: Cloud) -> None:
    """Deploy the worker, as a user would."""
    command = [sys.executable, "-m", "leashc", "deploy", "--architecture", "x86_64"]
    environment = {**os.environ, **cloud.environment}
    subprocess.run(command, env=environment, check=True, stdout=subprocess.DEVNULL)


def main() -> None:
    """Run cases and say how many went wrong."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--count", type=int, default=300)
    parser.add_argument("--seed", type=int, default=random.randrange(1 << 32))
    parser.add_argument("--faults", type=float, default=0.0, metavar="RATE")
    given = parser.parse_args()
    print(f"{given.count} pipelines from seed {given.seed}, faults {given.faults}", flush=True)
    with Cloud() as cloud, tempfile.TemporaryDirectory() as directory:
        deploy(cloud)
        os.chdir(directory)
        seeds = range(given.seed, given.seed + given.count)
        wrong = failures(cloud, seeds, given.faults)
        os.chdir("/")
    print(f"{given.count} pipelines, {len(wrong)} went wrong")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
