"""start.py NAME WORD...: run the program NAME of this folder, as a tool would run.

Standard library only and as little of it as will do: it is started once a task.
"""

import os
import sys

# `signal` itself would take as long again to import as Python to start.
from _signal import SIG_DFL, SIGPIPE, signal  # type: ignore[import-not-found]


def start(name: str, words: list[str]) -> int:
    """The exit status: 2, with a message, when reading or writing failed."""
    signal(SIGPIPE, SIG_DFL)
    sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
    try:
        __import__(name).main(words)
        sys.stdout.flush()
    except OSError as error:
        os.write(2, f"{name}: {error.strerror}\n".encode())
        return 2
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    # Nothing is left to flush, and what could not be written is not tried again.
    os._exit(start(sys.argv[1], sys.argv[2:]))
