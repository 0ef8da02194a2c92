"""Programs of sed and awk: read as those tools read them, and what comes of their parts."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from leashc import host, machine, operators
from leashc.compile import Unit, compile
from leashc.languages import awk_parser, sed_parser
from leashc.languages.awk_syntax import Binary, Evaluate, Field, If, Name, Print
from leashc.languages.grammars import Unreadable
from runtime.plan import Options, Plan
from runtime.slots import program


def statements(text: str) -> tuple[object, ...]:
    (rule,) = awk_parser.parse(text).rules
    assert rule.action is not None
    return rule.action.statements


def test_a_slash_divides_after_an_operand_and_opens_an_expression_before_one() -> None:
    (divided,) = statements("{ x = a /b/ c }")
    assert str(divided).count("operator='/'") == 2
    (matched,) = statements("{ x = /b/ ~ c }")
    assert "Regex" in str(matched)


def test_a_sign_in_print_redirects_unless_it_is_in_brackets() -> None:
    first, second = statements('{ print a > "x" ".y"; print(a > b) }')
    assert isinstance(first, Print) and first.redirected == "file"
    assert isinstance(second, Print) and not second.redirected


def test_minus_after_an_operand_subtracts() -> None:
    (one,) = statements('{ x = 1 " " -1 }')
    assert isinstance(one, Evaluate)
    assert "operator='-', left=String" in str(one)


def test_else_belongs_to_the_nearest_if() -> None:
    (outer,) = statements("{ if (a) if (b) print 1; else print 2 }")
    assert isinstance(outer, If) and outer.other is None
    assert isinstance(outer.then, If) and outer.then.other is not None


def test_a_field_binds_closest() -> None:
    (one,) = statements("{ print $NF-1 }")
    assert isinstance(one, Print)
    (minus,) = one.arguments
    assert isinstance(minus, Binary) and isinstance(minus.left, Field)
    assert isinstance(minus.left.number, Name)


@pytest.mark.parametrize(
    "text", ["{", "{print", "/[/]/", "{ getline = 1 }", "@include 'x'", "{ 1 = 2 }", "{ x = 0x1f }"]
)
def test_what_is_no_program_is_unreadable(text: str) -> None:
    with pytest.raises(Unreadable):
        awk_parser.parse(text)


@pytest.mark.parametrize("text", ["{p", "s/a/b", "s/[/]/x/", "p}", "1,2,3p", "k", "y/a/b"])
def test_what_is_no_script_is_unreadable(text: str) -> None:
    with pytest.raises(Unreadable):
        sed_parser.parse(text)


def planned(text: str) -> Plan:
    return compile(Unit(text, host.here(), machine.look), Options(2), divide=True)


def test_the_order_of_for_in_has_to_be_forgotten(tmp_path: Path) -> None:
    (tmp_path / "f").write_text("b\na\nb\n")
    count = f"awk '{{n[$1]++}} END {{for (k in n) print k, n[k]}}' {tmp_path}/f"
    assert [s.width for s in planned(f"{count} | sort").stages] == [2, 1, 2, 1]
    (wide, *_) = planned(f"{count} | sed s/a/b/ | sort -rn").stages
    assert wide.width == 2
    (narrow, *_) = planned(f"{count} | cat -n | sort").stages
    assert narrow.width == 1 and "order of for (k in a)" in narrow.reason


def test_what_may_be_unfit_is_dealt_from_a_stream_with_what_then_goes_on(tmp_path: Path) -> None:
    (tmp_path / "f").write_text("1\n2\n")
    total = "awk '{s += $1} END {print s}'"
    dealt = planned(f"sort {tmp_path}/f | {total}").stages[-2]
    assert dealt.role == "map" and dealt.statuses[-1] == "zero" and dealt.rest
    # A count is an integer whatever the data are.
    counts = planned(f"sort {tmp_path}/f | awk '{{n++}} END {{print n}}'").stages
    assert [s.role for s in counts][-2:] == ["map", "combine"]
    assert not counts[-2].rest


SUMS = [
    "1\n2\n3\n",
    "1\nx\n-5\n",
    "0.1\n0.2\n0.3\n0.4\n" * 9,
    "1\n2\n0.5\n",
    "9007199254740993\n1\n1\n",
    "1e300\n-1e300\n1\n",
    "nan\n1\n",
    "inf\n-inf\n",
    "999999999999\n999999999999\n1\n",
    "",
]


@pytest.mark.parametrize("data", SUMS)
@pytest.mark.parametrize(
    "awk", ['{s += $1} END {printf "%.17g %s\\n", s, s}', "{s += $1} END {print s}"]
)
def test_sums_are_the_shells_whatever_the_numbers(awk: str, data: str, tmp_path: Path) -> None:
    """Integers are added in parts; for others the whole is run again."""
    (tmp_path / "f").write_text(data)
    argv = ("awk", awk, str(tmp_path / "f"))
    whole = subprocess.run(argv, stdout=-1, check=True).stdout
    done = subprocess.run(
        [sys.executable, "-m", "leashc", "run", "--width", "3", f"awk '{awk}' {tmp_path}/f"],
        stdout=-1,
        check=True,
    )
    assert done.stdout == whole


def test_the_end_gives_the_status(tmp_path: Path) -> None:
    (tmp_path / "f").write_text("a\nb\n" * 5)
    for text, status in (("/a/ {f = 1} END {exit !f}", 0), ("/c/ {f = 1} END {exit !f}", 1)):
        command = [
            sys.executable,
            "-m",
            "leashc",
            "run",
            "--width",
            "2",
            f"awk '{text}' {tmp_path}/f",
        ]
        assert subprocess.run(command, check=False).returncode == status


def test_tally() -> None:
    rows = b"3 0 a b\n4 1 \n1 0 a b\n7 1 \n-2 0 c\n7.0 1 \n9 2 \n8 2 \n"
    argv = program(("@tally", "+", "max", "min"))
    said = subprocess.run(argv, input=rows, stdout=-1, check=True).stdout
    assert said == b"4 0 a b\n7 1 \n-2 0 c\n8 2 \n"


def test_tally_puts_texts_together_in_their_order() -> None:
    rows = b"x 0 k\n3 1 \n 0 l\ny%20 0 k\n4 1 \nx 0 k\n"
    said = subprocess.run(program(("@tally", ".", "+")), input=rows, stdout=-1, check=True).stdout
    assert said == b"xy%20x 0 k\n7 1 \n 0 l\n"


def test_a_program_is_parsed_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second time its law comes from the memo."""
    unit = Unit("awk '{print $2}' | sed s/a/b/", host.here(), machine.look, cache=str(tmp_path))
    first = compile(unit, Options(2), divide=True)

    def fail(*_: object) -> None:
        pytest.fail("parsed again")

    monkeypatch.setattr(operators, "judge", fail)
    assert compile(unit, Options(2), divide=True) == first
