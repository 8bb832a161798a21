"""Families that a player has or buys, in slots: most players hold one or two of all, and the rest is never worked out.

A slot of a player stands for one family; a player has as many slots as the one with most. Who takes over another gets
slots for the families of both.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from tenfold.quantities import Flags, Indices
from tenfold.race.arrays import Draws
from tenfold.race.events import Merger
from tenfold.race.world import FAMILIES, World


@dataclass(frozen=True, slots=True, kw_only=True)
class Slots:
    """Which family each slot of each player stands for; s slot, p player, f family."""

    family: Indices
    """(s, p); no family twice for a player."""
    members: Draws
    """(f, s·p) 1 where a slot stands for a family."""

    def split(self, table: Draws) -> Draws:
        """A table by family, (…, f, p), by slot, (…, s, p)."""
        return table[..., self.family, np.arange(self.family.shape[1])]

    def each(self, rows: Draws, weights: Draws | None = None) -> Draws:
        """Rows by family, (f, draw), by slot, (s, p, draw), times a weight of each slot, (s, p, 1), where given.

        A product with a matrix that has one number in a row takes a quarter of the time of looking rows up, and
        rounds alike.
        """
        table = self.members if weights is None else self.members * weights.reshape(1, -1)
        return (table.T @ rows).reshape(*self.family.shape, -1)

    def scale(self, amounts: Draws, rows: Draws, weights: Draws | None = None, *, out: Draws) -> Draws:
        """Amounts by slot, (s, p, draw), times ``each`` of the same, written over ``out``.

        One slot after another, so that what is made of rows is still at hand when it is multiplied.
        """
        table = self.members if weights is None else self.members * weights.reshape(1, -1)
        for slot, each in enumerate(table.T.reshape(*self.family.shape, -1)):
            np.multiply(amounts[slot], each @ rows, out=out[slot])
        return out

    def by_family(self, amounts: Draws) -> Draws:
        """Sums over players, (f, draw), of amounts by slot, (s, p, draw)."""
        return self.members @ amounts.reshape(self.members.shape[1], -1)

    def whole(self, amounts: Draws) -> Draws:
        """Amounts by slot, (s, p, draw), by family, (f, p, draw)."""
        players = np.arange(self.family.shape[1])
        found = np.zeros((len(FAMILIES), *amounts.shape[1:]), dtype=amounts.dtype)
        for slot, families in zip(amounts, self.family, strict=True):
            found[families, players] = slot
        return found


def slots_of(world: World, mergers: Iterable[Merger]) -> Slots:
    """Slots of a world in which some take over others."""
    held: Flags = world.mix > 0.0
    for merger in sorted(mergers, key=lambda each: each.quarter):
        held[:, merger.buyer] |= held[:, merger.bought]
    family = np.argsort(~held, axis=0, kind="stable")[: max(int(held.sum(axis=0).max()), 1)]
    members = family.ravel() == np.arange(len(FAMILIES))[:, None]
    return Slots(family=family, members=members.astype(np.float32))
