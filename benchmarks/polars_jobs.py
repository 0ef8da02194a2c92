"""The pipelines as one writes them for Polars: `python polars_jobs.py NAME FILE`.

Each gives the shell's bytes for the data of the benchmark, of which it may know that they are
ASCII with single spaces. What is faster than the obvious was tried: tokens are counted before they
are taken apart, a field is found by a regular expression, and every job streams.
"""

from __future__ import annotations

import sys
from collections.abc import Callable

import polars as pl

SHIFT = 1 << 32

line, n = pl.col("line"), pl.col("n")

Job = Callable[[pl.LazyFrame], pl.LazyFrame]


def field(number: int) -> pl.Expr:
    """A field of a line, of those between spaces, the first being 1."""
    return line.str.extract(rf"^(?:[^ ]* ){{{number - 1}}}([^ ]*)")


def counted(frame: pl.LazyFrame, *keys: str) -> pl.LazyFrame:
    """How often each key occurs."""
    return frame.group_by(keys).agg(pl.len().alias("n"))


def uniq_c(frame: pl.LazyFrame, *keys: str) -> pl.LazyFrame:
    """As `uniq -c` writes counts."""
    text = "{} " + "\t".join("{}" for _ in keys)
    return frame.select(pl.format(text, n.cast(pl.String).str.pad_start(7), *keys))


def most(frame: pl.LazyFrame, *keys: str) -> pl.LazyFrame:
    """As `sort -rn` orders counts."""
    return frame.sort("n", *keys, descending=True)


def word_count(lines: pl.LazyFrame) -> pl.LazyFrame:
    tokens = lines.select(line.str.split(" ").alias("word")).explode("word")
    letters = pl.col("word").str.to_lowercase().str.extract_all("[a-z]+")
    words = counted(tokens, "word").with_columns(letters).explode("word").drop_nulls()
    return uniq_c(most(words.group_by("word").agg(n.sum()), "word"), "word")


def bi_grams(lines: pl.LazyFrame) -> pl.LazyFrame:
    """Words are numbers in alphabetical order, so that pairs are counted and sorted as numbers."""
    letters = line.str.to_lowercase().str.extract_all("[a-z]+")
    words = lines.select(letters.alias("word")).explode("word").drop_nulls()
    text = words.collect(engine="streaming").get_column("word")
    known = pl.Enum(["", *text.unique().sort()])
    first = text.cast(known).to_physical().cast(pl.UInt64)
    pairs = pl.LazyFrame({"pair": first * SHIFT + first.shift(-1, fill_value=0)})
    names = {
        "word": (pl.col("pair") // SHIFT).cast(pl.UInt32).cat.to(known),
        "next": (pl.col("pair") % SHIFT).cast(pl.UInt32).cat.to(known),
    }
    counts = most(counted(pairs, "pair"), "pair").with_columns(**names)
    return uniq_c(counts, "word", "next")


def wc(lines: pl.LazyFrame) -> pl.LazyFrame:
    words = (line.str.split(" ").explode() != "").sum().alias("words")
    size = (line.str.len_bytes().sum() + pl.len()).alias("bytes")
    columns = [pl.col(name).cast(pl.String) for name in ("lines", "words", "bytes")]
    padded = (column.str.pad_start(columns[-1].str.len_bytes()) for column in columns)
    return lines.select(pl.len().alias("lines"), words, size).select(pl.format("{} {} {}", *padded))


def runs(lines: pl.LazyFrame) -> pl.LazyFrame:
    found = lines.filter(line.str.contains("and", literal=True))
    lengths = found.select(field(1).rle().alias("run")).unnest("run")
    return uniq_c(lengths.rename({"len": "n"}), "value")


def start_up(lines: pl.LazyFrame) -> pl.LazyFrame:
    return uniq_c(counted(lines.select(line.str.to_lowercase()), "line").sort("line"), "line")


def log_statuses(lines: pl.LazyFrame) -> pl.LazyFrame:
    statuses = counted(lines.select(field(9).alias("status")), "status")
    return statuses.sort("status").select(pl.format("{} {}", "status", "n"))


def log_top_pages(lines: pl.LazyFrame) -> pl.LazyFrame:
    pages = counted(lines.select(field(7).alias("page")), "page")
    return uniq_c(most(pages, "page").head(20), "page")


def log_errors(lines: pl.LazyFrame) -> pl.LazyFrame:
    found = lines.filter(line.str.contains('" 5[0-9][0-9] '))
    hours = found.select(line.str.extract("^[^:]*:([^:]*)").alias("hour"))
    return uniq_c(counted(hours, "hour").sort("hour"), "hour")


# A word of `plain-words` is one in which something is left: a letter, say.
SOLID = "[^ [:punct:]]+[^ ]*"

JOBS: dict[str, Job] = {
    "sort": lambda lines: lines.sort("line"),
    "first-words": lambda lines: lines.select(field(1).alias("line")).unique().sort("line"),
    "count-matches": lambda lines: lines.select(line.str.contains("the.*of").sum()),
    "smallest": lambda lines: lines.sort("line").head(10),
    "wc": wc,
    "word-count": word_count,
    "bi-grams": bi_grams,
    "plain-words": lambda lines: lines.select(line.str.count_matches(SOLID).sum()),
    "count-fixed": lambda lines: lines.select(line.str.contains("would", literal=True).sum()),
    "runs": runs,
    "first-line": lambda lines: lines.head(1),
    "start-up": start_up,
    "log-statuses": log_statuses,
    "log-top-pages": log_top_pages,
    "log-visitors": lambda lines: lines.select(field(1).n_unique()),
    "log-errors": log_errors,
    "log-rare": lambda lines: lines.filter(line.str.contains("/.env?probe=", literal=True)),
}


def main(name: str, file: str) -> None:
    JOBS[name](pl.scan_lines(file)).sink_csv(
        "/dev/stdout", include_header=False, quote_style="never"
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
