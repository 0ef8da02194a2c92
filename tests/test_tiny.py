"""Whether anything works, in two seconds."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

TEXT = "b 2\na 1\nERR c\nERR a\n" * 50


def test_a_pipeline_gives_the_bytes_of_the_shell(tmp_path: Path) -> None:
    (tmp_path / "x").write_text(TEXT)
    pipeline = "cat x | grep ERR | cut -d' ' -f2 | sort | uniq -c | sort -rn"
    command = [sys.executable, "-m", "leashc", "run", "--width", "3", pipeline]
    root = str(Path(__file__).parent.parent)
    environment = {"PATH": "/usr/local/bin:/usr/bin:/bin", "PYTHONPATH": root, "LC_ALL": "C"}
    ours = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, check=False)
    theirs = subprocess.run(["bash", "-c", pipeline], cwd=tmp_path, capture_output=True, check=True)
    assert (ours.stdout, ours.stderr, ours.returncode) == (theirs.stdout, b"", 0)
