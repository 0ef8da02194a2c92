"""What the machine has that commands run on, for `leashc doctor`."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
from collections.abc import Iterable
from typing import Any

LONGEST = 5.0  # seconds that a tool gets to say its version


def survey(names: Iterable[str]) -> dict[str, Any]:
    """What is here, fit for JSON.

    commands: by name, its path and the line in which it says its version ("" for both if there
    is none); locales, python, cores; memory and scratch (of TMPDIR or /tmp), in bytes;
    descriptors: whether /dev/fd gives them.
    """
    scratch = os.statvfs(os.environ.get("TMPDIR") or "/tmp")
    return {
        "commands": commands(names),
        "locales": _said(("locale", "-a")),
        "python": platform.python_version(),
        "cores": len(os.sched_getaffinity(0)),
        "memory": _memory(),
        "scratch": scratch.f_blocks * scratch.f_frsize,
        "descriptors": _descriptors(),
    }


def commands(names: Iterable[str]) -> dict[str, dict[str, str]]:
    """By name, path and version line."""
    return {name: _command(name) for name in names}


def _command(name: str) -> dict[str, str]:
    # A name only: an event of the worker must not point at any file.
    path = None if "/" in name else shutil.which(name)
    if path is None:
        return {"path": "", "version": ""}
    # mawk knows no --version.
    is_mawk = os.path.realpath(path).endswith("mawk")
    # By its name: sed says what it was called, and a path may differ where sed does not.
    said = _said((name, "-W", "version") if is_mawk else (name, "--version"))
    return {"path": path, "version": said[0].strip() if said else "unknown"}


def _said(argv: tuple[str, ...]) -> list[str]:
    """The lines that a tool prints, or complains in."""
    kept = {name: os.environ[name] for name in ("PATH", "LD_LIBRARY_PATH") if name in os.environ}
    try:
        done = subprocess.run(
            argv,
            env={**kept, "LC_ALL": "C"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=LONGEST,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return []
    return (done.stdout or done.stderr).decode(errors="replace").splitlines()


def _memory() -> int:
    """Bytes that Lambda gives the function, or that the machine has."""
    given = os.environ.get("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "")
    if given.isdigit():
        return int(given) << 20
    return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")


def _descriptors() -> bool:
    """Whether a pipe can be opened by name, as tools do that are given several inputs."""
    reader, writer = os.pipe()
    try:
        os.write(writer, b"x")
        with open(f"/dev/fd/{reader}", "rb", buffering=0) as pipe:
            return pipe.read(1) == b"x"
    except OSError:
        return False
    finally:
        os.close(reader)
        os.close(writer)
