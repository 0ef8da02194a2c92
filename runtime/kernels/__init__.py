"""Kernels: C sources of one executable that does what tools do, in less time. See main.c.

The executable is made when leashc is installed and lies beside its sources; one of
other sources is not found, so that plan and kernels always agree. What Lambda gets of
us holds no sources, only the executable that was made of them.
"""

from __future__ import annotations

import binascii
import functools
import os

_HERE = os.path.dirname(os.path.abspath(__file__))
PACKED = "leash-kernel"  # its name where its sources are not
_NAME = f"{PACKED}."
_FLAGS = ("-std=c11", "-D_GNU_SOURCE", "-O3", "-pthread", "-Wall", "-Wextra", "-pedantic")


@functools.cache
def executable() -> str:
    """The path of the executable, or "" if there is none of these sources."""
    path = _path()
    return path if os.access(path, os.X_OK) else ""


def sources() -> list[str]:
    """The paths of the C files."""
    return [path for path in _files() if path.endswith(".c")]


def build() -> str:
    """Make the executable: its path, or "" where no compiler does it. Raises OSError."""
    path = _path()
    draft = f"{path}.{os.getpid()}"
    made = any(compiled(compiler, draft) and _works(draft) for compiler in _compilers())
    for name in os.listdir(_HERE):
        if name.startswith(_NAME) and not (made and name == os.path.basename(draft)):
            os.unlink(os.path.join(_HERE, name))
    if made:
        os.replace(draft, path)
    executable.cache_clear()
    return executable()


def static(machine: str) -> bytes:
    """An executable that any Linux of this machine ("aarch64", "x86_64") runs, or b"" where no
    compiler makes it. It is kept beside the sources, if it can be."""
    import tempfile

    path = f"{_path()}.{machine}"
    if os.path.exists(path):
        with open(path, "rb") as file:
            return file.read()
    with tempfile.TemporaryDirectory(prefix="leash-") as folder:
        draft = os.path.join(folder, "leash-kernel")
        if not any(compiled(compiler, draft, ("-static", "-s")) for compiler in _crossing(machine)):
            return b""
        with open(draft, "rb") as file:
            made = file.read()
    if os.access(_HERE, os.W_OK):
        draft = f"{path}.{os.getpid()}"
        with open(draft, "wb") as file:
            file.write(made)
        os.replace(draft, path)
    return made


def _crossing(machine: str) -> list[tuple[str, ...]]:
    """The compilers that make executables for a machine, which may be another than this."""
    compilers = _compilers()
    zig = [(*argv, "-target", f"{machine}-linux-musl") for argv in compilers if "ziglang" in argv]
    plain = [argv for argv in compilers if "ziglang" not in argv]
    return zig + (plain if machine == os.uname().machine else [])


def compiled(compiler: tuple[str, ...], path: str, flags: tuple[str, ...] = ()) -> bool:
    """Whether this compiler could make the executable; it says on stderr why not."""
    import subprocess

    argv = (*compiler, *_FLAGS, *flags, "-o", path, *sources())
    return subprocess.run(argv, check=False).returncode == 0


def _compilers() -> list[tuple[str, ...]]:
    """What CC names and no other; else the machine's C compiler and the one in the package
    ziglang, as far as they are here."""
    import importlib.util
    import shlex
    import shutil
    import sys

    named = shlex.split(os.environ.get("CC", ""))
    if named:
        return [tuple(named)] if shutil.which(named[0]) else []
    found: list[tuple[str, ...]] = []
    if shutil.which("cc"):
        found.append(("cc",))
    if importlib.util.find_spec("ziglang"):
        found.append((sys.executable, "-m", "ziglang", "cc"))
    return found


def _works(path: str) -> bool:
    """Whether it runs on this machine."""
    import subprocess

    try:
        done = subprocess.run(
            (path, "tr", "41-5a+61", ""), input=b"IT\n", stdout=-1, timeout=10, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.stdout == b"it\n"


def _files() -> list[str]:
    names = sorted(name for name in os.listdir(_HERE) if name.endswith((".c", ".h")))
    return [os.path.join(_HERE, name) for name in names]


def _path() -> str:
    """Where the executable of these sources is."""
    check, files = 0, _files()
    if not files:
        return os.path.join(_HERE, PACKED)
    for path in files:
        with open(path, "rb") as file:
            check = binascii.crc32(file.read(), check)
    return os.path.join(_HERE, f"{_NAME}{check:08x}")
