"""Deterministic English-like text of any size, made once and kept.

    python -m benchmarks.data 100M build/bench/100M.txt

Words follow Zipf's law over a large vocabulary. Every block deals from a pack of
its own, 65,536 words drawn from that law, so a draw costs one look-up and the
vocabulary still grows with the text, as it does in books.
"""

from __future__ import annotations

import argparse
import os
import random
import re
from array import array
from functools import cache
from itertools import accumulate, islice
from multiprocessing import Pool
from pathlib import Path

BLOCK = 8_000_000
VOCABULARY = 60_000
PACK = 1 << 16  # what two random bytes can choose from
UNITS = {"": 1, "K": 10**3, "M": 10**6, "G": 10**9}

COMMON = """
the of and to in a is that it was for on are as with his they at be this from have or
by one had not but what all were when we there can an your which their said if do will
each about how up out them then she many some so these would other into has more her
two like him see time could no make than first been its who now people my made over did
down only way find use may water long little very after words called just where most know
""".split()
CONSONANTS = "b c d f g h k l m n p r s t v w br ch cl dr fl gr pl pr sh st th tr".split()
VOWELS = "a a e e e i i o o u ai ea ee ou".split()
ENDINGS = ["", "", "", "n", "s", "r", "d", "t", "ing", "ed", "er", "ly", "tion", "ment"]
# A word is mostly plain, sometimes a capital or before a comma or a full stop.
FORMS = ((str, 0.85), (str.capitalize, 0.07), ("{},".format, 0.05), ("{}.".format, 0.03))


def parse_size(text: str) -> int:
    """Bytes of a size such as 100M; units are decimal."""
    match = re.fullmatch(r"(\d+)([KMG]?)B?", text.upper())
    if not match:
        raise argparse.ArgumentTypeError(f"{text!r} is no size; write 10K, 100M or 1G")
    return int(match[1]) * UNITS[match[2]]


@cache
def _law() -> tuple[list[str], list[float]]:
    """Every form of every word, and the running total of their weights."""
    chance = random.Random(0)
    words = dict.fromkeys(COMMON)
    while len(words) < VOCABULARY:
        syllables = chance.choice((1, 2, 2, 3, 3, 4))
        stem = (chance.choice(CONSONANTS) + chance.choice(VOWELS) for _ in range(syllables))
        words["".join(stem) + chance.choice(ENDINGS)] = None
    # What is said often is short.
    rest = sorted([*words][len(COMMON) :], key=lambda word: len(word) + 8 * chance.random())
    ranked = COMMON + rest
    forms = [form(word) for word in ranked for form, _ in FORMS]
    weights = [share / (rank + 2.7) for rank in range(len(ranked)) for _, share in FORMS]
    return forms, list(accumulate(weights))


def block(number: int, size: int) -> bytes:
    """`size` bytes of text in lines of 4 to 16 words; the last byte ends a line."""
    chance = random.Random(number)
    forms, weights = _law()
    pack = chance.choices(forms, cum_weights=weights, k=PACK)
    lengths = range(4, 17)
    lines: list[str] = []
    made = 0
    while made < size:
        draws = array("H", chance.randbytes(2 * PACK))
        words = map(pack.__getitem__, draws)
        fresh = [
            line
            for length in chance.choices(lengths, k=PACK // max(lengths))
            if (line := " ".join(islice(words, length)))
        ]
        lines += fresh
        made += sum(map(len, fresh)) + len(fresh)
    return "\n".join(lines).encode()[: size - 1] + b"\n"


def write_text(path: Path, size: int) -> None:
    """Write `size` bytes of text to `path`, with every core at work."""
    starts = range(0, size, BLOCK)
    blocks = [(number, min(BLOCK, size - start)) for number, start in enumerate(starts)]
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(".part")
    with Pool(min(len(blocks), os.cpu_count() or 1)) as pool, unfinished.open("wb") as out:
        for text in pool.imap(_block, blocks):
            out.write(text)
    unfinished.replace(path)


def _block(job: tuple[int, int]) -> bytes:
    return block(*job)


def text_file(folder: Path, size: int) -> Path:
    """The text of this size in `folder`, made unless it is there already and up to date."""
    unit = next(u for u in "GMK" if size % UNITS[u] == 0) if size % 1000 == 0 else ""
    path = folder / f"{size // UNITS[unit]}{unit}.txt"
    current = path.exists() and path.stat().st_size == size
    if not current or path.stat().st_mtime < Path(__file__).stat().st_mtime:
        write_text(path, size)
    return path


def main() -> None:
    parser = argparse.ArgumentParser(description="Write deterministic English-like text.")
    parser.add_argument("size", type=parse_size, help="bytes: 10K, 100M, 1G")
    parser.add_argument("path", type=Path)
    arguments = parser.parse_args()
    write_text(arguments.path, arguments.size)


if __name__ == "__main__":
    main()
