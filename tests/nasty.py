"""Inputs that break laws, for hypothesis: the strategies that all property tests share."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from leashc.laws import LINES

SCALE = float(os.environ.get("LEASH_EXAMPLES", "1"))


def examples(number: int) -> settings:
    """So many examples, or LEASH_EXAMPLES times as many."""
    return settings(
        max_examples=max(1, round(number * SCALE)),
        deadline=None,
        print_blob=True,
        suppress_health_check=list(HealthCheck),
    )


# A line out of the collection, or a short one of bytes that mean something to some tool.
lines = st.one_of(
    st.sampled_from(LINES),
    st.binary(max_size=4).map(lambda line: line.replace(b"\n", b"")),
    st.text("ab AB,\t\r1é-", max_size=4).map(str.encode),
)


@st.composite
def streams(draw: st.DrawFn) -> bytes:
    """Few different lines, many of each, side by side; often no newline at the end."""
    pool = draw(st.lists(lines, min_size=1, max_size=4))
    runs = draw(
        st.lists(st.tuples(st.sampled_from(pool), st.sampled_from((1, 1, 2, 5))), max_size=8)
    )
    body = b"\n".join(line for line, times in runs for _ in range(times))
    many = draw(st.sampled_from((1, 1, 1, 1, 1, 1, 1, 100)))
    return b"\n".join([body] * many) + draw(st.sampled_from((b"\n", b"")))


# Record numbers to cut at: some equal (empty parts), some past the end.
cuts = st.lists(st.integers(0, 12), min_size=1, max_size=5)
