"""The examples and the commands of the documentation do what they say."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import click
import pytest
from click import Command

from leashc.cli import cli
from leashc.parser import parse
from tests.command import ROOT, bash, leashc

EXAMPLES = sorted((ROOT / "examples").glob("*.sh"))
PAGES = [page for page in (ROOT / "README.md", *sorted(ROOT.glob("*/README.md"))) if page.is_file()]


@pytest.fixture(autouse=True)
def _here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
def test_an_example_prints_what_bash_prints(example: Path) -> None:
    expected = bash(example.read_text())
    assert expected.output
    assert (expected.errors, expected.status) == ("", 0)
    for width in ("auto", "3"):
        ours = leashc("run", "--width", width, str(example))
        assert (ours.output, ours.status, ours.errors) == (expected.output, 0, "")


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
def test_an_example_is_explained(example: Path) -> None:
    plan = json.loads(leashc("explain", "--format", "json", str(example)).output)
    for stage in plan["stages"]:
        assert stage["width"] > 1 or stage["reason"]
    shown = leashc("explain", str(example)).output.decode()
    for stage in plan["stages"]:
        assert f"\nstage {stage['id']}  ×{stage['width']} " in shown
        assert stage.get("reason", "") in shown


def test_an_example_takes_a_file_of_the_users(tmp_path: Path) -> None:
    log = tmp_path / "my own.log"
    log.write_text('h - - [day +0] "GET /x HTTP/1.1" 200 5\n' * 2)
    ours = leashc("run", "--width", "2", "examples/top-urls.sh", str(log))
    assert ours.output.split() == [b"2", b"/x"]


def test_every_example_is_in_the_table() -> None:
    table = (ROOT / "examples/README.md").read_text()
    for example in EXAMPLES:
        remark = example.read_text().splitlines()[0].removeprefix("# ")
        assert f"| [{example.name}]({example.name}) | {remark} |" in table


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_the_commands_of_a_page_can_be_read(page: Path) -> None:
    for line in commands(page.read_text()):
        words = shlex.split(line, comments=True)
        words = words[: words.index(">")] if ">" in words else words
        whole = click.Context(cli)
        assert words[1] in cli.list_commands(whole), line
        command = cli.get_command(whole, words[1])
        assert command is not None
        if isinstance(command, click.Group):
            command, words = command.commands[words[2]], words[1:]
        context = readable(command, words[2:])
        if words[1] in ("run", "compile", "explain"):
            text = context["pipeline"]
            if re.search(r"\s", text):
                parse(text)


def readable(command: Command, words: list[str]) -> dict[str, str]:
    """The parameters of a command as click reads them; wrong ones raise."""
    with command.make_context(command.name, words) as context:
        return context.params


def commands(page: str) -> list[str]:
    """The lines of a page's code blocks that run leashc, continued lines joined."""
    blocks = re.findall(r"^```[a-z]*\n(.*?)^```", page, re.MULTILINE | re.DOTALL)
    lines = "".join(blocks).replace("\\\n", "").splitlines()
    found = [re.search(r"(?:^|[|] |^[$] )(leashc .*)", line) for line in lines]
    return [match[1] for match in found if match]
