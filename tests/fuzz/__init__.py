"""Fuzzing of the kernels: how the harness fuzz.c is built of their sources; inputs kept."""

from __future__ import annotations

import json
import os
import re
import subprocess
import zipfile
from collections.abc import Iterable
from pathlib import Path

from runtime import kernels
from tests.fuzz.cases import Case, cases

HERE = Path(__file__).parent
CORPUS = HERE / "corpus"
SANITIZED = ("-fsanitize=address,undefined", "-fno-sanitize-recover=all", "-g", "-O1")

# Blocks, tables, runs and ranges so small that inputs of some hundred bytes cross their seams.
_SMALL = {
    "BLOCK": 64,
    "CHUNK": 64,
    "CODES": 4,
    "DIGIT": 2,
    "FEW": 3,
    "LARGEST": 40,
    "LINES": 4,
    "MEMORY": 1,
    "OUT": 32,
    "PICKED": 2,
    "PIECE": 10,
    "PREFIX": 9,
    "RANGE": 32,
    "RUNS": 3,
    "SEEN": 16,
    "SLOTS": 4,
    "SMALL": 3,
    "SUMMED": 3,
    "WORDS": 4,
}


def build(group: str, folder: Path, compiler: str, *flags: str) -> Path | None:
    """The harness of a group, in this folder; None where the compiler cannot make it."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "cases.h").write_text(_table(cases(group)))
    found: set[str] = set()
    for name in os.listdir(os.path.dirname(kernels.__file__)):
        if name.endswith((".c", ".h")):
            text = (Path(kernels.__file__).parent / name).read_text()
            for constant, size in _SMALL.items():
                text, times = re.subn(
                    rf"\b{constant} = \d+( << \d+)?\b", f"{constant} = {size}", text
                )
                found |= {constant} if times else set()
            (folder / name).write_text(text)
    if found != set(_SMALL):
        raise ValueError(f"constants that kernels no longer have: {set(_SMALL) - found}")
    sources = [str(path) for path in folder.glob("*.c") if path.name != "main.c"]
    made = folder / "fuzz"
    argv = [compiler, "-std=c11", "-D_GNU_SOURCE", "-pthread", *flags, f"-I{folder}"]
    done = subprocess.run([*argv, "-o", made, HERE / "fuzz.c", *sources], check=False)
    return None if done.returncode else made


def unpacked(group: str, folder: Path) -> list[Path]:
    """The inputs that were kept for a group, as files in this folder."""
    folder.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(CORPUS / f"{group}.zip") as packed:
        packed.extractall(folder)
    return sorted(folder.iterdir())


def pack(group: str, inputs: Iterable[Path]) -> None:
    """Keep these inputs for a group; the same ones make the same file."""
    with zipfile.ZipFile(CORPUS / f"{group}.zip", "w", zipfile.ZIP_DEFLATED) as packed:
        for path in sorted(inputs):
            packed.writestr(zipfile.ZipInfo(path.name), path.read_bytes(), zipfile.ZIP_DEFLATED)


def replay(harness: Path, inputs: list[Path], *under: str) -> list[tuple[int, bytes]]:
    """Status and bytes of each input. A finding is an AssertionError."""
    env = {**os.environ, "LC_ALL": "C", "ASAN_OPTIONS": "detect_leaks=0"}
    done = subprocess.run([*under, harness, *inputs], stdout=-1, stderr=-1, env=env, check=False)
    if done.returncode:
        raise AssertionError(done.stderr.decode(errors="replace"))
    results, rest = [], done.stdout
    while rest:
        head, _, rest = rest.partition(b"\n")
        status, length = map(int, head.split())
        results.append((status, rest[:length]))
        rest = rest[length:]
    return results


def _table(of: list[Case]) -> str:
    rows = [f"\t{{{{{_strings(case.words)}}}, {{{_strings(case.sorts)}}}}},\n" for case in of]
    return f"static struct fuzz_case cases[] = {{\n{''.join(rows)}}};\n"


def _strings(words: tuple[str, ...]) -> str:
    return ", ".join(map(json.dumps, words)) or "0"
