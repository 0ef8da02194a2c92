"""Run the corpus against bash and print its report.

python -m tests.corpus [--page docs/corpus.md] [--widths 2] [--locales C] [--group text]
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

from tests.corpus.entries import OWN, PUBLISHED, WIDTHS, among_the_data, differences, entries
from tests.corpus.entries import locales as installed
from tests.corpus.share import ran, report


def main() -> None:
    """Differences first; then the report, to a page if one is named."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--page", type=Path, help="where the report goes, beside the screen")
    parser.add_argument("--widths", type=int, nargs="*", default=WIDTHS)
    parser.add_argument("--locales", nargs="*", default=installed())
    parser.add_argument("--groups", nargs="*", default=OWN + PUBLISHED)
    given = parser.parse_args()
    page = given.page.absolute() if given.page else None
    found, failed, begun = entries(given.groups), 0, time.monotonic()
    with among_the_data():
        for difference in differences(found, given.widths, given.locales):
            failed += 1
            print(difference, end="\n\n", flush=True)
        if set(given.groups) == {*OWN, *PUBLISHED}:
            text = report([command for entry in found for command in ran(entry)])
            print(text)
            if page:
                page.write_text(text, encoding="utf-8")
    runs = len(found) * len(given.widths) * len(given.locales)
    where = f"widths {given.widths}, locales {' and '.join(given.locales)}"
    seconds = time.monotonic() - begun
    print(f"{len(found)} one-liners, {runs} runs ({where}): {failed} differ; {seconds:.0f} s")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
