"""Numbers that change at instants: how many chips are free, how many jobs wait."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tenfold.quantities import Floats, Integers


@dataclass(frozen=True, slots=True)
class Steps:
    """A number that holds from each time to the next; before the first time it is ``before``."""

    time_s: Floats
    value: Integers
    before: int

    def at(self, time_s: Floats) -> Integers:
        """Value right after each time."""
        place = np.searchsorted(self.time_s, time_s, side="right")
        return np.concatenate(([self.before], self.value))[place]


def steps_of(times_s: tuple[Floats, ...], changes: tuple[Integers, ...], before: int) -> Steps:
    """Add changes up: one step for each time at which there is any."""
    time_s, change = np.concatenate(times_s), np.concatenate(changes)
    order = np.argsort(time_s, kind="stable")
    time_s, total = time_s[order], before + np.cumsum(change[order])
    last = np.ones(len(time_s), dtype=np.bool_)
    last[:-1] = time_s[1:] != time_s[:-1]
    return Steps(time_s[last], total[last], before)
