"""Which tasks follow which: every range of every run is read once on each level."""

from __future__ import annotations

from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from leashc import host
from leashc.compile import Unit, compile
from runtime.batches import ranges, steps
from runtime.joining import copied
from runtime.plan import Blob, Exchange, Options, Plan, Stage
from runtime.regions import regions
from runtime.upload import LEAST, PARTS


def plan(width: int, fan_in: int, text: str = "sort f") -> Plan:
    shell = host.here()
    shell = shell._replace(variables={**shell.variables, "LC_ALL": "C"})
    unit = Unit(text, shell, lambda path: Blob(path, 1 << 40))
    return compile(unit, Options(width, 2, "shuffle", fan_in))


def layers(width: int, fan_in: int) -> tuple[list[Stage], list[Exchange]]:
    region = regions(plan(width, fan_in))[0]
    assert region.map is not None
    return [region.map, *region.levels], list(region.ways)


@settings(deadline=None)  # the first example imports the compiler
@given(st.integers(2, 60), st.integers(2, 60), st.integers(0, 60))
def test_each_range_of_each_run_is_read_once(width: int, fan_in: int, fewer: int) -> None:
    stages, ways = layers(width, fan_in)
    runs = max(width - fewer, 2)  # where there are fewer than were planned
    cut, found = ranges(stages, ways, runs), steps(stages, ways, runs)
    assert cut == runs
    held = [{(run, r) for r in range(cut)} for run in range(runs)]  # by each result
    for step in found:
        assert sorted(m for batch in step.batches for m in batch.members) == list(range(len(held)))
        assert sorted(t for batch in step.batches for t in batch.tasks) == list(range(step.width))
        read: list[set[tuple[int, int]]] = [set() for _ in range(step.width)]
        for at, batch in enumerate(step.batches):
            assert all(step.batch(member) == at for member in batch.members)
            for task in batch.tasks:
                for member in batch.members:
                    read[task] |= {cell for cell in held[member] if cell[1] in step.spans[task]}
        assert Counter(cell for cells in read for cell in cells) == Counter(
            (run, r) for run in range(runs) for r in range(cut)
        )
        held = read
    assert [{r for _, r in cells} for cells in held] == [{r} for r in range(cut)]


def test_neighbours_are_gathered() -> None:
    stage = layers(4, 2)[0][0]
    ways = [Exchange(1, 2, "gather", 3), Exchange(2, 3, "gather", 1 << 30)]
    first, root = steps([stage] * 3, ways, 7)
    assert [batch.members for batch in first.batches] == [range(3), range(3, 6), range(6, 7)]
    assert [batch.tasks for batch in root.batches] == [range(1)]
    assert [first.batch(member) for member in range(7)] == [0, 0, 0, 1, 1, 1, 2]


def test_many_runs_are_merged_on_two_levels_and_never_where_lines_are_counted() -> None:
    def kinds(text: str, width: int) -> list[tuple[str, int, int]]:
        made = plan(width, 0, text)
        widths = {stage.id: stage.width for stage in made.stages}
        return [(e.kind, e.fan, widths[e.target]) for e in made.exchanges if e.kind == "shuffle"]

    assert kinds("sort f", 380) == [("shuffle", 0, 380)]
    assert kinds("sort f", 1000) == [("shuffle", 32, 1024), ("shuffle", 0, 1000)]
    assert kinds("sort -u f", 1000) == [("shuffle", 0, 150)]
    assert kinds("sort f | uniq -c", 1000) == [("shuffle", 0, 150)]


@given(st.integers(1, 12_000), st.integers(0, 20 << 30))
def test_copies_fit_the_part_numbers_of_a_result(count: int, size: int) -> None:
    found = copied(size, count)
    if not found:
        assert size < LEAST or count > PARTS
        return
    assert [start for start, _ in found] == [0, *(stop for _, stop in found[:-1])]
    assert found[-1][1] == size
    assert all(stop - start >= LEAST for start, stop in found)
    assert count * len(found) <= PARTS
