"""The dataflow: stages and the exchanges between them, on networkx.

Logical while every width is 1, physical after the passes. Only the methods of
`Dataflow` know networkx; passes add, connect, replace and remove.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import networkx as nx

from leashc.stage import Output, Stage
from runtime.plan import Command, Options, Source


@dataclass(frozen=True)
class Exchange:
    """How partitions pass along an edge."""

    kind: str  # forward, scatter, gather, broadcast, shuffle
    fan: int = 0


Node = Source | Stage | Output


@dataclass
class Dataflow:
    """A graph of nodes by id. `size` is that of the sources in bytes, -1 if nobody knows."""

    commands: tuple[Command, ...]
    options: Options
    size: int = -1
    graph: nx.DiGraph = field(default_factory=nx.DiGraph)

    def copy(self) -> Dataflow:
        """A dataflow that a pass may change."""
        return Dataflow(self.commands, self.options, self.size, self.graph.copy())

    def add(self, node: Node) -> int:
        """Put a node in; its id."""
        number = max(self.graph.nodes, default=-1) + 1
        self.graph.add_node(number, node=node)
        return number

    def connect(self, origin: int, target: int, kind: str = "forward", fan: int = 0) -> None:
        """Lead the stream of one node to another."""
        self.graph.add_edge(origin, target, exchange=Exchange(kind, fan))

    def disconnect(self, origin: int, target: int) -> None:
        """Cut an edge."""
        self.graph.remove_edge(origin, target)

    def replace(self, number: int, node: Node) -> None:
        """Put another node in the place of one; its edges stay."""
        self.graph.nodes[number]["node"] = node

    def remove(self, number: int) -> None:
        """Take a node out, and join what it stood between by the exchange behind it."""
        edges = [
            (before, after, self.exchange(number, after))
            for before in self.before(number)
            for after in self.after(number)
        ]
        self.graph.remove_node(number)
        for before, after, exchange in edges:
            self.connect(before, after, exchange.kind, exchange.fan)

    def node(self, number: int) -> Node:
        node: Node = self.graph.nodes[number]["node"]
        return node

    def exchange(self, origin: int, target: int) -> Exchange:
        exchange: Exchange = self.graph.edges[origin, target]["exchange"]
        return exchange

    def before(self, number: int) -> list[int]:
        return list(self.graph.predecessors(number))

    def after(self, number: int) -> list[int]:
        return list(self.graph.successors(number))

    def order(self) -> list[int]:
        """Ids in the order of the data."""
        return list(nx.lexicographical_topological_sort(self.graph))

    def stages(self) -> Iterator[tuple[int, Stage]]:
        """The stages in the order of the data."""
        for number in self.order():
            node = self.node(number)
            if isinstance(node, Stage):
                yield number, node

    def chain(self) -> list[tuple[int, Stage, int, Stage]]:
        """Each pair of stages of which the first leads to the second alone."""
        return [
            (first, stage, after[0], following)
            for first, stage in self.stages()
            if len(after := self.after(first)) == 1
            and isinstance(following := self.node(after[0]), Stage)
            and len(self.before(after[0])) == 1
        ]

    def edges(self) -> list[tuple[int, int, Exchange]]:
        """All exchanges, in the order of the data."""
        place = {number: at for at, number in enumerate(self.order())}
        found = [(a, b, self.exchange(a, b)) for a, b in self.graph.edges]
        return sorted(found, key=lambda edge: (place[edge[0]], place[edge[1]]))

    @property
    def acyclic(self) -> bool:
        return bool(nx.is_directed_acyclic_graph(self.graph))
