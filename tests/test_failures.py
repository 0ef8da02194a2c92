"""What goes wrong in a run: dead processes, full disks, closed streams, signals, odd inputs.

Every time: the shell's own behaviour or a clear error, soon; no partial output; nothing left.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.command import Answer, bash, children, ended, leashc, same, started, until

AS_ROOT = os.geteuid() == 0
LINES = b"".join(b"%d of 9973 %d\n" % (n * 7919 % 9973, n % 10) for n in range(60_000))


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("f").write_bytes(LINES)
    Path("out").write_text("old\n")
    Path("work").mkdir()


def untouched() -> bool:
    """Whether the output file is as it was, and nothing else has come."""
    return Path("out").read_text() == "old\n" and sorted(os.listdir()) == ["f", "out", "work"]


@contextmanager
def written(data: bytes, stream: object) -> Iterator[None]:
    """Keep writing data to a stream, until the block ends."""
    assert hasattr(stream, "fileno")
    descriptor = os.dup(stream.fileno())
    stopped = threading.Event()

    def write() -> None:
        try:
            while not stopped.is_set():
                os.write(descriptor, data)
        except BrokenPipeError:
            pass  # nobody reads any more

    writer = threading.Thread(target=write)
    writer.start()
    try:
        yield
    finally:
        stopped.set()
        writer.join()
        os.close(descriptor)


# Processes that die.


@pytest.mark.parametrize(
    ("text", "victim"), [("cat | sort -n > out", "sort"), ("grep -v zzz | tr a b > out", "tr")]
)
def test_a_killed_process_of_a_wide_stage_ends_the_run(text: str, victim: str) -> None:
    options = ("--width", "4", "--block", "8M", "--work-dir", "work", "--kernels", "off")
    with started("run", *options, text) as process:
        with written(LINES, process.stdin):
            until(lambda: killed(children(process, victim)), f"{victim} is there to be killed")
            # The next ones die too: one alone may just have done its work.
            while process.poll() is None:
                killed(children(process, victim))
        answer = ended(process)
    assert answer.status == 125
    assert answer.errors.startswith("leashc: stage ")
    assert f"{victim} was killed by signal 9" in answer.errors
    assert untouched()
    assert os.listdir("work") == []


def killed(processes: list[int]) -> bool:
    """Kill them all; whether there was one."""
    for number in processes:
        try:
            os.kill(number, signal.SIGKILL)
        except ProcessLookupError:
            pass  # it ended by itself
    return bool(processes)


def test_a_killed_process_of_a_whole_stage_has_the_status_that_bash_gives_it() -> None:
    with started("run", "--width", "1", "cat | sort | cat -n") as process:
        until(lambda: children(process, "sort"), "sort runs")
        killed(children(process, "sort"))
        answer = ended(process)
    assert (answer.output, answer.status) == (b"", 0)
    with started("run", "--width", "1", "--pipefail", "cat | sort | cat -n") as process:
        until(lambda: children(process, "sort"), "sort runs")
        killed(children(process, "sort"))
        answer = ended(process)
    assert (answer.output, answer.status) == (b"", 137)


@pytest.mark.parametrize("width", ["1", "4"])
@pytest.mark.parametrize(
    ("number", "everyone"),
    [
        (signal.SIGINT, False),
        (signal.SIGINT, True),
        (signal.SIGTERM, False),
        (signal.SIGHUP, True),
    ],
)
def test_a_signal_ends_the_run_and_leaves_nothing(
    width: str, number: signal.Signals, everyone: bool
) -> None:
    words = ("run", "--width", width, "--block", "8M", "--work-dir", "work", "--kernels", "off")
    with started(*words, "cat | sort | sed s/1/2/ > out") as process:
        with written(LINES, process.stdin):
            until(lambda: children(process, "sort"), "sort runs")
            (os.killpg if everyone else os.kill)(process.pid, number)
            process.wait(10)
        answer = ended(process)
    assert answer.status == 128 + number
    assert answer.output == b""
    assert untouched()
    assert os.listdir("work") == []


def test_an_idle_run_can_be_interrupted() -> None:
    with started("run", "--width", "4", "sort | uniq -c") as process:
        until(lambda: process_sleeps(process), "it waits for its input")
        process.send_signal(signal.SIGINT)
        process.wait(10)
        assert ended(process).status == 130


def process_sleeps(process: subprocess.Popen[bytes]) -> bool:
    """Whether threads of leashc wait for input."""
    return len(os.listdir(f"/proc/{process.pid}/task")) > 1


def test_a_signal_that_was_ignored_stays_ignored() -> None:
    with started("run", "--width", "3", "cat | sort", before="trap '' HUP") as process:
        until(lambda: process_sleeps(process), "it waits for its input")
        process.send_signal(signal.SIGHUP)
        answer = ended(process, b"b\na\n")
    assert (answer.output, answer.status) == (b"a\nb\n", 0)


# Disks that are full, streams that are closed.


def test_a_full_disk_is_an_error_and_the_output_stays() -> None:
    limit = "ulimit -f 200"  # KiB a file may have
    for text in ("sort f > out", "cat f | grep of > out", "sort f | cat -n > out"):
        with started(
            "run", "--width", "3", "--work-dir", "work", text, before=limit, stdin=None
        ) as process:
            answer = ended(process)
        assert answer.status not in (0, 1), text
        assert answer.errors, text
        assert Path("out").read_text() == "old\n", text
        assert os.listdir("work") == []


def test_a_full_work_dir_never_gives_a_wrong_answer() -> None:
    private = ["unshare", "-m"] if AS_ROOT else ["unshare", "-rm"]
    mounting = "mount -t tmpfs -o size=300k none work"
    if subprocess.run([*private, "bash", "-c", mounting], capture_output=True).returncode:
        pytest.skip("nothing can be mounted here")
    words = ("run", "--width", "3", "--work-dir", "work", "sort f > out")
    inside = (
        f'[ $INSIDE ] || INSIDE=1 exec {" ".join(private)} "$BASH" -c \'{mounting}; exec "$@"\''
    )
    inside += ' bash "$@"'
    with started(*words, before=inside, stdin=None) as process:
        answer = ended(process)
    # Without room for its parts, a stage may still run whole.
    if answer.status:
        assert answer.status == 125
        assert "No space left on device" in answer.errors
        assert untouched()
    else:
        assert Path("out").read_bytes() == bash("sort f").output
    assert os.listdir("work") == []


def test_an_output_that_takes_nothing_fails() -> None:
    for text in ("cat f | grep of", "sort f", "sort f | uniq -c"):
        expected = bash(f"{text} > /dev/full")
        for width in ("auto", "3"):
            with (
                open("/dev/full", "wb") as full,
                started("run", "--width", width, text, stdout=full, stdin=None) as process,
            ):
                answer = ended(process)
            assert "No space left on device" in answer.errors, (text, width)
            allowed = (expected.status,) if width == "auto" else (expected.status, 125)
            assert answer.status in allowed, (text, width)


def test_a_closed_output_fails_and_a_closed_input_is_no_other_file() -> None:
    for width in ("auto", "3"):
        for text in ("sort f", "cat f | grep of"):
            expected = bash(f"{text} >&-")
            with started("run", "--width", width, text, before="exec >&-", stdin=None) as process:
                answer = ended(process)
            assert answer.status in (expected.status, 125), (text, width)
            assert "Bad file descriptor" in answer.errors
        with started(
            "run", "--width", width, "sort f > out", before="exec >&- <&-", stdin=None
        ) as process:
            assert ended(process).status == 0
        assert Path("out").read_bytes() == bash("sort f").output
        with started("run", "--width", width, "sort", before="exec <&-", stdin=None) as process:
            answer = ended(process)
        assert (answer.output, answer.status in (2, 125)) == (b"", True)
        assert "Bad file descriptor" in answer.errors
    with started("run", "-", before="exec <&-", stdin=None) as process:
        assert ended(process).status == 2


def test_closed_messages_do_no_harm() -> None:
    for text in ("cat missing f | sort", "sort | | x"):
        expected = bash(text)
        with started("run", "--width", "3", text, before="exec 2>&-", stdin=None) as process:
            answer = ended(process)
        assert (answer.output, answer.status) == (expected.output, expected.status)


@pytest.mark.parametrize("width", ["auto", "1", "4"])
def test_a_reader_that_leaves_early_ends_the_run_quietly(width: str) -> None:
    for text in ("cat f f f f | grep of", "sort f f", "yes | grep y"):
        with started("run", "--width", width, text, stdin=None) as process:
            assert process.stdout is not None
            assert process.stdout.readline()
            process.stdout.close()
            process.stdout = None
            answer = ended(process)
        assert answer.errors == "", (text, width)
        assert answer.status in (141, 0), (text, width)


# Ends before the end of the input.


@pytest.mark.parametrize(
    "text",
    [
        "yes | head -n 3",
        "yes | grep y | head -n 2",
        "yes | cat -n | sed 5q",
        "cat /dev/zero | tr '\\0' a | head -c 20",
        "yes | tr y z | sed s/z/x/ | head -c 7 | wc -c",
        "yes | grep -q y",
    ],
)
def test_an_endless_input_is_read_no_further_than_needed(text: str) -> None:
    for width in ("auto", "1", "3"):
        answer = within(10, "run", "--json", "--width", width, text)
        expected = bash(text)
        assert (answer.output, answer.status) == (expected.output, expected.status), (text, width)
        report = json.loads(answer.errors.splitlines()[-1])
        assert report["pipestatus"][-1] == 0


def test_random_letters_end() -> None:
    for width in ("auto", "3"):
        answer = within(10, "run", "--width", width, "cat /dev/urandom | tr -dc a-z | head -c 20")
        assert answer.status == 0
        assert len(answer.output) == 20
        assert answer.output.isalpha()


def within(seconds: int, *words: str) -> Answer:
    """Run leashc with little time."""
    with started(*words, stdin=None) as process:
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            pytest.fail(f"{words} had no end within {seconds} seconds")
        return ended(process)


@pytest.mark.parametrize("width", ["auto", "3"])
def test_a_trickling_input_is_answered_before_its_end(width: str) -> None:
    text = "grep --line-buffered a | sed -u s/a/b/"
    with started("run", "--width", width, text) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        for line in (b"an a\n", b"a\n", b"cat\n"):
            process.stdin.write(line)
            process.stdin.flush()
            assert process.stdout.readline() == line.replace(b"a", b"b", 1)
        assert ended(process, b"end").status == 0


# Inputs.


def test_a_file_that_cannot_be_read_is_the_commands_own_error() -> None:
    Path("d").mkdir()
    if not AS_ROOT:
        Path("secret").touch(0)
    for text in (
        "cat missing",
        "cat f missing f | sort | head -n 2",
        "sort d",
        "cat d f | wc -l",
        "grep of f missing | wc -l",
        "wc -l < missing",
        "sort < d",
        "cat secret f | wc -l",
        "tr a b < missing | wc -l",
        "head -n 1 f missing",
    ):
        expected = bash(text)
        for width in ("auto", "3"):
            ours = leashc("run", "--width", width, text)
            assert (ours.output, ours.status) == (expected.output, expected.status), (text, width)
            count = ours.errors.count("\n"), expected.errors.count("\n")
            assert count[0] == count[1], (text, width, ours.errors)


def test_a_file_that_goes_away_after_planning_is_an_error() -> None:
    assert leashc("compile", "--width", "3", "--pin", "sort f", "-o", "out").status == 0
    os.rename("out", "plan.json")
    os.rename("f", "g")
    answer = leashc("run", "plan.json", "--output", "result")
    assert answer.status in (2, 125)
    assert "f: No such file or directory" in answer.errors
    assert not Path("result").exists()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\n",
        b"a",
        b"b\na",
        b"b\r\na\r\n",
        b"a\0b\na\0a\n\0",
        b"\xff\xfea\n\xc3\na\n",
        b"a\n\n\n\n" * 30,
        b"a " * 40_000 + b"\nb\na",
    ],
    ids=lambda data: repr(data[:8]),
)
def test_odd_bytes_are_treated_as_bash_treats_them(data: bytes) -> None:
    Path("odd").write_bytes(data)
    for text in (
        "cat odd | grep a | sort",
        "sort odd | uniq -c",
        "tr a-z A-Z | wc",
        "cut -c1-3 odd",
    ):
        same(text, "--width", "4", stdin=data)


def test_a_line_of_thirty_megabytes_stays_one() -> None:
    data = b"b\n" + b"x" * 30_000_000 + b"\na\n"
    Path("long").write_bytes(data)
    text = "grep -v b long | sort | awk '{print length($0)}'"
    assert leashc("run", "--width", "4", text).output == b"1\n30000000\n"
    with started(
        "run", "--width", "4", "--block", "64K", "cat | cut -c 1-30000000 | wc"
    ) as process:
        assert ended(process, data).output.split() == [b"3", b"3", b"%d" % len(data)]


def test_inputs_may_be_pipes_and_devices() -> None:
    os.mkfifo("pipe")
    for width in ("auto", "3"):
        for text in ("sort pipe | head -n 3", "cat f pipe | wc -l", "grep of < pipe | wc -c"):
            with open(os.open("pipe", os.O_RDWR), "wb", buffering=0) as keep_open:
                writer = threading.Thread(target=Path("pipe").write_bytes, args=(LINES,))
                writer.start()
                with started("run", "--width", width, text, stdin=None) as process:
                    writer.join()
                    keep_open.close()
                    ours = ended(process)
            expected = bash(text.replace("pipe", "f"))
            assert (ours.output, ours.status) == (expected.output, expected.status), (text, width)
        for text in ("cat /dev/stdin", "sort - f | tail -n 2", "cat f - | wc -l", "cat /dev/null"):
            same(text, "--width", width, stdin=b"z\ny")
    os.unlink("pipe")


def test_standard_input_begins_where_it_stands() -> None:
    for width in ("auto", "3"):
        with open("f", "rb") as file:
            os.lseek(file.fileno(), 1000, os.SEEK_SET)
            with started("run", "--width", width, "wc -c", stdin=file) as process:
                assert ended(process).output.split() == [b"%d" % (len(LINES) - 1000)]


# Commands.


def test_a_command_that_cannot_run_has_the_status_of_bash() -> None:
    Path("plain").write_text("echo hi\n")
    Path("script").write_text("echo no shebang $1\n")
    os.chmod("script", 0o755)
    Path("d").mkdir()
    for text in (
        "sort f | mystery",
        "mystery | wc -l",
        "./plain",
        "./d",
        "f/x",
        "./script a | cat",
        "false | true",
        "bash -c 'kill -9 $$' | cat",
        "sort f | bash -c 'kill -9 $$'",
        "bash -c 'exit 7'",
    ):
        for width in ("auto", "3"):
            same(text, "--width", width)


def test_every_status_is_reported_as_bash_reports_it() -> None:
    for text in (
        "cat missing | grep zzz | sort | false | wc -l",
        "mystery | ./f | sort | bash -c 'cat; exit 3'",
        "grep '[' f | sort -k | cat",
    ):
        said = bash(f"{text}\necho ${{PIPESTATUS[@]}}").output.splitlines()[-1]
        answer = leashc("run", "--width", "3", "--json", text)
        report = json.loads(answer.errors.splitlines()[-1])
        assert report["pipestatus"] == [int(status) for status in said.split()], text
        assert report["status"] == answer.status == report["pipestatus"][-1]


def test_messages_appear_once_however_wide() -> None:
    for text in ("grep '[' f", "sort --bogus f", "cut f", "cat missing f | wc -l"):
        expected = bash(text)
        answer = leashc("run", "--width", "4", text)
        assert (answer.output, answer.status) == (expected.output, expected.status)
        assert answer.errors == expected.errors


def test_more_parts_than_files_may_be_open_are_combined_in_levels() -> None:
    numbers = range(60_000)
    data = b"".join(b"%d\n" % (n * 7919 % 60_000) for n in numbers)
    with started(
        "run", "--width", "4", "--block", "4K", "sort -n", before="ulimit -n 64"
    ) as process:
        answer = ended(process, data)
    assert answer.output == b"".join(b"%d\n" % n for n in numbers)
    assert (answer.errors, answer.status) == ("", 0)


def test_a_merge_whose_reader_stops_early_ends_as_in_the_shell() -> None:
    Path("big").write_bytes(b"".join(b"%d\n" % (n * 7919 % 500_000) for n in range(500_000)))
    for text in ("sort big | head -n 2", "sort big | sed 3q", "sort -u big | uniq -c | head -n 1"):
        same(text, "--width", "3")


@pytest.mark.parametrize("text", ["sort", "head -n 2", "grep -c a", "grep -m 1 a", "cat"])
def test_standard_input_is_left_where_the_shell_leaves_it(text: str) -> None:
    Path("f").write_bytes(b"b\na\n" * 5000)
    theirs = bash(f"{{ {text}; cat; }} < f")
    with open("f", "rb") as file, started("run", "--width", "3", "-c", text, stdin=file) as process:
        ours = ended(process)
        rest = file.read()
    assert ours.output + rest == theirs.output
