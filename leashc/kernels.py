"""Which commands kernels do: from an argument list to the words of runtime/kernels/main.c.

Only what is known to the last byte has words: every option is looked at, and what is not
listed here stays with the tool.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from leashc.invocation import Invocation, Locale
from leashc.operators import find, parsed
from leashc.operators.tr_sets import table
from runtime.slots import MEMORY, SCRATCH


class Words(NamedTuple):
    """A step of a kernel. maps: another step may follow it."""

    words: tuple[str, ...]
    maps: bool


def words(argv: tuple[str, ...], locale: Locale | None) -> Words | None:
    """The kernel's words for a command in this locale (None: not known); None if it has none."""
    if argv[0] in ("@count", "@merge-counts"):
        return Words((argv[0][1:], *argv[1:]), maps=False)
    kernel, operator = _KERNELS.get(argv[0]), find(argv[0])
    if kernel is None or operator is None or locale is None:
        return None
    if operator.judge.__module__ != f"leashc.operators.{argv[0]}":
        return None  # a user's own, whose options may be others
    return kernel(parsed(argv)._replace(locale=locale))


def _tr(cmd: Invocation) -> Words | None:
    """Bytes are all that tr knows in the C locale: a table says everything."""
    known = table(cmd) if cmd.locale.bytewise else None
    if known is None:
        return None
    mapped, squeezed = known
    return Words(("tr", _map(mapped), _ranges(sorted(squeezed))), maps=True)


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


def _ranges(numbers: list[int]) -> str:
    """Bytes as tr.c reads a set: `20-20,61-7a`."""
    found: list[tuple[int, int]] = []
    for number in numbers:
        if found and found[-1][1] == number - 1:
            found[-1] = (found[-1][0], number)
        else:
            found.append((number, number))
    return ",".join(f"{low:02x}-{high:02x}" for low, high in found)


def _sort(cmd: Invocation) -> Words | None:
    """Whole lines by bytes, or by the number that they begin with; where -u, by counting."""
    from leashc.operators.sort import TUNING  # which is loaded, for the command is known

    locale = cmd.locale
    in_c = locale.bytewise and {locale.collate, locale.numeric} <= {"C", "POSIX"}
    memory, scratch = cmd.value("-S"), cmd.value("-T")
    if not in_c or cmd.operands or memory != MEMORY or scratch != SCRATCH:
        return None
    match sorted({option.name for option in cmd.options} - set(TUNING)):
        case [] | ["-n"] | ["-n", "-r"] | ["-r"] as flags:
            return Words(("sort", memory, scratch, *flags), maps=False)
        case ["-u"]:
            return Words(("distinct", memory, scratch), maps=False)
    return None


_KERNELS: dict[str, Callable[[Invocation], Words | None]] = {"tr": _tr, "sort": _sort}
