"""The passes: functions `Dataflow -> Dataflow`, one a file, in the order of `PASSES`.

A pass neither reads the world nor forgets a command's status; `verify` looks at
the graph after each and names the pass that broke it.
"""

from __future__ import annotations

from collections.abc import Callable

from leashc.dataflow import Dataflow
from leashc.passes.fuse import fuse
from leashc.passes.merge_tree import merge_tree
from leashc.passes.parallelize import parallelize
from leashc.passes.place import place
from leashc.passes.shuffle import shuffle
from leashc.passes.simplify import simplify
from leashc.verify import verify

Pass = Callable[[Dataflow], Dataflow]

PASSES: tuple[Pass, ...] = (
    simplify,  # first, while commands are still the user's: rewrites match on them
    parallelize,  # needs the final commands; everything later works on widths
    shuffle,  # only now are there gathers
    merge_tree,  # of those that are left
    fuse,  # fewer, larger stages; only a kernel may be more than that
    place,  # last: what runs together now stands together
)


def lowered(flow: Dataflow, until: str = "") -> Dataflow:
    """The dataflow after all passes, after the one named `until`, or as it is for "none"."""
    if until == "none":
        return flow
    for step in PASSES:
        flow = step(flow)
        verify(flow, step.__name__)
        if step.__name__ == until:
            break
    return flow
