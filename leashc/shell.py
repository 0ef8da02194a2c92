"""The shell around a pipeline: all that its words can refer to."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple, NoReturn

from leashc.errors import ExpansionError
from leashc.fields import BLANKS
from leashc.invocation import Locale
from leashc.syntax import Pipeline
from runtime.plan import Plan


def unsubstituted(pipeline: Pipeline, shell: Shell) -> NoReturn:
    """Where a plan is only made or shown, nothing may run."""
    raise ExpansionError(
        f"$({pipeline}): only `leashc run` runs a command substitution, to know the words",
        "work it out first and pass it as a variable or an argument",
        status=2,
    )


def _unread(pipeline: Pipeline, shell: Shell) -> NoReturn:
    raise ExpansionError(f"<({pipeline}): there is no plan to hold it")


class Shell(NamedTuple):
    """All that words can refer to; nothing in a pipeline changes it. host.py makes the real one.

    Text is str throughout, bytes that are no UTF-8 as surrogates. home: the home
    directory of a user, or None. sort_key: orders the matches of a glob. assigned: what
    stands before the command, as far as an assignment after it sees it. piped: whether
    the command reads a pipe. substitute: the output of the pipeline in `$( )`. stream:
    the plan of the one in `<( )`.
    """

    variables: Mapping[str, str]
    arguments: tuple[str, ...] = ()
    name: str = "leashc"
    list_directory: Callable[[str], Iterable[str]] = lambda path: ()
    exists: Callable[[str], bool] = lambda path: False
    home: Callable[[str], str | None] = lambda user: None
    sort_key: Callable[[str], Any] = os.fsencode
    assigned: Mapping[str, str] = MappingProxyType({})
    piped: bool = False
    substitute: Callable[[Pipeline, Shell], str] = unsubstituted
    stream: Callable[[Pipeline, Shell], Plan] = _unread

    @property
    def separators(self) -> str:
        """The characters that divide fields."""
        return self.variables.get("IFS", BLANKS)

    @property
    def locale(self) -> Locale:
        return Locale.of(self.variables)

    @property
    def bytewise(self) -> bool:
        """Whether a character is a byte."""
        return self.locale.bytewise

    def value(self, name: str) -> str | None:
        """The value of a parameter that has one value; None if it is not set."""
        if name == "#":
            return str(len(self.arguments))
        if name == "IFS":
            return self.separators
        if name == "0":
            return self.name
        if name.isdigit():
            return dict(enumerate(self.arguments, 1)).get(int(name))
        return self.variables.get(name)
