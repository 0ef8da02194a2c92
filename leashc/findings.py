"""What doctor finds: the lines that it prints, and what it makes of surveys (runtime.tools).

OK    what is as it should be
WARN  what a run can do without → what to do about it
FAIL  what it cannot do without → what to do about it
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any, NamedTuple

from runtime import kernels
from runtime.deployed import family
from runtime.tools import survey

DEPLOY = "run `leashc deploy`"


class Finding(NamedTuple):
    word: str  # OK, WARN, FAIL
    what: str
    remedy: str = ""

    def __str__(self) -> str:
        return f"{self.word:<4}  {self.what}" + (f" → {self.remedy}" if self.remedy else "")


Findings = Iterator[Finding]


def compared(here: dict[str, Any], there: dict[str, Any]) -> Findings:
    """What the worker has, beside what is here."""
    same = 0
    for name, found in there["commands"].items():
        ours = here["commands"][name]["version"] or "not there"
        if not found["path"] and not here["commands"][name]["path"]:
            continue
        if not found["path"]:
            yield Finding("WARN", f"{name} is not in the worker", "deploy with a --layer that has")
        elif found["version"] != ours:
            what = f"{name} is `{found['version']}` in the worker, `{ours}` here"
            same_kind = family(found["version"]) == family(ours)
            remedy = "they may print different bytes" if same_kind else "stages with it run here"
            yield Finding("WARN", what, remedy)
        else:
            same += 1
    yield Finding("OK", f"{same} commands are the same here and in the worker")
    known = {_locale(name) for name in there["locales"]}
    if {"c", "c.utf8"} <= known:
        yield Finding("OK", f"locales in the worker: {', '.join(there['locales'])}")
    else:
        yield Finding("WARN", "the worker does not show C and C.UTF-8", "run with LC_ALL=C")
    mine = next(filter(None, map(os.environ.get, ("LC_ALL", "LC_COLLATE", "LANG"))), "C")
    if _locale(mine) not in known | {"c", "posix"}:
        remedy = "run with LC_ALL=C, or what depends on it stays here"
        yield Finding("WARN", f"the worker has no locale {mine}", remedy)
    machine = f"python {there['python']}, {there['cores']} cores, {there['memory'] >> 20} MB"
    yield Finding("OK", f"the worker has {machine}, {there['scratch'] >> 20} MB of /tmp")
    yield from _descriptors(there)


def machine() -> Findings:
    """What `--backend local` needs."""
    from leashc import operators

    found = survey(("bash", *operators.lawful()))
    size = f"{found['cores']} cores, {found['memory'] >> 20} MB"
    yield Finding("OK", f"python {found['python']}, {size}, {found['scratch'] >> 20} MB of /tmp")
    for name, tool in found["commands"].items():
        if tool["path"]:
            yield Finding("OK", f"{name}: {tool['version']}")
        elif name == "bash":
            yield Finding("FAIL", "bash is not here", "install it")
        else:
            yield Finding("WARN", f"{name} is not here", "install it, if you use it")
    if kernels.executable():
        yield Finding("OK", "the kernels are built")
    else:
        remedy = "install a C compiler, then leashc again: the tools take longer"
        yield Finding("WARN", "the kernels are not built", remedy)
    yield from _descriptors(found)


def _descriptors(found: dict[str, Any]) -> Findings:
    if found["descriptors"]:
        yield Finding("OK", "/dev/fd gives pipes by name")
    else:
        yield Finding("FAIL", "/dev/fd does not give pipes by name", "mount /dev and /proc")


def _locale(name: str) -> str:
    """One spelling: C.UTF-8 is c.utf8."""
    return name.lower().replace("-", "")
