"""The pipelines as one writes them in DuckDB's SQL: `python duckdb_jobs.py NAME FILE`.

Each gives the shell's bytes for the data of the benchmark, of which it may know that they are
ASCII with single spaces. What is faster than the obvious was tried: tokens are counted before they
are taken apart, words that are paired are numbers, and order is kept only where it matters.
"""

from __future__ import annotations

import sys

import duckdb

READ = r"""
CREATE VIEW lines AS FROM read_csv({file}, columns = {columns}, delim = {delimiter},
    header = false, quote = '', escape = '', auto_detect = false, new_line = '\n',
    strict_mode = false, null_padding = true{more})
"""
NOT_NULL = ", force_not_null = ['line']"  # an empty line is one
LINES = ("line",)
FIELDS = tuple(f"f{number}" for number in range(1, 11))
NOWHERE = "\1"  # a byte that is not in the data
WRITE = f"TO '/dev/stdout' (FORMAT csv, HEADER false, QUOTE '', ESCAPE '', DELIMITER '{NOWHERE}')"

UNIQ_C = "format('{:7d} {}', n, key)"
WORD = "regexp_extract_all(lower(line), '[a-z]+')"

# What goes before a job's query, where something does.
BEFORE = {
    "bi-grams": f"""
        CREATE TEMP TABLE text AS SELECT unnest({WORD}) AS word FROM lines;
        CREATE TYPE known AS ENUM (SELECT word FROM (
            SELECT '' AS word UNION ALL SELECT DISTINCT word FROM text) ORDER BY word)""",
}
IN_ORDER = {"bi-grams", "first-line", "log-rare", "runs"}
BY_FIELDS = {"log-statuses", "log-top-pages", "log-visitors"}

JOBS = {
    "sort": "SELECT line FROM lines ORDER BY line",
    "first-words": """
        SELECT DISTINCT split_part(line, ' ', 1) AS word FROM lines ORDER BY word""",
    "count-matches": "SELECT count(*) FROM lines WHERE line LIKE '%the%of%'",
    "smallest": "SELECT line FROM lines ORDER BY line LIMIT 10",
    "wc": """
        WITH n AS (SELECT
            count(*) AS l,
            sum(len(list_filter(string_split(line, ' '), lambda word: word <> ''))) AS w,
            sum(strlen(line) + 1) AS c FROM lines)
        SELECT concat_ws(' ', lpad(l::text, len(c::text)::int, ' '),
            lpad(w::text, len(c::text)::int, ' '), c) FROM n""",
    "word-count": f"""
        WITH tokens AS (SELECT unnest(string_split(line, ' ')) AS line FROM lines),
        counted AS (SELECT line, count(*) AS n FROM tokens GROUP BY line),
        words AS (SELECT unnest({WORD}) AS key, n FROM counted),
        total AS (SELECT key, sum(n)::bigint AS n FROM words GROUP BY key)
        SELECT {UNIQ_C} FROM total ORDER BY n DESC, key DESC""",
    "bi-grams": """
        WITH words AS (SELECT word::known AS word FROM text),
        pairs AS (SELECT word, lead(word, 1, ''::known) OVER () AS next FROM words),
        total AS (SELECT word, next, count(*) AS n FROM pairs GROUP BY word, next)
        SELECT format('{:7d} {}\t{}', n, word::text, next::text) FROM total
        ORDER BY n DESC, word DESC, next DESC""",
    "plain-words": """
        SELECT sum(len(regexp_extract_all(line, '[^ ]*[^ [:punct:]][^ ]*'))) FROM lines""",
    "count-fixed": "SELECT count(*) FROM lines WHERE contains(line, 'would')",
    "runs": f"""
        WITH found AS (SELECT split_part(line, ' ', 1) AS key, row_number() OVER () AS place
            FROM lines WHERE contains(line, 'and')),
        firsts AS (SELECT key, place FROM found
            QUALIFY key IS DISTINCT FROM lag(key) OVER (ORDER BY place)),
        lengths AS (SELECT key, place, lead(place, 1, (SELECT count(*) + 1 FROM found))
            OVER (ORDER BY place) - place AS n FROM firsts)
        SELECT {UNIQ_C} FROM lengths ORDER BY place""",
    "first-line": "SELECT line FROM lines LIMIT 1",
    "start-up": f"""
        SELECT {UNIQ_C} FROM
            (SELECT lower(line) AS key, count(*) AS n FROM lines GROUP BY key) ORDER BY key""",
    "log-statuses": """
        SELECT concat(f9, ' ', n) FROM
            (SELECT f9, count(*) AS n FROM lines GROUP BY f9) ORDER BY f9""",
    "log-top-pages": f"""
        SELECT {UNIQ_C} FROM (SELECT f7 AS key, count(*) AS n FROM lines GROUP BY key)
        ORDER BY n DESC, key DESC LIMIT 20""",
    "log-visitors": "SELECT count(DISTINCT f1) FROM lines",
    "log-errors": f"""
        SELECT {UNIQ_C} FROM
            (SELECT split_part(line, ':', 2) AS key, count(*) AS n FROM lines
            WHERE regexp_matches(line, '" 5[0-9][0-9] ') GROUP BY key) ORDER BY key""",
    "log-rare": "SELECT line FROM lines WHERE contains(line, '/.env?probe=')",
}


def main(name: str, file: str) -> None:
    connection = duckdb.connect()
    by_fields = name in BY_FIELDS
    connection.execute(f"SET preserve_insertion_order = {name in IN_ORDER}")
    columns = dict.fromkeys(FIELDS if by_fields else LINES, "VARCHAR")
    delimiter = " " if by_fields else NOWHERE
    more = "" if by_fields else NOT_NULL
    read = READ.format(file=f"'{file}'", columns=columns, delimiter=f"'{delimiter}'", more=more)
    connection.execute(read)
    connection.execute(BEFORE.get(name, ""))
    connection.execute(f"COPY ({JOBS[name]}) {WRITE}")


if __name__ == "__main__":
    main(*sys.argv[1:])
