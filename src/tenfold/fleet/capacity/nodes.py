"""Nodes: a gang that is no larger than a node stands in one, a larger one takes nodes that are wholly free.

A place is a tuple of (node, chips). Free nodes are kept by how much of them is free, lowest number first, in heaps
whose stale entries are dropped when they come up.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Sequence

Place = tuple[tuple[int, int], ...]
Look = tuple[int, int, int]
"""Where the largest gang of whole nodes is noted, where the most in one node, and how large a node is."""


class Nodes:
    """Nodes of any sizes, and the way gangs are put on them."""

    __slots__ = (
        "chips",
        "counts",
        "free",
        "heaps",
        "idle",
        "largest_node",
        "left",
        "members",
        "placement",
        "sizes",
        "whole",
    )

    def __init__(
        self,
        sizes: Sequence[int],
        placement: Callable[[Nodes, int], Place | None],
        members: Sequence[int] | None = None,
        left: list[int] | None = None,
    ) -> None:
        self.sizes = list(sizes)
        self.left = list(sizes) if left is None else left
        """Free chips of each node; shared with others where these are ``members`` of more nodes."""
        self.members = range(len(sizes)) if members is None else members
        here = [self.sizes[node] for node in self.members]
        self.largest_node = max(here)
        self.chips = self.free = self.whole = sum(here)
        """``whole``: chips of nodes that are wholly free."""
        self.placement = placement
        self.counts = [0] * (self.largest_node + 1)
        """Nodes by how many of their chips are free."""
        self.heaps: list[list[int]] = [[] for _ in self.counts]
        for node, size in zip(self.members, here, strict=True):
            self.counts[size] += 1
            self.heaps[size].append(node)
        self.idle = list(self.members)
        """Nodes that are wholly free, and some that were."""

    def find(self, chips: int) -> Place | None:
        """Give a place for a gang, or None while there is none."""
        if chips > self.free:
            return None
        return self.placement(self, chips)

    def fits(self, chips: int) -> bool:
        """Whether a gang could start."""
        if chips > self.largest_node:
            return chips <= self.whole
        return any(self.counts[chips:])

    def take(self, place: Place) -> None:
        """Hold a place."""
        for node, chips in place:
            self._move(node, self.left[node] - chips)

    def give(self, place: Place) -> None:
        """Let go of it."""
        for node, chips in place:
            self._move(node, self.left[node] + chips)

    def holds(self, place: Place) -> bool:
        """Whether a place is free."""
        return all(self.left[node] >= chips for node, chips in place)

    def size_of(self, place: Place) -> int:
        """Chips of a place."""
        return place[0][1] if len(place) == 1 else sum([chips for _, chips in place])

    def could_ever(self, chips: int) -> bool:
        """Whether a gang fits when all is free."""
        return chips <= self.chips

    def largest(self) -> tuple[int, int]:
        """Largest gang that could start, and the largest in part of a node."""
        counts = self.counts
        part = next((left for left in range(self.largest_node, 0, -1) if counts[left]), 0)
        return max(self.whole, part), part

    def looks(self, scope: int) -> tuple[Look, ...]:
        """Which of ``largest`` tell whether a gang fits; there is one scope."""
        del scope
        return ((0, 0, self.largest_node),)

    def copy(self, left: list[int] | None = None) -> Nodes:
        """The same, to plan with; without the stale entries. ``left`` is the copy that its other parts have too."""
        twin = object.__new__(Nodes)
        for name in ("sizes", "largest_node", "chips", "free", "whole", "members", "placement"):
            setattr(twin, name, getattr(self, name))
        twin.left, twin.counts = self.left.copy() if left is None else left, self.counts.copy()
        twin.heaps = [[] for _ in twin.counts]
        twin.idle = []
        for node, free in zip(twin.members, map(twin.left.__getitem__, twin.members), strict=True):
            if free:
                twin.heaps[free].append(node)
                if free == twin.sizes[node]:
                    twin.idle.append(node)
        return twin

    def among(self, members: Sequence[int]) -> Nodes:
        """The same with some of its nodes alone, to find a place in."""
        twin = object.__new__(Nodes)
        for name in ("sizes", "largest_node", "placement", "left"):
            setattr(twin, name, getattr(self, name))
        twin.members, twin.chips = members, sum([self.sizes[node] for node in members])
        twin.counts, twin.heaps = [0] * len(self.counts), [[] for _ in self.counts]
        twin.idle = [node for node in members if self.left[node] == self.sizes[node]]
        for node in members:
            twin.counts[self.left[node]] += 1
            twin.heaps[self.left[node]].append(node)
        twin.free = sum([self.left[node] for node in members])
        twin.whole = sum([self.sizes[node] for node in twin.idle])
        return twin

    def emptied(self) -> Nodes:
        """The same with nothing on it."""
        return Nodes(self.sizes, self.placement)

    def become(self, other: Nodes) -> None:
        """Take over what another holds."""
        for name in ("left", "counts", "free", "whole", "heaps", "idle"):
            setattr(self, name, getattr(other, name))

    def lowest(self, left: int) -> int:
        """Lowest node with exactly so many chips free; there has to be one."""
        heap, now = self.heaps[left], self.left
        while now[heap[0]] != left:
            heapq.heappop(heap)
        return heap[0]

    def wholly_free(self, chips: int) -> Place | None:
        """Lowest nodes that are wholly free and together hold a gang."""
        if chips > self.whole:
            return None
        found: dict[int, int] = {}
        while chips > 0:
            node = heapq.heappop(self.idle)
            if self.left[node] == self.sizes[node] and node not in found:
                found[node] = self.sizes[node]
                chips -= self.sizes[node]
        for node in found:
            heapq.heappush(self.idle, node)
        return tuple(found.items())

    def _move(self, node: int, left: int) -> None:
        before = self.left[node]
        self.left[node] = left
        self.free += left - before
        self.counts[before] -= 1
        self.counts[left] += 1
        heapq.heappush(self.heaps[left], node)
        size = self.sizes[node]
        if left == size:
            self.whole += size
            heapq.heappush(self.idle, node)
        elif before == size:
            self.whole -= size
