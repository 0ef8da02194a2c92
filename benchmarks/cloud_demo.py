"""Deploys to the cloud that the environment names, sorts and counts there: `make cloud-demo`.

Every line that begins with `$` is a command as a user would type it.
"""

from __future__ import annotations

import argparse
import filecmp
import os
import shlex
import subprocess
import sys
import time
from pathlib import Path

from benchmarks.data import data_file, parse_size

LEASHC = Path(sys.executable).parent / "leashc"
WORD_COUNT = r"cat {input} | tr -cs A-Za-z '\n' | tr A-Z a-z | sort | uniq -c | sort -rn"


def leashc(*words: str, output: Path | None = None) -> None:
    """Run a command of ours and show it; stop if it fails."""
    print(f"\n$ leashc {shlex.join(words)}", flush=True)
    environment = {**os.environ, "LC_ALL": "C"}
    with (output or Path(os.devnull)).open("wb") as file:
        stdout = file if output else None
        done = subprocess.run([LEASHC, *words], env=environment, stdout=stdout, check=False)
    if done.returncode:
        sys.exit(f"it ended with status {done.returncode}")


def compare(pipeline: str, text: Path, answer: Path) -> None:
    """Stop unless the answer has the bytes of the shell's."""
    expected, began = answer.with_suffix(".shell"), time.perf_counter()
    with expected.open("wb") as file:
        command = ["bash", "-c", pipeline.format(input=shlex.quote(str(text)))]
        subprocess.run(command, env={**os.environ, "LC_ALL": "C"}, stdout=file, check=True)
    if not filecmp.cmp(expected, answer, shallow=False):
        sys.exit(f"The answers differ: compare {expected} with {answer}.")
    seconds = time.perf_counter() - began
    print(f"All {answer.stat().st_size:,} bytes equal the shell's ({seconds:.1f} s).", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--size", type=parse_size, default="100M", help="bytes of text")
    parser.add_argument("--folder", type=Path, default=Path("build/demo"), help="for its files")
    options = parser.parse_args()
    import boto3

    text, bucket = data_file(options.folder, options.size), os.environ["AWS_BUCKET"]
    s3, machine = boto3.client("s3"), os.uname().machine
    leashc("deploy", "--architecture", "arm64" if machine == "aarch64" else "x86_64")
    leashc("doctor", "--backend", "aws")
    print(f"\n# {text.name} goes to s3://{bucket}/demo/text", flush=True)
    s3.upload_file(str(text), bucket, "demo/text")
    answer, run = options.folder / "cloud.out", ("run", "--backend", "aws", "--timing")
    for pipeline, shape in (
        ("sort {input}", ("--width", "8", "--fan-in", "2")),
        (WORD_COUNT, ("--width", "4")),
    ):
        words = (*run, *shape, pipeline.format(input=f"s3://{bucket}/demo/text"))
        leashc(*words, output=answer)
        compare(pipeline, text, answer)
    leashc("runs", "list")
    leashc("runs", "clean", "--older", "0")
    s3.delete_object(Bucket=bucket, Key="demo/text")
    leashc("destroy")
    left = [each["Key"] for each in s3.list_objects_v2(Bucket=bucket).get("Contents", ())]
    sys.exit(f"left in the bucket: {left}" if left else 0)


if __name__ == "__main__":
    main()
