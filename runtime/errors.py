"""What can go wrong at run time, for people.

    RunError                 something of ours failed; nothing half-written stays behind
     ├─ PlanError            a plan file is refused: what is wrong and where in it
     ├─ SourceChanged        an input is no longer the one that the plan was made for
     └─ TaskFailed           a stage's process died, or could not do its work

Commands that fail in their own right are no errors here: their status and their
messages are the answer. The command line turns these into text and an exit status,
in one place.
"""

from __future__ import annotations


class RunError(Exception):
    """A run could not be finished. str() is the message; `remedy` says what to do."""

    def __init__(self, message: str, remedy: str = "") -> None:
        super().__init__(message)
        self.remedy = remedy


class PlanError(RunError):
    """A plan is refused. The message begins with where: `stages[2].width: …`."""


class SourceChanged(RunError):
    """An input was changed between planning and reading. path: of an object, which one."""

    def __init__(self, message: str, remedy: str = "", path: str = "") -> None:
        super().__init__(message, remedy)
        self.path = path


class TaskFailed(RunError):
    """A task could not do its work: stage, task and the command's own words.

    killed: the signal that ended it, or 0.
    """

    def __init__(self, message: str, remedy: str = "", killed: int = 0) -> None:
        super().__init__(message, remedy)
        self.killed = killed
