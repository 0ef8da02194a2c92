"""Words to arguments, in the order of the shell: tilde, parameters, splitting, globbing, quotes.

A word becomes pieces (leashc/pieces.py), the pieces become fields (leashc/fields.py), and
a field that has something to match in it becomes the paths that it matches
(leashc/globbing.py). Braces are the parser's, for they come before all else.
"""

from __future__ import annotations

import re
from collections import ChainMap
from collections.abc import Callable
from typing import Any, cast

from leashc import globbing
from leashc.errors import ExpansionError
from leashc.fields import joined, split
from leashc.pieces import pieces
from leashc.shell import Shell
from leashc.syntax import Command, Pipeline, Redirection, Stream, Text, Word
from leashc.tilde import in_argument, tilde
from runtime import plan
from runtime.slots import STREAM


def expand(pipeline: Pipeline, shell: Shell) -> tuple[plan.Command, ...]:
    """The commands of a pipeline with their words expanded. Raises ExpansionError."""
    return tuple(
        _command(command, shell._replace(piped=shell.piped or number > 0))
        for number, command in enumerate(pipeline.commands)
    )


def _command(command: Command, shell: Shell) -> plan.Command:
    streams: list[plan.Plan] = []

    def fields(word: Word) -> list[str]:
        if not isinstance(word.parts[0], Stream):
            return _fields(word, shell)
        streams.append(shell.stream(word.parts[0].pipeline, shell))
        return [f"{STREAM}{len(streams) - 1}"]

    argv = tuple(field for word in command.words for field in fields(word))
    if not argv:
        raise ExpansionError(
            f"{' '.join(map(str, command.words))}: the command expands to nothing",
            "set the parameters that it is made of",
        )
    redirects = tuple(_redirect(redirection, shell, fields) for redirection in command.redirections)
    environment: dict[str, str] = {}
    # An assignment sees those before it; the words of the command see none.
    variables = ChainMap(environment, cast(Any, shell.variables))
    shell = shell._replace(variables=variables, assigned=environment)
    for assignment in command.assignments:
        environment[assignment.name] = _unsplit(assignment.value, shell)
    return plan.Command(argv, tuple(environment.items()), redirects, tuple(streams))


def _redirect(
    redirection: Redirection, shell: Shell, expanded: Callable[[Word], list[str]]
) -> plan.Redirect:
    operator = cast(Any, redirection.operator)
    word = redirection.word
    if operator == "<<<":
        text = _unsplit(word, shell)
        return plan.Redirect(redirection.descriptor, operator, text + "\n")
    fields = expanded(word)
    if len(fields) != 1:
        raise ExpansionError(f"{word}: ambiguous redirect", "redirect to one file")
    return plan.Redirect(redirection.descriptor, operator, fields[0])


def _unsplit(word: Word, shell: Shell) -> str:
    """The one string that an assigned value or a here-string becomes."""
    return joined(pieces(tilde(word.parts, shell, after_colons=True), shell))


_PLAIN = re.compile(r"[\w./,+@%^-]+", re.ASCII)


def _fields(word: Word, shell: Shell) -> list[str]:
    """The arguments that one word becomes: none, one or many."""
    if len(word.parts) == 1 and isinstance(word.parts[0], Text):
        text = word.parts[0].value
        if _PLAIN.fullmatch(text):  # the short way, for braces can make many of them
            return [text]
    arguments: list[str] = []
    parts = in_argument(word.parts, shell)
    for field in split(pieces(parts, shell), shell.separators):
        if field.text.startswith("s3://") and field.text.endswith("/"):
            # All objects beneath a prefix, as `dir/*` would have them.
            arguments += sorted(field.text + name for name in shell.list_directory(field.text))
            continue
        found = globbing.paths(field.pattern, shell, bytewise=shell.bytewise)
        arguments += sorted(found, key=shell.sort_key) or [field.text]
    return arguments
