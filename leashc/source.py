"""A text and its places: where a character stood before something was cut out of the text."""

from __future__ import annotations

from leashc.errors import NotYet, ShellSyntaxError


class Source:
    """The text of a script. Positions count characters of `joined`; errors show the text itself.

    name: the file that the text came from, if any.
    """

    def __init__(self, text: str, name: str = "") -> None:
        self.text = text
        self.name = name
        self.joined = text
        self._cuts: list[tuple[int, int]] = []  # position and length, as each was made

    def cut(self, at: int, length: int) -> None:
        """Take out characters: a continued line's end, a here-document."""
        self._cuts.append((at, length))
        self.joined = self.joined[:at] + self.joined[at + length :]

    def part(self, start: int, end: int) -> Source:
        """A part of it as a text of its own, whose errors show the whole."""
        part = Source(self.text, self.name)
        part.joined = self.joined[start:end]
        part._cuts = [*self._cuts, (0, start)]
        return part

    def error(self, message: str, at: int, width: int = 1) -> ShellSyntaxError:
        """A syntax error at `at`."""
        return ShellSyntaxError(
            message, text=self.text, name=self.name, position=self._place(at), width=width
        )

    def not_yet(self, what: str, remedy: str, at: int, width: int = 1) -> NotYet:
        """`what` is shell that is not compiled yet; it ends in its verb: "arrays are"."""
        return NotYet(
            f"{what} not compiled yet",
            remedy,
            text=self.text,
            name=self.name,
            position=self._place(at),
            width=width,
        )

    def _place(self, at: int) -> int:
        # The latest cut was made in the text that the earlier ones had left.
        for position, length in reversed(self._cuts):
            at += length if position <= at else 0
        return at
