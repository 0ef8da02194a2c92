"""Every law that an operator declares, against the real command; false laws must be found."""

from __future__ import annotations

import random
import shlex
import shutil
from collections.abc import Iterator

import pytest
from hypothesis import example as example_of
from hypothesis import given
from hypothesis import strategies as st

from leashc import bench, laws, operators
from leashc.behaviour import ASCII, NO_NUL, STATELESS, TEXT, Behaviour, Status, aggregate, indexed
from leashc.invocation import OptionTable
from tests.nasty import cuts, examples, streams


def cases() -> Iterator[tuple[str, str, str]]:
    """Every example in every locale, where the tool is installed; a second name less often."""
    judges = set()
    for name in operators.known():
        operator = operators.find(name)
        assert operator is not None
        if shutil.which(name):
            step = 5 if operator.judge in judges else 1
            judges.add(operator.judge)
            for example in operator.examples[::step]:
                for locale in laws.LOCALES:
                    yield name, example, locale


CASES = list(cases())


def case_name(case: tuple[str, str, str]) -> str:
    name, example, locale = case
    return f"{name} {example} {locale}"


@pytest.mark.parametrize("case", CASES, ids=case_name)
def test_declared_law_holds(case: tuple[str, str, str]) -> None:
    name, example, locale = case
    argv = (name, *shlex.split(example))
    behaviour = operators.judge(argv, variables={"LC_ALL": locale})

    @examples(2)
    @given(streams(), cuts)
    @example_of(b"", [0])
    def holds(data: bytes, places: list[int]) -> None:
        found = laws.check(argv, behaviour, data, places, locale)
        assert found is None, str(found)

    holds()


@pytest.mark.parametrize("name", operators.known())
def test_examples_are_wide_and_name_every_wide_flag(name: str) -> None:
    operator = operators.find(name)
    assert operator is not None
    for example in operator.examples:
        argv = (name, *shlex.split(example))
        wide = [operators.judge(argv, variables={"LC_ALL": place}).wide for place in laws.LOCALES]
        assert any(wide) or example in ("-ds '\\n' b",), example


def first(command: str) -> tuple[str, ...]:
    return tuple(shlex.split(command))


# Laws that are false, each in a way that somebody believed.
PLANTED: list[tuple[str, str, Behaviour]] = [
    ("uniq is stateless", "uniq", STATELESS),
    ("sort is stateless", "sort", STATELESS),
    ("head is stateless", "head -n 2", STATELESS),
    ("wc is stateless", "wc -l", STATELESS),
    ("tr -cs needs no strip", "tr -cs A-Za-z '\\n'", STATELESS),
    ("tr -cs strips newlines only", "tr -cs A-Za-z '\\n'", indexed(strip=b"\n")),
    ("tr -d keeps records", "tr -d '\\n'", STATELESS),
    ("grep needs no guard", "grep a", STATELESS),
    ("grep needs no status", "grep a", STATELESS.but(guard=TEXT)),
    ("wc -L adds", "wc -L", aggregate(combine=("@sum", "+"))),
    ("wc needs no width", "wc", aggregate(combine=("@sum", "+", "+", "+"))),
    (
        "sort -u -k1,1 forgets order",
        "sort -u -k1,1",
        operators.judge(("sort", "-u", "-k1,1")).but(ordered=False),
    ),
    ("sort -n merges as strings", "sort -n", aggregate(combine=("sort", "-m", "\0inputs"))),
    ("uniq -c adds up by concatenation", "uniq -c", aggregate(combine=("cat",))),
    (
        "uniq -i seams are bytes",
        "uniq -i",
        aggregate(combine=("@seam", "--exact", "--", "\0inputs")),
    ),
    ("sed 2d is stateless", "sed 2d", STATELESS),
    ("sed 1q is head", "sed 1q", aggregate(map=("head", "-n1"), combine=("head", "-n1"))),
    ("cat -n is stateless", "cat -n", STATELESS),
    ("cat -s is stateless", "cat -s", STATELESS),
    ("rev is stateless on any bytes", "rev", STATELESS),
    ("rev in C reads any text", "rev", STATELESS.but(guard=TEXT)),
    ("cut -c keeps text", "cut -c1", STATELESS.but(keeps_text=True)),
    ("tac is stateless", "tac", STATELESS),
    ("tac is turned round by its own kind", "tac", aggregate(combine=("tac",))),
    ("grep -n is stateless", "grep -n a", STATELESS.but(status=Status.ANY)),
    ("grep -n counts from one", "grep -n ''", indexed(map=(("grep", "-n", ""), ("cat", "-n")))),
    ("numfmt goes on", "numfmt", STATELESS),
    ("numfmt --invalid=fail stops", "numfmt --invalid=fail", STATELESS.but(status=Status.HALTS)),
    ("iconv goes on", "iconv -f utf8 -t latin1", STATELESS),
    ("paste - - makes lines of lines", "paste - -", STATELESS),
    ("paste -s of nothing is nothing", "paste -s", aggregate(combine=("paste", "-s"))),
    (
        "paste -s joins with its delimiter what paste -s printed",
        "paste -sd,",
        aggregate(combine=("paste", "-sd,")),
    ),
    ("paste - - - cuts after two", "paste - - -", indexed(group=2)),
    ("sed n;d is stateless", "sed 'n;d'", STATELESS),
    (
        "every part has the last line",
        "sed '$s/$/./'",
        indexed(argv=("@nth", "0", "1", "0", "1", "", "$s/$/./", "sed", "-e")),
    ),
    ("xargs does nothing for nothing", "xargs -d '\\n' -n1", STATELESS),
    ("nl is cat -n", "nl", indexed(argv=("@number", "\0index"))),
    ("tail +2 forgets nothing", "tail -n +2", indexed(drop=(1, 2), argv=("cat",))),
]


@pytest.mark.parametrize(("belief", "command", "law"), PLANTED, ids=[p[0] for p in PLANTED])
def test_planted_law_is_found(belief: str, command: str, law: Behaviour) -> None:
    argv = first(command)
    behaviour = law if law.argv else law.but(argv=argv)
    if behaviour.kind == "aggregate" and not behaviour.map:
        behaviour = behaviour.but(map=(argv,))
    source = random.Random(0)
    for locale in laws.LOCALES * 300:
        data, places = laws.nasty(source)
        if laws.check(argv, behaviour, data, places, locale):
            break
    else:
        pytest.fail(f"nobody noticed that this is false: {belief}")
    small = laws.smallest(lambda d, c: laws.check(argv, behaviour, d, c, locale), data, places)
    assert sum(map(len, small.parts)) <= len(data)
    assert len(small.parts) <= 3
    assert command.split()[0] in str(small)


def test_random_lines_alone_would_not_do() -> None:
    """Why the generator favours duplicates: without them a stateless uniq looks right."""
    source = random.Random(0)
    behaviour = STATELESS.but(argv=("uniq",))
    for _ in range(30):
        data = b"".join(b"%x\n" % source.getrandbits(64) for _ in range(8))
        assert laws.check(("uniq",), behaviour, data, [2, 5]) is None


def test_counterexamples_are_made_small() -> None:
    wrong = operators.Operator(
        "uniq", OptionTable("-c --count"), lambda cmd: STATELESS, "inputs", ("", "-c"), True
    )
    found = list(laws.counterexamples(wrong, tries=100, locales=("C",)))
    assert [example.argv for example in found] == [("uniq",), ("uniq", "-c")]
    assert all(example.parts == (b"\n", b"\n") for example in found)


@examples(50)
@given(streams(), cuts)
def test_parts_are_the_whole(data: bytes, places: list[int]) -> None:
    lines = bench.records(data)
    assert b"".join(lines) == data
    parts = bench.divide(lines, places)
    assert len(parts) == len(places) + 1
    assert [line for part in parts for line in part] == lines


@given(st.binary(max_size=8))
def test_guards(data: bytes) -> None:
    assert laws.fits(None, data)
    assert laws.fits(NO_NUL, data) == (b"\0" not in data)
    assert laws.fits(ASCII, data) == (b"\0" not in data and data.isascii())
    if laws.fits(TEXT, data):
        data.decode()
