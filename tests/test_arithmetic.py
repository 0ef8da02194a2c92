"""Arithmetic against bash: values and errors."""

from __future__ import annotations

import subprocess

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leashc.arithmetic import evaluate
from leashc.errors import ExpansionError

VARIABLES = {
    "x": "3",
    "y": "x+1",
    "z": "",
    "deep": "(y)*2",
    "bad": "1 +",
    "octal": "08",
    "loop": "loop",
    "big": "9223372036854775807",
}


def bash(expression: str) -> int | None:
    """What bash makes of it; None for an error."""
    done = subprocess.run(
        ["bash", "--norc", "-c", f"printf %s $(({expression}))"],
        env=VARIABLES,
        capture_output=True,
        text=True,
    )
    assert done.returncode in (0, 1), done
    return None if done.returncode else int(done.stdout)


def ours(expression: str) -> int | None:
    """The same of ours; whatever is refused is no part of the comparison."""
    try:
        return evaluate(expression, VARIABLES.get)
    except ExpansionError as error:
        if error.status == 2:
            raise
        return None


@pytest.mark.parametrize(
    "expression",
    [
        *(
            "1/0",
            "1%0",
            "0&&1/0",
            "1||1/0",
            "1?2:1/0",
            "0?1/0:2",
            "1 ? x : bad",
            "2**-1",
        ),
        *("08", "octal", "0x", "0xg", "1a", "2#2", "37#Z", "36#Z", "64#_@zZ", "65#1", "1#0", "2#"),
        *("bad", "loop", "deep", "z", "none+1", "x y", "1+", "*1", "1?2", ":", "1 2"),
        *("big+1", "-big-2", "big*big", "9223372036854775808", "1<<63", "1<<64", "1>>65", "-1>>1"),
        *("(-big-1)/-1", "(-big-1)%-1", "-7/2", "-7%3", "7%-3", "-2**2", "!-1", "~0", "- - 1"),
        *("1,2", "1,", ",1", "1?2,3:4", "1?2:0?3:4", "0?2:0?3:4", "1<2<3", "3>2>1", "1==1==1", ""),
        *(
            "2#",
            "010#8",
            "1#",
            "#",
            "1.5",
            "x.y",
            "é",
            "1;2",
            "1 @",
            "x?y:z",
            "10#08",
            "0 || 2",
            "!x",
        ),
    ],
)
def test_values_and_errors(expression: str) -> None:
    assert ours(expression) == bash(expression)


@pytest.mark.parametrize("expression", ["x=1", "x+=1", "x++", "--x", "x[0]", "1 ? x=2 : 3"])
def test_what_would_change_a_variable_is_refused(expression: str) -> None:
    with pytest.raises(ExpansionError, match="not compiled yet") as caught:
        evaluate(expression, VARIABLES.get)
    assert caught.value.status == 2


def test_what_bash_makes_up_is_refused_wherever_it_is_named() -> None:
    with pytest.raises(ExpansionError, match="RANDOM"):
        evaluate("a", {"a": "RANDOM % 6"}.get)


TERM = st.sampled_from(["0", "1", "2", "3", "x", "y", "z", "07", "0x1F", "2#101", "big", "deep"])
SIGN = st.sampled_from("+ - * / % ** << >> < > <= >= == != & ^ | && || ,".split()).map(
    " {} ".format
)
EXPRESSION: st.SearchStrategy[str] = st.recursive(
    TERM,
    lambda inner: (
        st.builds("{}{}{}".format, inner, SIGN, inner)
        | st.builds("({})".format, inner)
        | st.builds("{} {}".format, st.sampled_from("- + ! ~".split()), inner)
        | st.builds("{} ? {} : {}".format, inner, inner, inner)
    ),
    max_leaves=7,
)


@settings(deadline=None, max_examples=300, print_blob=True)
@given(EXPRESSION)
def test_generated_expressions(expression: str) -> None:
    assert ours(expression) == bash(expression)
