"""Spares in the simulation: the job stands still from a failure that finds no spare until a repair gives one back.

The n-th unit that is taken, beyond the S that stand ready, is the one whose repair ends first: the (n − S)-th to fail,
since repairs of a replica all take as long. Failures strike by a clock that stops meanwhile, as in
``stopped_share_while_running``, so waits are added to the wall time of what is simulated beside them. Where pools stand
apart, a failure strikes any of them alike and takes from that one alone.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tenfold.quantities import Flags, Floats, Indices
from tenfold.reliability.rounds import Failures


@dataclass(frozen=True, slots=True, kw_only=True)
class Draws:
    """What every replica of a run takes from its spares."""

    units: int
    """Of each pool."""
    pools: int = 1
    class_share: Floats
    """Share of each class of failures that takes a spare; shape (classes,)."""
    waits: float
    """Share of the job that waits: 1, or one replica of those that go on without it."""


@dataclass(slots=True, kw_only=True)
class Shelf:
    """Spares of replicas between blocks; columns of one value each but for ``back_s``."""

    back_s: Floats
    """Wall time at which each unit that was taken has been repaired, shape (replicas, pools, units)."""
    taken: Indices
    """Units taken so far, shape (replicas, pools)."""
    waited_s: Floats
    """Wall time lost to waiting so far."""

    @classmethod
    def full(cls, units: int, replicas: int, pools: int = 1) -> Shelf:
        """All units ready."""
        return cls(
            back_s=np.full((replicas, pools, max(units, 1)), -np.inf),
            taken=np.zeros((replicas, pools), dtype=np.intp),
            waited_s=np.zeros(replicas),
        )

    def take(self, chosen: Flags) -> Shelf:
        """The spares of some replicas."""
        return Shelf(back_s=self.back_s[chosen], taken=self.taken[chosen], waited_s=self.waited_s[chosen])


def draw_spares(draws: Draws, shelf: Shelf, failures: Failures, repair_s: Floats, rng: np.random.Generator) -> None:
    """Take a spare for every failure of a block that needs one, and wait for it; ``repair_s`` has shape (replicas,)."""
    needs = rng.random(failures.kind.shape) < np.append(draws.class_share, 0.0).take(failures.kind, mode="clip")
    replica = np.arange(len(repair_s))
    struck = rng.integers(draws.pools, size=needs.shape) if draws.pools > 1 else np.zeros(needs.shape, dtype=np.intp)
    for time_s, need, pool in zip(failures.time_s, needs, struck, strict=True):
        wall = time_s + shelf.waited_s
        place = shelf.taken[replica, pool] % shelf.back_s.shape[2]
        at = replica, pool, place
        back = shelf.back_s[at] if draws.units else wall + repair_s
        shelf.waited_s = shelf.waited_s + np.where(need, draws.waits * np.maximum(back - wall, 0.0), 0.0)
        shelf.back_s[at] = np.where(need, wall + repair_s, shelf.back_s[at])
        shelf.taken[replica, pool] += need
