"""A few hundred random pipelines; `make equivalence` runs thousands, new ones each time."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

COUNT = os.environ.get("LEASH_EQUIVALENCE", "400")
# The suite says the same thing twice: what fails in it fails again.
SEED = os.environ.get("LEASH_EQUIVALENCE_SEED", "1")


def test_random_pipelines_give_the_bytes_and_the_status_of_the_shell() -> None:
    # In a process of its own: the cases fork, which threads of other tests would not survive.
    command = [sys.executable, "-m", "tests.equivalence", "--count", COUNT, "--seed", SEED]
    root = Path(__file__).parent.parent
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
