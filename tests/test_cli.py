"""The command line as a user meets it: arguments, options, plans, messages, statuses."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from leashc.cli import cli
from leashc.execute import DEFAULTS, alone
from leashc.given import settings_of
from leashc.options import Size
from tests.command import ROOT, bash, leashc, same, started

MY_OPS = str(ROOT / "examples/operators/my_ops.py")
LINES = b"".join(b"%d b\n%d a\n" % (n % 7, n % 5) for n in range(60))


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("f").write_bytes(LINES)


# What the argument is.


def test_the_pipeline_is_a_text_a_script_or_standard_input() -> None:
    Path("p.sh").write_text("#!/bin/bash\n# Sorts.\n\nsort f |\n  uniq -c # counted\n")
    Path("d").mkdir()
    Path("d/script").write_text("sort f | uniq -c")
    expected = bash("sort f | uniq -c").output
    for argument in ("sort f | uniq -c", "p.sh", "./p.sh", "d/script"):
        assert leashc("run", argument).output == expected
    assert leashc("run", "--width", "3", "-", stdin=b"sort f | uniq -c\n").output == expected


def test_run_without_options_is_as_click_reads_it(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith(("LEASH_", "AWS_"))]:
        monkeypatch.delenv(name)
    assert alone(["run", "sort x"], {}) == "sort x"
    read = cli.commands["run"].make_context("run", ["sort x"]).params
    assert read == {**DEFAULTS, "pipeline": "sort x", "arguments": ()}


@pytest.mark.parametrize(
    ("memory", "block", "expected"),
    [("64M", None, 16), ("2G", None, 32), ("64G", None, 64), ("64G", 8 << 20, 8)],
)
def test_blocks_are_as_large_as_memory_allows(
    memory: str, block: int | None, expected: int
) -> None:
    given = {**DEFAULTS, "jobs": 2, "memory": Size()(memory), "block": block}
    assert settings_of(given, {}).block == expected << 20


@pytest.mark.parametrize("words", [["run", "-v"], ["run", "x", "y"], ["run"], ["explain", "x"], []])
def test_what_click_has_to_read(words: list[str]) -> None:
    assert not alone(words, {})
    assert not alone(["run", "x"], {"LEASH_WIDTH": "2"})


def test_c_makes_a_text_of_what_looks_like_a_file() -> None:
    Path("say.sh").write_text("#!/bin/sh\necho said\n")
    os.chmod("say.sh", 0o755)
    assert leashc("run", "-c", "./say.sh").output == b"said\n"
    refused = leashc("run", "./missing")
    assert refused.status == 2
    assert refused.errors.startswith("leashc: ./missing: No such file or directory\n")
    assert "-c" in refused.errors


def test_a_script_gets_its_arguments_as_bash_gives_them() -> None:
    Path("p.sh").write_text('# all\nprintf \'<%s>\\n\' "$@" "$#" "$1" $2 "${4:-none}" | cat\n')
    words = ("a b", "c  d", "*")
    ours = leashc("run", "--width", "2", "p.sh", *words)
    assert ours.output == bash(Path("p.sh").read_text(), *words).output
    dashed = leashc("run", "p.sh", "--", "-x", "--width")
    assert dashed.output.startswith(b"<-x>\n<--width>\n<2>\n<-x>\n<--width>\n<none>\n")


# Options.


def test_every_option_of_the_compiler_has_a_variable() -> None:
    options = "--width 3 --jobs 2 --merge tree --fan-in 2 --pipefail --kernels off".split()
    told = leashc("explain", "--format", "json", *options, "--operators", MY_OPS, "expand f | sort")
    variables = {
        "LEASH_WIDTH": "3",
        "LEASH_JOBS": "2",
        "LEASH_MERGE": "tree",
        "LEASH_FAN_IN": "2",
        "LEASH_PIPEFAIL": "1",
        "LEASH_KERNELS": "off",
        "LEASH_OPERATORS": MY_OPS,
    }
    set_ = leashc("explain", "--format", "json", "expand f | sort", variables=variables)
    assert set_ == told
    assert json.loads(told.output)["options"] == {
        "width": 3,
        "jobs": 2,
        "merge": "tree",
        "fan_in": 2,
        "pipefail": True,
        "kernels": "off",
        "operators": [MY_OPS],
    }


def test_every_option_of_a_run_has_a_variable() -> None:
    Path("work").mkdir()
    variables = {
        "LEASH_WIDTH": "3",
        "LEASH_OUTPUT": "out",
        "LEASH_MEMORY": "64M",
        "LEASH_BLOCK": "4K",
        "LEASH_WORK_DIR": "work",
        "LEASH_KEEP": "1",
        "LEASH_TIMING": "1",
        "LEASH_JSON": "1",
        "LEASH_TRUST": "1",
        "LEASH_VERBOSE": "1",
    }
    answer = leashc("run", "sort f", variables=variables)
    assert (answer.status, answer.output) == (0, b"")
    assert Path("out").read_bytes() == bash("sort f").output
    assert "TIMING SUMMARY" in answer.errors
    assert json.loads(answer.errors.splitlines()[-1])["status"] == 0
    (kept,) = Path("work").iterdir()
    assert len(list((kept / "commits").iterdir())) == 3
    assert len(list((kept / "results").iterdir())) == 3


@pytest.mark.parametrize(
    "words",
    [
        ("--width", "0"),
        ("--width", "many"),
        ("--jobs", "0"),
        ("--merge", "round"),
        ("--fan-in", "1"),
        ("--memory", "x"),
        ("--operators", "missing.py"),
        ("--work-dir", "missing"),
        ("--bogus",),
    ],
    ids=" ".join,
)
def test_a_wrong_option_is_refused_by_name(words: tuple[str, ...]) -> None:
    answer = leashc("run", *words, "touch ran")
    assert answer.status == 2
    assert words[0] in answer.errors
    assert not Path("ran").exists()


def test_help_and_version() -> None:
    shown = leashc("--help").output.decode()
    for name in ("run", "compile", "explain", "operators", "version"):
        assert f"\n  {name} " in shown
    assert b"--merge" in leashc("run", "-h").output
    assert re.match(rb"leashc \S", leashc("version").output)


# Messages.


def test_timing_is_a_table_on_standard_error() -> None:
    answer = leashc("run", "--timing", "--width", "3", "sort f | uniq -c | head -n 3")
    assert answer.output == bash("sort f | uniq -c | head -n 3").output
    lines = answer.errors.splitlines()
    assert lines[0] == lines[2] == lines[-1] == "=" * 60
    assert lines[1].startswith("TIMING SUMMARY")
    steps = lines[3:-3]
    for number, line in enumerate(steps, 1):
        assert re.fullmatch(rf" *{number}\. [^.].*\.\.+ \d+\.\d+s", line), line
    assert len(steps) >= 3
    assert all(len(line) == 60 for line in (*steps, lines[-2]))
    assert re.fullmatch(r"-{60}", lines[-3])
    assert re.fullmatch(r" *TOTAL TIME\.+ \d+\.\d+s", lines[-2])


def test_json_is_a_report_with_the_status_of_every_command() -> None:
    text = "cat f missing | grep zzz | wc -l"
    answer = leashc("run", "--json", "--width", "3", text)
    report = json.loads(answer.errors.splitlines()[-1])
    statuses = bash(f"{text} >&2; echo ${{PIPESTATUS[@]}}").output.split()
    assert report["pipestatus"] == [int(status) for status in statuses]
    assert report["status"] == answer.status == 0
    assert report["seconds"] >= 0
    assert report["steps"]
    assert answer.errors.count("missing: No such file") == 1


def test_pipefail_gives_the_last_failure() -> None:
    for text in ("grep zzz f | sort", "cat missing | grep zzz | sort", "sort f | cat"):
        expected = bash(f"set -o pipefail; {text}")
        for width in ("auto", "3"):
            ours = leashc("run", "--pipefail", "--width", width, text)
            assert (ours.output, ours.status) == (expected.output, expected.status)


def test_verbose_says_why_a_stage_ran_again_and_quiet_says_nothing() -> None:
    Path("z").write_bytes(b"a\0b\n" + b"a\n" * 9)
    expected = bash("grep a z").output
    loud = leashc("run", "-v", "--width", "3", "grep a z")
    assert loud.output == expected
    assert "again, whole" in loud.errors
    assert "NUL" in loud.errors
    quiet = leashc("run", "-q", "--width", "3", "grep a z")
    assert (quiet.output, quiet.errors) == (expected, bash("grep a z").errors)


@pytest.mark.parametrize(
    ("text", "line", "column", "what"),
    [
        ("touch ran | | cat", 1, 13, "a command is missing"),
        ("touch ran |\n  sort 'x", 2, 8, "never closed"),
        ("touch ran && cat", 1, 11, "not compiled yet"),
        ("touch ran | tee $?", 1, 17, "not compiled yet"),
        ("touch ran\ntouch ran", 2, 1, "not compiled yet"),
        ("", 1, 1, "there is no command"),
    ],
)
def test_an_error_in_the_text_shows_its_place_and_nothing_has_run(
    text: str, line: int, column: int, what: str
) -> None:
    Path("p.sh").write_text(text)
    answer = leashc("run", "p.sh")
    assert (answer.status, answer.output) == (2, b"")
    lines = answer.errors.splitlines()
    assert what in lines[0]
    assert lines[1] == f"  --> p.sh, line {line}, column {column}"
    assert lines[2] == f"  {text.splitlines()[line - 1] if text else ''}"
    assert lines[3].index("^") == column + 1
    assert not Path("ran").exists()


def test_a_word_without_a_value_is_an_error_as_in_bash() -> None:
    answer = leashc("run", "touch ran | cat ${x:?give an x}")
    assert answer.status == bash("cat ${x:?give an x}").status
    assert "give an x" in answer.errors
    assert not Path("ran").exists()


# explain.


def test_explain_shows_widths_exchanges_guards_and_reasons() -> None:
    shown = leashc("explain", "--width", "3", "cat f | grep b | sort | mystery x").output.decode()
    assert shown.startswith("cat f | grep b | sort | mystery x\n")
    for part in ("f, 480 bytes", "scatter → 3", "×3", "guard: no NUL", "gather(3) → 1", "mystery"):
        assert part in shown
    assert re.search(
        r"mystery x\n(.*kernel: .*\n)?.*: leashc does not know the command mystery\n", shown
    )
    assert "\neffect   mystery: " in shown


def test_explain_follows_a_pipeline_through_the_passes() -> None:
    refused = leashc("explain", "--after", "bogus", "sort f")
    assert refused.status == 2
    names = re.findall(r"[a-z_]+", refused.errors.split("none of")[1])
    assert {"simplify", "parallelize", "merge_tree", "fuse", "place"} <= set(names) | {"place"}
    for name in names:
        shown = leashc("explain", "--width", "8", "--after", name, "cat f | grep b | sort")
        assert (shown.status, shown.errors) == (0, "")
        assert "sort" in shown.output.decode()


def test_explain_draws_for_graphviz() -> None:
    drawn = leashc("explain", "--format", "dot", "--width", "3", "grep '\"' f | sort").output
    lines = drawn.decode().splitlines()
    assert lines[0] == "digraph plan {"
    assert lines[-1] == "}"
    assert sum("->" in line for line in lines) >= 3
    assert '\\"' in drawn.decode()


def test_explain_as_json_is_the_plan() -> None:
    for text in ("cat f | grep b | sort | uniq -c", "mystery f"):
        plan = json.loads(leashc("explain", "--format", "json", "--width", "3", text).output)
        assert plan["version"] == 2
        assert plan["pipeline"] == text
        for stage in plan["stages"]:
            assert {"pipe", "width", "reason"} <= stage.keys()
            assert all(isinstance(word, str) for argv in stage["pipe"] for word in argv)
            assert stage["width"] > 1 or stage["reason"]


# Output.


@pytest.mark.parametrize("width", ["auto", "3"])
def test_redirections_write_what_bash_writes(width: str) -> None:
    for text in (
        "sort f > out",
        "grep b f >> out",
        "cat f missing 2> out",
        "ls missing 2>&1 | sed 's/.*: //' > out",
        "sort < f > out",
        "tr a-z A-Z <<< 'a word' > out",
        "sort f | mystery 2> out",
    ):
        Path("out").write_text("old\n")
        theirs = bash(text)
        expected = Path("out").read_text().replace("bash: line 1: ", "leashc: ")
        Path("out").write_text("old\n")
        ours = leashc("run", "--width", width, text)
        assert (ours.output, ours.status) == (theirs.output, theirs.status), text
        assert Path("out").read_text() == expected, text


def test_an_output_keeps_its_links_and_its_mode() -> None:
    Path("real").write_text("old\n")
    os.chmod("real", 0o604)
    os.symlink("real", "link")
    leashc("run", "--width", "3", "sort f > link")
    assert Path("link").is_symlink()
    assert Path("real").read_bytes() == bash("sort f").output
    assert Path("real").stat().st_mode & 0o777 == 0o604
    leashc("run", "--output", "link", "sort -r f")
    assert Path("real").read_bytes() == bash("sort -r f").output
    os.symlink("new", "dangling")
    leashc("run", "--output", "dangling", "sort f")
    bash("umask; sort f > by-bash")
    assert Path("new").stat().st_mode == Path("by-bash").stat().st_mode


def test_an_input_is_never_overwritten() -> None:
    os.link("f", "same")
    os.symlink("f", "link")
    for words in (
        ("sort f > f",),
        ("sort < f > link",),
        ("--width", "3", "cat f | sort > same"),
        ("--width", "3", "--output", "f", "grep b f"),
    ):
        answer = leashc("run", *words)
        assert answer.status not in (0, 1), words
        assert answer.errors.startswith("leashc: "), words
        assert Path("f").read_bytes() == LINES, words


# Plans.


def compiled(text: str, *options: str) -> dict[str, Any]:
    """The plan of a text, also in the file `plan.json`."""
    answer = leashc("compile", *options, text, "-o", "plan.json")
    assert (answer.status, answer.output, answer.errors) == (0, b"", "")
    plan: dict[str, Any] = json.loads(Path("plan.json").read_text())
    return plan


def test_a_plan_runs_as_its_text_does() -> None:
    for text in ("cat f | grep b | sort | uniq -c", "grep zzz f | wc -l", "sort"):
        compiled(text, "--width", "3")
        assert leashc("compile", "--width", "3", text).output == Path("plan.json").read_bytes()
        ours = leashc("run", "plan.json", stdin=LINES)
        theirs = bash(text, stdin=LINES)
        assert (ours.output, ours.status, ours.errors) == (theirs.output, theirs.status, "")


def test_a_plan_runs_whatever_else_its_text_reads() -> None:
    Path("patterns").write_text("b\n")
    for text in ("grep -f patterns f | sort", "grep b missing | wc -l", "sort f . | uniq"):
        compiled(text, "--width", "3")
        ours, theirs = leashc("run", "plan.json"), bash(text)
        assert (ours.output, ours.status, ours.errors) == (
            theirs.output,
            theirs.status,
            theirs.errors,
        )


def test_a_plan_serves_new_contents_unless_it_is_pinned() -> None:
    compiled("sort f", "--width", "3")
    Path("f").write_text("z\ny\nmore than before\n" * 200)
    assert leashc("run", "plan.json").output == bash("sort f").output
    compiled("sort f", "--width", "3", "--pin")
    assert leashc("run", "plan.json").output == bash("sort f").output
    Path("f").write_text("z\n")
    refused = leashc("run", "plan.json", "--output", "out")
    assert (refused.status in (2, 125), refused.output) == (True, b"")
    assert "f changed" in refused.errors
    assert not Path("out").exists()


def test_a_plan_with_effects_needs_trust() -> None:
    for text in ("sort f | tee ran", "sort f > ran", "mystery f | sort", "X=1 sort f"):
        compiled(text)
        refused = leashc("run", "plan.json")
        assert (refused.status, refused.output) == (2, b""), text
        assert "--trust" in refused.errors
        assert not Path("ran").exists()
        theirs = bash(text)
        trusted = leashc("run", "--trust", "plan.json")
        assert (trusted.output, trusted.status) == (theirs.output, theirs.status)
        Path("ran").unlink(missing_ok=True)


Edit = Callable[[dict[str, Any]], object]
EDITS: dict[str, tuple[Edit, str]] = {
    "another version": (lambda p: p.update(version=1), "version"),
    "no version": (lambda p: p.pop("version"), "version"),
    "another argument": (lambda p: p["stages"][0]["pipe"][0].append("-v"), "stages[0].pipe"),
    "another program": (
        lambda p: p["stages"][0].update(pipe=[["touch", "ran"]] * len(p["stages"][0]["pipe"])),
        "stages[0].pipe",
    ),
    "another command": (lambda p: p["commands"][0].update(argv=["touch", "ran"]), "commands[0]"),
    "another text": (lambda p: p.update(pipeline="touch ran"), "plan"),
    "a text with an effect": (lambda p: p.update(pipeline=p["pipeline"] + " | tee ran"), "plan"),
    "a text that is no pipeline": (lambda p: p.update(pipeline="touch ran;"), "plan"),
    "one stage more": (
        lambda p: p["stages"].append({**p["stages"][-1], "id": 99, "pipe": [["touch", "ran"]]}),
        "stages",
    ),
    "a helper of ours": (
        lambda p: p["stages"][0]["pipe"].__setitem__(0, ["@/../../evil"]),
        "stages[0].pipe",
    ),
    "a redirection": (
        lambda p: p["commands"][0].update(
            redirects=[{"descriptor": 1, "operator": ">", "target": "ran"}]
        ),
        "commands[0]",
    ),
    "a descriptor that is none": (
        lambda p: p["commands"][0].update(
            redirects=[{"descriptor": 77, "operator": "<", "target": "f"}]
        ),
        "commands[0]",
    ),
    "an output": (lambda p: p["output"].update(path="ran"), "output"),
    "a NUL in a word": (lambda p: p["commands"][0]["argv"].append("a\0b"), "commands[0].argv"),
    "a slot that is none": (lambda p: p["commands"][0]["argv"].append("\0x"), "commands[0].argv"),
    "a huge width": (lambda p: p["stages"][0].update(width=10**12), "stages[0].width"),
    "another width": (lambda p: p["stages"][0].update(width=4000), "stages[0].width"),
    "no width": (lambda p: p["stages"][0].update(width=0), "stages[0].width"),
    "a width that is text": (lambda p: p["stages"][0].update(width="3"), "stages[0].width"),
    "a width that is true": (lambda p: p["stages"][0].update(width=True), "stages[0].width"),
    "words that are numbers": (lambda p: p["commands"][0].update(argv=[1]), "commands[0].argv[0]"),
    "stages that are none": (lambda p: p.update(stages={}), "stages"),
    "no stages": (lambda p: p.update(stages=[]), "stages"),
    "a field that is none": (lambda p: p.update(extra=1), "extra"),
    "a field that is missing": (lambda p: p["stages"][0].pop("pipe"), "stages[0].pipe"),
    "an exchange from nowhere": (lambda p: p["exchanges"][0].update(origin=55), "exchanges[0]"),
    "an exchange backwards": (
        lambda p: p["exchanges"][-1].update(origin=3, target=0),
        "exchanges[",
    ),
    "no exchanges": (lambda p: p.update(exchanges=[]), "exchanges"),
    "an id twice": (lambda p: p["stages"][0].update(id=0), "id"),
    "another file": (lambda p: p["sources"][0]["blobs"][0].update(path="/etc/passwd"), "plan"),
    "operators": (lambda p: p["options"].update(operators=["evil.py"]), "options.operators"),
    "effects": (lambda p: p.update(effects=["harmless"]), "effects"),
    "a variable": (lambda p: p.update(variables=[["LC_ALL", "xx_XX"]]), "plan"),
    "a lone surrogate": (lambda p: p["commands"][0]["argv"].append("\udc00"), "commands[0].argv"),
}


@pytest.fixture(scope="module")
def sound_plan(tmp_path_factory: pytest.TempPathFactory) -> str:
    directory = tmp_path_factory.mktemp("plan")
    (directory / "f").write_bytes(LINES)
    here = os.getcwd()
    os.chdir(directory)
    try:
        return json.dumps(compiled("cat f | grep b | sort", "--width", "3"))
    finally:
        os.chdir(here)


def test_an_edited_plan_is_refused_at_the_place_and_runs_nothing(sound_plan: str) -> None:
    Path("evil.py").write_text("open('ran', 'w')\n")
    wrong = []
    for name, (edit, where) in EDITS.items():
        plan = json.loads(sound_plan)
        edit(plan)
        Path("plan.json").write_text(json.dumps(plan))
        answer = leashc("run", "plan.json")
        refused = (answer.status, answer.output, Path("ran").exists()) == (2, b"", False)
        if not refused or not (where == "plan" or where in answer.errors):
            wrong.append((name, where, answer))
        Path("ran").unlink(missing_ok=True)
    assert not wrong, "\n".join(map(str, wrong))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"\x80\xff\x00\x01",
        b"[" * 200_000,
        b'{"a":' * 100_000,
        b'{"version": 2}',
        b'{"version": NaN}',
        b'{"version": 2' + b"0" * 5000 + b"}",
    ],
    ids=lambda content: repr(content[:14]),
)
def test_what_is_no_plan_is_refused(content: bytes) -> None:
    Path("plan.json").write_bytes(content)
    for command in ("run", "explain") if len(content) < 9 else ("run",):
        answer = leashc(command, "plan.json")
        assert (answer.status, answer.output) == (2, b"")
        assert answer.errors.startswith("leashc: ")
        assert len(answer.errors) < 1000


# operators.


def test_operators_are_listed_and_described() -> None:
    listed = leashc("operators").output.decode().splitlines()
    names = [line.split()[0] for line in listed]
    assert {"sort", "grep", "cut", "tr", "uniq", "wc", "head", "awk", "sed"} <= set(names)
    assert all(len(line.split()) > 1 for line in listed)
    assert list(json.loads(leashc("operators", "--json").output)) == names
    described = leashc("operators", "sort").output.decode()
    assert re.search(r"^  -r +aggregate", described, re.M)
    assert re.search(r"^  -R +whole: .", described, re.M)
    facts = json.loads(leashc("operators", "--json", "sort").output)
    assert facts["name"] == "sort"
    assert facts["options"]["-r"].startswith("aggregate")


def test_an_operator_that_is_unknown_is_said_so() -> None:
    for words in (("mystery",), ("check", "mystery"), ("check", "./missing.py")):
        answer = leashc("operators", *words)
        assert (answer.status, answer.output) == (2, b""), answer
        assert answer.errors.startswith("leashc: ")


def test_the_law_of_an_operator_is_checked_against_the_command() -> None:
    held = leashc("operators", "check", "rev")
    assert held.status == 0
    assert "0 broken" in held.output.decode()


def test_a_wrong_operator_is_shown_its_smallest_counterexample() -> None:
    Path("wrong.py").write_text(
        "from leashc.behaviour import STATELESS\n"
        "from leashc.operators import operator\n\n\n"
        "@operator('tac', examples=('',))\n"
        "def tac(cmd):\n"
        '    """Not so."""\n'
        "    return STATELESS\n"
    )
    answer = leashc("operators", "check", "wrong.py")
    shown = answer.output.decode()
    assert answer.status == 1
    assert "tac" in shown
    parts = re.search(r"parts +(\[.*\])", shown)
    assert parts is not None
    assert len(parts[1]) < 30
    assert "expected" in shown
    assert "got" in shown


def test_operators_of_the_user_make_a_command_wide() -> None:
    whole = leashc("explain", "--width", "3", "fmt f | mystery").output.decode()
    assert "×3" not in whole
    wide = leashc("explain", "--width", "3", "--operators", MY_OPS, "paste -s f").output.decode()
    assert "×3" in wide
    for text in ("expand f | sort", "paste -s -d, f"):
        same(text, "--width", "3", "--operators", MY_OPS)
    compiled("paste -s f", "--width", "3", "--operators", MY_OPS)
    refused = leashc("run", "plan.json")
    assert refused.status == 2
    assert shlex.join(("--operators", MY_OPS)) in refused.errors
    assert leashc("run", "plan.json", "--operators", MY_OPS).output == bash("paste -s f").output


def test_a_broken_operators_file_is_named_with_its_line() -> None:
    Path("broken.py").write_text("x = 1\ny = x / 0\n")
    Path("syntax.py").write_text("x = 1\n\ndef (\n")
    Path("text.txt").write_text("hello")
    for name, place in (("broken.py", "line 2"), ("syntax.py", "line 3"), ("text.txt", "Python")):
        answer = leashc("run", "--operators", name, "sort f")
        assert (answer.status, answer.output) == (2, b"")
        assert name in answer.errors
        assert place in answer.errors


def test_a_pipeline_without_its_quotes_is_not_taken_for_one_that_reads_standard_input() -> None:
    answer = leashc("run", "sort", "f")
    assert (answer.output, answer.status) == (b"", 2)
    assert "leashc run 'sort f'" in answer.errors


# Command substitution.


@pytest.mark.parametrize("width", ["auto", "3"])
@pytest.mark.parametrize(
    "text",
    [
        'grep -n "$(head -n 1 f)" f',
        "head -n $(grep -c b f) f | tail -n `printf 2`",
        'printf "<%s>" $(sort f | uniq -c) "$(sort -u f)" "$(< f)" $(true) "$(false)"',
        'echo "$(cat <<< "$(echo "a  b")")" $(printf "a\\0b\\377\\n\\n" | tr -d "\\0")',
        "X=1 Y=$(printenv X)2 Z=$(echo $Y) printenv Y Z",
        "sort f | head -n $(echo 3) | tail -n $(wc -l < g) > $(echo out)",
        'cat f | grep -c "$(cat - <<< 1)" | cat - $(ls f)',
        "cat - $(head -n 1 | tr 1 f)",
        "echo a$(echo ${none:?no} | cat)b",
        "cat $(mystery) f",
        "echo $(grep none f) | grep $(exit)",
    ],
)
def test_a_command_substitution_is_text(text: str, width: str) -> None:
    Path("g").write_text("1\n2\n")
    same(text, "--width", width, stdin=b"1\n")


def test_a_substitution_leaves_of_its_input_what_the_shell_does() -> None:
    for text in ("cat - $(sort -rn | sed 's/.*/g/')", "cat - $(head -n 1 | sed 's/.*/f/')"):
        Path("g").write_bytes(LINES)
        with open("f", "rb") as stdin:
            theirs = subprocess.run(["bash", "-c", text], stdin=stdin, capture_output=True)
        with (
            open("f", "rb") as stdin,
            open("ours", "wb") as ours,
            started("run", "--width", "3", "-c", text, stdin=stdin, stdout=ours) as process,
        ):
            assert process.wait() == theirs.returncode
        assert Path("ours").read_bytes() == theirs.stdout, text


def test_a_command_substitution_runs_once_and_in_a_run_only() -> None:
    text = "sort f $(tee -a log <<< /dev/null)"
    for command in ("explain", "compile"):
        answer = leashc(command, text)
        assert (answer.status, answer.output) == (2, b"")
        assert "only `leashc run` runs a command substitution" in answer.errors
    assert not Path("log").exists()
    assert leashc("run", text).output == bash("sort f").output
    assert Path("log").read_text() == "/dev/null\n"


def test_a_substitution_that_may_read_the_pipe_is_refused() -> None:
    for inner in ("$(cat)", "$(mystery)", "$(date -f -)", "$(echo $(cat))", "$(head -n $(cat) f)"):
        text = f"cat f | grep {inner}"
        answer = leashc("run", text)
        assert (answer.status, answer.output) == (2, b""), text
        assert "may read is the pipe" in answer.errors


def test_a_plan_holds_the_variables_that_its_words_used() -> None:
    text = (
        'head -n $((one + 1)) f{,} - <<A | tail -n ${tail#*.} | cut -c "${cut:zero:2}"\n$((one))\nA'
    )
    variables = {"one": "two - 1", "two": "2", "tail": "x.3", "cut": "1-5", "zero": "0"}
    expected = bash(text, variables=variables)
    assert leashc("compile", "-o", "plan.json", "-c", text, variables=variables).status == 0
    held = json.loads(Path("plan.json").read_text())["variables"]
    assert dict(held).items() >= variables.items()
    answer = leashc("run", "plan.json", variables={"two": "5", "cut": "9"})
    assert (answer.output, answer.status) == (expected.output, expected.status)


def test_a_plan_runs_no_substitution() -> None:
    leashc("compile", "sort f", "-o", "plan.json")
    plan = json.loads(Path("plan.json").read_text())
    plan["pipeline"] = "sort $(touch ran) f"
    Path("plan.json").write_text(json.dumps(plan, indent=2))
    answer = leashc("run", "plan.json")
    assert (answer.status, answer.output) == (2, b"")
    assert not Path("ran").exists()
