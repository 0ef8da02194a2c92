"""@tally OPERATOR...: rows `VALUE NUMBER KEY` with the same number and key become one.

The first operator is for number 0, and so on: `+` adds integers, `max` and `min`
choose a value, the first where two are equal; `.` puts one text after the other.
"""

import sys


def main(operators: list[str]) -> None:
    rows = added() if set(operators) == {"+"} else chosen(operators)
    write = sys.stdout.buffer.write
    for key, value in rows.items():
        write(b"%b %b" % (value, key))


def added() -> dict[bytes, bytes]:
    """Sums alone, for there may be many."""
    sums: dict[bytes, int] = {}
    get = sums.get
    for row in sys.stdin.buffer:
        value, _, key = row.partition(b" ")
        sums[key] = get(key, 0) + int(value)
    return {key: b"%d" % total for key, total in sums.items()}


def chosen(operators: list[str]) -> dict[bytes, bytes]:
    """What each row's operator makes of it."""
    rows: dict[bytes, bytes] = {}
    texts: dict[bytes, list[bytes]] = {}
    for row in sys.stdin.buffer:
        value, _, key = row.partition(b" ")
        operator = operators[int(key.partition(b" ")[0])]
        before = rows.get(key)
        if before is None:
            rows[key] = value
        elif operator == "+":
            rows[key] = b"%d" % (int(before) + int(value))
        elif operator == ".":
            texts.setdefault(key, [before]).append(value)
        elif (float(value) > float(before)) if operator == "max" else float(value) < float(before):
            rows[key] = value
    return rows | {key: b"".join(pieces) for key, pieces in texts.items()}
