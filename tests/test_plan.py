"""Plans: JSON and back, and what is refused."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime import plan as schema
from runtime.errors import PlanError
from runtime.plan import (
    Command,
    Exchange,
    Kernel,
    Options,
    Output,
    Plan,
    Redirect,
    Source,
    Stage,
)
from runtime.plan_file import from_json, to_json
from runtime.slots import STREAM

words = st.text(st.characters(exclude_characters="\0"), max_size=8)
argvs = st.lists(words, min_size=1, max_size=3).map(tuple)
redirects = st.builds(
    Redirect, st.integers(0, 2), st.sampled_from(["<", ">", ">>", "<<<", ">&"]), words
)
commands = st.builds(
    Command,
    argvs,
    st.lists(st.tuples(words, words), max_size=2).map(tuple),
    st.lists(redirects, max_size=2).map(tuple),
    st.just(()),
    st.lists(words, max_size=2).map(tuple),
)


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    count = draw(st.integers(1, 4))
    stages = []
    for number in range(1, count + 1):
        pipe = tuple(draw(st.lists(argvs, min_size=1, max_size=3)))
        stages.append(
            Stage(
                number,
                pipe,
                draw(st.integers(1, 1000)),
                draw(st.sampled_from(["whole", "map", "combine"])),
                draw(words),
                ((),) * len(pipe),
                (-1,) * len(pipe),
                ("whole",) * len(pipe),
                ("worst",) * len(pipe),  # type: ignore[arg-type]
                drop=draw(st.none() | st.just((1, 2))),
                strip=draw(st.binary(max_size=4)).decode("latin-1"),
                kernels=(Kernel(0, len(pipe) - 1, draw(argvs)),),
            )
        )
    return Plan(
        draw(words),
        tuple(draw(st.lists(commands, min_size=1, max_size=3))),
        tuple(stages),
        (Source(0, (schema.Blob(draw(words), draw(st.integers(0, 1 << 60))),)),),
        tuple(Exchange(n, n + 1, "forward") for n in range(count + 1)),
        Output(count + 1),
        Options(jobs=draw(st.integers(1, 9))),
        variables=(("x", draw(words)),),
    )


@given(plans(), plans())
def test_plan_to_json_to_plan_is_the_identity(plan: Plan, stream: Plan) -> None:
    reader = Command(("x", f"{STREAM}0"), streams=(stream,))
    plan = plan._replace(commands=(reader, *plan.commands))
    text = to_json(plan)
    assert text.isascii()
    assert from_json(text) == plan
    assert to_json(from_json(text)) == text


PLAN = Plan(
    "cat x",
    (Command(("cat", "x")),),
    (Stage(1, (("cat",),), 1, "whole", "", ((),), (0,), ("whole",), ("worst",)),),
    (Source(0),),
    (Exchange(0, 1, "forward"), Exchange(1, 2, "forward")),
    Output(2),
)


def edited(**changes: object) -> str:
    return json.dumps(json.loads(to_json(PLAN)) | changes)


def stage(**changes: object) -> str:
    value = json.loads(to_json(PLAN))
    value["stages"][0].update(changes)
    return json.dumps(value)


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("", "no plan"),
        ("[]", "no version"),
        ("{}", "no version"),
        ("[" * 100_000, "no plan"),
        ('{"version": 2}', "pipeline: it is missing"),
        (edited(version=1), "version: this leashc reads version 2, not 1"),
        (edited(version=True), "version"),
        (edited(colour="red"), "colour: there is no such field"),
        (edited(pipeline=3), "pipeline: str expected, not int"),
        (edited(stages={}), "stages: a list was expected"),
        (edited(stages=[]), "stages: there are none"),
        (edited(commands=[]), "commands: there are none"),
        (edited(commands=[{"argv": []}]), "commands[0]: it names no program"),
        (edited(commands=[{"argv": ["a\0b"]}]), "commands[0].argv[0]: a NUL byte"),
        (edited(commands=[{"argv": ["\0x"]}]), "commands[0].argv[0]: there is no slot"),
        (edited(exchanges=[{"origin": 0, "target": 9, "kind": "gather"}]), "exchanges[0]"),
        (edited(exchanges=[{"origin": 1, "target": 0, "kind": "gather"}]), "exchanges[0]"),
        (edited(exchanges=[{"origin": 0, "target": 1, "kind": "leak"}]), "exchanges[0].kind"),
        (stage(width=0), "stages[0].width: 0 is out of range"),
        (stage(width=10**9), "stages[0].width"),
        (stage(width="2"), "stages[0].width: int expected, not str"),
        (stage(pipe=[]), "stages[0].pipe"),
        (stage(pipe=[["a"], ["b"]]), "stages[0].environment: it does not go with the pipe"),
        (stage(origins=[7]), "stages[0].origins"),
        (stage(covers=[0, 7]), "stages[0].covers"),
        (stage(covers=[0]), "stages[0].covers: 2 values were expected, not 1"),
        (stage(kernels=[{"first": 0, "last": 1, "argv": ["tr"]}]), "stages[0].kernels"),
        (stage(kernels=[{"first": 0, "last": 0, "argv": []}]), "stages[0].kernels"),
        (stage(kernels=[{"first": 0, "last": 0, "argv": ["\0x"]}]), "stages[0].kernels[0].argv[0]"),
        (stage(kernels=[{"first": 0, "last": 0, "argv": ["a"]}] * 2), "stages[0].kernels"),
        (stage(id=0), "two nodes have the same id"),
    ],
)
def test_what_is_wrong_is_refused_with_its_place(text: str, where: str) -> None:
    with pytest.raises(PlanError) as caught:
        from_json(text)
    assert where in str(caught.value)


def test_versions_are_compared_before_anything_else() -> None:
    with pytest.raises(PlanError, match="version"):
        from_json(json.dumps({"version": 99, "unheard": "of"}))
    assert from_json(to_json(PLAN._replace(effects=("x",)))).effects == ("x",)
