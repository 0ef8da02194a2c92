"""Commands of several inputs, divided together, against bash: bytes, statuses and messages."""

from __future__ import annotations

import json
import os
import random
import signal
from pathlib import Path

import pytest

from runtime.errors import PlanError
from runtime.plan_file import from_json
from tests.command import bash, children, leashc, started, until

LINES = (
    *b"\n\na\nA\nab\na b\n a\nb\na\tb\nb,2,a\n1 x\n10 y\n1 z\n\xff\n\0\na\0b".split(b"\n"),
    b"x" * 300,
)


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def lines(source: random.Random) -> bytes:
    """Few different lines and many of each; in order or not; perhaps without a last newline."""
    few = source.sample(LINES, source.randint(1, len(LINES)))
    some = [source.choice(few) for _ in range(source.choice((0, 1, 5, 40)))]
    if source.random() < 0.85:
        some.sort()
    return b"\n".join(some) + b"\n" * (source.random() < 0.7)


def same(text: str, width: int, block: int) -> None:
    """A pipeline divided, stream blocks cut small, against bash."""
    theirs = bash(text)
    ours = leashc("run", "--width", f"{width}", "--block", f"{block}", "-c", text)
    assert (ours.output, ours.status) == (theirs.output, theirs.status), (text, width, block)
    if " | " not in text:  # which may end before a command complains
        assert ours.errors == theirs.errors, (text, width, block)


def inputs(source: random.Random, count: int) -> list[str]:
    """So many words for inputs: files, streams, and standard input at most once."""
    words = []
    for number in range(count):
        Path(f"f{number}").write_bytes(lines(source))
        words.append(source.choice((f"f{number}", f"<(cat f{number})")))
    if source.random() < 0.3:
        words[source.randrange(count)] = "-"
    return words


OPTIONS = {
    "comm": ("", "-12", "-23", "-13", "-3", "--check-order", "--nocheck-order"),
    "cat": ("", "-s", "-n", "-E"),
    "sort": ("", "-u", "-r", "-k 2"),
    "grep": (
        "-h a",
        "-hv x",
        "-hc a",
        "-ahv a",
        "-f f0 -h",
        "-hf <(cat f0)",
        "-vhf <(head -n 2 f0)",
    ),
    "paste": ("", "-d ,", "-d ':|'"),
    "join": (
        *("", "-a 1", "-a 1 -a 2", "-v 2", "-i", "-t, -1 2", "-t '' -a 1", "-2 2", "-j 2 -a 1"),
        *("--check-order", "--nocheck-order", "-o 1.1,2.2,0 -e x -a 2"),
    ),
}


AFTER = (
    *(" | cat -n", " | sort | uniq -c", " | head -n 3", " | grep -c a", " | uniq", " | tail -n +2"),
    *(" | cut -c1-2 | sort -u", " | awk '{s += $1} END {print s}'", " | wc -l", " | md5sum"),
)


def pipeline(source: random.Random, name: str) -> str:
    """The command, behind another if it reads standard input, and before another."""
    words = inputs(source, source.randint(1, 4) if name not in ("comm", "join") else 2)
    text = " ".join((name, source.choice(OPTIONS[name]), *words))
    if "-" in words:
        Path("f").write_bytes(lines(source))
        text = source.choice((f"sort f | {text}", f"cat f | {text}", f"{text} < f"))
    return text + source.choice(("", "", *AFTER))


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("name", OPTIONS)
def test_the_answer_of_bash(name: str, seed: int) -> None:
    source = random.Random(f"{name} {seed}")
    same(pipeline(source, name), source.randint(1, 7), source.choice((1, 7, 50, 10000)))


@pytest.mark.parametrize("seed", range(30))
def test_one_line_out_of_order(seed: int) -> None:
    source = random.Random(seed)
    for name in ("f0", "f1"):
        some = sorted(source.choice("abcdefgh") + source.choice(("", " x")) for _ in range(16))
        if name == "f0" or source.random() < 0.3:
            moved = some.pop(source.randrange(len(some)))
            some.insert(source.randrange(len(some)), moved)
        Path(name).write_text("".join(f"{line}\n" for line in some))
    command = source.choice(("comm", "join"))
    option = source.choice(("", "--nocheck-order", "--check-order"))
    same(f"{command} {option} f0 <(cat f1)", source.randint(2, 5), source.choice((8, 16, 24)))


LARGE = """
paste <(seq 300000) <(seq 2 2 500000) | md5sum
comm -13 <(seq -w 300000) <(seq -w 2 2 400000) | md5sum
join <(seq -w 300000) <(seq -w 2 2 400000) | md5sum
paste <(tr 4 x < f) <(tr '\\n' x < f) f <(tr 5 '\\n' < f) | md5sum
comm <(cat f) <(seq 3 7) | md5sum
join -a 1 <(cat f) <(seq 3 7) | uniq -c
sort -n f <(seq 300000) <(seq 5 600000) | md5sum
seq 300000 | cat - <(seq 200000) | tail -n +2 | md5sum
seq 200000 | grep -vf <(seq 100 117) | md5sum
seq -w 300000 | join -v 2 - <(seq -w 2 2 400000) | md5sum
"""

ENDLESS = """
paste <(yes) <(seq 5) | head -n 3
comm <(yes) <(seq 5) | head -n 7
comm <(yes) <(yes) | head -n 100000 | md5sum
yes | paste - <(yes no) | head -n 100000 | md5sum
paste f0 <(yes) <(yes no | tr -d '\\n') | head -n 0
"""


@pytest.mark.parametrize("text", LARGE.strip().splitlines())
def test_more_than_pipes_and_blocks_hold(text: str) -> None:
    Path("f").write_bytes(b"3\n4\n" + b"5\n" * 500_000 + b"6\n7\n")
    same(text, 3, 1 << 17)


@pytest.mark.parametrize("text", ENDLESS.strip().splitlines())
def test_an_endless_input_ends_with_its_reader(text: str) -> None:
    Path("f0").write_bytes(b"a\n")
    same(text, 2, 1 << 16)


def test_streams_that_wait_for_each_other() -> None:
    Path("f0").write_bytes(b"".join(b"%d\n" % n for n in range(500_000)))
    text = "mkfifo {0}; paste <(tee {0} < f0) <(cat {0}) | md5sum"
    theirs = bash(text.format("fifo"))
    os.unlink("fifo")
    os.mkfifo("fifo")
    ours = leashc("run", "--width", "2", "-c", text.format("fifo").split("; ")[1])
    assert (ours.output, ours.status) == (theirs.output, theirs.status)


@pytest.mark.parametrize(
    "text",
    [
        *("wc -l <(cat f)", "grep -aH 1 <(cat f)", "sort -m f <(cat f)", "grep -f <(cat) f f"),
        *("awk '{print FILENAME, FNR}' <(cat f)", "cat < <(cat f) - f", "comm <(cat f) nosuch"),
        *("paste - - f", "comm - -", "grep -hf nosuch <(cat f)", "head -n 1 <(cat f)"),
        *("join -1 <(cat f) f", "paste -d '\\' f <(cat f)", "cut <(cat f)", "tr 1 2 < <(cat f)"),
    ],
)
def test_what_cannot_be_divided_runs_whole(text: str) -> None:
    Path("f").write_bytes(b"1\n2\n3\n4\n")
    same(text, 3, 3)


@pytest.mark.parametrize(
    "text", ["comm <(cat a) <(cat)", "sort a <(cat fifo)", "grep -f <(cat fifo) a", "paste fifo a"]
)
def test_an_interrupt_ends_what_reads_several(text: str) -> None:
    Path("a").write_bytes(b"1\n2\n")
    os.mkfifo("fifo")
    with started("run", "--width", "2", "-c", text) as process:
        if "fifo" in text:
            writer = os.open("fifo", os.O_WRONLY)
        else:
            until(lambda: children(process, "cat"), "the stream is at work")
        os.killpg(process.pid, signal.SIGINT)
        assert process.wait(20) == 130
        if "fifo" in text:
            os.close(writer)


def test_a_file_that_changes_meanwhile_is_noticed() -> None:
    Path("a").write_bytes(b"1\n2\n")
    os.mkfifo("fifo")
    with started("run", "--width", "2", "-c", "comm a <(cat fifo)") as process:
        writer = os.open("fifo", os.O_WRONLY)
        until(lambda: children(process, "cat"), "the stream is at work")
        Path("a").write_bytes(b"1\n2\n3\n")
        os.close(writer)
        assert process.wait(20) == 125


def test_an_input_is_not_written_meanwhile() -> None:
    Path("a").write_bytes(b"1\n2\n")
    refused = leashc("run", "--width", "2", "-c", "comm <(seq 3) a > a")
    assert (refused.status, Path("a").read_bytes()) == (125, b"1\n2\n")


def test_a_plan_file_holds_the_inputs() -> None:
    Path("a").write_bytes(b"1\n2\n")
    text = "grep -vf <(seq 1) a | join - <(seq 3) | paste - a | cat - <(seq 2) | sort"
    for pin in ((), ("--pin",)):
        assert leashc("compile", *pin, "--width", "3", "-o", "p.json", "-c", text).status == 0
        ours = leashc("run", "--trust", "p.json")
        assert (ours.output, ours.status) == (bash(text).output, 0), ours.errors
    value = json.loads(Path("p.json").read_text())
    joined = next(stage for stage in value["stages"] if stage.get("joined") == "keys")
    joined["inputs"][1]["blob"]["path"] = "\0stream 7"
    with pytest.raises(PlanError, match="a stream that is not there"):
        from_json(json.dumps(value))
    del joined["inputs"][1]
    with pytest.raises(PlanError, match="do not go with the pipe"):
        from_json(json.dumps(value))


def test_what_another_command_writes_is_read_in_the_order_of_the_shell() -> None:
    Path("f").write_bytes(b"a\nb\nb\n")
    Path("g").write_bytes(b"x\n" * 9000)
    # uniq is over when comm begins to read, for sort prints nothing before.
    same("uniq f g | sort | comm - g", 3, 50)
    assert Path("g").read_bytes() == b"a\nb\n"
