"""A tree of domains: nodes as in ``nodes``, kind by kind, and gangs of whole nodes that stay within one domain.

An ask is (chips, scope). A scope is what a gang may stand on: kinds of chip in order of preference, and the level of
which it stays in one domain. A gang takes chips of one kind.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tenfold.fleet.capacity.domains import ANYWHERE, Domains
from tenfold.fleet.capacity.nodes import Look, Nodes, Place
from tenfold.fleet.choices import DomainChoice

Ask = tuple[int, int]
"""Chips, and the place of a scope."""


@dataclass(frozen=True, slots=True)
class Scope:
    """What a gang may stand on."""

    parts: tuple[int, ...]
    """Kinds of chip, by place, the best first."""
    level: int


class Tree:
    """Nodes in domains, and the way gangs are put on them."""

    __slots__ = ("chips", "choose", "domains", "kinds", "left", "most", "part_of", "parts", "scopes", "sizes", "wholes")

    def __init__(self, domains: Domains, placement: Callable[[Nodes, int], Place | None], choose: DomainChoice) -> None:
        self.domains, self.choose = domains, choose
        self.sizes, self.left = list(domains.sizes), list(domains.sizes)
        self.chips = sum(self.sizes)
        self.kinds = tuple(dict.fromkeys(domains.kinds or ("",)))
        places = {kind: place for place, kind in enumerate(self.kinds)}
        self.part_of = [places[domains.kind_of(node)] for node in range(len(self.sizes))]
        members = [[node for node, of in enumerate(self.part_of) if of == part] for part in range(len(self.kinds))]
        self.parts = [Nodes(self.sizes, placement, each, self.left) for each in members]
        self.wholes = [[[0] * len(spans) for spans in domains.spans] for _ in self.kinds]
        """Chips of wholly free nodes, by kind, level and domain."""
        for node, size in enumerate(self.sizes):
            self._count(node, size)
        self.most = [[max(whole) for whole in levels] for levels in self.wholes]
        """Largest domain, by kind and level."""
        self.scopes = [Scope(tuple(range(len(self.kinds))), ANYWHERE)]
        """What gangs may stand on; the first is anything."""

    @property
    def free(self) -> int:
        """Free chips of all kinds."""
        return sum([part.free for part in self.parts])

    def scope(self, kinds: Sequence[str], level: str) -> int:
        """Place of a scope: the kinds that are there of those named, any kind where none is; a level that is there."""
        known = tuple(self.kinds.index(kind) for kind in kinds if kind in self.kinds)
        parts = known if kinds else self.scopes[0].parts
        wanted = Scope(parts, self.domains.levels.index(level) + 1 if level else ANYWHERE)
        if wanted not in self.scopes:
            self.scopes.append(wanted)
        return self.scopes.index(wanted)

    def find(self, ask: Ask) -> Place | None:
        """Give a place for a gang, or None while there is none."""
        chips, scope = ask
        level = self.scopes[scope].level
        for part in self.scopes[scope].parts:
            nodes = self.parts[part]
            place = nodes.find(chips) if chips <= nodes.largest_node else self._whole(part, level, chips)
            if place is not None:
                return place
        return None

    def _whole(self, part: int, level: int, chips: int) -> Place | None:
        """Wholly free nodes of one domain."""
        wholes = self.wholes[part]
        found = self.choose(wholes, level, chips) if wholes[ANYWHERE][0] >= chips else None
        if found is None:
            return None
        first, end = self.domains.spans[found[0]][found[1]]
        taken: list[tuple[int, int]] = []
        for node in range(first, end):
            size = self.sizes[node]
            if self.left[node] == size and self.part_of[node] == part:
                taken.append((node, size))
                chips -= size
                if chips <= 0:
                    break
        return tuple(taken)

    def fits(self, ask: Ask) -> bool:
        """Whether a gang could start."""
        chips, scope = ask
        return any(self._fits(part, self.scopes[scope].level, chips) for part in self.scopes[scope].parts)

    def _fits(self, part: int, level: int, chips: int) -> bool:
        nodes = self.parts[part]
        return nodes.fits(chips) if chips <= nodes.largest_node else max(self.wholes[part][level]) >= chips

    def take(self, place: Place) -> None:
        """Hold a place."""
        for node, _ in place:
            if self.left[node] == self.sizes[node]:
                self._count(node, -self.sizes[node])
        self.parts[self.part_of[place[0][0]]].take(place)

    def give(self, place: Place) -> None:
        """Let go of it."""
        self.parts[self.part_of[place[0][0]]].give(place)
        for node, _ in place:
            if self.left[node] == self.sizes[node]:
                self._count(node, self.sizes[node])

    def holds(self, place: Place) -> bool:
        """Whether a place is free."""
        return all(self.left[node] >= chips for node, chips in place)

    def size_of(self, place: Place) -> int:
        """Chips of a place."""
        return sum([chips for _, chips in place])

    def could_ever(self, ask: Ask) -> bool:
        """Whether a gang fits when all is free."""
        chips, scope = ask
        wanted = self.scopes[scope]
        return any(max(self.parts[part].largest_node, self.most[part][wanted.level]) >= chips for part in wanted.parts)

    def largest(self) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """Largest gang of whole nodes in a domain, by kind and level; most chips free in a node, by kind."""
        gangs = [max(whole) for levels in self.wholes for whole in levels]
        return tuple(gangs), tuple([part.largest()[1] for part in self.parts])

    def looks(self, scope: int) -> tuple[Look, ...]:
        """Which of ``largest`` tell whether a gang fits."""
        levels, wanted = len(self.domains.spans), self.scopes[scope]
        return tuple((part * levels + wanted.level, part, self.parts[part].largest_node) for part in wanted.parts)

    def copy(self) -> Tree:
        """The same, to plan with."""
        twin = object.__new__(Tree)
        for name in ("choose", "chips", "domains", "kinds", "most", "part_of", "scopes", "sizes"):
            setattr(twin, name, getattr(self, name))
        twin.left = self.left.copy()
        twin.parts = [part.copy(twin.left) for part in self.parts]
        twin.wholes = [[level.copy() for level in levels] for levels in self.wholes]
        return twin

    def emptied(self) -> Tree:
        """The same with nothing on it."""
        twin = Tree(self.domains, self.parts[0].placement, self.choose)
        twin.scopes = self.scopes
        return twin

    def _count(self, node: int, change: int) -> None:
        """A node becomes wholly free, or is no more."""
        for whole, of in zip(self.wholes[self.part_of[node]], self.domains.domain_of, strict=True):
            whole[of[node]] += change
