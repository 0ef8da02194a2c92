"""Deterministic data of any size, made once and kept: English-like text, and logs (see logs.py).

    python -m benchmarks.data 100M build/bench/100M.txt
    python -m benchmarks.data 100M build/bench/100M.log

In the text, words follow Zipf's law over a large vocabulary. Every block deals from a pack of
its own, 65,536 words drawn from that law, so a draw costs one look-up and the
vocabulary still grows with the text, as it does in books.
"""

from __future__ import annotations

import argparse
import os
import random
import re
from array import array
from collections.abc import Callable, Mapping
from functools import cache
from itertools import accumulate, islice
from multiprocessing import Pool
from pathlib import Path

from benchmarks import logs

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


# What makes `size` bytes of a file's block of this number, by how the file's name ends.
BLOCKS: Mapping[str, Callable[[int, int], bytes]] = {".txt": block, ".log": logs.block}


def write(path: Path, size: int) -> None:
    """Write `size` bytes of what the name's suffix says, with every core at work."""
    starts = range(0, size, BLOCK)
    blocks = [
        (path.suffix, number, min(BLOCK, size - start)) for number, start in enumerate(starts)
    ]
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f"{path.name}.part")
    with Pool(min(len(blocks), os.cpu_count() or 1)) as pool, unfinished.open("wb") as out:
        for made in pool.imap(_block, blocks):
            out.write(made)
    unfinished.replace(path)


def _block(job: tuple[str, int, int]) -> bytes:
    suffix, number, size = job
    return BLOCKS[suffix](number, size)


def data_file(folder: Path, size: int, suffix: str = ".txt") -> Path:
    """The data of this size in `folder`, made unless they are there already and up to date."""
    unit = next(u for u in "GMK" if size % UNITS[u] == 0) if size % 1000 == 0 else ""
    path = folder / f"{size // UNITS[unit]}{unit}{suffix}"
    current = path.exists() and path.stat().st_size == size
    sources = (__file__, logs.__file__) if suffix == ".log" else (__file__,)
    changed = max(os.stat(source).st_mtime for source in sources)
    if not current or path.stat().st_mtime < changed:
        write(path, size)
    return path


def main() -> None:
    parser = argparse.ArgumentParser(description="Write deterministic text, or an access log.")
    parser.add_argument("size", type=parse_size, help="bytes: 10K, 100M, 1G")
    parser.add_argument("path", type=Path, help="ends in .txt or .log")
    arguments = parser.parse_args()
    write(arguments.path, arguments.size)


if __name__ == "__main__":
    main()
