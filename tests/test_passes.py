"""The passes: a golden pair for each, and what verify catches."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from leashc.compile import Unit, compile
from leashc.dataflow import Dataflow
from leashc.explain import explain
from leashc.passes import PASSES
from leashc.shell import Shell
from leashc.stage import Output, Stage, Step
from leashc.verify import Broken, verify
from runtime.plan import Blob, Options, Source

SIZES = {"x": 100_000_000, "y": 50_000_000, "small": 10}


def look(path: str) -> Blob | str:
    if path in SIZES:
        return Blob(path, SIZES[path])
    return "it is a stream" if path == "-" else f"{path}: No such file or directory"


DEFAULT = Options(jobs=2)

MERGES = {"merge_tree": Options(8, 2, "tree", 2), "shuffle": Options(8, 2, "shuffle")}


def after(step: str, text: str, options: Options = DEFAULT) -> str:
    unit = Unit(text, Shell({"LC_ALL": "C"}), look)
    return explain(compile(unit, options, until=step))


PIPELINES = {
    "simplify": [
        "cat x y | grep a",
        "cat x | sort | uniq -c | sort -rn | head -n 3",
        "cat x | sha256sum",
        "cat x | cat",
    ],
    "parallelize": [
        "grep a x | cut -f1 | sort -u",
        "tr -d '\\n' < x | grep a",
        "sort x | grep a | sed 1d | wc -l",
        "tail -n +2 x | cat -n",
        "grep a missing | sort",
        "sort x | comm - y | sort",
        "grep a 2>&1 | sort > out",
        "head -n 1 x | sort",
        "tr a '\\0' < x | grep b",
        "tr a '\\0' < x | cut -f1 | grep b",
        "cut -f1 x | grep -b b",
        "cut -f1 x | tr a '\\0' | grep -b b",
        "cut -f1 x | grep -n b",
        "grep a x | tac",
        "tac x | grep a",
    ],
    "shuffle": [
        "sort x",
        "grep a x | sort -u -k2n | cut -f1",
        "sort x | sha256sum",
        "sort x | uniq -c",
        "sort x | uniq",
        "sort x | head -n 1",
        "wc x",
    ],
    "merge_tree": ["sort x", "sort x | head -n 1", "grep a x", "tr a b < x | head -n 3"],
    "fuse": [
        "cat x | grep a | cut -f1 | sort | uniq -c | sort -rn",
        "sort x | sha256sum | cut -c1-8",
        "grep a | tee copy | sort",
    ],
    "place": [
        "tr -cs A-Za-z '\\n' < x | tr A-Z a-z | sort | uniq -c | sort -rn",
        "tr a b < x | cut -c1 | tr b c | tr -d d",
        "LC_ALL=en_US.UTF-8 tr a b < x | grep c",
        "LC_ALL=C tr a b < x | LC_ALL=en_US.UTF-8 tr b c | sort -u",
        "tr a b < x | sha256sum",
    ],
}


@pytest.mark.parametrize("step", PASSES, ids=lambda step: step.__name__)
def test_what_each_pass_does(step: Callable[..., object], golden: Callable[..., None]) -> None:
    options = MERGES.get(step.__name__, DEFAULT)
    names = [each.__name__ for each in PASSES]
    before = names[names.index(step.__name__) - 1] if step is not PASSES[0] else "none"
    pages = []
    for text in PIPELINES[step.__name__]:
        pages += [f"=== {text}\n--- before", after(before, text, options)]
        pages += ["--- after", after(step.__name__, text, options)]
    golden(f"{step.__name__}.txt", "\n".join(pages))


def test_a_plan_for_a_thousand_workers_is_as_short_as_one_for_two() -> None:
    wide = after("fuse", "grep a x | sort", Options(1000, 2, "flat"))
    assert len(wide.splitlines()) == len(after("fuse", "grep a x | sort", Options(2)).splitlines())


@pytest.mark.parametrize(
    ("size", "jobs", "width"),
    [(100, 2, 2), (100, 1, 2), (1 << 30, 1, 8), (1 << 30, 3, 9), (1 << 30, 1000, 1000)],
)
def test_every_core_gets_as_many_partitions(size: int, jobs: int, width: int) -> None:
    unit = Unit("grep a x", Shell({"LC_ALL": "C"}), lambda path: Blob(path, size))
    plan = compile(unit, Options(jobs=jobs), divide=True)
    assert plan.stages[0].width == width


def flow(*stages: Stage) -> Dataflow:
    made = Dataflow((), Options())
    last = made.add(Source(0))
    for stage in stages:
        number = made.add(stage)
        made.connect(last, number)
        last = number
    made.connect(last, made.add(Output()))
    return made


WHOLE = Stage((Step(("a",), 0, "whole"),))


def test_verify_accepts_what_is_sound() -> None:
    verify(flow(WHOLE, WHOLE._replace(steps=(Step(("b",), 1, "whole"),))), "nothing")


@pytest.mark.parametrize(
    ("broken", "what"),
    [
        (flow(WHOLE._replace(steps=())), "runs nothing"),
        (flow(WHOLE._replace(width=2)), "whole and wide"),
        (flow(WHOLE._replace(width=2, role="map")), "widths disagree"),
        (flow(WHOLE, WHOLE._replace(steps=(Step(("b",), -1, "x"), Step(("c",), 0, "x")))), ""),
    ],
)
def test_verify_names_the_pass_that_broke_the_graph(broken: Dataflow, what: str) -> None:
    if not what:
        broken.connect(2, 1)
        what = "cycle"
    with pytest.raises(Broken, match=f"after widen: .*{what}"):
        verify(broken, "widen")
