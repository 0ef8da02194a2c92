"""What is fuzzed: for each group of kernels, commands and the words that leashc makes of them."""

from __future__ import annotations

import shlex
from typing import NamedTuple

from leashc.invocation import Locale
from leashc.kernels import top, words
from runtime.slots import FAN, INPUTS, MEMORY, SCRATCH, THREADS, fill

PARTS = 9  # of a merge, at most; as in fuzz.c


class Case(NamedTuple):
    """A kernel's words, and the shell's text for the same; sorts: what makes a merge's parts."""

    text: str
    words: tuple[str, ...]
    sorts: tuple[str, ...] = ()


_C = Locale.of({"LC_ALL": "C"})
_SORTS = ("", "-r", "-n", "-n -r", "-u")
# Little memory makes many runs of what is small, more makes few or none.
_MEMORY = ("1", "300", "1M")

_MAPS = r"""
tr a-z A-Z
tr -d '\n'
tr '\000-\037' ' '
tr -cs a-z '\n'
tr -ds a '\n'
tr -s ' ' | tr ' ' '\n'
cut -c2-
cut -b -2,4,9-
cut -d ' ' -f2-
cut -d, -f3,1
cut -d ' ' -f2,4- --output-delimiter=:
cut -sd a -f1,3
awk '{print $1}'
awk '{print $2, $2, $0, $NF, $NF}'
awk -F, '{print $2}'
awk -F '\t' '{print $3, $NF}'
awk '$2 != 7 {print $1}'
awk '$1>=10 {print $NF}'
awk -F, '$2 <= 200 {print $1}'
awk '{print substr($2, 2, 3), substr($NF, 1, 1)}'
tr a-z A-Z | cut -d ' ' -f1,2 | awk '{print $2}'
""".strip().splitlines()

_GREP = r"""
grep ab
grep -c a
grep -v ab
grep -i Ab
grep -w a_
grep -x ab
grep '^a'
grep 'b$'
grep '^$'
grep -c -v '^$'
grep 'a.*b'
grep -v '^a.*b.*c$'
grep -e ab -e '^b' -e 'c$'
grep -v -e 'a.*a' -e b
grep 'a.b'
grep -i '[ab]x'
grep 'b[[:upper:]]a'
grep 'x[^ab]'
grep -F -e 'a.b' -e abcabcabcabcabcabcab
""".strip().splitlines()


def cases(group: str) -> list[Case]:
    """Those of a group, by their numbers in the inputs: a new one comes last."""
    return _GROUPS[group]


def groups() -> list[str]:
    return list(_GROUPS)


def _filled(given: tuple[str, ...], memory: str = "1M") -> tuple[str, ...]:
    return fill(given, {MEMORY: (memory,), SCRATCH: ("/tmp",), THREADS: ("1",), INPUTS: ()})


def _words(command: tuple[str, ...], memory: str = "1M") -> tuple[str, ...]:
    found = words(command, _C)
    assert found, command
    return _filled(found.words, memory)


def _piped(text: str) -> Case:
    steps: list[str] = []
    for part in text.split(" | "):
        steps += (*(["|"] if steps else []), *_words(tuple(shlex.split(part))))
    return Case(text, tuple(steps))


def _pairs() -> list[Case]:
    text = "{ f=$(mktemp); cat > $f; paste $f <(tail -n +2 $f); rm $f; }"
    return [
        Case(text, _words(("@pairs", "1", "\t"))),
        Case(
            f"{text} | sort | uniq -c", (*_words(("@pairs", "1", "\t")), "|", "count", "1M", "/tmp")
        ),
    ]


def _sort(flags: str) -> tuple[str, ...]:
    return ("sort", *flags.split(), "--parallel=1", "-S", MEMORY, "-T", SCRATCH)


def _sorts() -> list[Case]:
    found = [Case(f"sort {f}", _words(_sort(f), size)) for f in _SORTS for size in _MEMORY]
    for flags in _SORTS[:4]:
        for number in ("1", "3", "20"):
            sort = words(_sort(flags), _C)
            kept = sort and top(sort, ("head", "-n", number))
            assert kept
            found.append(Case(f"sort {flags} | head -n {number}", _filled(kept.words)))
    return found


def _counts() -> list[Case]:
    return [
        Case(text, (name, memory, "/tmp"))
        for name, text in (("count", "sort | uniq -c"), ("distinct", "sort -u"))
        for memory in _MEMORY
    ]


def _rows() -> list[Case]:
    return [Case("sort | uniq -c", ("rows", memory, "/tmp")) for memory in _MEMORY]


def _ranges() -> list[Case]:
    """The range is what fuzz.c says."""
    return [
        case._replace(words=("from", "0", "0", "|", *case.words))
        for case in (_piped("tr a-z A-Z"), _piped("wc -lw"), *_counts()[:1], *_sorts()[:1])
    ]


def _merges() -> list[Case]:
    found = [
        Case(
            f"sort {flags}",
            _words(("sort", *flags.split(), "-m", "--batch-size", FAN, "-T", SCRATCH, INPUTS)),
            _words(_sort(flags)),
        )
        for flags in _SORTS
    ]
    counts = Case("sort | uniq -c", _words(("@merge-counts", INPUTS)), ("count", "1M", "/tmp"))
    return [*found, counts]


_GROUPS = {
    "maps": [*(_piped(text) for text in _MAPS), *_pairs()],
    "grep": [_piped(text) for text in _GREP],
    "wc": [_piped(f"wc {flags}") for flags in ("-l", "-w", "-c", "-lw", "-lwc", "-cml")],
    "count": _counts(),
    "rows": _rows(),
    "from": _ranges(),
    "sort": _sorts(),
    "merge": _merges(),
}
