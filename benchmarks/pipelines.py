"""What is measured: pipelines as one writes them, and the same by hand for GNU parallel."""

from __future__ import annotations

from dataclasses import dataclass

# Each core takes one part of the file; parts begin at line starts and -k keeps their order.
PARALLEL = "parallel --pipepart -a {file} --block -1 -k"

HEAVY = r"([a-z]{3,})[a-z]* \1.*ing"  # a word begins like the one before it


@dataclass(frozen=True)
class Pipeline:
    """A pipeline over {file}; `parallel` is empty where GNU parallel has no short form for it."""

    name: str
    text: str
    parallel: str = ""
    small: bool = False  # over 10 KB, where only the start-up shows

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
        f"""{PARALLEL} "grep -c 'the.*of'" | awk '{{n += $1}} END {{printf "%d\\n", n}}'""",
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
        r"tr -cs A-Za-z '\n' < {file} | tr A-Z a-z | sort | uniq -c | sort -rn",
        rf"""{PARALLEL} "tr -cs A-Za-z '\n' | tr A-Z a-z | sort | uniq -c" | """
        r"""awk '{n[$2] += $1} END {for (w in n) printf "%7d %s\n", n[w], w}' | sort -rn""",
    ),
    # Neighbouring counts meet at every seam, so GNU parallel has no short form.
    Pipeline("runs", "grep and {file} | cut -d' ' -f1 | uniq -c"),
    Pipeline("first-line", "head -n 1 {file}"),
    Pipeline("start-up", "tr A-Z a-z < {file} | sort | uniq -c", small=True),
)
