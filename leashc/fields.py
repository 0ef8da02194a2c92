"""Field splitting: what a word expands to, divided where the shell divides it.

A word comes as pieces of text that remember whether quotes protect them and whether
they may be split. It leaves as fields, each with its text and with the pattern that
globbing matches, in which a backslash stands before what was quoted.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from leashc import globbing

BLANKS = " \t\n"  # IFS as it is by default, and those of its characters that run together


class Piece(NamedTuple):
    """Text; `quoted` keeps it as it is, `split` lets IFS divide it."""

    text: str
    quoted: bool
    split: bool = False


class Field(NamedTuple):
    """An argument, or the pattern for several."""

    text: str = ""
    pattern: str = ""

    def plus(self, text: str, pattern: str) -> Field:
        return Field(self.text + text, self.pattern + pattern)


Pieces = Iterable[Piece | None]  # None: a new field begins, as between the values of "$@"


def joined(pieces: Pieces) -> str:
    """The one string that pieces make where nothing is split."""
    return "".join(" " if piece is None else piece.text for piece in pieces)


def split(pieces: Pieces, separators: str) -> Iterator[Field]:
    """The fields: runs of blanks in IFS divide them, and so does each other character of it."""
    field: Field | None = None
    after_blanks = False  # a separator that follows belongs to the blanks before it
    for piece in pieces:
        if piece is None:
            if field is not None:
                yield field
            field, after_blanks = None, False
        elif piece.quoted or not piece.split:
            pattern = globbing.escape(piece.text) if piece.quoted else piece.text
            field, after_blanks = (field or Field()).plus(piece.text, pattern), False
        else:
            for character in piece.text:
                if character not in separators:
                    field, after_blanks = (field or Field()).plus(character, character), False
                elif field is not None:
                    yield field
                    field, after_blanks = None, character in BLANKS
                elif character not in BLANKS:
                    if not after_blanks:
                        yield Field()
                    after_blanks = False
    if field is not None:
        yield field
