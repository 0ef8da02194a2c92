"""One-liners that people write: the shell's bytes and statuses, and how many ran wide."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.corpus.entries import OWN, PUBLISHED, among_the_data, entries
from tests.corpus.share import ran, share

ROOT = Path(__file__).parent.parent


def test_one_liners_give_the_bytes_and_the_status_of_the_shell() -> None:
    # In processes of their own, for the cases fork; `make corpus` runs all widths and locales.
    groups = (OWN[:3], OWN[3:] + PUBLISHED)
    command = [sys.executable, "-m", "tests.corpus", "--widths", "2", "--locales", "C", "--groups"]
    running = [
        subprocess.Popen([*command, *part], cwd=ROOT, stdout=subprocess.PIPE, text=True)
        for part in groups
    ]
    said = [process.communicate()[0] for process in running]
    assert [process.returncode for process in running] == [0, 0], "".join(said)


def test_the_share_that_runs_wide_does_not_fall() -> None:
    with among_the_data():
        found = [command for entry in entries() for command in ran(entry)]
    # The page has the share of the tools that were there; mawk and gawk differ in some.
    assert share(found) >= 0.95


def test_there_are_hundreds_and_none_twice() -> None:
    found = entries()
    assert len(found) >= 300
    assert len({entry.text for entry in found}) == len(found)
