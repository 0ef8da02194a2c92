"""The tutorial: its commands print what it shows, and its code is that of the examples."""

from __future__ import annotations

import re
import shlex
import sys

import pytest

from tests.command import ROOT, bash

PAGE = (ROOT / "docs/tutorial.md").read_text()
CODE = re.findall(r"^```python\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
# The page's commands run one after the other in one shell, which says where each begins.
STEPS = re.findall(
    r"^\$ (.*)\n((?:(?![$`]).*\n)*)",
    "".join(re.findall(r"(?ms)^```console\n(.*?)^```", PAGE)),
    re.M,
)


def test_the_commands_print_what_the_page_shows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    script = f'leashc() {{ {shlex.quote(sys.executable)} -W error -m leashc "$@"; }}\n'
    # `$?` is that of the step before, so the mark must not change it.
    script += "mark() { local status=$?; echo ---; return $status; }\n"
    script += "".join(f"mark\n{command}\n" for command, _ in STEPS)
    answer = bash(script)
    assert (answer.errors, answer.status) == ("", 0)
    printed = answer.output.decode().split("---\n")[1:]
    assert len(STEPS) > 10
    for (command, shown), output in zip(STEPS, printed, strict=True):
        assert output == shown, command


def test_the_code_is_that_of_the_examples() -> None:
    example = (ROOT / "examples/operators/weblog.py").read_text()
    stateless, aggregate = CODE
    assert stateless in example and len(stateless.splitlines()) <= 3
    assert aggregate in example and len(aggregate.splitlines()) <= 6
