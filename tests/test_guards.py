"""Guards: data for which a law holds, fails at once, or fails late, against bash."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from runtime.guards import LOOKAHEAD
from tests.equivalence import Case, difference, load

TEXTS = {
    "rev": [b"abc\n", b"\n", b" a\tb \n", b"last"],
    "rev | cut -d. -f1 | rev": [b"a.b.c\n", b"abc\n", b"..\n"],
    "awk '{s += $1} END {print s / NR, s}'": [b"3\n", b"-12 x\n", b"9000000000\n", b"\n"],
    "cut -d, -f2 f | sed 1d | awk '{s += $1} END {printf \"%.17g\", s}'": [b"a,3\n", b"b,4,5\n"],
    "awk 'NR % 2 {n[$2] += $1} END {for (k in n) print n[k], k, NR}' | sort": [b"1 a\n", b"2 b\n"],
    "grep . | awk '$1 > m {m = $1} END {print m}' | cat -n": [b"1\n", b"\n", b"7\n", b"12\n"],
    "tr 4 5 | tr -d x | awk '{s += $1} END {print s}'": [b"3\n", b"45 x\n", b"\n"],
    "jq -c . | cat": [b'{"a":\n', b"1}\n", b"[]\n", b'"\xc3\xa9"\n', b"12\n"],
    "jq -r .a f | sort": [b'{"a": 1}\n', b'{"a":"x"} {"a": []}\n', b"\n", b"null\n"],
    "jq -c . | sort | uniq -c": [b"[]\n", b"1 2\n"],
    "cat f | jq .a | wc -l": [b'{"a": 1}\n', b"{}{}\n"],
    "nl f": [b"a\n", b"\n", b"b\n", b"\n"],
    "cat | nl": [b"a\n", b"\n", b"b\n", b"\n"],
    "cat f | nl -ba -v 5 -i 3 -s: | cat -n": [b"a\n", b"\n", b" b"],
    "grep -v x | nl -p | sort -rn | head -n 5": [b"a\n", b"\n", b"x\n"],
    "cat f | rev | sort | rev | head -n 3": [b"b\n", b"a\n", b"aba\n"],
    "bc -q": [b"1+2\n", b"\n", b"s\n", b"(3*4)^2;sqrt(2)\n"],
    "cat f | bc | sort": [b"1+2\n", b"7\n", b"s\n"],
    "grep -c a.*b": [b"ab\n", b"\n", b"b a\n", b"a b c\n"],
    "tr x y | grep -vc a": [b"ab\n", b"\n", b"x\n"],
    "col -x": [b"a\tb\n", b"\n", b"  c  \n"],
    "cat f | col -b | sort": [b"a\tb\n", b"\n", b"  c  \n"],
}
# What the law of the command above can't serve.
UNFIT = {
    "bc": [
        b"s=5\n",
        b"7\n.+1\n",
        b"s++\n",
        b"scale=3;1/3\n",
        b"/* 1\n*/2\n",
        b"1+\\\n2\n",
        b"quit\n",
    ],
    "col": [b"a\x1b7b\n", b"a\x0bb\n", b"a\bb\n", b"\x1b9x\n", b"a\x0cb\n", b"\x0ea\n"],
    "awk": [b"0.1 a\n", b"0.3\n", b"4e12 b\n", b"a,.7\n", b"z\n", b"1\0\n"],
    "jq": [b"[1,\n", b'{"a"\n', b"5]\n", b"x\n", b"\xef\xbb\xbf1\n", b"\xff\n", b'"x"\n', b"}\n"],
    "nl": [b"\\:\\:\\:\nhead\n\\:\\:\na\n\nb\n", b"\\:\n", b"a\\:\n"],
    # Of lines near a NUL, grep prints what was in another of its buffers: only counts are sure.
    "grep": [b"a\0b\n", b"\0a\0a\0\n", b"\0\n"],
    "rev": [b"\xc3\xa9\n", b"a\xff\n", b"a\0b\n"],
}


def data(lines: list[bytes], unfit: list[bytes], place: str, source: random.Random) -> bytes:
    """Some lines; at a place ("first", "last" or ""), some that a guard is for."""
    found = [source.choice(lines) for _ in range(source.choice((1, 3, 20, 90)))]
    if place:
        at = 0 if place == "first" else len(found)
        found[at:at] = source.choices(unfit, k=3)
    return (
        b"".join(line if line.endswith(b"\n") else line + b"\n" for line in found[:-1])
        + (found[-1])
    )


@pytest.mark.parametrize("place", ["", "first", "last"])
@pytest.mark.parametrize("text", TEXTS)
def test_the_bytes_and_the_status_of_bash(
    text: str, place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    load()
    source = random.Random(f"{text} {place}")
    unfit = next(bad for name, bad in UNFIT.items() if name in text.split())
    for width in range(1, 8):
        for stdin in ("file", "pipe")[width % 2 :]:
            given = {"f": data(TEXTS[text], unfit, place, source)}
            Path("f").write_bytes(given["f"])
            locale = source.choice(("C", "C.UTF-8"))
            case = Case(text, given, stdin, width, locale, source.choice((16, 100)))
            assert not difference(case), case


@pytest.mark.parametrize("text", [text for text in TEXTS if "f" not in text.split()])
def test_a_stream_goes_on_from_what_was_fit(
    text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Far enough that the parts before it have been given away."""
    monkeypatch.chdir(tmp_path)
    load()
    source = random.Random(text)
    lines = [line.rstrip(b"\n") + b"\n" for line in TEXTS[text]]
    fit = b"".join(lines) * (4 * LOOKAHEAD // sum(map(len, lines)))
    unfit = next(bad for name, bad in UNFIT.items() if name in text.split())
    for bad in unfit:
        end = b"".join(source.choices(lines, k=9))
        case = Case(text, {"f": fit + bad + end}, "pipe", 3, "C", LOOKAHEAD // 4)
        assert not difference(case), (text, bad)
