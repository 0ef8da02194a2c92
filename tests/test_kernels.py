"""Kernels against the tools that they stand for, as built and with sanitizers."""

from __future__ import annotations

import os
import random
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leashc.invocation import Locale
from leashc.kernels import words
from runtime import kernels
from runtime.slots import INPUTS, MEMORY, SCRATCH, THREADS, fill
from tests.nasty import examples, streams

C = {**os.environ, "LC_ALL": "C"}
UTF8 = Locale.of({"LC_ALL": "en_US.UTF-8"})


DEEP = ["under valgrind"] if os.environ.get("LEASH_DEEP") else []  # minutes: make check-deep


@pytest.fixture(scope="session", params=["as built", "sanitized", *DEEP])
def kernel(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The path of the executable."""
    if not kernels.executable():
        pytest.skip("no kernels are built: there is no C compiler")
    if request.param == "as built":
        return kernels.executable()
    path = str(tmp_path_factory.mktemp("kernel") / "kernel")
    if request.param == "under valgrind":
        valgrind = ("valgrind", "-q", "--error-exitcode=99", kernels.executable())
        Path(path).write_text(f'#!/bin/sh\nexec {shlex.join(valgrind)} "$@"\n')
        Path(path).chmod(0o755)
        return path
    flags = ("-fsanitize=address,undefined", "-fno-sanitize-recover=all", "-g", "-O1")
    if not kernels.compiled(("cc",), path, flags):
        pytest.skip("the compiler has no sanitizers")
    return path


@pytest.mark.parametrize("compiler", ["cc", "clang"])
def test_the_compiler_has_nothing_to_say(compiler: str, tmp_path: Path) -> None:
    if not shutil.which(compiler):
        pytest.skip(f"there is no {compiler}")
    assert kernels.compiled((compiler,), str(tmp_path / "kernel"), ("-Werror",))


def run(*argv: str, data: bytes = b"") -> bytes:
    return subprocess.run(argv, input=data, stdout=-1, env=C, check=True).stdout


def by_shell(pipeline: str, data: bytes) -> bytes:
    return run("bash", "-c", pipeline, data=data)


def by_kernel(kernel: str, *commands: tuple[str, ...], data: bytes, memory: str = "1M") -> bytes:
    values: dict[str, tuple[str, ...]] = {MEMORY: (memory,), SCRATCH: ("/tmp",)}
    argv = [kernel]
    for command in commands:
        found = words(command, Locale.of(C))
        assert found, command
        argv += (*(["|"] if argv[1:] else []), *fill(found.words, values))
    return run(*argv, data=data)


TR = [
    tuple(shlex.split(f"tr {words}"))
    for words in """
    a-z A-Z
    '[:upper:]' '[:lower:]'
    '[:lower:]' '[:upper:]'
    -d a
    -d '\\n'
    -d '\\000-\\037'
    -cd 'a-z\\n'
    -cd ''
    '\\n' ' '
    -s a
    -s '\\n'
    -cs A-Za-z '\\n'
    -cs a-z '[\\n*]'
    -Cs '[:alnum:]' ' '
    -s '[:space:]' ' '
    -ds a '\\n'
    -ds '\\n' b
    -dcs a-z a
    -s a-c '\\n'
    -t abc x
    -ts ab x
    ab '\\nb'
    '\\000' x
    '\\200-\\377' '\\000-\\177'
    -c a-z '\\377'
    aab xyz
    a-y b-z
    a-c '[x*2]y'
    é e
    '[=a=]b' '\\0a'
    """.strip().splitlines()
]
COUNT = ("@count", MEMORY, SCRATCH)


@pytest.mark.parametrize("tr", TR, ids=shlex.join)
def test_tr_of_every_byte(kernel: str, tr: tuple[str, ...]) -> None:
    """Also over the blocks in which the kernel reads."""
    source = random.Random(1)
    data = bytes(range(256)) + source.randbytes(300_000)
    data += b"".join(bytes([byte]) * source.randrange(9) for byte in source.randbytes(100_000))
    assert by_kernel(kernel, tr, data=data) == run(*tr, data=data)


@examples(30)
@given(streams(), st.lists(st.sampled_from(TR), min_size=1, max_size=3))
def test_one_kernel_of_several_commands(
    kernel: str, data: bytes, maps: list[tuple[str, ...]]
) -> None:
    pipeline = " | ".join([shlex.join(tr) for tr in maps])
    assert by_kernel(kernel, *maps, data=data) == by_shell(pipeline, data)
    counted = by_kernel(kernel, *maps, COUNT, data=data)
    assert counted == by_shell(f"{pipeline} | sort | uniq -c", data)


def sort_as(flags: str) -> tuple[str, ...]:
    return ("sort", *flags.split(), "--parallel=1", "-S", MEMORY, "-T", SCRATCH)


SORTS = ["", "-r", "-n", "-rn", "-u", "--reverse --numeric-sort", "-S 1M"]
numbers = st.lists(
    st.one_of(
        st.from_regex(rb"[ \t\v]{0,2}[-+]{0,2}[0-9]{0,3}\.?[0-9]{0,5}[.,-eEx]?[0-9]{0,2}\Z"),
        st.sampled_from(
            [
                *(b"-0", b"-", b"0", b"00", b"-00.00", b"1.0005", b"1.00050", b"1.00051", b"."),
                *(b"9" * 15, b"9" * 16, b"0" * 30 + b"1", b"-" + b"9" * 40, b"-" + b"9" * 39),
                *(b"1.0004", b"-1.0004", b"-1.0005", b"999999999999999.9999", b"1\x005", b"-.5"),
                *(b"1000000000000000", b"1000000000000000.5", b"1,000", b"\xff1", b"1\r", b"- 1"),
            ]
        ),
    ),
    max_size=60,
).map(lambda lines: b"\n".join(lines).replace(b"\n\n\n", b"\n"))


@examples(60)
@given(st.one_of(streams(), numbers), st.sampled_from(SORTS))
def test_sort(kernel: str, data: bytes, flags: str) -> None:
    assert by_kernel(kernel, sort_as(flags), data=data) == run("sort", *flags.split(), data=data)


KEYS = b"".join(b"%d\n" % (number * 7919 % 300_007) for number in range(300_000))  # all different
WORDS = b"".join(b"%d\n" % (number * number % 9973) for number in range(300_000))  # few
LONG = b"x" * 3_000_000
PREFIX = b"".join(b"y" * 40 + b"\0" * (n % 50) + b"%d\n" % (n % 7) for n in range(20_000))


@pytest.mark.parametrize(
    ("data", "memory"),
    [
        pytest.param(WORDS, "64M", id="few keys"),
        pytest.param(KEYS + WORDS, "64M", id="all in memory"),
        pytest.param(KEYS + WORDS + KEYS, "1M", id="many runs"),
        pytest.param(KEYS * 4, "1", id="so many runs that they are merged on the way"),
        pytest.param(LONG + b"\n" + WORDS + LONG, "1M", id="lines longer than memory"),
        pytest.param(PREFIX, "64M", id="lines that begin alike, and NULs"),
        pytest.param(b"\n" * 500_000, "1M", id="empty lines"),
        pytest.param(b"", "1M", id="nothing"),
    ],
)
def test_count_of_much(kernel: str, data: bytes, memory: str, tmp_path: Path) -> None:
    expected = by_shell("sort | uniq -c", data)
    assert run(kernel, "count", memory, str(tmp_path), data=data) == expected
    assert not list(tmp_path.iterdir())


MIXED = b"".join(b"%d.%d\n" % (n % 11, n * n % 10_007) for n in range(200_000))


@pytest.mark.parametrize("flags", ["", "-r", "-n", "-rn", "-u"])
@pytest.mark.parametrize("memory", ["64M", "1"])
@pytest.mark.parametrize(
    "data",
    [
        pytest.param(KEYS + WORDS + MIXED, id="numbers"),
        pytest.param(PREFIX + LONG + b"\n" + LONG + b"1\n" + PREFIX, id="lines that begin alike"),
        pytest.param(b"\n" * 500_000 + b"a", id="empty lines"),
        pytest.param(random.Random(2).randbytes(1_000_000), id="random bytes"),
    ],
)
def test_sort_of_much(kernel: str, flags: str, memory: str, data: bytes, tmp_path: Path) -> None:
    found = words(sort_as(flags), Locale.of(C))
    assert found
    argv = fill(found.words, {MEMORY: (memory,), SCRATCH: (str(tmp_path),)})
    assert run(kernel, *argv, data=data) == run("sort", *flags.split(), data=data)
    assert not list(tmp_path.iterdir())


def merged_counts(kernel: str, paths: list[str]) -> bytes:
    found = words(("@merge-counts", INPUTS), None)
    assert found
    values: dict[str, tuple[str, ...]] = {
        THREADS: ("2",),
        MEMORY: ("1M",),
        SCRATCH: ("/tmp",),
        INPUTS: tuple(paths),
    }
    return run(kernel, *fill(found.words, values))


def test_merge_counts_of_much(kernel: str, tmp_path: Path) -> None:
    """Over many ranges, by two threads."""
    parts = [KEYS * 2 + WORDS, KEYS[1000:200_000] * 3, PREFIX * 9, b"\n" * 99]
    paths = [tmp_path / str(number) for number in range(len(parts))]
    for path, part in zip(paths, parts, strict=True):
        path.write_bytes(by_shell("sort | uniq -c", part[: part.rindex(b"\n") + 1]))
    expected = by_shell("sort | uniq -c", b"".join(p[: p.rindex(b"\n") + 1] for p in parts))
    assert merged_counts(kernel, list(map(str, paths))) == expected


@examples(20)
@given(st.lists(streams(), min_size=1, max_size=9))
def test_merge_counts(
    kernel: str, tmp_path_factory: pytest.TempPathFactory, parts: list[bytes]
) -> None:
    # Parts end where records do.
    whole = [part.rstrip(b"\n") + b"\n" for part in parts]
    place = tmp_path_factory.mktemp("parts")
    paths = [str(place / str(number)) for number in range(len(whole))]
    for path, part in zip(paths, whole, strict=True):
        Path(path).write_bytes(by_shell("sort | uniq -c", part))
    assert merged_counts(kernel, paths) == by_shell("sort | uniq -c", b"".join(whole))


def test_counts_that_need_more_than_seven_places(kernel: str, tmp_path: Path) -> None:
    paths = [tmp_path / "a", tmp_path / "b"]
    paths[0].write_bytes(b"9999999 \n12345678 a\n      2 b\n")
    paths[1].write_bytes(b"      1 \n87654321 a\n 100000 a b\n")
    assert (
        merged_counts(kernel, list(map(str, paths)))
        == b"10000000 \n99999999 a\n 100000 a b\n      2 b\n"
    )


def test_an_idle_stream_is_passed_on(kernel: str) -> None:
    argv = (kernel, "tr", "61-61:62", "", "|", "tr", "62-62:63", "")
    with subprocess.Popen(
        argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0
    ) as process:
        assert process.stdin and process.stdout
        for _ in range(3):
            process.stdin.write(b"xa\n")
            assert process.stdout.read(3) == b"xc\n"
        process.stdin.close()


@pytest.mark.parametrize(
    "argv",
    [
        (),
        ("grep", "a", "61"),
        ("grep", "-", ""),
        ("grep", "-", "61,"),
        ("grep", "-", "6"),
        ("tr", "a-z"),
        ("tr", "61-7a", ""),
        ("tr", "7a-61:00", ""),
        ("tr", "61-7a+f0", ""),
        ("tr", "100-101:00", ""),
        ("tr", "", "20"),
        ("tr", "", "", "|"),
        ("count", "1X", "/tmp"),
        ("sort", "1M", "/tmp", "-k1"),
        ("count", "-1M", "/tmp"),
        ("count", "99999999999999999999", "/tmp"),
        ("count", "1M", "/tmp", "|", "count", "1M", "/tmp"),
        ("merge", "1", "1M", "/tmp", "--", "/dev/null/x"),
        ("merge", "1", "1M", "/tmp", "-c", "--", "/proc/self/cmdline"),  # no counts
        ("merge", "1", "1M", "/tmp", "/dev/null"),
    ],
    ids=shlex.join,
)
def test_what_is_not_understood_is_an_error(kernel: str, argv: tuple[str, ...]) -> None:
    done = subprocess.run((kernel, *argv), input=b"a\n", capture_output=True, check=False)
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr.startswith(b"leash-kernel: ") and done.stderr.count(b"\n") == 1


def test_a_run_that_cannot_be_written_is_an_error(kernel: str) -> None:
    argv = (kernel, "count", "1M", "/dev/null/x")
    done = subprocess.run(argv, input=KEYS, capture_output=True, check=False)
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr == b"leash-kernel: /dev/null/x: Not a directory\n"


def test_what_cannot_be_written_is_an_error(kernel: str) -> None:
    with open("/dev/full", "wb") as full:
        argv = (kernel, "count", "1M", "/tmp")
        done = subprocess.run(argv, input=WORDS, stdout=full, stderr=-1, check=False)
    assert (done.returncode, done.stderr) == (
        2,
        b"leash-kernel: write error: No space left on device\n",
    )


def test_tr_cannot_write_as_tr_cannot(kernel: str) -> None:
    done = []
    for argv in ((kernel, "tr", "", "", "|", "tr", "", ""), ("tr", "a", "a")):
        with open("/dev/full", "wb") as full:
            done.append(
                subprocess.run(argv, input=b"a", stdout=full, stderr=-1, env=C, check=False)
            )
    assert (done[0].returncode, done[0].stderr) == (done[1].returncode, done[1].stderr)


@pytest.mark.parametrize("argv", [("tr", "", ""), ("count", "1M", "/tmp")], ids=shlex.join)
def test_a_closed_pipe_is_no_error(kernel: str, argv: tuple[str, ...]) -> None:
    read, write = os.pipe()
    os.close(read)
    done = subprocess.run((kernel, *argv), input=KEYS, stdout=write, stderr=-1, check=False)
    os.close(write)
    assert (done.returncode, done.stderr) == (-13, b"")


@pytest.mark.parametrize(
    ("command", "locale"),
    [
        ("tr a-z A-Z", UTF8),
        ("tr a-z A-Z", None),
        ("tr z-a A-Z", Locale.of(C)),
        ("tr -x a", Locale.of(C)),
        ("tr a", Locale.of(C)),
        ("tr a ''", Locale.of(C)),
        ("tr --help", Locale.of(C)),
        ("rev", Locale.of(C)),
        *(
            (shlex.join(sort_as(flags)), Locale.of(C))
            for flags in ("-k1", "-nu", "-ru", "-s", "-g")
        ),
        (shlex.join(sort_as("-f")), Locale.of(C)),
        (shlex.join(sort_as("")), UTF8),
        (shlex.join(sort_as("-n")), Locale.of({"LC_NUMERIC": "de_DE.UTF-8"})),
        ("sort -S 1M -T /tmp", Locale.of(C)),
        ("no-such-command", Locale.of(C)),
    ],
)
def test_what_stays_with_the_tools(command: str, locale: Locale | None) -> None:
    assert words(tuple(shlex.split(command)), locale) is None


def leashc(*words: str, env: dict[str, str] = C, cwd: Path) -> subprocess.CompletedProcess[bytes]:
    argv = (sys.executable, "-m", "leashc", *words)
    env = {"PYTHONPATH": str(Path(kernels.__file__).parents[2]), **env}
    return subprocess.run(argv, capture_output=True, env=env, cwd=cwd, check=False)


@pytest.mark.parametrize(
    "pipeline",
    [
        "tr -cs A-Za-z '\\n' < f | tr A-Z a-z | sort | uniq -c | sort -rn",
        "tr -s '\\n' < f | sort | uniq -d | tr 0-8 1-9",
        "tr 'a\\' 'b' < f | sort | uniq -c",  # tr warns of its backslash
        "tr z-a b < f | sort | uniq -c",  # tr gives up
        "tr 0-9 a-j < f | head -n 3",
        "tr 0-9 a-j < f | sort -r",
        "sort -rn f | head -n 5",
        "cut -d' ' -f1,3- f | tr 1 2 | sort | uniq -c",
        "cut -c2- f | tr '\\n' , | cut -c1-9 | wc -c",  # no lines any more
        "tr ' ' '\\n' < f | cut -c-2 | wc -l",
        "cut -f0 f | sort",  # cut gives up
        "tr 1 2 < f | sort -u | sort -n",
    ],
)
@pytest.mark.parametrize("choice", ["auto", "off"])
def test_pipelines_are_the_shell_s(pipeline: str, choice: str, tmp_path: Path) -> None:
    (tmp_path / "f").write_bytes(WORDS + KEYS)
    done = leashc("run", "--width", "3", "--kernels", choice, pipeline, cwd=tmp_path)
    argv = ("bash", "-c", pipeline)
    shell = subprocess.run(argv, capture_output=True, env=C, cwd=tmp_path, check=False)
    assert (done.stdout, done.returncode) == (shell.stdout, shell.returncode)
    assert done.stderr == shell.stderr


def test_timing_shows_that_a_kernel_ran(tmp_path: Path) -> None:
    (tmp_path / "f").write_bytes(WORDS)
    text = "tr 1 2 < f | tr 3 4 | sort | uniq -c"
    done = leashc("run", "--width", "2", "--timing", "--kernels", "auto", text, cwd=tmp_path)
    ran = (
        b"stage 1 \xc3\x972: kernel"
        if kernels.executable()
        else b"stage 1 \xc3\x972: tr | tr | count"
    )
    assert ran in done.stderr
    done = leashc("run", "--width", "2", "--timing", "--kernels", "off", text, cwd=tmp_path)
    assert b"stage 1 \xc3\x972: tr | tr | count" in done.stderr


@pytest.mark.skipif(not kernels.executable(), reason="no kernels are built")
@pytest.mark.parametrize(
    ("text", "status"),
    [
        pytest.param("tr 1 2 < f", 125, id="what it passed on cannot be taken back"),
        pytest.param("tr 1 2 < f | sort", 0, id="the tools do it"),
    ],
)
def test_a_kernel_that_fails(text: str, status: int, tmp_path: Path) -> None:
    """It has no answer of its own."""
    (tmp_path / "f").write_bytes(WORDS)
    copy = tmp_path / "copy"
    shutil.copytree(Path(kernels.__file__).parents[2] / "runtime", copy / "runtime")
    for name in ("leashc", "grammar"):
        (copy / name).symlink_to(Path(kernels.__file__).parents[2] / name)
    for path in (copy / "runtime" / "kernels").glob("leash-kernel.*"):
        path.write_text("#!/bin/sh\nexit 2\n")
        path.chmod(0o755)
    env = {**C, "PYTHONPATH": str(copy)}
    done = leashc("run", "--width", "2", "--kernels", "auto", text, env=env, cwd=tmp_path)
    assert done.returncode == status
    if not status:
        assert done.stdout == by_shell(text.replace("< f", ""), WORDS)


def test_only_kernels(tmp_path: Path) -> None:
    (tmp_path / "f").write_bytes(WORDS)
    done = leashc("run", "--width", "2", "--kernels", "only", "tr 1 2 < f | rev", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, b"")
    assert b"no kernel does `rev`" in done.stderr


@pytest.mark.parametrize("compiler", ["no-such-compiler", "false"])
def test_a_machine_without_a_compiler(
    compiler: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The executable of other sources is not used, and gone when there is none of these."""
    (tmp_path / "x.c").write_text("int main(void) { return 0; }")
    (tmp_path / "leash-kernel.old").write_text("")
    monkeypatch.setattr(kernels, "_HERE", str(tmp_path))
    monkeypatch.setenv("CC", compiler)
    try:
        assert kernels.build() == ""
        assert os.listdir(tmp_path) == ["x.c"]
    finally:
        kernels.executable.cache_clear()


def test_without_kernels_explain_and_doctor_say_so(tmp_path: Path) -> None:
    (tmp_path / "f").write_bytes(WORDS)
    here = Path(kernels.__file__).parents[2]
    without = shutil.ignore_patterns("leash-kernel.*")
    shutil.copytree(here / "runtime", tmp_path / "copy" / "runtime", ignore=without)
    for name in ("leashc", "grammar"):
        (tmp_path / "copy" / name).symlink_to(here / name)
    env = {**C, "PYTHONPATH": str(tmp_path / "copy")}
    options = ("--kernels", "auto", "--width", "2")
    shown = leashc("explain", *options, "tr 1 2 < f | sort", env=env, cwd=tmp_path)
    assert b"note     the kernels are not built here, so the tools run" in shown.stdout
    examined = leashc("doctor", env=env, cwd=tmp_path)
    assert b"WARN  the kernels are not built" in examined.stdout
    assert examined.returncode == 0
