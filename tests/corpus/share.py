"""How many of the commands ran wide, and why the others did not: docs/corpus.md.

A command ran wide if a stage of width 2 covers it. Sources are not counted: what reads
no input, and the `cat` of files that a one-liner begins with, which becomes the source.
"""

from __future__ import annotations

import shlex
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from leashc import host, machine
from leashc.compile import Unit, compile
from leashc.judge import judged
from leashc.substitution import substituting
from runtime.plan import Options, Plan
from runtime.tasks import Settings
from tests.corpus.entries import OWN, PUBLISHED, Entry

HEAD = """\
# The corpus

Made by `make corpus`, which holds every one-liner of [tests/corpus](../tests/corpus) against bash,
byte for byte and status for status, at widths 1, 2 and 5, in C and in a UTF-8 locale; a test holds
that the share does not fall. A command is *wide* if a stage that runs over two partitions covers
it, in C. Not counted are sources: what reads no input, and the `cat` of files at the beginning.
"""


class Ran(NamedTuple):
    """A command of a one-liner, and why it ran whole; "" if it ran wide."""

    entry: Entry
    name: str
    reason: str


def ran(entry: Entry) -> Iterator[Ran]:
    """The commands that are not sources. To be asked among the data."""
    shell = host.here()
    shell = shell._replace(variables={**shell.variables, "LC_ALL": "C"})
    unit = substituting(Unit(entry.text, shell, machine.look), Options(2), Settings(2))
    plan = compile(unit, Options(2), divide=True)
    for part in plan.plans():
        yield from _ran(entry, part)


def _ran(entry: Entry, plan: Plan) -> Iterator[Ran]:
    wide = {
        number
        for stage in plan.stages
        if stage.width > 1
        for number in range(stage.covers[0], stage.covers[1] + 1)
    }
    covered = {n for s in plan.stages for n in range(s.covers[0], s.covers[1] + 1)}
    found = judged(plan.commands, dict(plan.variables), machine.look)
    for number, (command, (stage, _)) in enumerate(zip(plan.commands, found, strict=True)):
        begins = not number and command.argv[0] == "cat" and len(command.argv) > 1
        if stage.law.source or begins or number not in covered:
            continue
        if number in wide:
            yield Ran(entry, command.argv[0], "")
        else:
            why = next(s.reason for s in plan.stages if s.covers[0] <= number <= s.covers[1])
            yield Ran(entry, command.argv[0], stage.reason or why)


def report(found: Sequence[Ran]) -> str:
    """The page."""
    text = [HEAD, "\n| one-liners | how many | commands | wide | share |\n|---|---|---|---|---|\n"]
    for groups, name in ((OWN, "collected and written here"), (PUBLISHED, "published suites")):
        text += [_row(f"[{one}](../tests/corpus/{one}.sh)", found, (one,)) for one in groups]
        text.append(_row(f"**{name}**", found, groups))
    text.append(_row("**all**", found, OWN + PUBLISHED))
    text.append("\n## Why the others ran whole\n\n")
    text.append("| commands | reason | for instance |\n|---|---|---|\n")
    text += _reasons([command for command in found if command.reason])
    return "".join(text)


def share(found: Sequence[Ran]) -> float:
    """The part of the commands that ran wide."""
    return sum(not command.reason for command in found) / len(found)


def _row(name: str, found: Sequence[Ran], groups: Sequence[str]) -> str:
    commands = [command for command in found if command.entry.group in groups]
    wide = sum(not command.reason for command in commands)
    lines = len({command.entry for command in commands})
    return f"| {name} | {lines} | {len(commands)} | {wide} | {share(commands):.1%} |\n"


def _reasons(narrow: Sequence[Ran]) -> Iterator[str]:
    """Reasons, the most frequent first, each with what it was said of."""
    counts = Counter((command.name, command.reason) for command in narrow)
    for (name, reason), count in sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])):
        first = next(c.entry for c in narrow if (c.name, c.reason) == (name, reason))
        code = first.text.replace("|", "\\|").replace("\n", " ⏎ ")
        fence = "``" if "`" in code else "`"
        yield f"| {count} `{shlex.quote(name)}` | {reason} | {fence}{code}{fence} |\n"
