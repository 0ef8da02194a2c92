"""@sum [--size N] [--name NAME] OP...: add rows of numbers, column by column.

Each OP is `+` or `max`. The one row that comes out is printed as `wc` prints it:
with --size the columns are as wide as the digits of that size, or 7 wide if the
size is -1, which stands for what is not a regular file. No rows make none.
"""

import sys


def main(arguments: list[str]) -> None:
    width, name = 1, ""
    while arguments[0].startswith("--"):
        option, value = arguments[:2]
        arguments = arguments[2:]
        if option == "--name":
            name = " " + value
        else:
            width = 7 if value == "-1" else len(value)
    totals: list[int] = []
    for line in sys.stdin.buffer:
        row = map(int, line.split())
        totals = totals or [0] * len(arguments)
        totals = [
            max(total, number) if how == "max" else total + number
            for how, total, number in zip(arguments, totals, row, strict=True)
        ]
    if not totals:
        return
    text = " ".join(str(total).rjust(width) for total in totals) + name + "\n"
    sys.stdout.buffer.write(text.encode(errors="surrogateescape"))
