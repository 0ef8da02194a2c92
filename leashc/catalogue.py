"""The operators as `leashc operators` lists, describes and checks them."""

from __future__ import annotations

import json
import os
import shutil

import click

from leashc import operators
from leashc.behaviour import Behaviour
from leashc.errors import CompileError
from leashc.operators import Operator


def listing(as_json: bool) -> str:
    """Every operator with the first line of what it says of itself."""
    found = {name: _first_line(operators.find(name)) for name in operators.known()}
    if as_json:
        return json.dumps(found, indent=1) + "\n"
    width = max(map(len, found))
    return "".join(f"{name:<{width}}  {text}\n" for name, text in found.items())


def described(name: str, as_json: bool) -> str:
    """What each option of an operator does to its behaviour, asked of the operator itself."""
    operator = _operator(name)
    rows = {"(none)": _judged(operator, ())}
    for option in operator.options.names:
        rows[option] = _judged(operator, plausible(operator, option))
    facts = {option: _facts(law) for option, law in rows.items()}
    if as_json:
        return json.dumps({"name": name, "law": operator.doc, "options": facts}, indent=1) + "\n"
    width = max(map(len, facts))
    lines = [f"{name}: {operator.doc}", ""]
    lines += [f"  {option:<{width}}  {text}" for option, text in facts.items()]
    return "\n".join(lines) + "\n"


def check(target: str) -> int:
    """Hold the laws of an operator, or of all in a file, against the real commands."""
    from leashc import laws, machine

    if (os.path.exists(target) and "/" in target) or target.endswith(".py"):
        before = operators.loaded()
        machine.load((target,))
        chosen = [op for name, op in operators.loaded().items() if before.get(name) is not op]
        if not chosen:
            raise CompileError(f"{target} defines no operator", "see examples/operators")
    else:
        chosen = [_operator(target)]
    wrong = 0
    for operator in chosen:
        if shutil.which(operator.name) is None:
            raise CompileError(f"{operator.name} is not installed here, so its law can't be tested")
        found = list(laws.counterexamples(operator))
        wrong += len(found)
        for counterexample in found:
            click.echo(str(counterexample))
        held = len(operator.examples) * len(laws.LOCALES) - len(found)
        click.echo(f"{operator.name}: {held} laws held, {len(found)} broken")
    return 1 if wrong else 0


def _operator(name: str) -> Operator:
    operator = operators.find(name)
    if operator is None:
        raise CompileError(
            f"leashc does not know the command {name}, so it runs whole",
            "`leashc operators` lists those it knows; examples/operators shows how to add one",
        )
    return operator


def _judged(operator: Operator, words: tuple[str, ...]) -> Behaviour:
    return operators.judge((operator.name, *words))


def plausible(operator: Operator, option: str) -> tuple[str, ...]:
    """An option as one would type it, with a plausible value."""
    if option in ("-NUM", "+NUM"):
        return (option.replace("NUM", "3"),)
    if operator.options.takes(option) != "value":
        return (option,)
    return (f"{option}=1",) if option.startswith("--") else (option, "1")


def _facts(law: Behaviour) -> str:
    if not law.wide:
        return f"whole: {law.reason}"
    guard = f", guard: {law.guard.words}" if law.guard else ""
    return f"{law.kind.value}{guard}"


def _first_line(operator: Operator | None) -> str:
    return operator.doc.split("\n")[0] if operator else ""
