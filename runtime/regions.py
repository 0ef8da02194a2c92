"""A plan as the runtime walks it: regions, each of which makes one ordered stream.

    source or stream --scatter--> map ×n --gather(k)--> combine ... --gather--> root
    source or stream --scatter--> map ×m --shuffle--> combine ×n [--gather--> root]
    source or stream --scatter--> map ×m --shuffle(k)--> combine --shuffle--> combine ×n [...]

A region without a map is a whole stage alone; one without a root is joined in
order by whoever reads it.
"""

from __future__ import annotations

from typing import NamedTuple

from runtime.plan import Exchange, Plan, Source, Stage
from runtime.slots import INPUTS


class Region(NamedTuple):
    """source: what the first region reads; later ones read the stream before them.

    ways: how what is before it comes to each level. Of a shuffle, each task reads a range of
    every run; of a shuffle(k), of k neighbours.
    """

    source: Source | None
    map: Stage | None
    levels: tuple[Stage, ...]
    ways: tuple[Exchange, ...]
    root: Stage | None

    @property
    def combines(self) -> int:
        """How many commands of the root belong to the aggregate, not to what follows it."""
        if self.root is None or self.map is None:
            return 0
        return sum(behaviour in ("combine", "finish") for behaviour in self.root.behaviours)

    @property
    def takes_files(self) -> bool:
        """Whether the root names its inputs, rather than reading them one after the other."""
        return self.root is not None and any(INPUTS in argv for argv in self.root.pipe)

    @property
    def streams(self) -> bool:
        """Whether what follows the map reads its results one after the other."""
        return not self.levels and not self.takes_files

    @property
    def last(self) -> int:
        """The last command of the plan that the region stands for."""
        if self.root is not None and self.root.origins[-1] >= 0:
            return self.root.origins[-1]
        assert self.map is not None
        return self.map.covers[1]


def regions(plan: Plan) -> list[Region]:
    """The regions in the order of the data."""
    sources = {source.id: source for source in plan.sources}
    incoming = {exchange.target: exchange for exchange in plan.exchanges}
    found: list[Region] = []
    for stage in plan.stages:
        exchange = incoming[stage.id]
        last = found[-1] if found else None
        if exchange.kind in ("gather", "shuffle") and last is not None:
            if stage.width > 1 or exchange.kind == "shuffle":
                last = Region(
                    last.source,
                    last.map,
                    (*last.levels, stage),
                    (*last.ways, exchange),
                    None,
                )
            else:
                last = Region(last.source, last.map, last.levels, last.ways, stage)
            found[-1] = last
            continue
        source = sources.get(exchange.origin)
        if stage.role == "map":
            found.append(Region(source, stage, (), (), None))
        else:
            found.append(Region(source, None, (), (), stage))
    return found


def gathered(regions: list[Region]) -> list[Region]:
    """The regions without a shuffle: one task reads all of every run."""
    found: list[Region] = []
    for region in regions:
        if all(way.kind == "gather" for way in region.ways):
            found.append(region)
            continue
        merge = region.levels[0]._replace(width=1)
        found.append(region._replace(levels=(), ways=(), root=merge))
        if region.root is not None:
            found.append(Region(None, None, (), (), region.root))
    return found
