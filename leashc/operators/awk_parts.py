"""The texts of the programs that an awk program is divided into: see awk_aggregate."""

from __future__ import annotations

from typing import NamedTuple

from leashc.languages.awk_syntax import Program, Span
from leashc.operators.awk_laws import OURS, edited, headings, one_file

# What magnitudes in one partition may sum up to: 8192 partitions then stay below 2^53.
_LIMIT = 2**40

_INTEGER = (
    f"function {OURS}integer(x) {{ x += 0;"
    f" if (x == int(x) && ({OURS}size += x < 0 ? -x : x) < {_LIMIT}) return x;"
    f" {OURS}unfit = 1; exit }}"
)
# A number whose text is its own value's, so that it may stand for the text.
_PLAIN = (
    f"function {OURS}plain(x) {{"
    f' if (x ~ /^-?[0-9.]+$/ && (x + 0) "" == x "") return x + 0;'
    f" {OURS}unfit = 1; exit }}"
)
# A text as a word of a row, and back.
_WORD = f'function {OURS}word(x) {{ gsub(/%/, "%25", x); gsub(/ /, "%20", x); return x }}'
_TEXT = f'function {OURS}text(x) {{ gsub(/%20/, " ", x); gsub(/%25/, "%", x); return x }}'
_START = f'BEGIN {{ NR = {OURS}start = ARGV[1] + 0; ARGV[1] = "" }}'
_READ = (
    f'{{ {OURS}at = index($0, " "); {OURS}value = substr($0, 1, {OURS}at - 1);'
    f" {OURS}key = substr($0, {OURS}at + 1);"
    f' {OURS}at = index({OURS}key, " "); {OURS}row = substr({OURS}key, 1, {OURS}at - 1);'
    f" {OURS}key = substr({OURS}key, {OURS}at + 1) }}"
)


class Kept(NamedTuple):
    """A variable that the END looks at, and how two values of it make one: + max min, or
    `.` one text after the other.
    """

    name: str
    array: bool
    operator: str


def map_text(
    program: Program,
    kept: list[Kept],
    checks: list[tuple[Span, str]],
    *,
    counted: bool,
    numbered: bool,
) -> str:
    edits = [(span, "") for span in headings(program)] + one_file(program)
    edits += [(rule.span, "") for rule in program.of("END")]
    for (start, stop), name in checks:
        edits += [((start, start), f"{OURS}{name}("), ((stop, stop), ")")]
    used = {name for _, name in checks}
    return "\n".join(
        (
            *((_START,) if numbered else ()),
            edited(program.text, edits),
            rows_text(kept, counted=counted),
            *((_INTEGER,) if "integer" in used else ()),
            *((_PLAIN,) if "plain" in used else ()),
            *((_WORD,) if _texts(kept) else ()),
        )
    )


def rows_text(kept: list[Kept], *, counted: bool) -> str:
    """The END of a map: it prints a row for each thing that was kept."""
    rows = []
    for place, (name, array, operator) in enumerate(kept):
        shape = "%.0f" if operator == "+" else "%s"
        value = f"{name}[{OURS}key]" if array else name
        printed = f"{OURS}word({value})" if operator == "." else value
        if array:
            rows.append(
                f'for ({OURS}key in {name}) printf "{shape} {place} %s\\n", {printed}, {OURS}key'
            )
        else:
            # A text may be empty, and yet not be what was never set, which equals 0, too.
            unset = f'{name} == ""' + (f" && {name} == 0" if operator == "." else "")
            rows.append(f'if (!({unset})) printf "{shape} {place} \\n", {printed}')
    if counted:
        rows.append(f'printf "%.0f {len(kept)} \\n", NR - {OURS}start')
    return f"END {{ {'; '.join((f'if ({OURS}unfit) exit 1', *rows))} }}"


def finish_text(program: Program, kept: list[Kept], *, counted: bool) -> str:
    edits = [(rule.span, "") for rule in program.of("")]
    reads = [f"{{ {_taken(kept, counted=counted)} }}"]
    if counted:
        reads.append(f"END {{ NR = {OURS}records }}")
    texts = (_TEXT,) if _texts(kept) else ()
    return "\n".join((_READ, *reads, edited(program.text, edits), *texts))


def _texts(kept: list[Kept]) -> bool:
    return any(one.operator == "." for one in kept)


def rest_text(program: Program, kept: list[Kept]) -> str:
    """The program over rows, in a file, and then over records from standard input."""
    return "\n".join(
        (
            f'FILENAME != "-" {_READ}',
            f'FILENAME != "-" {{ {_taken(kept, counted=True)}; next }}',
            f"!{OURS}on {{ {OURS}on = 1; NR = {OURS}records + 1 }}",
            edited(program.text, one_file(program)),
            *((_TEXT,) if _texts(kept) else ()),
        )
    )


def _taken(kept: list[Kept], *, counted: bool) -> str:
    """Statements that set a variable as a row says."""
    sets = [
        f'if ({OURS}row == "{place}") {name}{f"[{OURS}key]" if array else ""} = '
        + (f"{OURS}text({OURS}value)" if operator == "." else f"{OURS}value + 0")
        for place, (name, array, operator) in enumerate(kept)
    ]
    if counted:
        sets.append(f'if ({OURS}row == "{len(kept)}") {OURS}records = {OURS}value + 0')
    return "; ".join(sets)
