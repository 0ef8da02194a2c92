"""The one-liners of this folder: paragraphs of *.sh, a comment above each."""

from __future__ import annotations

import importlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from leashc import host, machine
from leashc.compile import Unit, compile
from runtime.plan import Options
from tests import equivalence
from tests.equivalence import Answer, Case

HERE = Path(__file__).parent

# In the order of docs/corpus.md; the second group after the suites that others published.
OWN = ("logs", "csv", "text", "bio", "admin", "classics")
PUBLISHED = ("oneliners", "unix50", "nlp", "buses", "weather")

WIDTHS = (1, 2, 5)

# Bytes of a block where a stream is dealt: the inputs are small, and each is to be cut.
BLOCK = 256


class Entry(NamedTuple):
    """A one-liner: the file that it is in, and its remark there."""

    group: str
    remark: str
    text: str


class Difference(NamedTuple):
    """What leashc did otherwise than bash."""

    entry: Entry
    width: int
    locale: str
    found: str

    def __str__(self) -> str:
        where = f"{self.entry.group}.sh, width {self.width}, {self.locale}"
        return f"{where}: {self.entry.remark}\n  {self.entry.text}\n  {self.found}"


def entries(groups: Sequence[str] = OWN + PUBLISHED) -> list[Entry]:
    """The one-liners of these files."""
    found = []
    for group in groups:
        for paragraph in (HERE / f"{group}.sh").read_text(encoding="utf-8").split("\n\n"):
            remark, text = paragraph.strip().split("\n", 1)
            if not remark.startswith("# "):
                raise ValueError(f"{group}.sh: a one-liner without a remark: {remark}")
            found.append(Entry(group, remark.removeprefix("# "), text))
    return found


def locales() -> tuple[str, str]:
    """C, and en_US.UTF-8 where it is installed, else C.UTF-8."""
    installed = subprocess.run(["locale", "-a"], capture_output=True, text=True, check=True).stdout
    return "C", "en_US.UTF-8" if "en_US.utf8" in installed.split() else "C.UTF-8"


@contextmanager
def among_the_data() -> Iterator[None]:
    """In a copy of the inputs, with all loaded that a process forked here will need."""
    warm = "sed p | awk '{print $1}' | sort | jq -R . | cat -n"
    compile(Unit(warm, host.here(), machine.look), Options(2), divide=True)
    for module in ("runtime.divide", "runtime.partition", "concurrent.futures.thread"):
        importlib.import_module(module)
    before = os.getcwd()
    with tempfile.TemporaryDirectory() as directory:
        shutil.copytree(HERE / "data", directory, dirs_exist_ok=True)
        os.chdir(directory)
        try:
            yield
        finally:
            os.chdir(before)


def differences(
    found: Sequence[Entry], widths: Sequence[int], locales: Sequence[str]
) -> Iterator[Difference]:
    """Where leashc differs from bash; to be asked among the data."""
    for entry in found:
        for locale in locales:
            theirs: Answer | None = None
            for width in widths:
                case = Case(entry.text, {}, "none", width, locale, BLOCK)
                theirs = theirs or equivalence.shell(case)
                if said := equivalence.compared(theirs, equivalence.leash(case)):
                    yield Difference(entry, width, locale, said)
