"""The package: what Lambda gets of us, as a zip with the same bytes from the same source.

So its digest says whether the deployed worker is the one that is here.
"""

from __future__ import annotations

import base64
import hashlib
import importlib.util
import io
import marshal
import stat
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

from runtime import kernels

PACKAGES = ("lambdas", "runtime")
SUFFIXES = (".py", ".json")  # code, and data that code reads; nothing that just lies there
HERE = f"{sys.version_info.major}.{sys.version_info.minor}"

_EARLIEST = (1980, 1, 1, 0, 0, 0)  # a zip knows no earlier date
_MODE = (stat.S_IFREG | 0o644) << 16
_EXECUTABLE = (stat.S_IFREG | 0o755) << 16
_KERNEL = f"runtime/kernels/{kernels.PACKED}"
_UNIX = 3
_UNCHECKED = (0b01).to_bytes(4, "little")  # a module compiled so is never compared with its source


def kernel(architecture: str) -> bytes:
    """The kernels' executable for an architecture as Lambda names it; b"" if none can be made."""
    return kernels.static({"arm64": "aarch64"}.get(architecture, architecture))


def build(python: str = HERE, executable: bytes = b"") -> bytes:
    """The zip of `runtime` and `lambdas`, for Lambda's Python of this version ("3.12").

    Compiled modules are in it when that is the version of this interpreter. executable: the
    kernels'.
    """
    files = {name: path.read_bytes() for name, path in _sources()}
    if python == HERE:
        files |= dict(_compiled(name, text) for name, text in files.items() if _is_code(name))
    if executable:
        files[_KERNEL] = executable
    held = io.BytesIO()
    # Stored as it is: what zlib makes of the same bytes differs from one zlib to the next.
    with zipfile.ZipFile(held, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, _EARLIEST)
            mode = _EXECUTABLE if name == _KERNEL else _MODE
            entry.create_system, entry.external_attr = _UNIX, mode
            archive.writestr(entry, files[name])
    return held.getvalue()


def digest(package: bytes) -> str:
    """As Lambda names a function's code: base64 of its SHA-256 (`CodeSha256`)."""
    return base64.b64encode(hashlib.sha256(package).digest()).decode()


def _sources() -> Iterator[tuple[str, Path]]:
    """The files by their names in the zip."""
    for package in PACKAGES:
        spec = importlib.util.find_spec(package)
        assert spec is not None and spec.submodule_search_locations is not None
        root = Path(next(iter(spec.submodule_search_locations)))
        for path in root.rglob("*"):
            if path.suffix in SUFFIXES and path.is_file() and not path.name.startswith("."):
                yield f"{package}/{path.relative_to(root).as_posix()}", path


def _is_code(name: str) -> bool:
    return name.endswith(".py")


def _compiled(name: str, source: bytes) -> tuple[str, bytes]:
    """A module as `py_compile` has it with UNCHECKED_HASH: its name in the zip and its bytes."""
    code = compile(source, name, "exec", dont_inherit=True, optimize=0)
    # Later forms of marshal mark what has more than one reference, and so hold something of
    # the process that wrote them.
    body = marshal.dumps(code, 2)
    folder, _, module = name.rpartition("/")
    tag = f"cpython-{HERE.replace('.', '')}"
    header = importlib.util.MAGIC_NUMBER + _UNCHECKED + importlib.util.source_hash(source)
    return f"{folder}/__pycache__/{module.removesuffix('.py')}.{tag}.pyc", header + body
