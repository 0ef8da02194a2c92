"""`python -m tests.fuzz GROUP SECONDS`: look for inputs that a group of kernels fails on.

Needs clang, whose libFuzzer mutates inputs in one process with the kernel, sanitized. What it
stops at is left in build/fuzz/GROUP; what reached new code is added to the corpus, made minimal.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
from pathlib import Path

from leashc.laws import LINES
from tests.fuzz import SANITIZED, build, pack, unpacked
from tests.fuzz.cases import cases, groups

LONGEST = 512  # bytes of an input
_OPTIONS = (f"-max_len={LONGEST}", "-rss_limit_mb=4096", "-timeout=60", "-detect_leaks=0")


def fuzz(group: str, seconds: int) -> int:
    """The fuzzer's status."""
    folder = Path("build", "fuzz", group)
    harness = build(group, folder, "clang", "-fsanitize=fuzzer", *SANITIZED)
    if not harness:
        print("fuzzing needs clang with libFuzzer and sanitizers", file=sys.stderr)
        return 2
    found, kept = folder / "found", folder / "kept"
    found.mkdir(exist_ok=True)
    unpacked(group, kept)
    text = b"\n".join(LINES).replace(b"\0", b"")[: LONGEST - 2]  # of a NUL awk is asked, slowly
    for number in range(len(cases(group))):
        (found / f"seed-{number}").write_bytes(bytes([number, 2]) + text)
    options = (*_OPTIONS, f"-artifact_prefix={folder}/", "-print_final_stats=1")
    # A map's memory ends with its process; leaks are what the tests of kernels look for.
    env = {**os.environ, "LC_ALL": "C", "ASAN_OPTIONS": "detect_leaks=0"}
    argv = (harness, *options, f"-max_total_time={seconds}", found, kept)
    status = subprocess.run(argv, env=env, check=False).returncode
    if not status:
        fewest = folder / "fewest"
        shutil.rmtree(fewest, ignore_errors=True)
        fewest.mkdir()
        merge = (harness, *_OPTIONS, "-merge=1", fewest, kept, found)
        subprocess.run(merge, env=env, check=True)
        pack(group, (path for path in fewest.iterdir() if path.stat().st_size > 1))
    return status


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("group", choices=groups())
    parser.add_argument("seconds", type=int)
    given = parser.parse_args()
    sys.exit(fuzz(given.group, given.seconds))
