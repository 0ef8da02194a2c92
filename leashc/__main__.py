"""The process: signals in, an exit status out; the one place where errors become text.

0..255   the pipeline's own, as the shell gives it
2        the text, the plan or the options are refused; nothing has run
125      leashc could not finish the run; no output file was touched
130      interrupted
"""

from __future__ import annotations

import gc
import os
import signal
import sys
from typing import NoReturn

OUR_FAILURE = 125


def main() -> NoReturn:
    """The entry point. The modules are not taken apart before the end: that takes 20 ms."""
    gc.disable()  # what start-up makes is no garbage, so nobody need look for any
    status = _status()
    try:
        if sys.stdout is not None:  # it is not there when it came closed
            sys.stdout.flush()
    except BrokenPipeError:
        status = status or 141
    os._exit(status)


def _status() -> int:
    """The exit status; every error ends here, as text and a status."""
    from leashc.errors import CompileError
    from runtime.errors import PlanError, RunError

    _occupy()
    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT):
        if signal.getsignal(number) is not signal.SIG_IGN:  # as `nohup` has it
            signal.signal(number, _terminated)
    try:
        _command()
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 0
    except CompileError as error:
        return _failed(error.render(), error.status)
    except RunError as error:
        remedy = f"\n  {error.remedy}" if error.remedy else ""
        status = 2 if isinstance(error, PlanError) else OUR_FAILURE
        return _failed(f"leashc: {error}{remedy}", status)
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        return 141  # nobody reads what we say: as a command that SIGPIPE ends
    except OSError as error:
        return _failed(f"leashc: {error.filename or 'i/o'}: {error.strerror}", OUR_FAILURE)
    return 0


def _command() -> None:
    """Do what the command line says."""
    from leashc.execute import DEFAULTS, alone, execute

    if text := alone(sys.argv[1:], os.environ):
        execute(text, (), DEFAULTS)
    import click

    from leashc.cli import cli

    try:
        cli.main(standalone_mode=False)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except click.Abort:
        raise KeyboardInterrupt from None


def _failed(message: str, status: int) -> int:
    try:
        os.write(2, (message + "\n").encode(errors="surrogateescape"))
    except OSError:
        pass  # nobody can be told
    return status


def _occupy() -> None:
    """Let no file take the place of a closed standard stream; use of it fails as if closed."""
    for number, mode in enumerate((os.O_WRONLY, os.O_RDONLY, os.O_WRONLY)):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, mode)
    sys.stderr = sys.stderr or open(2, "w", closefd=False)


def _terminated(number: int, frame: object) -> NoReturn:
    raise SystemExit(128 + number)


if __name__ == "__main__":
    main()
