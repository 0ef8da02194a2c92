"""Every input that the fuzzers kept, through kernel and tool: the same bytes, the same status."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from runtime import kernels
from tests.fuzz import SANITIZED, build, replay, unpacked
from tests.fuzz.cases import PARTS, Case, cases, groups

C = {**os.environ, "LC_ALL": "C"}


def parts(data: bytes, number: int) -> Iterator[bytes]:
    """As fuzz.c cuts them; each ends with a newline, as what a kernel sorts does."""
    for at in range(number):
        part = data[len(data) * at // number : len(data) * (at + 1) // number]
        yield part + b"\n" if part and not part.endswith(b"\n") else part


def by_tool(case: Case, given: bytes) -> tuple[int, bytes]:
    data = given[2:]
    if case.words[0] == "from":
        cut = min(given[1], len(data) // 2)
        data = data[cut : len(data) - cut]
    if case.sorts:
        data = b"".join(parts(data, given[1] % PARTS + 1))
    argv = ("bash", "-c", f"cat | {case.text}")  # in a pipe: of a file, wc pads for its size
    done = subprocess.run(argv, input=data, stdout=-1, env=C, check=False)
    return done.returncode, done.stdout


def added(rows: bytes) -> bytes:
    """As `uniq -c` prints what the rows of `COUNT 0 LINE` come to."""
    counts = Counter[bytes]()
    for row in rows.removesuffix(b"\n").split(b"\n") if rows else ():
        count, _, line = row.split(b" ", 2)
        counts[line] += int(count)
    return b"".join(b"%7d %b\n" % (counts[line], line) for line in sorted(counts))


def by_kernel(case: Case, given: bytes) -> tuple[int, bytes]:
    argv = (kernels.executable(), *case.words)
    done = subprocess.run(argv, input=given[2:], stdout=-1, env=C, check=False)
    return done.returncode, done.stdout


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if not shutil.which("cc"):
        pytest.skip("there is no C compiler")
    return tmp_path_factory.mktemp("fuzz")


@pytest.mark.parametrize("group", groups())
def test_the_corpus(group: str, folder: Path) -> None:
    """Sanitized, in blocks and tables so small that their seams are crossed, and as built."""
    harness = build(group, folder / group, "cc", "-DREPLAY", *SANITIZED)
    if not harness:
        pytest.skip("the compiler has no sanitizers")
    files = unpacked(group, folder / f"{group}-inputs")
    assert files
    for path, ours in zip(files, replay(harness, files), strict=True):
        given = path.read_bytes()
        case = cases(group)[given[0] % len(cases(group))]
        if group == "grep" and b"\0" in given[2:]:
            continue  # binary to grep: leashc keeps such from the kernel
        tool = by_tool(case, given)
        if group == "rows":  # in any order, and a line may come again
            ours = ours[0], added(ours[1])
        assert ours == tool, path
        if kernels.executable() and not case.sorts and group not in ("rows", "from"):
            assert by_kernel(case, given) == tool, path


@pytest.mark.skipif(not os.environ.get("LEASH_DEEP"), reason="minutes: make check-deep")
@pytest.mark.parametrize("group", groups())
def test_the_corpus_under_valgrind(group: str, folder: Path) -> None:
    """What has no value yet decides nothing and is not written; sanitizers don't see that."""
    if not shutil.which("valgrind"):
        pytest.fail("valgrind is not installed")
    harness = build(group, folder / f"valgrind-{group}", "cc", "-DREPLAY", "-g", "-O1")
    assert harness
    files = unpacked(group, folder / f"{group}-inputs")
    replay(harness, files, "valgrind", "-q", "--error-exitcode=99")


def test_what_fails_in_the_harness_is_an_error(folder: Path) -> None:
    harness = build("wc", folder / "fails", "cc", "-DREPLAY")
    assert harness
    short = folder / "short"
    short.write_bytes(b"a")
    with pytest.raises(AssertionError, match="two bytes at least"):
        replay(harness, [short])
