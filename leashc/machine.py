"""This machine, as the command line asks about it: files, cores, memory, tools, plug-ins."""

from __future__ import annotations

import os
import stat
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from leashc.compile import PINNED
from leashc.errors import CompileError
from runtime.outputs import Outputs
from runtime.plan import Blob, Plan
from runtime.report import Report


def look(path: str) -> Blob | str:
    """A file as the compiler asks for it, or why it can't be divided; `-` is standard input.

    Raises RunError for an object in S3 that cannot be had.
    """
    if Blob(path).remote:
        from runtime.s3 import store

        return store().head(path)
    try:
        found = os.fstat(0) if path == "-" else os.stat(path)
    except OSError as error:
        return f"{path}: {os.strerror(error.errno or 0)}"
    if not stat.S_ISREG(found.st_mode):
        kind = "a directory" if stat.S_ISDIR(found.st_mode) else "no regular file"
        return f"{path} is {kind}"
    if path == "-":
        return Blob(path, max(found.st_size - os.lseek(0, 0, os.SEEK_CUR), 0))
    if not os.access(path, os.R_OK):
        return f"{path}: Permission denied"
    if not found.st_size and path.startswith(("/proc/", "/sys/")):
        return f"{path} has no size"
    return Blob(path, found.st_size, found.st_mtime_ns)


def cores() -> int:
    """The cores that this process may use."""
    return len(os.sched_getaffinity(0))


def memory() -> int:
    """Bytes of memory, of the machine or of the control group, whichever is less."""
    physical = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    try:
        with open("/sys/fs/cgroup/memory.max", encoding="ascii") as file:
            limit = file.read().strip()
    except OSError:
        return physical
    return min(physical, int(limit)) if limit.isdigit() else physical


def environment(variables: Mapping[str, str]) -> dict[str, str]:
    """What tasks see: our environment, with the locale and time zone of the plan."""
    inherited = {name: value for name, value in os.environ.items() if name not in PINNED}
    return inherited | {name: variables[name] for name in PINNED if name in variables}


def load(files: tuple[str, ...]) -> None:
    """Run files that define operators. Raises CompileError that says where one failed."""
    if not files:
        return
    import importlib.util

    for number, path in enumerate(files):
        spec = importlib.util.spec_from_file_location(f"leashc_user_operators_{number}", path)
        if spec is None or spec.loader is None:
            raise CompileError(f"{path} is no Python file", "operators stand in a .py file")
        module = importlib.util.module_from_spec(spec)
        try:
            spec.loader.exec_module(module)
        except Exception as error:
            line = getattr(error, "lineno", None) or _line(error, path)
            raise CompileError(f"{path}, line {line}: {type(error).__name__}: {error}") from error


def _line(error: BaseException, path: str) -> int:
    """The last line of `path` that an exception came through."""
    line, trace = 0, error.__traceback__
    while trace is not None:
        if os.path.abspath(trace.tb_frame.f_code.co_filename) == os.path.abspath(path):
            line = trace.tb_lineno
        trace = trace.tb_next
    return line


def with_tools(plan: Plan) -> Plan:
    """The plan with the names and versions of the programs that it runs here."""
    names = sorted({command.argv[0] for part in plan.plans() for command in part.commands})
    return plan._replace(tools=tuple((name, _version(name)) for name in names))


def _version(name: str) -> str:
    import shutil
    import subprocess

    path = shutil.which(name)
    if path is None:
        return "not found"
    # mawk knows no --version; both print the version first.
    asked = (
        [path, "-W", "version"] if os.path.realpath(path).endswith("mawk") else [path, "--version"]
    )
    try:
        said = subprocess.run(
            asked, stdin=subprocess.DEVNULL, capture_output=True, timeout=5, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return "unknown"
    return said.stdout.decode(errors="replace").split("\n")[0] or "unknown"


def write(path: str, text: str) -> None:
    """Write a file whole, or standard output for an empty path."""
    outputs = Outputs()
    descriptor = outputs.create(path) if path else os.dup(1)
    try:
        with open(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
    except BaseException:
        outputs.discard()
        raise
    outputs.commit()


@contextmanager
def progress(plan: Plan, report: Report) -> Iterator[None]:
    """Bytes, rate and time to go on stderr, once a run has taken a second."""
    total = sum(max(blob.size, 0) for blob in plan.blobs())
    ended = threading.Event()
    watcher = threading.Thread(target=_watch, args=(total or None, report, ended), daemon=True)
    watcher.start()
    try:
        yield
    finally:
        ended.set()
        watcher.join()


def _watch(total: int | None, report: Report, ended: threading.Event) -> None:
    if ended.wait(1):
        return
    from rich import progress as bars
    from rich.console import Console

    columns = (
        bars.TextColumn("{task.description}"),
        bars.BarColumn(),
        bars.DownloadColumn(),
        bars.TransferSpeedColumn(),
        bars.TimeRemainingColumn(),
    )
    with bars.Progress(*columns, console=Console(file=sys.stderr), transient=True) as bar:
        task = bar.add_task("reading", total=total)
        while not ended.wait(0.2):
            bar.update(task, completed=report.read, description=report.current)
