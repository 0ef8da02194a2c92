"""@tally OPERATOR...: rows `NUMBER VALUE KEY` with the same number and key become one.

The first operators are for number 0, and so on: `+` adds integers, `max` and `min`
choose a value, the first where two are equal.
"""

import sys


def main(operators: list[str]) -> None:
    tables: list[dict[bytes, bytes]] = [{} for _ in operators]
    sums: list[dict[bytes, int]] = [{} for _ in operators]
    adds = [operator == "+" for operator in operators]
    for row in sys.stdin.buffer:
        number, value, key = row.split(b" ", 2)
        place = int(number)
        if adds[place]:
            table = sums[place]
            table[key] = table.get(key, 0) + int(value)
            continue
        kept = tables[place].setdefault(key, value)
        beyond = float(value) - float(kept)
        if beyond > 0 if operators[place] == "max" else beyond < 0:
            tables[place][key] = value
    write = sys.stdout.buffer.write
    for place, (values, added) in enumerate(zip(tables, sums, strict=True)):
        for key, total in added.items():
            write(b"%d %d %b" % (place, total, key))
        for key, value in values.items():
            write(b"%d %b %b" % (place, value, key))
