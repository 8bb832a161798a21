"""EASY when all that will happen is known: others start where they do not delay the first that does not fit.

Jobs last as long as is expected, so that a promise stands until it is kept: whoever ends before it is gone by then, and
whoever does not takes what is spare. For one promise what is spare and the time until then only shrink, so that whoever
was passed over stays so, but for want of free chips: each promise looks through the jobs of a size once.
"""

from __future__ import annotations

import sys
from bisect import insort
from functools import partial

import numpy as np

from tenfold.fleet.engine.foreseen_ends import Draw, Queue, first_pass, next_pass
from tenfold.quantities import Floats, Indices

NEAR = 12
"""Jobs that are looked at one by one, before blocks of them are."""
BLOCK = 256
"""Jobs of the first block."""
ANY_S = sys.float_info.max
"""Limit that everybody keeps who still waits; who has left lasts for ever, and keeps none."""
GONE_S = float("inf")
NOBODY_S = -float("inf")
"""What stands behind the last of each size lasts: it keeps every limit."""


class Spots:
    """Jobs apart by size, in order, with a spot for nobody behind the last of each; the same in every draw."""

    __slots__ = ("first", "of_rank", "rank_at", "served", "sizes")

    def __init__(self, chips: list[int]) -> None:
        sizes, size_of = np.unique(np.array(chips), return_inverse=True)
        ranks, counts, order = np.arange(len(chips)), np.bincount(size_of), np.argsort(size_of, kind="stable")
        self.of_rank: Indices = np.empty_like(order)
        self.of_rank[order] = ranks + size_of[order]
        self.sizes: list[int] = sizes.tolist()
        self.first: list[int] = (np.cumsum(counts + 1) - counts - 1).tolist()
        """Spot of the first of each size."""
        self.rank_at = [len(chips)] * (len(chips) + len(sizes))
        """Who stands on each spot; the number of jobs where nobody does."""
        self.served = list(zip(self.of_rank.tolist(), chips, strict=True))
        """Spot and gang of each job, in order."""
        for rank, (spot, _) in enumerate(self.served):
            self.rank_at[spot] = rank


class Waiting:
    """Who waits in one draw, what runs, and the promise."""

    __slots__ = ("_at", "_first", "_promised_s", "_row", "_spare", "_spots", "ends", "held", "lasts_s")

    def __init__(self, spots: Spots, lasts_s: Floats) -> None:
        self._spots, self._first, self._at = spots, spots.first.copy(), list[int]()
        self._row = np.full(len(spots.rank_at), NOBODY_S)
        self._row[spots.of_rank] = lasts_s
        self.lasts_s: list[float] = self._row.tolist()
        """By spot; a list beside the array, because looking at one of it is quicker."""
        self.ends, self.held = list[float](), dict[float, int]()
        """Ends of running jobs, negative and in order, so that the next is the last; the chips that end with each."""
        self._promised_s, self._spare = 0.0, 0

    def start(self, spot: int, gang: int, now_s: float) -> None:
        """Let a job leave the line."""
        end = -now_s - self.lasts_s[spot]
        self.lasts_s[spot] = self._row[spot] = GONE_S
        held = self.held
        if end in held:
            held[end] += gang
        else:
            held[end] = gang
            insort(self.ends, end)

    def promise(self, gang: int, free: int) -> None:
        """Promise the first when enough ends for it at the latest, and find what is spare then."""
        place = len(self.ends)
        while free < gang:
            place -= 1
            free += self.held[self.ends[place]]
        self._promised_s, self._spare = -self.ends[place], free - gang
        lasts_s = self.lasts_s
        for kind, spot in enumerate(self._first):
            while lasts_s[spot] == GONE_S:
                spot += 1
            self._first[kind] = spot
        self._at = self._first.copy()

    def backfill(self, now_s: float, free: int) -> int:
        """Start whoever does not delay the promise; gives the chips that stay free."""
        sizes, rank_at, nobody = self._spots.sizes, self._spots.rank_at, len(self._spots.served)
        at, lasts_s, within_s = self._at, self.lasts_s, self._promised_s - now_s
        least = sizes[0]
        while free >= least:
            best = nobody
            for kind, size in enumerate(sizes):
                if size > free:
                    break
                spot, limit_s = at[kind], within_s if size > self._spare else ANY_S
                if lasts_s[spot] > limit_s:
                    at[kind] = spot = self._next(spot, limit_s)
                if rank_at[spot] < best:
                    best, chosen = rank_at[spot], kind
            if best == nobody:
                break
            spot, size = at[chosen], sizes[chosen]
            if lasts_s[spot] > within_s:
                self._spare -= size
            self.start(spot, size, now_s)
            at[chosen] = spot + 1
            free -= size
        return free

    def _next(self, spot: int, limit_s: float) -> int:
        """Spot of the next of a size whose time keeps a limit."""
        lasts_s, near = self.lasts_s, spot + NEAR
        spot += 1
        while lasts_s[spot] > limit_s:
            spot += 1
            if spot == near:
                return self._far(spot, limit_s)
        return spot

    def _far(self, spot: int, limit_s: float) -> int:
        block = BLOCK
        while True:
            keeps = self._row[spot : spot + block] <= limit_s
            inside = int(keeps.argmax())
            if keeps[inside]:
                return spot + inside
            spot, block = spot + block, 4 * block


def easy(queue: Queue) -> Draw:
    """The first that does not fit gets a promise; others start where they do not delay it."""
    return partial(_draw, queue, Spots(queue.chips))


def _draw(queue: Queue, spots: Spots, lasts_s: Floats) -> tuple[float, float]:
    line, free, (now_s, fitting_s) = Waiting(spots, lasts_s), queue.places, first_pass(queue)
    ends, held, last_s, interval_s = line.ends, line.held, line.lasts_s, queue.interval_s
    least, needs, own = spots.sizes[0], queue.chips[queue.own], spots.served[queue.own][0]
    for spot, gang in spots.served:
        if last_s[spot] == GONE_S:
            continue
        promised = False
        while free < gang:
            if free >= least:
                if not promised:
                    line.promise(gang, free)
                    promised = True
                free = line.backfill(now_s, free)
                if last_s[own] == GONE_S:
                    return now_s - queue.now_s, fitting_s
            end = ends.pop()
            if free >= needs:
                fitting_s -= now_s + end
            now_s = -end
            free += held.pop(end)
            if interval_s:
                now_s, free, more_s = next_pass(queue, ends, held, now_s, free)
                fitting_s += more_s
        if spot == own:
            break
        free -= gang
        line.start(spot, gang, now_s)
    return now_s - queue.now_s, fitting_s
