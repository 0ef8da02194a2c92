"""Why the parser stops: shell that leashc does not compile yet, or no shell at all.

The grammar knows only what is compiled. Where it cannot go on, the text at that
place and the tokens that wait there say what the user meant.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from leashc.errors import NotYet, ShellSyntaxError
from leashc.source import Source

Waiting = Sequence[tuple[str, int]]  # tokens the parser has not put together: type and position

_APART = "run each pipeline by itself, or give the whole script to bash"
_BEFORE = "work it out first and pass it as a variable or an argument"
_PLAIN = "write the words out, or give the command to bash -c"
_FILES = "redirect file descriptors 0, 1 and 2 only, with < > >> 2> 2>&1 or <<<"
_NAME = r"[A-Za-z_][A-Za-z_0-9]*"
_DYNAMIC = frozenset(
    "BASH BASHOPTS BASHPID BASH_ARGC BASH_ARGV BASH_ARGV0 BASH_CMDS BASH_COMMAND BASH_LINENO "
    "BASH_SOURCE BASH_SUBSHELL BASH_VERSINFO BASH_VERSION COMP_WORDBREAKS DIRSTACK EPOCHREALTIME "
    "EPOCHSECONDS FUNCNAME GROUPS HISTCMD LINENO OPTERR OPTIND PIPESTATUS PPID PS4 RANDOM SECONDS "
    "SHELLOPTS SHLVL SRANDOM _".split()
)

_OPERATOR = r"&&|\|\||\|&|;;?|[|)]|&(?!>)"
_CLOSERS = frozenset(") } do done elif else esac fi then".split())

# The first pattern that matches where the parser stopped. "{0}" is the text that matched.
_NOT_YET = (
    (r"&&|\|\|", "`{0}` lists are", _APART),
    (r";", "lists of commands (`;`) are", _APART),
    (r"&", "commands in the background (`&`) are", "put the & behind leashc itself"),
    (r"\$\[", "arithmetic `$[ ]` is", "write `$(( ))`"),
    (r'\$"', '`$"…"` quoting is', 'write `"…"`'),
    (
        r"[<>]\(",
        "process substitution `{0} )` here is",
        "write to a file first, or read from a pipe",
    ),
    (rf"\$\{{!{_NAME}", "indirection `${{!x}}` is", _BEFORE),
    (rf"\$\{{#?{_NAME}\[", "arrays are", _PLAIN),
    (
        rf"{_NAME}\[",
        "`{0}` where a command begins is",
        "quote the `[`; there are no arrays yet",
    ),
    (
        rf"\$\{{(?:{_NAME}|[0-9]+|[@*]):?=",
        "assigning by `${{x:=word}}` is",
        "write `${x:-word}`",
    ),
    (rf"\$\{{(?:{_NAME}|[0-9]+|[@*])[\^,@]+", "`{0}…}}` is", _BEFORE),
    (r"\$\{[@*]:?[-+?]", "`{0}…}}` is", "name one argument: `${1:-word}`"),
    (r"\$[?$!-]|\$\{#?[?$!-]", "the special parameter `{0}` is", _PLAIN),
    (r"<<-?", "this mark of a here-document is", "write a plain word: `<<end`"),
    (r"<>|>\|", "`{0}` is", _FILES),
    (r"[<>]&[ \t]*[^ \t\n|&;()<>]*", "the redirection `{0}` is", _FILES),
    (rf"(?:[0-9]+|\{{{_NAME}\}})[<>]", "the redirection `{0}` is", _FILES),
    (rf"{_NAME}\+=", "appending by `+=` is", "write the whole value"),
    (r"\{(?=[\s;|&<>()]|\Z)", "grouping with `{{ }}` is", _APART),
    (r"\[\[", "`[[ ]]` is", "use `test`, or give the command to bash -c"),
    (r"!", "`!` before a pipeline is", "invert the exit status outside of leashc"),
    (r"time\b", "`time` is", "put it before leashc itself"),
    (r"(?:case|coproc|for|function|if|select|until|while)\b", "`{0}` is", _APART),
)


def refusal(source: Source, at: int, waiting: Waiting) -> ShellSyntaxError:
    """The error for a text in which the parser stops before the character at `at`."""
    text = source.joined
    last, place = waiting[-1] if waiting else ("_GAP", 0)
    last = "_GAP" if last == "SUBSTITUTE" else last
    ends = at >= len(text)
    operator = re.compile(_OPERATOR).match(text, at)
    opened = _open(waiting)
    if ends and opened:
        kind, place = opened[-1]
        mark = _MARKS.get(kind, "${")
        return source.error(f"this `{mark}` is never closed", place, len(mark))
    if last in ("_GAP", "_END", "PIPE") and operator:
        side = "after `|`" if last == "PIPE" else f"before `{operator[0]}`"
        return source.error(f"a command is missing {side}", at, len(operator[0]))
    if last == "PIPE" and ends:
        return source.error("a command is missing after `|`", place)
    if last == "_GAP" and ends:
        return source.error("there is no command", at)
    if last in ("OPERATOR", "BOTH") and (
        ends or re.compile(r"[ \t\n|&;)#]|[<>](?!\()").match(text, at)
    ):
        return _no_target(source, place)
    if last == "_END":
        return source.not_yet("a second command is", _APART, at)
    if found := _not_yet(source, at):
        return found
    if last == "RPAR" and opened and opened[-1][0] == "ARITHMETIC":
        return source.not_yet("a subshell in `$( )` is", _APART, opened[-1][1], 3)
    if opened and opened[-1][0] in ("ARITHMETIC", "SLICE"):
        return source.not_yet(f"`{text[at]}` in arithmetic is", _BEFORE, at)
    if any(kind == "QUOTE" for kind, _ in opened) and text[at] != "$":
        # bash reads these by rules of their own, which depend on its version.
        what = 'quoting inside `"${ }"` is'
        return source.not_yet(what, "put the quoted text in a variable of its own", at)
    return _no_shell(source, at)


def dynamic(name: str) -> bool:
    """Whether bash makes up the value of this variable as it runs."""
    return name in _DYNAMIC


def _not_yet(source: Source, at: int) -> NotYet | None:
    text = source.joined
    if text.startswith("(", at):
        return source.not_yet(_parenthesis(text[:at], text[at:]), _APART, at)
    for pattern, what, remedy in _NOT_YET:
        if found := re.compile(pattern).match(text, at):
            return source.not_yet(what.format(found[0]), remedy, at, len(found[0]))
    return None


def _parenthesis(before: str, rest: str) -> str:
    """What a `(` begins, by what stands before it."""
    if before.endswith(tuple("?*+@!")):
        return "extended patterns `@( )` are"
    if before.endswith("="):
        return "arrays are"
    if re.match(r"\([ \t]*\)", rest) and before.strip():
        return "functions are"
    return "arithmetic `(( ))` is" if rest.startswith("((") else "a subshell `( )` is"


def _no_target(source: Source, at: int) -> ShellSyntaxError:
    sign = re.compile(r"&?[<>]+").match(source.joined, at)
    operator = sign[0] if sign else ""
    missing = "a word" if operator == "<<<" else "a file name"
    return source.error(f"{missing} is missing after `{operator}`", at, len(operator))


def _no_shell(source: Source, at: int) -> ShellSyntaxError:
    text = source.joined
    if found := re.compile(r"\$?'|`").match(text, at):
        return source.error(f"this `{found[0]}` is never closed", at, len(found[0]))
    if text.startswith("${", at):
        closed = "}" in text[at:]
        return source.error("a bad substitution" if closed else "this `${` is never closed", at, 2)
    if text.startswith("\\", at):
        return source.error("nothing follows this backslash", at)
    found = re.compile(r"[a-z]+|.|\n|\Z").match(text, at)
    word = found[0] if found else ""
    if word in _CLOSERS:
        return source.error(f"`{word}` closes nothing", at, len(word))
    shown = f"`{word}`" if word.strip() else "the end"
    return source.error(f"{shown} is not expected here", at, len(word))


_MARKS = {"QUOTE": '"', "ARITHMETIC": "$((", "SUBSTITUTE": "$(", "FROM": "<("}
_OPENERS = frozenset(_MARKS) | {"OPEN", "REMOVE", "REPLACE", "SLICE"}


def _open(waiting: Waiting) -> list[tuple[str, int]]:
    """The quotes, braces and parentheses that are still open, outermost first."""
    opened: list[tuple[str, int]] = []
    for kind, position in waiting:
        closes = kind == "CLOSE" or (kind == "QUOTE" and opened and opened[-1][0] == "QUOTE")
        if closes or (kind == "RPAR" and opened[-1][0] == "SUBSTITUTE"):
            opened.pop()
        elif kind in _OPENERS:
            opened.append((kind, position))
    return opened
