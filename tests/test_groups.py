"""Records that belong together, and the stream's last record, wherever cuts fall, against bash."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from tests.equivalence import Case, difference, load

PIPELINES = """
paste - - | cut -f1 | sort -u
paste -d, - - - f | sort
paste - - < f | rev
cut -c2- | paste -sd, | wc -c
grep -v 3 f | paste -s
sed '$d' | sort
sed '$!s/$/,/' f | cat -n
sed -n '1p;$p' | wc -l
sed '2d;$s/^/x/' f | tail -n 2
sed 'N;s/\\n/ /' | sort
sed -n 'n;p' f | cat -n
sed '$!N;s/\\n/ /' | tail -n 1
""".strip().split("\n")


@pytest.mark.parametrize("text", PIPELINES)
def test_the_bytes_and_the_status_of_bash(
    text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    load()
    source = random.Random(text)
    for width in range(1, 8):
        lines = [b"%d" % source.randrange(40) for _ in range(source.choice((0, 1, 2, 7, 50, 51)))]
        data = b"\n".join(lines) + b"\n" * source.randrange(3)
        Path("f").write_bytes(data)
        for stdin in ("file", "pipe"):
            block = source.choice((1, 16, 100))
            case = Case(text, {"f": data}, stdin, width, "C", block)
            assert difference(case) == "", case
