"""Paths of records and of what models could do, at the end of each quarter: what a lag is counted back through."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from tenfold.quantities import Flags, Indices
from tenfold.race.arrays import Draws
from tenfold.race.equations import capability
from tenfold.race.equations.capability import months_behind
from tenfold.race.world import QUARTERS_A_YEAR

F32 = np.float32
MONTHS = 3.0
"""Of a quarter."""
Counted = np.ufunc
"""What paths are of, such as the logarithm of a run."""


class Sides:
    """The best of China and the best of all others, quarter by quarter; what only one side has stands for both."""

    def __init__(
        self, chinese: Flags, past: Sequence[list[Draws]], quarters: int, counted: Counted = np.positive
    ) -> None:
        self.users = tuple(np.flatnonzero(mask if mask.any() else ~mask) for mask in (~chinese, chinese))
        self.steps, self.quarter, self.counted = len(past[0]), 0, counted
        self.paths = tuple(np.concatenate([each, np.zeros((quarters, len(each[0])), dtype=F32)]) for each in past)
        """(step, draw) of each side; steps that are still to come are 0."""
        self.told = np.zeros((len(past), quarters, len(past[0][0])), dtype=F32)
        """(side, quarter, draw) what is counted of each quarter's best: of all but China's, and of China's."""
        self.best: tuple[Draws, ...] = ()
        """The best of the last quarter."""

    def add(self, values: Draws) -> None:
        """Add a quarter, (user, draw)."""
        self.best = tuple(values[users].max(axis=0) for users in self.users)
        for path, best, told in zip(self.paths, self.best, self.told, strict=True):
            np.maximum(self.counted(best, out=told[self.quarter]), path[self.steps - 1], out=path[self.steps])
        self.steps, self.quarter = self.steps + 1, self.quarter + 1

    def lags(self, first: int) -> Draws:
        """Months by which China is behind in each quarter from one on, (quarter, draw); below 0 where it is ahead."""
        theirs, own = self.paths
        america, china = self.told[:, first:]
        seen = self.seen(np.arange(first, self.quarter))[:, None]
        return months_behind(china, theirs, MONTHS, seen) - months_behind(america, own, MONTHS, seen)

    def seen(self, quarters: Indices) -> Indices:
        """Steps of a path at the end of quarters."""
        return self.steps - self.quarter + quarters + 1

    def leader(self) -> Draws:
        """Path of whoever leads, (step, draw)."""
        return np.maximum(*self.paths)


def past_indices(records: tuple[float, ...], drawn: Mapping[str, Draws]) -> list[Draws]:
    """Index of the record at the end of each quarter before the start, with algorithms as they were then."""
    points, growth = drawn["capability.points_per_tenfold"], np.log(drawn["capability.algorithms_per_year"])
    found = []
    for place, record in enumerate(records):
        back = np.float32((place - len(records) + 1) / QUARTERS_A_YEAR)
        base = capability.index(np.full_like(points, record), growth * back, points)
        found.append(
            capability.with_post_training(
                base, drawn["capability.post_training"], drawn["capability.post_training_ceiling"]
            )
        )
    return found


def past_runs(records: tuple[float, ...], draws: int) -> list[Draws]:
    """The record at the end of each quarter before the start, log₁₀ FLOP, the same in every draw."""
    return [np.full(draws, np.log10(record), dtype=np.float32) for record in records]
