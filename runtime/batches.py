"""Which tasks of a layer may begin when which of the layer before are done.

gather(k)             k neighbours            one task
shuffle               all runs                a task for each range of them
shuffle(k), shuffle   k neighbouring runs     a task for several ranges of them,
                      these of all groups     a task for each of those ranges
"""

from __future__ import annotations

from typing import NamedTuple

from runtime.plan import Exchange, Stage


class Batch(NamedTuple):
    """members, tasks: numbers in the layer before, and in this one."""

    members: range
    tasks: range


class Step(NamedTuple):
    """How a layer follows another. spans: the ranges that each task makes; of a gather, none."""

    batches: list[Batch]
    width: int
    spans: list[range]

    def batch(self, member: int) -> int:
        """Which of the batches a task of the layer before belongs to."""
        first = self.batches[0].members
        return member % first.step if first.step > 1 else member // len(first)


def ranges(layers: list[Stage], ways: list[Exchange], runs: int) -> int:
    """How many ranges runs are cut into."""
    shuffled = [stage.width for stage, way in zip(layers[1:], ways, strict=True) if _cuts(way)]
    return min(shuffled[-1], runs) if shuffled else 1


def steps(layers: list[Stage], ways: list[Exchange], runs: int) -> list[Step]:
    """How the layers follow each other, when the first has so many tasks."""
    found, before, cut = list[Step](), runs, ranges(layers, ways, runs)
    coarse, each = 1, cut  # ranges of the first level, and how many of the second are in one
    for way, layer in zip(ways, layers[1:], strict=True):
        spans = list[range]()
        if way.fan:
            groups = -(-before // way.fan)
            if _cuts(way):
                coarse = layer.width // -(-layers[0].width // way.fan)
                each = -(-cut // coarse)
                one = [range(min(r * each, cut), min((r + 1) * each, cut)) for r in range(coarse)]
                spans = one * groups
            batches = [
                Batch(
                    range(g * way.fan, min((g + 1) * way.fan, before)),
                    range(g * coarse, (g + 1) * coarse) if spans else range(g, g + 1),
                )
                for g in range(groups)
            ]
            before = len(spans) or groups
        else:
            batches = [
                Batch(range(r, before, coarse), range(r * each, min((r + 1) * each, cut)))
                for r in range(coarse)
            ]
            spans = [range(task, task + 1) for task in range(cut)]
            before = cut
        found.append(Step(batches, before, spans))
    return found


def _cuts(way: Exchange) -> bool:
    return way.kind == "shuffle"
