"""What is measured: pipelines as one writes them, and the same by hand for GNU parallel."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from benchmarks.logs import RARE

# Each core takes one part of the file; parts begin at line starts and -k keeps their order.
PARALLEL = "parallel --pipepart -a {file} --block -1 -k"

SUM = """awk '{n += $1} END {printf "%d\\n", n}'"""

WORDS = r"tr -cs A-Za-z '\n' < {file} | tr A-Z a-z"

HEAVY = r"([a-z]{3,})[a-z]* \1.*ing"  # a word begins like the one before it


@dataclass(frozen=True)
class Pipeline:
    """A pipeline over {file}; `parallel` is empty where GNU parallel has no short form for it."""

    name: str
    text: str
    parallel: str = ""
    data: Literal["text", "log", "small"] = "text"  # small: 10 KB, where only start-up shows

    def shell(self, file: str) -> str:
        return self.text.replace("{file}", file)

    def by_parallel(self, file: str) -> str:
        return self.parallel.replace("{file}", file)


PIPELINES = (
    Pipeline("sort", "sort {file}", "parsort {file}"),
    Pipeline(
        "heavy-grep",
        f"tr A-Z a-z < {{file}} | grep -E '{HEAVY}'",
        f"""{PARALLEL} "tr A-Z a-z | grep -E '{HEAVY}'" """.rstrip(),
    ),
    Pipeline(
        "first-words",
        "cut -d' ' -f1 {file} | sort -u",
        f"""{PARALLEL} "cut -d' ' -f1 | sort -u" | sort -u""",
    ),
    Pipeline(
        "count-matches",
        "grep -c 'the.*of' {file}",
        f"""{PARALLEL} "grep -c 'the.*of'" | {SUM}""",
    ),
    Pipeline(
        "smallest",
        "sort {file} | head -n 10",
        f"{PARALLEL} 'sort | head -n 10' | sort | head -n 10",
    ),
    Pipeline(
        "wc",
        "wc -lwc < {file}",
        # wc pads its numbers to the width of the size of its input.
        f"{PARALLEL} wc -lwc | awk '{{l += $1; w += $2; c += $3}}"
        """ END {f = "%" length(sprintf("%.0f", c)) ".0f"; printf f " " f " " f "\\n", l, w, c}'""",
    ),
    Pipeline(
        "word-count",
        f"{WORDS} | sort | uniq -c | sort -rn",
        rf"""{PARALLEL} "tr -cs A-Za-z '\n' | tr A-Z a-z | sort | uniq -c" | """
        r"""awk '{n[$2] += $1} END {for (w in n) printf "%7d %s\n", n[w], w}' | sort -rn""",
    ),
    Pipeline(
        "bi-grams",
        f"{WORDS} | paste - <({WORDS} | tail -n +2) | sort | uniq -c | sort -rn",
    ),
    Pipeline(
        "plain-words",
        "tr A-Z a-z < {file} | tr -d '[:punct:]' | wc -w",
        f"""{PARALLEL} "tr A-Z a-z | tr -d '[:punct:]' | wc -w" | {SUM}""",
    ),
    Pipeline(
        "count-fixed",
        "grep -F -c would {file}",
        f"{PARALLEL} grep -F -c would | {SUM}",
    ),
    # Neighbouring counts meet at every seam, so GNU parallel has no short form.
    Pipeline("runs", "grep and {file} | cut -d' ' -f1 | uniq -c"),
    Pipeline("first-line", "head -n 1 {file}"),
    Pipeline("start-up", "tr A-Z a-z < {file} | sort | uniq -c", data="small"),
    Pipeline(
        "log-statuses",
        "awk '{n[$9]++} END {for (s in n) print s, n[s]}' {file} | sort",
        rf"""{PARALLEL} "awk '{{n[\$9]++}} END {{for (s in n) print s, n[s]}}'" | """
        "awk '{n[$1] += $2} END {for (s in n) print s, n[s]}' | sort",
        data="log",
    ),
    Pipeline(
        "log-top-pages",
        "awk '{print $7}' {file} | sort | uniq -c | sort -rn | head -n 20",
        rf"""{PARALLEL} "awk '{{print \$7}}' | sort | uniq -c" | """
        r"""awk '{n[$2] += $1} END {for (p in n) printf "%7d %s\n", n[p], p}' | """
        "sort -rn | head -n 20",
        data="log",
    ),
    Pipeline(
        "log-visitors",
        "cut -d' ' -f1 {file} | sort -u | wc -l",
        f"""{PARALLEL} "cut -d' ' -f1 | sort -u" | sort -u | wc -l""",
        data="log",
    ),
    Pipeline(
        "log-errors",
        """grep '" 5[0-9][0-9] ' {file} | cut -d: -f2 | sort | uniq -c""",
        f"""{PARALLEL} "grep '\\" 5[0-9][0-9] ' | cut -d: -f2" | sort | uniq -c""",
        data="log",
    ),
    Pipeline(
        "log-rare",
        f"grep -F '{RARE}' {{file}}",
        f"{PARALLEL} grep -F '{RARE}'",
        data="log",
    ),
)
