"""The report on the operators' flags is current, and no claim is without a test."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from leashc import laws, operators
from leashc.behaviour import STATELESS, Behaviour
from leashc.invocation import Invocation, OptionTable
from leashc.operators import Operator
from tests.coverage import coverage, report
from tests.every_law import cuts, held

DOCUMENT = Path(__file__).parent.parent / "docs" / "operators.md"


def test_the_document_is_current() -> None:
    assert DOCUMENT.read_text(encoding="utf-8") == report(), "run `make laws`"


@pytest.mark.parametrize("name", operators.lawful())
def test_a_flag_that_is_divided_has_an_example(name: str) -> None:
    operator = operators.find(name)
    assert operator is not None
    # What sed says about these makes no difference to what it prints to a pipe.
    spared = {"--follow-symlinks", "-l", "-b", "--sandbox"} if name == "sed" else set()
    assert set(coverage(operator).untested) <= spared


def _believed(cmd: Invocation) -> Behaviour:
    return STATELESS


def test_a_claim_without_an_example_is_noticed() -> None:
    table = OptionTable("-c --count\n-d\n--help\n--version")
    believer = Operator("uniq", table, _believed, "inputs", ("-c",), True)
    assert coverage(believer).tested == ("-c",)
    assert coverage(believer).untested == ("-d",)
    broken = [found for found in held(believer, 40, 0) if found is not None]
    assert len(broken) == len(laws.LOCALES)


def test_few_records_are_cut_everywhere() -> None:
    data, places = laws.nasty(random.Random(3))
    data = b"a\nb\nc\n"
    assert list(cuts(data, places)) == [places, range(1, 3), [1], [2]]
