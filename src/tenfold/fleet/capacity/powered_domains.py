"""Domains of a tree under limits of busy chips of their own: a gang stands where every domain it is in has the power.

A place that the tree gives is taken where it is powered; else another is looked for among nodes whose domains can power
it, by the same placement. Of wholly free nodes those are taken in order that no limit forbids: limits of domains within
one another are a laminar family, of which taking whatever still fits gives the most nodes where these are of one size.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tenfold.fleet.capacity.nodes import Nodes, Place
from tenfold.fleet.capacity.tree import Ask, Tree


@dataclass(frozen=True, slots=True, kw_only=True)
class DomainPower:
    """Chips of one domain that may be held, one entry for each step of the power."""

    level: int
    domain: int
    chips: tuple[int, ...]


class PoweredDomains:
    """A tree, of whose domains no more than their limits is held."""

    __slots__ = ("caps", "of_node", "spare", "step", "tree")

    def __init__(self, tree: Tree, caps: Sequence[DomainPower]) -> None:
        self.tree, self.caps, self.step = tree, caps, -1
        domain_of = tree.domains.domain_of
        self.of_node = [
            tuple(place for place, cap in enumerate(caps) if domain_of[cap.level][node] == cap.domain)
            for node in range(len(tree.sizes))
        ]
        """Which limits each node is under."""
        self.spare = [0] * len(caps)
        """Chips that may be held beside those that are; below 0 after a limit fell."""

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401
        """Everything else is that of the tree."""
        return getattr(self.tree, name)

    def at(self, step: int) -> None:
        """Let the limits be those of a step; none may be held before the first, -1."""
        for place, cap in enumerate(self.caps):
            before = cap.chips[self.step] if self.step >= 0 else 0
            self.spare[place] += (cap.chips[step] if step >= 0 else 0) - before
        self.step = step

    def find(self, ask: Ask) -> Place | None:
        """Give a place for a gang, or None while there is none with the power for it."""
        place = self.tree.find(ask)
        return place if place is None or self._powers(place) else self._elsewhere(ask)

    def fits(self, ask: Ask) -> bool:
        """Whether a gang could start."""
        return self.find(ask) is not None

    def take(self, place: Place) -> None:
        """Hold a place."""
        self.tree.take(place)
        self._hold(place, 1)

    def give(self, place: Place) -> None:
        """Let go of it."""
        self.tree.give(place)
        self._hold(place, -1)

    def holds(self, place: Place) -> bool:
        """Whether a place is free, and there is power for it."""
        return self.tree.holds(place) and self._powers(place)

    def largest_powered(self) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """As ``largest`` of the tree, of gangs that there is power for."""
        tree = self.tree
        gangs = [max(whole) for part in range(len(tree.kinds)) for whole in self._wholes(part)]
        parts = [
            max(min([tree.left[node], *(self.spare[cap] for cap in self.of_node[node])]) for node in nodes.members)
            for nodes in tree.parts
        ]
        return tuple(gangs), tuple(max(0, part) for part in parts)

    def copy(self) -> PoweredDomains:
        """The same, to plan with."""
        return self._with(self.tree.copy(), self.spare)

    def emptied(self) -> PoweredDomains:
        """The same with nothing on it."""
        limits = [cap.chips[self.step] if self.step >= 0 else 0 for cap in self.caps]
        return self._with(self.tree.emptied(), limits)

    def _with(self, tree: Tree, spare: Sequence[int]) -> PoweredDomains:
        twin = object.__new__(PoweredDomains)
        twin.tree, twin.caps, twin.step, twin.of_node = tree, self.caps, self.step, self.of_node
        twin.spare = list(spare)
        return twin

    def _hold(self, place: Place, sign: int) -> None:
        for node, chips in place:
            for cap in self.of_node[node]:
                self.spare[cap] -= sign * chips

    def _powers(self, place: Place) -> bool:
        spare = self.spare.copy()
        for node, chips in place:
            for cap in self.of_node[node]:
                spare[cap] -= chips
        return all(left >= 0 for left, before in zip(spare, self.spare, strict=True) if left != before)

    def _elsewhere(self, ask: Ask) -> Place | None:
        """Give another place, where all domains have the power."""
        chips, scope = ask
        wanted = self.tree.scopes[scope]
        for part in wanted.parts:
            nodes = self.tree.parts[part]
            in_one = chips <= nodes.largest_node
            place = self._in_one(nodes, chips) if in_one else self._whole(part, wanted.level, chips)
            if place is not None:
                return place
        return None

    def _in_one(self, nodes: Nodes, chips: int) -> Place | None:
        """One node, of those whose domains have the power."""
        able = [node for node in nodes.members if all(self.spare[cap] >= chips for cap in self.of_node[node])]
        return nodes.among(able).find(chips) if able else None

    def _whole(self, part: int, level: int, chips: int) -> Place | None:
        """Wholly free nodes of one domain."""
        found = self.tree.choose(self._wholes(part), level, chips)
        if found is None:
            return None
        taken, held = list[tuple[int, int]](), 0
        for node, size in self._taken(part, *self.tree.domains.spans[found[0]][found[1]]):
            if held < chips:
                taken.append((node, size))
                held += size
        return tuple(taken)

    def _wholes(self, part: int) -> list[list[int]]:
        """Chips of wholly free nodes that there is power for, by level and domain."""
        return [
            [sum(size for _, size in self._taken(part, first, end)) for first, end in spans]
            for spans in self.tree.domains.spans
        ]

    def _taken(self, part: int, first: int, end: int) -> list[tuple[int, int]]:
        """Wholly free nodes of a kind in a domain, in order, as far as there is power."""
        tree, spare, found = self.tree, self.spare.copy(), list[tuple[int, int]]()
        for node in range(first, end):
            size, caps = tree.sizes[node], self.of_node[node]
            if tree.left[node] == size and tree.part_of[node] == part and all(spare[cap] >= size for cap in caps):
                found.append((node, size))
                for cap in caps:
                    spare[cap] -= size
        return found
