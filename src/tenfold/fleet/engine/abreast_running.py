"""What runs in many draws at once: when each job ends and the chips it holds."""

from __future__ import annotations

import math

import numpy as np

from tenfold.quantities import Flags, Floats, Integers

NEVER = float("inf")


def least_of(rows: Floats) -> tuple[Integers, Floats]:
    """Where the least of each row stands, and it; looked up, because reducing many short rows takes twice as long."""
    place = rows.argmin(axis=1)
    return place, rows.ravel().take(np.arange(len(rows)) * rows.shape[1] + place)


class Running:
    """Ends lie in blocks, with the least of each beside them, so that the next is found in two short looks.

    Every step is taken by all draws; in those where nothing happens it goes to a slot that is never used.
    """

    __slots__ = (
        "_block",
        "_blocks",
        "_each",
        "_least_s",
        "_next",
        "_nobody",
        "_of_block",
        "_rows",
        "_slots",
        "_top",
        "_vacant",
        "ends_s",
        "free",
        "held",
        "next_s",
        "now_s",
    )

    def __init__(self, now_s: Floats, places: int, jobs: int) -> None:
        draws, most = len(now_s), min(places, jobs)
        self._block = max(2, math.isqrt(most))
        self._blocks = most // self._block + 1
        self._slots = self._blocks * self._block
        self._nobody = self._slots - 1
        self._each = np.arange(draws)
        self._rows, self._of_block = self._each * self._slots, self._each * self._blocks
        self.ends_s = np.full((draws, self._slots), NEVER)
        self.held = np.zeros((draws, self._slots), dtype=np.int64)
        self._least_s = np.full((draws, self._blocks), NEVER)
        stack = np.concatenate(([self._nobody], np.arange(self._nobody)))
        self._vacant, self._top = np.tile(stack, (draws, 1)), np.full(draws, self._slots)
        """Slots without a job, as a stack on the one that is never used."""
        self.free, self.now_s = np.full(draws, places), now_s
        self.next_s, self._next = np.full(draws, NEVER), self._of_block
        """When something ends next, and in which block."""

    def start(self, started: Flags, chips: Integers, lasts_s: Floats) -> None:
        """Start one job where one is started; elsewhere ``chips`` are 0 and ``lasts_s`` is infinite."""
        self.free -= chips
        self._top -= started
        slot = self._vacant.ravel().take(self._rows + self._top * started)
        end_s, there, block = self.now_s + lasts_s, self._rows + slot, self._of_block + slot // self._block
        self.ends_s.ravel()[there] = end_s
        self.held.ravel()[there] = chips
        least_s = self._least_s.ravel()
        least_s[block] = np.minimum(least_s.take(block), end_s)
        self._next = np.where(end_s < self.next_s, block, self._next)
        self.next_s = np.minimum(self.next_s, end_s)

    def end(self, ends: Flags) -> None:
        """End the next job where one ends."""
        block = np.where(ends, self._next, self._of_block + self._blocks - 1)
        inside = self.ends_s.reshape(-1, self._block).take(block, axis=0)
        place = np.where(ends, inside.argmin(axis=1), self._block - 1)
        inside.ravel()[self._each * self._block + place] = NEVER
        there = block * self._block + place
        self.ends_s.ravel()[there] = NEVER
        self._least_s.ravel()[block] = least_of(inside)[1]
        place, self.next_s = least_of(self._least_s)
        self._next = self._of_block + place
        held = self.held.ravel()
        self.free += held.take(there)
        held[there] = 0
        self._vacant.ravel()[self._rows + np.where(ends, self._top, 0)] = there - self._rows
        self._top += ends
