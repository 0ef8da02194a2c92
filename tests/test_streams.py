"""Streams: what commands read by `<( )`, against bash."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from leashc.parser import parse
from runtime.errors import PlanError
from runtime.plan_file import from_json
from tests.command import bash, leashc, started

PIPELINES = """
comm -12 <(sort a) <(sort b) | wc -l
paste <(tr 1 x < a) <(tail -n +2 a) | sort | uniq -c | sort -rn | head -n 3
sort -n < <(cat b) | tail -n 2
seq 3 | cat <(cat) | rev
seq 9 | cat <(tr 1 x) <(sort -r a) | head -n 30
cat <(cat <(echo x) <(echo y)) a | md5sum
cat <(nosuch) <(echo b)
grep -f <(seq 100 7 2000) a
grep -c 1 a <(seq 100) <(sort -rn b)
wc -l <(seq 5) <(seq 6) < /dev/null
diff <(seq 3) <(seq 4)
cmp <(yes a) <(yes b)
head -n 1 <(yes)
cat a | comm -23 <(sort) <(sort b) | sort -n | tail -n 1
cat <(sort nosuchfile)
echo <(true)
cat <(wc <(true) <(true)) <(wc <(true) <(true)) <(cat <(wc <(true)) <(wc <(true) <(true)))
cat <(grep -v 1 a) <(false) "$1" <(echo "$1$#")
"""


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("a").write_text("".join(f"{n}\n" for n in range(1, 9000)))
    Path("b").write_text("".join(f"{n}\n" for n in range(5000, 9999)))
    return tmp_path


@pytest.mark.parametrize("width", ["auto", "3"])
@pytest.mark.parametrize("text", PIPELINES.strip().splitlines())
def test_the_bytes_and_the_status_of_bash(text: str, width: str) -> None:
    arguments = ["a"] if "$" in text else []
    theirs = bash(text, *arguments, stdin=b"c\n")
    ours = leashc("run", "--width", width, "-c", text, *arguments, stdin=b"c\n")
    assert (ours.output, ours.status) == (theirs.output, theirs.status)
    assert ours.errors.count("\n") == theirs.errors.count("\n")


@pytest.mark.parametrize("text", PIPELINES.strip().splitlines())
def test_printing_keeps_the_meaning(text: str) -> None:
    ast = parse(text)
    assert parse(str(ast)) == ast
    assert bash(str(ast), "a") == bash(text, "a")


def test_a_stream_that_stands_still_ends_with_its_reader() -> None:
    os.mkfifo("fifo")
    both = os.open("fifo", os.O_RDWR)  # what reads it waits for more
    with started("run", "-c", "head -n 0 <(sort fifo)") as process:
        assert process.wait(20) == 0
    os.close(both)


def test_an_interrupt_ends_the_streams_too() -> None:
    os.mkfifo("fifo")
    with started("run", "-c", "cat <(sort fifo) <(cat a)") as process:
        writer = os.open("fifo", os.O_WRONLY)
        os.killpg(process.pid, signal.SIGINT)
        assert process.wait(20) == 130
        os.close(writer)


def test_a_plan_holds_its_streams() -> None:
    text = "comm -12 <(sort a | uniq) <(sort b)"
    assert leashc("compile", "-o", "p.json", "-c", text).status == 0
    ours = leashc("run", "--trust", "p.json")
    assert (ours.output, ours.status) == (bash(text).output, 0), ours.errors
    value = json.loads(Path("p.json").read_text())
    value["commands"][0]["streams"][1]["stages"][0]["pipe"][0][0] = "rm"
    Path("q.json").write_text(json.dumps(value, indent=1))
    refused = leashc("run", "--trust", "./q.json")
    assert refused.status == 2
    assert "commands[0].streams[1].stages[0].pipe[0][0]" in refused.errors
    value["commands"][0]["argv"][2] = "\0stream 2"
    with pytest.raises(PlanError, match="a stream that is not there"):
        from_json(json.dumps(value))


def test_what_a_stream_does_to_the_world_is_an_effect() -> None:
    assert leashc("compile", "-o", "p.json", "-c", "sort <(rm a)").status == 0
    refused = leashc("run", "p.json")
    assert refused.status == 2
    assert "rm" in refused.errors
    assert os.path.exists("a")


def test_explain_shows_the_stages_of_a_stream() -> None:
    said = leashc("explain", "--width", "2", "-c", "comm -12 <(sort a) <(sort b)").output.decode()
    assert "reads: <(sort a)" in said
    assert "×2    sort" in said


def test_what_a_stream_reads_is_not_written_meanwhile() -> None:
    before = Path("a").read_bytes()
    refused = leashc("run", "-c", "sort -r <(cat a) > a")
    assert (refused.status, Path("a").read_bytes()) == (125, before)
    assert "a is both read and written" in refused.errors


def test_streams_have_the_shell_s_numbers_however_many_descriptors_are_open() -> None:
    """A run over many partitions may have more than sixty while another command starts."""
    program = """
import os
from runtime.spawn import keep_numbers, numbered
keep_numbers()
ends = [os.pipe()[0] for _ in range(60)]
for _ in range(2):
    with numbered(ends[:20]) as numbers:
        same = all(os.path.samestat(os.fstat(n), os.fstat(e)) for n, e in zip(numbers, ends))
    kept = all(os.path.samefile(f"/dev/fd/{n}", "/dev/null") for n in numbers[:16])
    print(numbers[:3], len(set(numbers)), same, kept)  # or its writer would have a reader left
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
    assert done.stdout == b"[63, 62, 61] 20 True True\n" * 2
