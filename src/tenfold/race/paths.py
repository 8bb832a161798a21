"""Paths of records and of what models could do, at the end of each quarter: what a lag is counted back through."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from tenfold.quantities import Flags
from tenfold.race.arrays import Draws
from tenfold.race.equations import capability
from tenfold.race.equations.capability import months_behind
from tenfold.race.world import QUARTERS_A_YEAR

F32 = np.float32
MONTHS = 3.0
"""Of a quarter."""
Counted = Callable[[Draws], Draws]
"""What paths are of, such as the logarithm of a run."""


class Sides:
    """The best of China and the best of all others, quarter by quarter; what only one side has stands for both."""

    def __init__(
        self, chinese: Flags, past: Sequence[list[Draws]], quarters: int, counted: Counted = np.positive
    ) -> None:
        self.users = tuple(np.flatnonzero(mask if mask.any() else ~mask) for mask in (~chinese, chinese))
        self.steps, self.counted = len(past[0]), counted
        self.paths = tuple(np.concatenate([each, np.zeros((quarters, len(each[0])), dtype=F32)]) for each in past)
        """(step, draw) of each side; steps that are still to come are 0."""
        self.best: tuple[Draws, ...] = ()
        """Of the last quarter: of all but China's, and of China's."""

    def add(self, values: Draws) -> None:
        """Add a quarter, (user, draw)."""
        self.best = tuple(values[users].max(axis=0) for users in self.users)
        for path, best in zip(self.paths, self.best, strict=True):
            np.maximum(self.counted(best), path[self.steps - 1], out=path[self.steps])
        self.steps += 1

    def lag(self) -> Draws:
        """Months by which China is behind; below zero where it is ahead."""
        theirs, own = (path[: self.steps] for path in self.paths)
        america, china = (self.counted(best) for best in self.best)
        return months_behind(china, theirs, MONTHS) - months_behind(america, own, MONTHS)

    def leader(self) -> Draws:
        """Path of whoever leads, (step, draw)."""
        return np.maximum(*(path[: self.steps] for path in self.paths))


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
