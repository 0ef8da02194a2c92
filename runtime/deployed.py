"""What the deployed function has to run commands with, and whether it has what this machine has.

The function is asked once; its answer is kept in the bucket, until `leashc deploy` changes
the function or `leashc doctor` looks at it. So a run pays one small read for it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from typing import Any

from runtime import s3
from runtime.cost import Cost
from runtime.errors import RunError
from runtime.invoke import Answer, Passing
from runtime.plan import Stage
from runtime.target import PROTOCOL, Target
from runtime.tools import commands

Invoke = Callable[[dict[str, Any]], Answer]
# By command: its path and the line in which it says its version, "" if there is none.
Tools = dict[str, dict[str, str]]


def ask(target: Target, invoke: Invoke) -> Answer:
    """Have the function say what it has (`tools`: see runtime.tools.survey). Raises Passing."""
    event = {"version": PROTOCOL, "bucket": target.bucket, "prefix": target.prefix, "ask": "tools"}
    return invoke(event)


def tools(target: Target, invoke: Invoke, cost: Cost) -> Tools:
    """What the function has, as it was kept, or else as it says now. Raises RunError."""
    try:
        kept: Tools = json.loads(s3.store().get(target.tools))
    except s3.NoBucket:
        raise
    except s3.NoObject:
        kept = _asked(target, invoke, cost)
        s3.store().put(target.tools, json.dumps(kept, indent=1).encode())
    return kept


def _asked(target: Target, invoke: Invoke, cost: Cost) -> Tools:
    for number in range(s3.ATTEMPTS):
        try:
            answer = ask(target, invoke)
        except Passing as why:
            problem = why
            s3.pause(number)
            continue
        cost.add(answer)
        if "error" in answer.value:
            raise RunError(answer.value["error"]["message"], answer.value["error"]["remedy"])
        found: Tools = answer.value["tools"]["commands"]
        return found
    raise RunError(f"{target.function}: {problem}", "see `leashc doctor --backend aws`")


def lacking(stages: Iterable[Stage], there: Tools) -> str:
    """Why the function would not do what this machine does, and what to do about it; or ""."""
    names = sorted({argv[0] for stage in stages for argv in stage.pipe if argv[0][0] != "@"})
    here = commands(names)
    for name in names:
        if name not in there:
            return f"{name} is none of the function's commands; deploy it with --command {name}"
        if not there[name]["path"]:
            return f"the function has no {name}; deploy it with a --layer that has"
        ours, theirs = here[name]["version"], there[name]["version"]
        if here[name]["path"] and family(ours) != family(theirs):
            return f"{name} is `{theirs}` in the function, `{ours}` here"
    return ""


def family(version: str) -> str:
    """Whose tool it is, by what it says of its version: `sort (GNU coreutils)`, `mawk`."""
    return re.split(r",?[ (]*[vV]?\d", version)[0]
