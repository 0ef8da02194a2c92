"""Which commands kernels do: from an argument list to the words of runtime/kernels/main.c.

Only what is known to the last byte has words: every option is looked at, and what is not
listed here stays with the tool.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from leashc.invocation import Invocation, Locale
from leashc.literals import literals, ranges
from leashc.operators import find, parsed
from leashc.operators.awk_parts import Kept, rows_text
from leashc.operators.tr_sets import table
from runtime.slots import INPUTS, MEMORY, SCRATCH, THREADS


class Words(NamedTuple):
    """A step of a kernel. maps: another step may follow it; guarded: it wants fit data."""

    words: tuple[str, ...]
    maps: bool
    guarded: bool = False


def words(argv: tuple[str, ...], locale: Locale | None) -> Words | None:
    """The kernel's words for a command in this locale (None: not known); None if it has none."""
    if argv[0] == "@count":
        return Words((argv[0][1:], *argv[1:]), maps=False)
    if argv[0] == "@merge-counts":
        return _merge("-c")
    if argv[0] == "@pairs":
        return Words(("pairs", argv[1], f"{ord(argv[2]):02x}"), maps=True)
    kernel, operator = _KERNELS.get(argv[0]), find(argv[0])
    if kernel is None or operator is None or locale is None:
        return None
    if operator.judge.__module__ != f"leashc.operators.{argv[0]}":
        return None  # a user's own, whose options may be others
    return kernel(parsed(argv)._replace(locale=locale))


def top(before: Words, argv: tuple[str, ...]) -> Words | None:
    """A step that sorts, and `head -n k` behind it, as one that keeps k records."""
    match before.words, argv:
        case ("sort", _, _, *flags), ("head", "-n", number) if re.fullmatch(
            "[1-9][0-9]{0,3}", number
        ):
            return Words(("top", number, *flags), maps=False)
    return None


def _tr(cmd: Invocation) -> Words | None:
    """Bytes are all that tr knows in the C locale: a table says everything."""
    known = table(cmd) if cmd.locale.bytewise else None
    if known is None:
        return None
    mapped, squeezed = known
    return Words(("tr", _map(mapped), ranges(sorted(squeezed))), maps=True)


def _map(mapped: list[int | None]) -> str:
    """A table as tr.c reads it."""
    entries: list[str] = []
    byte = 0
    while byte < 256:
        first, to = byte, mapped[byte]
        if to == byte:
            byte += 1
            continue
        following = mapped[byte + 1] if byte < 255 else None
        shifts = to is not None and following == to + 1
        while byte < 255 and mapped[byte + 1] == (
            to + byte + 1 - first if shifts and to is not None else to
        ):
            byte += 1
        sign = "+" if shifts else ":"
        entries.append(f"{first:02x}-{byte:02x}{sign}" + ("" if to is None else f"{to:02x}"))
        byte += 1
    return ",".join(entries)


def _sort(cmd: Invocation) -> Words | None:
    """Whole lines by bytes, or by the number that they begin with; where -u, by counting."""
    from leashc.operators.sort import TUNING  # which is loaded, for the command is known

    locale = cmd.locale
    in_c = locale.bytewise and {locale.collate, locale.numeric} <= {"C", "POSIX"}
    memory, scratch = cmd.value("-S"), cmd.value("-T")
    if not in_c or scratch != SCRATCH:
        return None
    flags = sorted({option.name for option in cmd.options} - {*TUNING, "-m"})
    if flags not in ([], ["-n"], ["-n", "-r"], ["-r"], ["-u"]):
        return None
    if cmd.has("-m"):
        return _merge(*flags) if cmd.operands == (INPUTS,) else None
    if cmd.operands or memory != MEMORY:
        return None
    if "-u" in flags:
        return Words(("distinct", memory, scratch), maps=False)
    return Words(("sort", memory, scratch, *flags), maps=False)


def _merge(*flags: str) -> Words:
    return Words(("merge", THREADS, MEMORY, SCRATCH, *flags, "--", INPUTS), maps=False)


def _cut(cmd: Invocation) -> Words | None:
    """Fields between one byte, or bytes, of a list that is plain."""
    if not cmd.locale.bytewise or cmd.operands:
        return None
    values = {option.name: option.value or "" for option in cmd.options}
    if len(values) != len(cmd.options):  # one given twice, which cut may refuse
        return None
    match sorted(values):
        case ["-b"] | ["-c"] as names:
            found = _list(values[names[0]])
            return Words(("cut", "bytes", found), maps=True) if found else None
        case names if "-f" in names and {*names} <= {"-d", "-f", "-s", "--output-delimiter"}:
            delimiter = values.get("-d", "\t")
            output = values.get("--output-delimiter", delimiter)
            found = _list(values["-f"])
            if not found or "\n" in delimiter or not _is_byte(delimiter) or not _is_byte(output):
                return None
            only = ("only",) if "-s" in values else ()
            fields = ("cut", "fields", f"{ord(delimiter):02x}", f"{ord(output):02x}", found)
            return Words((*fields, *only), maps=True)
    return None


def _is_byte(text: str) -> bool:
    return len(text) == 1 and text.isascii()


def _list(text: str) -> str:
    """A list as cut.c reads it, in order, what meets made one; "" if it is not plain."""
    ranges: list[tuple[int, int]] = []
    for part in text.split(","):
        if not _RANGE.fullmatch(part):
            return ""
        low, dash, high = part.partition("-")
        first = int(low or 1)
        last = int(high) if high else _END if dash else first
        if not 0 < first <= last:
            return ""
        ranges.append((first, last))
    joined: list[tuple[int, int]] = []
    for first, last in sorted(ranges):
        if joined and first <= joined[-1][1] + 1:
            joined[-1] = (joined[-1][0], max(joined[-1][1], last))
        else:
            joined.append((first, last))
    if len(joined) > _MOST:
        return ""
    return ",".join(f"{a}-{'' if b == _END else b}" for a, b in joined)


_RANGE = re.compile("[0-9]{1,9}(-[0-9]{0,9})?|-[0-9]{1,9}")
_END = 1 << 40  # what a range without an end reaches to
_MOST = 64  # ranges that cut.c takes


def _awk(cmd: Invocation) -> Words | None:
    """Fields of all records, or of those with a field that compares to a number; their counts."""
    locale = cmd.locale
    in_c = locale.bytewise and {locale.collate, locale.numeric} <= {"C", "POSIX"}
    if not in_c or len(cmd.operands) != 1 or len(cmd.options) > 1:
        return None
    text = cmd.operands[0]
    counts = _COUNTED.match(text)
    if counts and text[counts.end() :] == rows_text([Kept(counts[4], True, "+")], counted=False):
        text = f"{text[: counts.start(4)]}print {counts[5]}}}"
    else:
        counts = None
    program = _AWK.fullmatch(text)
    separator = (cmd.value("-F") or "") if cmd.options else " "
    separator = "\t" if separator == r"\t" else separator
    if not program or not (separator == " " or _SEPARATOR.fullmatch(separator)):
        return None
    field, sign, number, action, printed = program.groups()
    if not field and not action:
        return None
    items = [
        whole or f"{of}:{start}:{length}"
        for whole, of, start, length in _ITEM.findall(printed or "$0")
    ]
    if len(items) > _PRINTED:
        return None
    return Words(
        (
            "awk",
            "blank" if separator == " " else f"{ord(separator):02x}",
            f"{field}{sign}{number}" if field else "all",
            ",".join(items).replace("NF", "N"),
            *("--", cmd.name, f"-F{separator}", text),
            *(("|", "rows", MEMORY, SCRATCH) if counts else ()),
        ),
        maps=not counts,
    )


_PRINTED = 16  # fields that awk.c prints
_SEPARATOR = re.compile(r"[\t,:;|/=@#%&_\"'-]")  # those that no awk takes for an expression
_ITEM = re.compile(
    r"\$(NF|\d{1,2})|substr\( *\$(NF|\d{1,2}) *, *([1-9]\d{0,5}) *, *([1-9]\d{0,5}) *\)", re.ASCII
)
_ITEMS = re.sub(r"(?<!\\)\((?!\?)", "(?:", _ITEM.pattern)
_TEST = r" *(?:\$([1-9]\d?) *([=!]=|[<>]=?) *([1-9]\d{0,14}) *)?"
_COUNTED = re.compile(rf"{_TEST}\{{ *([a-z]\w*)\[ *({_ITEMS}) *\]\+\+ *;? *\}}\s*\n", re.ASCII)
_AWK = re.compile(
    rf"{_TEST}(\{{ *print(?: +((?:{_ITEMS})(?: *, *(?:{_ITEMS}))*))? *;? *\}})? *",
    re.ASCII,
)


def _wc(cmd: Invocation) -> Words | None:
    """Lines, words and bytes."""
    columns = "".join(c for c in "lwmc" if cmd.has("-" + c))
    if not cmd.locale.bytewise or cmd.operands or len(columns) != len(cmd.options):
        return None
    return Words(("wc", columns), maps=False) if columns else None


def _grep(cmd: Invocation) -> Words | None:
    """Lines with literals. Nothing follows in the same kernel, for its status is grep's."""
    flags = {option.name for option in cmd.options}
    if not flags <= {"-c", "-v", "-i", "-w", "-x", "-E", "-F", "-G", "-e", "-h"}:
        return None
    found = literals(cmd)
    if not found or len(cmd.operands) != (not cmd.has("-e")):
        return None
    letters = "cvi" if "-x" in flags else "cviw"
    given = "".join(letter for letter in letters if "-" + letter in flags) or "-"
    return Words(("grep", given, *(pattern.word() for pattern in found)), maps=False, guarded=True)


_KERNELS: dict[str, Callable[[Invocation], Words | None]] = {
    "awk": _awk,
    "cut": _cut,
    "grep": _grep,
    "sort": _sort,
    "tr": _tr,
    "wc": _wc,
}
