"""The kernel of grep against the tool: what is translated, and what it selects."""

from __future__ import annotations

import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leashc.invocation import Locale
from leashc.kernels import words
from tests.nasty import examples
from tests.test_kernels import UTF8, C, kernel

__all__ = ["kernel"]

PATTERNS = """
a ab aa ^a a$ ^a$ ^$ a.*b a.*a ^a.*b$ .*a a.* ^.*a a.*$ a.*.*b x.*y.*a a\\|b a\\|^$ ^a\\|b$ a|b
a|^b$|c.*a \\. a\\$ ] b] ( _a é \\* a.b a+ [ab] \\(a\\) ^ $ a** \\|a
.a a. [ab]x x[^ab] b[[:upper:]] a[a-c-e] []x]a [^]x]b
^[^a]b a[.]b$ [a-]b [B-_]a.*[x$]b [ab].* x[ab]* [--/]a
[a-c-]x [ab]\\+x [ab]+x [[:foo:]]a [z-a]x [[=a=]]b [b-az]b a.\\|^b[ab]$ .*.a a\\{2\\} a.{2} a[
""".split()
FLAGS = ["-c", "-v", "-i", "-w", "-x", "-F", "-E", "-h"]
TEXT = st.lists(st.sampled_from([*"abAB xy_.$*](+|[", "é", "\n", "\n\n", "ab"]), max_size=60)


def both(kernel: str, argv: tuple[str, ...], data: bytes) -> None:
    """Output and status of tool and kernel are the same."""
    found = words(argv, Locale.of(C))
    assert found, argv
    tool = subprocess.run(argv, input=data, stdout=-1, env=C, check=False)
    ours = subprocess.run((kernel, *found.words), input=data, stdout=-1, check=False)
    assert (ours.stdout, ours.returncode) == (tool.stdout, tool.returncode)


@examples(300)
@given(
    st.sets(st.sampled_from(FLAGS), max_size=3),
    st.lists(st.sampled_from([*PATTERNS, "", "a b", "a\nb"]), min_size=1, max_size=3),
    TEXT,
    st.booleans(),
)
def test_grep(
    kernel: str, flags: set[str], patterns: list[str], text: list[str], long: bool
) -> None:
    argv = ("grep", *sorted(flags), *(word for text in patterns for word in ("-e", text)))
    if words(argv, Locale.of(C)):
        data = "".join(text).encode() + "".join(text).encode("latin-1")
        both(kernel, argv, data * (3000 if long else 1))


@pytest.mark.parametrize("flags", ["-c", "-v", "-ci"])
@pytest.mark.parametrize(
    "pattern",
    ["needle", "^needle", "needle$", "n.*d.*e$", "^$", "x\\|needle", "n[a-f]edl.", "^.ee.*[^l]e$"],
)
def test_grep_of_much(kernel: str, flags: str, pattern: str) -> None:
    """Over blocks, with a line that is longer than one, and with no newline at the end."""
    lines = [b"needle", b"", b"no", b"a needle", b"NEEDLES", b"need\nle", b"d n e", b"n d e"]
    data = b"\n".join(lines * 9000) + b"\n" + b"hay" * 300_000 + b"needle\n" + b"\xff\n\nneedle"
    both(kernel, ("grep", flags, pattern), data)


@pytest.mark.parametrize(
    "argv",
    [
        ("grep", "a*"),
        ("grep", "a.\\{2\\}"),
        ("grep", "a[b-]*"),
        ("grep", "a[[:foo:]]"),
        ("grep", "a[[.a.]]"),
        ("grep", "a[c-a]"),
        ("grep", "a.*[bc].*d"),
        ("grep", ""),
        ("grep", "-P", "a"),
        ("grep", "-o", "a"),
        ("grep", "-n", "a"),
        ("grep", "-a", "a.*b"),
        ("grep", "-E", "a+"),
        ("grep", "-E", "(a)"),
        ("grep", "a\\b"),
        ("grep", "[a]"),
        ("grep", "-w", "a.*"),
        ("grep", "-E", "-F", "a"),
        ("grep", "-f", "f", "a"),
        ("grep", *(word for letter in "abcdefghi" for word in ("-e", letter))),
    ],
)
def test_what_stays_with_the_tool(argv: tuple[str, ...]) -> None:
    assert words(argv, Locale.of(C)) is None


@pytest.mark.parametrize(
    ("flags", "pattern", "placed"),
    [
        ("-c", "a.*é", True),
        ("-c", "a.b", False),
        ("-c", "[0-9]b", False),
        ("-i", "k", False),
        ("-w", "a", False),
        ("-v", "\udcff", False),
    ],
)
def test_characters_are_compared_as_bytes(flags: str, pattern: str, placed: bool) -> None:
    """In UTF-8 as well, where the guard lets only text pass; case and words are others there."""
    assert bool(words(("grep", flags, pattern), UTF8)) is placed
    assert words(("grep", flags, pattern), Locale("ja_JP.SJIS", "C", "C")) is None
