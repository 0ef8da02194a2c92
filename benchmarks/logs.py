"""Deterministic access-log lines, as a web server writes them (the combined log format).

Addresses and pages follow Zipf's law, and most answers are 200. A block of lines covers a quarter
of an hour, so that 1 GB covers more than a day.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import accumulate
from typing import NamedTuple

RARE = "/.env?probe="  # what one line in 65,536 asks for
SPAN = 900  # seconds that a block covers
BEGIN = datetime(2026, 3, 2, 4, 17, 9, tzinfo=UTC)
SHORTEST, LONGEST = 90, 500  # characters of a line, at the most extreme
VISITORS, PAGES = 200_000, 40_000

STATUSES = {200: 880, 304: 45, 404: 32, 301: 18, 302: 9, 403: 5, 500: 5, 206: 2, 502: 2, 503: 2}
METHODS = {"GET": 91, "POST": 7, "HEAD": 2}
SECTIONS = "articles blog cart docs images news products search static tags users wiki".split()
SUFFIXES = (".html", ".html", "", "", "/", ".css", ".js", ".png", ".jpg", ".json")
BROWSERS = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/131.0.0.0 Safari/537.36",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 "
    "(KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1",
    "Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0",
    "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
    "curl/8.10.1",
)


class Draw(NamedTuple):
    """Values and the running total of their weights."""

    values: Sequence[str]
    totals: Sequence[float]

    def __call__(self, chance: random.Random, count: int) -> list[str]:
        return chance.choices(self.values, cum_weights=self.totals, k=count)


def _weighted(weights: dict[str, int]) -> Draw:
    return Draw([*weights], [*accumulate(weights.values())])


def _zipf(values: Sequence[str], flatness: float) -> Draw:
    return Draw(values, [*accumulate(1 / (rank + flatness) for rank in range(len(values)))])


@cache
def _draws() -> tuple[Draw, ...]:
    """Address, method, page, status, referrer and browser of a line."""
    chance = random.Random(0)
    numbers = (chance.getrandbits(32) for _ in range(VISITORS))
    addresses = [".".join(map(str, number.to_bytes(4, "big"))) for number in numbers]
    pages = [_page(chance) for _ in range(PAGES)]
    referrers = ["-", *(f"https://www.example.com{page}" for page in pages[:2000])]
    return (
        _zipf(addresses, 50),
        _weighted(METHODS),
        _zipf(pages, 5),
        _weighted({str(status): weight for status, weight in STATUSES.items()}),
        _zipf(referrers, 0.2),
        _zipf(BROWSERS, 1),
    )


def _page(chance: random.Random) -> str:
    section, number = chance.choice(SECTIONS), chance.randrange(10**5)
    query = f"?page={chance.randrange(40)}" if chance.random() < 0.2 else ""
    return f"/{section}/{number:x}{chance.choice(SUFFIXES)}{query}"


def block(number: int, size: int) -> bytes:
    """`size` bytes of a log, in whole lines; there must be room for one."""
    chance = random.Random(number)
    count = size // SHORTEST + 1
    draws = (draw(chance, count) for draw in _draws())
    lengths = chance.choices(range(180, 60_000), k=count)
    began = BEGIN + timedelta(seconds=number * SPAN)
    stamps = [f"{began + timedelta(seconds=n):%d/%b/%Y:%H:%M:%S +0000}" for n in range(SPAN)]
    lines: list[str] = []
    left = size
    for length, address, method, page, status, referrer, browser in zip(
        lengths, *draws, strict=True
    ):
        stamp = stamps[(size - left) * SPAN // size]
        asked = page if chance.getrandbits(16) else f"{RARE}{length}"
        line = (
            f'{address} - - [{stamp}] "{method} {asked} HTTP/1.1" '
            f'{status} {length} "{referrer}" "{browser}"\n'
        )
        left -= len(line)
        if left < LONGEST:  # too little for another
            lines.append(line[:-2] + " " * left + line[-2:])
            break
        lines.append(line)
    return "".join(lines).encode()
