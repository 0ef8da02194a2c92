"""Here-documents: their texts are cut out of the script, so that the grammar need not know them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from leashc.source import Source

_QUOTED = re.compile(r"\\(.)|'([^']*)'|\"([^\"]*)\"", re.DOTALL)
_LINE = re.compile(r"[^\n]*(?:\n|\Z)")
# A backslash joins lines where the delimiter is not quoted, even before they are compared with it.
_JOINED_LINE = re.compile(r"(?:[^\\\n]|\\(?:.|\n|\Z))*(?:\n|\Z)")
# What `<<-` drops before a line: tabs, and where lines are joined first, joints among them.
_TABS = {True: re.compile(r"\A\t+"), False: re.compile(r"\A(?:\t|\\\n)+")}


class HereDocument(NamedTuple):
    """literal: its delimiter was quoted, so nothing is expanded in it."""

    body: Source
    literal: bool


def cut_out(source: Source, marks: Sequence[tuple[str, int]], at: int) -> list[HereDocument]:
    """The documents that begin at `at`, taken out of the source.

    marks: `<<end` as it is written, and where. Raises ShellSyntaxError.
    """
    found, begin = [], at
    for mark, place in marks:
        strips = mark.startswith("<<-")
        word = mark[2 + strips :].lstrip(" \t")
        delimiter = _QUOTED.sub(lambda quoted: quoted[quoted.lastindex or 0], word)
        literal = delimiter != word
        start, tabs = at, []
        while True:
            if at >= len(source.joined):
                raise source.error("this here-document is never closed", place, len(mark))
            line = (_LINE if literal else _JOINED_LINE).match(source.joined, at)
            assert line is not None
            text = _TABS[literal].sub("", line[0]) if strips else line[0]
            tabs.append((at - start, len(line[0]) - len(text)))
            if (text if literal else text.replace("\\\n", "")).rstrip("\n") == delimiter:
                break
            at = line.end()
        body = source.part(start, at)
        for position, length in reversed(tabs[:-1]):
            if length:
                body.cut(position, length)
        found.append(HereDocument(body, literal))
        at = line.end()
    source.cut(begin, at - begin)
    return found
