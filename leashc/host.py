"""The shell around a pipeline as it is on this machine: the only input that expansion has."""

from __future__ import annotations

import locale
import os
import pwd
import sys
from collections.abc import Callable
from typing import Any

from leashc.invocation import Locale
from leashc.shell import Shell


def here(arguments: tuple[str, ...] = (), name: str = "leashc") -> Shell:
    """The shell that `bash -c` would be, started here with these arguments as `$1` and on."""
    return Shell(
        variables=_variables(),
        arguments=arguments,
        name=name,
        list_directory=_list_directory,
        exists=_exists,
        home=_home,
        sort_key=_sort_key(),
    )


def cache() -> str:
    """A directory that only this user can write, for this Python; "" without a place for it."""
    home = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    directory = os.path.join(home, f"leashc-{sys.implementation.cache_tag}")
    try:
        os.makedirs(directory, mode=0o700, exist_ok=True)
        status = os.stat(directory)
    except OSError:
        return ""
    if status.st_uid != os.geteuid() or status.st_mode & 0o022:
        return ""
    return directory


def _variables() -> dict[str, str]:
    """The environment, and what bash sets by itself as it starts."""
    defaults = {
        "HOSTNAME": os.uname().nodename,
        "TERM": "dumb",
        "UID": str(os.getuid()),
        "EUID": str(os.geteuid()),
    }
    variables = defaults | dict(os.environ) | {"PWD": _working_directory()}
    variables.pop("IFS", None)  # bash takes none from outside
    return variables


def _working_directory() -> str:
    """`$PWD` where it is true, for it keeps the links by which one came."""
    told = os.environ.get("PWD", "")
    try:
        true = told.startswith("/") and os.path.samefile(told, ".")
        return told if true else os.getcwd()
    except OSError:
        return os.path.realpath(".") if os.path.exists(".") else told


def _list_directory(path: str) -> list[str]:
    if path.startswith("s3://"):
        from runtime.s3 import store

        found = store().objects(path, delimiter="/")
        return [blob.path[len(path) :].rstrip("/") for blob in found if blob.path != path]
    try:
        return os.listdir(path)
    except OSError:
        return []


def _exists(path: str) -> bool:
    if path.startswith("s3://"):
        from runtime.s3 import store

        return store().exists(path)
    return os.path.lexists(path)


def _home(user: str) -> str | None:
    """The home directory of a user by the password file; of our own for an empty name."""
    try:
        return (pwd.getpwnam(user) if user else pwd.getpwuid(os.getuid())).pw_dir
    except KeyError:
        return None


def _sort_key() -> Callable[[str], Any]:
    """What orders the matches of a glob: the collation of the locale, bytes if that is C."""
    names = Locale.of(os.environ)
    if names.collates_bytewise:
        return os.fsencode
    try:
        locale.setlocale(locale.LC_COLLATE, names.collate)
    except locale.Error:
        return os.fsencode  # bash, too, falls back to C
    return lambda text: (
        locale.strxfrm(os.fsencode(text).decode("utf-8", "replace")),
        os.fsencode(text),
    )
