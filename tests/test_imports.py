"""Imports run one way: lambdas -> runtime; leashc -> runtime.plan; leashc/cli.py -> runtime."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

# What the compiler may know of the runtime: the plan's contract. The command line
# and what stands beside it run plans, so they may know all of it.
CONTRACT = {
    "runtime.plan",
    "runtime.plan_file",
    "runtime.slots",
    "runtime.errors",
    "runtime.target",
    "runtime",
}
AT_THE_EDGE = {
    *(
        "__main__.py",
        "cli.py",
        "execute.py",
        "given.py",
        "host.py",
        "machine.py",
        "laws.py",
        "bench.py",
        "joined_laws.py",
        "catalogue.py",
    ),
    *("cloud_commands.py", "deploy.py", "doctor.py", "findings.py", "package.py", "runs.py"),
    "substitution.py",
}


def imported(path: Path) -> set[str]:
    """The modules that a file imports, wherever in it."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module}
            if node.module == "runtime":
                found |= {f"runtime.{alias.name}" for alias in node.names}
    return found


def files(package: str) -> list[Path]:
    return sorted((ROOT / package).rglob("*.py"))


@pytest.mark.parametrize("path", files("runtime") + files("lambdas"), ids=str)
def test_the_runtime_never_imports_the_compiler(path: Path) -> None:
    allowed = set(sys.stdlib_module_names) | {"runtime", "lambdas", "boto3", "botocore"}
    assert {name.split(".")[0] for name in imported(path)} <= allowed


@pytest.mark.parametrize("path", files("leashc"), ids=str)
def test_the_compiler_knows_only_the_contract(path: Path) -> None:
    if path.name in AT_THE_EDGE and path.parent.name == "leashc":
        return
    if path.parent.name == "simulation":  # which runs plans, if not for anybody
        return
    assert {name for name in imported(path) if name.startswith("runtime")} <= CONTRACT


def loaded(pipeline: str, directory: Path) -> set[str]:
    """The modules that are loaded when a run is over."""
    program = (
        "import sys, leashc.__main__\n"
        "leashc.__main__.os._exit = lambda status: print(*sys.modules, file=sys.stderr)\n"
        f"sys.argv = ['leashc', 'run', {pipeline!r}]\n"
        "leashc.__main__.main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=directory,
        env={
            "PYTHONPATH": str(ROOT),
            "PATH": "/usr/local/bin:/usr/bin:/bin",
            "XDG_CACHE_HOME": str(directory),
        },
        capture_output=True,
        text=True,
        check=True,
    )
    return set(done.stderr.split())


def test_a_small_input_needs_neither_graph_nor_cloud(tmp_path: Path) -> None:
    (tmp_path / "x").write_text("a\n")
    modules = loaded("sort x | uniq -c", tmp_path)
    assert "grammar.shell_parser" in modules
    assert not modules & {"lark", "networkx", "boto3", "rich", "hypothesis"}


def test_what_is_soon_done_is_not_divided(tmp_path: Path) -> None:
    (tmp_path / "x").write_text("a\n" * 5_000_000)
    assert "networkx" not in loaded("grep -c a x", tmp_path)


def test_the_graph_needs_no_cloud(tmp_path: Path) -> None:
    (tmp_path / "x").write_text("a\n" * 5_000_000)
    modules = loaded("sort -u x", tmp_path)
    assert "networkx" in modules
    assert not modules & {"boto3", "rich"}
    again = loaded("sort -u x", tmp_path)
    assert not again & {"grammar.shell_parser", "networkx"}, "what was found out before is not kept"
