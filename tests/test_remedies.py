"""Remedies: a command written as `explain` says runs wide, with the bytes that it had before."""

from __future__ import annotations

import ast
import importlib
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.command import ROOT, bash, leashc

# What was typed, the remedy, and what is typed then; the input fits the remedy's condition.
CASES = [
    ("mystery f", "how mystery can be divided", "--operators mine.py mystery f"),
    ("xargs < f", "xargs -r -d '\\n' -n 1, if", "xargs -r -d '\\n' -n 1 < f"),
    ("xargs -n 2 < f", "xargs -r -d '\\n' -n 1, if", "xargs -r -d '\\n' -n 1 < f"),
    ("xargs -d '\\n' -n 1 < f", "xargs -r -d '\\n' -n 1", "xargs -r -d '\\n' -n 1 < f"),
    ("jq -c .a json", "jq -M", "jq -cM .a json"),
    ("jq -R . f", "jq -M", "jq -MR . f"),
    ("LC_ALL=C.UTF-8 rev f g", "cat FILE … | rev", "cat f g | LC_ALL=C.UTF-8 rev"),
    ("fold -w 2 f g", "cat FILE … | fold", "cat f g | fold -w 2"),
    ("bc -i < f", "bc without -i", "bc < f"),
    ("bc f", "cat FILE … | bc", "cat f | bc"),
    ("col -l 100 < f", "col without -l", "col < f"),
    ("wc -l f g", "cat FILE … | wc", "cat f g | wc -l"),
    ("sed 2d f g", "cat FILE … | sed", "cat f g | sed 2d"),
    ("sed 2s/b/x/ f g", "cat FILE … | sed", "cat f g | sed 2s/b/x/"),
    ("sed -f script f", "with the script as a word", "sed s/b/x/ f"),
    ("sed --posix s/b/x/ f", "sed without --posix", "sed s/b/x/ f"),
    ("sed -i s/b/x/ new", "sed … FILE > NEW", "sed s/b/x/ f > new"),
    ("awk -f program f", "with the program as a word", "awk '/b/ {print $1}' f"),
    ("awk '{print x $1}' x=1 f", "awk -v NAME=VALUE", "awk -v x=1 '{print x $1}' f"),
    (
        "awk '{n[$1]++} END {for (k in n) print k, n[k]}' f",
        "awk … | sort",
        "awk '{n[$1]++} END {for (k in n) print k, n[k]}' f | sort",
    ),
    ("sort -g f", "sort -n", "sort -n f"),
    ("grep -a b f <(cat g)", "grep -h", "grep -ah b f <(cat g)"),
    ("grep --color=auto b f", "grep --color=never", "grep --color=never b f"),
    ("tr a '\\0' < f | grep -b b", "grep -a", "tr a '\\0' < f | grep -ab b"),
    ("sort -o new f", "sort … > OUTPUT", "sort f > new"),
    ("sort --compress-program=gzip f", "sort without --compress-program", "sort f"),
    ("uniq f new", "uniq … FILE > OUTPUT", "uniq f > new"),
    ("iconv -t utf8 f", "iconv -f FROM -t TO", "iconv -f ascii -t utf8 f"),
    ("cat -b f", "cat -n", "cat -n f"),
    ("nice -n 5 sort f", "nice … leashc run", "sort f"),
    ("POSIXLY_CORRECT=1 sort f", "unset POSIXLY_CORRECT", "sort f"),
    ("cat g | sort f", "begin the pipeline with sort", "sort f"),
    ("grep b f 2>&1", "2> /dev/null", "grep b f 2> /dev/null"),
    ("grep b f 2> log", "put 2> log behind leashc", "grep b f"),
    ("LC_ALL=xx_XX.KOI8-R grep b f", "LC_ALL=C.UTF-8 grep", "LC_ALL=C.UTF-8 grep b f"),
]
# What the remedy's condition cannot make the same: an order, a form, one number for three.
OTHERWISE = (
    *(
        "bc -i",
        "wc ",
        "sort -g",
        "awk '{n",
        "grep -a b f <",
        "tr ",
        "xargs < f",
        "xargs -n 2",
        "mystery",
    ),
)


@pytest.fixture(autouse=True)
def _files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("f", "g", "new"):
        Path(name).write_text("b\nab\nca\nb\nbab\n")
    Path("n").write_text("3\n4\n")
    Path("json").write_text('{"a": 1}\n{"a": [2]}\n')
    Path("script").write_text("s/b/x/\n")
    Path("program").write_text("/b/ {print $1}\n")
    Path("mine.py").write_text(
        "from leashc.behaviour import STATELESS\n"
        "from leashc.operators import operator\n"
        "operator('mystery')(lambda cmd: STATELESS)\n"
    )


def stages(text: str) -> list[dict[str, Any]]:
    """The stages of a pipeline, before which may stand options of leashc."""
    words = text.split(maxsplit=2) if text.startswith("--") else [text]
    answer = leashc("explain", "--format", "json", *words[:-1], "-c", words[-1])
    assert answer.status == 0, answer
    found: list[dict[str, Any]] = json.loads(answer.output)["stages"]
    return found


def remedies(text: str) -> list[str]:
    return [remedy for stage in stages(text) for remedy in stage.get("remedies", ())]


def narrow(text: str) -> int:
    """How many of the commands no wide stage covers."""
    found = stages(text)
    wide = {n for s in found if s["role"] == "map" for n in range(*span(s))}
    return len({n for s in found for n in range(*span(s))} - wide)


def span(stage: dict[str, Any]) -> tuple[int, int]:
    first, last = stage.get("covers", (0, 0))
    return first, last + 1


@pytest.mark.parametrize(("typed", "remedy", "then"), CASES, ids=[case[0] for case in CASES])
def test_a_remedy_is_true(typed: str, remedy: str, then: str) -> None:
    assert [remedy in found for found in remedies(typed)] == [True]
    assert narrow(then) < narrow(typed)
    assert narrow(then) == ("grep -ab" in then)  # which counts bytes
    if not typed.startswith(OTHERWISE):
        theirs = bash(typed).output, Path("new").read_bytes()
        ours = leashc("run", "--width", "3", "-c", then).output
        assert (ours, Path("new").read_bytes()) == theirs


# What a remedy would not cure.
@pytest.mark.parametrize(
    "typed",
    [
        "grep -c b f g",
        "grep -n b f g",
        "grep -A1 --color b f",
        "xargs -d , < f",
        "xargs printf < f",
        "jq -n .a f",
        "jq '.a | halt' f",
        "sort -zo new f",
        "sort -Ro new f",
        "uniq -z f new",
        "iconv -t utf16 f",
        "sed -s 2d f g",
        "sed -i D f",
        "sed --posix D f",
        "awk '{print p; p = p $1}' x=1 f",
        "POSIXLY_CORRECT=1 sort -z f",
        "env | sort",
        "timeout 5 tee log < f",
        "fold -c f g",
        "nl -s: f",
        "sed -n '/a/,/b/p' f",
        "sort <(sort f)",
        "sort missing",
    ],
)
def test_what_nothing_helps_has_no_remedy(typed: str) -> None:
    assert remedies(typed) == []


def test_explain_shows_a_remedy_under_its_reason() -> None:
    lines = leashc("explain", "xargs -n2 < f | cat -b | sort").output.decode().splitlines()
    at = next(number for number, line in enumerate(lines) if " whole: a quote or a" in line)
    assert [line.strip(" │") for line in lines[at + 1 : at + 3]] == [
        "try: xargs -r -d '\\n' -n 1, if a line is an item, and each has an echo of its own",
        "try: cat -n, if empty lines may be numbered, too",
    ]


def given(path: Path) -> Iterator[str]:
    """The remedies in a file, as patterns: what stands second in `because`."""
    module = importlib.import_module(f"leashc.operators.{path.stem}")
    for node in ast.walk(ast.parse(path.read_text())):
        match node:
            case ast.Call(func=ast.Attribute(attr="because"), args=[_, remedy]):
                for part in ast.walk(remedy):
                    match part:
                        case ast.JoinedStr(values=values):
                            texts = [v.value for v in values if isinstance(v, ast.Constant)]
                            yield ".*".join(re.escape(str(text)) for text in texts)
                        case ast.Constant(value=str(text)) if text:
                            yield re.escape(text)
                        case ast.Name(id="_REMEDIES"):
                            yield from map(re.escape, module._REMEDIES.values())


def test_every_remedy_of_an_operator_is_tested() -> None:
    seen = [remedy for typed, _, _ in CASES for remedy in remedies(typed)]
    files = sorted((ROOT / "leashc/operators").glob("[a-z]*.py"))
    patterns = [pattern for path in files for pattern in given(path)]
    assert len(patterns) >= 9
    for pattern in patterns:
        assert any(re.search(pattern, remedy) for remedy in seen), pattern
