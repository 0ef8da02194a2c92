"""The local cloud by hand.

python -m tests.cloud                    runs until Ctrl-C, and prints what to `export`
python -m tests.cloud -- COMMAND ARG...  runs a command in it, and ends with its status
"""

from __future__ import annotations

import os
import shlex
import signal
import subprocess
import sys

from tests.cloud.cloud import Cloud

# Where set, these would be used beside our keys.
_STRANGE = ("AWS_PROFILE", "AWS_SESSION_TOKEN")


def main() -> int:
    """The exit status."""
    separator, *command = sys.argv[1:] or [""]
    if separator not in ("", "--") or (separator and not command):
        print(__doc__, file=sys.stderr)
        return 2
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    try:
        with Cloud() as cloud:
            if command:
                return _run(command, cloud.environment)
            for name, value in cloud.environment.items():
                print(f"export {name}={shlex.quote(value)}")
            print(f"unset {' '.join(_STRANGE)}", flush=True)
            while True:
                signal.pause()
    except KeyboardInterrupt:
        return 128 + signal.SIGINT


def _run(command: list[str], environment: dict[str, str]) -> int:
    inherited = {name: value for name, value in os.environ.items() if name not in _STRANGE}
    try:
        process = subprocess.Popen(command, env=inherited | environment)
    except OSError as error:
        print(f"{command[0]}: {error.strerror}", file=sys.stderr)
        return 127
    try:
        status = process.wait()
    except KeyboardInterrupt:
        status = process.wait()  # the terminal has told it too
    except SystemExit:
        process.terminate()
        process.wait()
        raise
    return status if status >= 0 else 128 - status


if __name__ == "__main__":
    sys.exit(main())
