"""A text and its places: where a character stood before continued lines were joined."""

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
        self._joints: list[int] = []

    def join(self, at: int) -> None:
        """Take out the backslash and the newline at `at`."""
        self._joints.append(at)
        self.joined = self.joined[:at] + self.joined[at + 2 :]

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
        for joint in reversed(self._joints):
            at += 2 if joint <= at else 0
        return at
