"""EASY when all that will happen is known: others start where they do not delay the first that does not fit.

Jobs last as long as is expected, so that a promise stands until it is kept: whoever ends before it is gone by then, and
whoever does not takes what is spare. For one promise what is spare and the time until then only shrink, so that whoever
was passed over stays so, but for want of free chips: each promise looks through the jobs of a size once.
"""

from __future__ import annotations

import sys
from array import array
from bisect import insort
from functools import partial

import numpy as np

from tenfold.fleet.engine.foreseen_ends import NEVER, Draw, Queue, first_pass, next_pass
from tenfold.quantities import Floats, Indices

NEAR = 12
"""Jobs that are looked at one by one, before blocks of them are."""
BLOCK = 256
"""Jobs of the first block."""
ANY_S = sys.float_info.max
"""Limit that everybody keeps who still waits; who has left lasts for ever, and keeps none."""
GONE_S = float("inf")
KEEPS = b"\x01"
"""A flag that is set."""
NOBODY_S = -float("inf")
"""What stands behind the last of each size lasts: it keeps every limit."""


class Spots:
    """Jobs apart by size, in order, with a spot for nobody behind the last of each; the same in every draw."""

    __slots__ = ("first", "of_rank", "rank_at", "second", "served", "sizes")

    def __init__(self, chips: list[int]) -> None:
        sizes, size_of = np.unique(np.array(chips), return_inverse=True)
        ranks, counts, order = np.arange(len(chips)), np.bincount(size_of), np.argsort(size_of, kind="stable")
        self.of_rank: Indices = np.empty_like(order)
        self.of_rank[order] = ranks + size_of[order]
        self.sizes: list[int] = sizes.tolist()
        self.second = [*self.sizes, sys.maxsize][1]
        """Size from which on more than the smallest gang fits."""
        self.first: list[int] = (np.cumsum(counts + 1) - counts - 1).tolist()
        """Spot of the first of each size."""
        self.rank_at = [len(chips)] * (len(chips) + len(sizes))
        """Who stands on each spot; the number of jobs where nobody does."""
        self.served = list(zip(self.of_rank.tolist(), chips, strict=True))
        """Spot and gang of each job, in order."""
        for rank, (spot, _) in enumerate(self.served):
            self.rank_at[spot] = rank


class Waiting:
    """Who waits in one draw, what runs, and the promise. Times are negative, as the ends are."""

    __slots__ = (
        *("_at", "_first", "_own", "_promised", "_queue", "_row", "_spare", "_spots"),
        *("beyond", "ends", "lasts_s"),
    )

    def __init__(self, queue: Queue, spots: Spots, lasts_s: Floats) -> None:
        self._queue, self._spots, self._first, self._at = queue, spots, spots.first.copy(), list[int]()
        self._own = spots.served[queue.own][0]
        row = np.full(len(spots.rank_at), NOBODY_S)
        row[spots.of_rank] = lasts_s
        self.lasts_s = array("d", row.tobytes())
        """By spot."""
        self._row = np.frombuffer(self.lasts_s)
        """The same memory, to look through blocks of it."""
        self.ends, self.beyond = [NEVER], dict[float, int]()
        self._promised, self._spare = 0.0, 0

    def start(self, spot: int, gang: int, now: float) -> None:
        """Let a job leave the line."""
        end = now - self.lasts_s[spot]
        self.lasts_s[spot] = GONE_S
        insort(self.ends, end)
        beyond = gang - self._spots.sizes[0]
        if beyond:
            self.beyond[end] = self.beyond.get(end, 0) + beyond

    def promise(self, gang: int, free: int) -> None:
        """Promise the first when enough ends for it at the latest, and find what is spare then."""
        ends, beyond, least, place, seen = self.ends, self.beyond, self._spots.sizes[0], len(self.ends), NEVER
        while free < gang or ends[place - 1] == seen:
            place -= 1
            free += least
            if ends[place] != seen:
                seen = ends[place]
                free += beyond.get(seen, 0)
        self._promised, self._spare = seen, free - gang
        lasts_s = self.lasts_s
        for kind, spot in enumerate(self._first):
            while lasts_s[spot] == GONE_S:
                spot += 1
            self._first[kind] = spot
        self._at = self._first.copy()

    def backfill(self, now: float, free: int) -> int:
        """Start whoever does not delay the promise; gives the chips that stay free."""
        sizes, rank_at, nobody = self._spots.sizes, self._spots.rank_at, len(self._spots.served)
        at, lasts_s, within_s = self._at, self.lasts_s, now - self._promised
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
            self.start(spot, size, now)
            at[chosen] = spot + 1
            free -= size
        return free

    def trickle(self, gang: int, now: float, free: int, fitting_s: float) -> tuple[float, int, float]:
        """Go from ending to ending until a second size could be backfilled, or the promise is kept.

        As ``backfill`` where only the smallest gang fits, which is most of the time; written flat for it.
        """
        ends, beyond, at, lasts_s, promised = self.ends, self.beyond, self._at, self.lasts_s, self._promised
        needs, interval_s, least = self._queue.chips[self._queue.own], self._queue.interval_s, self._spots.sizes[0]
        spot, own, until = at[0], self._own, min(gang, self._spots.second)
        while True:
            end = ends.pop()
            if free >= needs:
                fitting_s += now - end
            now = end
            free += least
            while ends[-1] == end:
                ends.pop()
                free += least
            if end in beyond:
                free += beyond.pop(end)
            if interval_s:
                now, free, more_s = next_pass(self._queue, ends, beyond, now, free)
                fitting_s += more_s
            if free >= until:
                at[0] = spot
                return now, free, fitting_s
            while free >= least:
                limit_s = now - promised if least > self._spare else ANY_S
                if lasts_s[spot] > limit_s:
                    spot = self._next(spot, limit_s)
                last_s = lasts_s[spot]
                if last_s == NOBODY_S:
                    break
                if last_s > now - promised:
                    self._spare -= least
                lasts_s[spot] = GONE_S
                free -= least
                insort(ends, now - last_s)
                if spot == own:
                    return now, free, fitting_s
                spot += 1

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
        row, block = self._row, BLOCK
        while True:
            inside = (row[spot : spot + block] <= limit_s).tobytes().find(KEEPS)
            if inside >= 0:
                return spot + inside
            spot, block = spot + block, 4 * block


def easy(queue: Queue) -> Draw:
    """The first that does not fit gets a promise; others start where they do not delay it."""
    return partial(_draw, queue, Spots(queue.chips))


def _draw(queue: Queue, spots: Spots, lasts_s: Floats) -> tuple[float, float]:
    line, free, (now, fitting_s) = Waiting(queue, spots, lasts_s), queue.places, first_pass(queue)
    ends, beyond, last_s, interval_s = line.ends, line.beyond, line.lasts_s, queue.interval_s
    least, own = spots.sizes[0], spots.served[queue.own][0]
    for spot, gang in spots.served:
        if last_s[spot] == GONE_S:
            continue
        promised = False
        while free < gang and last_s[own] != GONE_S:
            if free >= least:
                if not promised:
                    line.promise(gang, free)
                    promised = True
                free = line.backfill(now, free)
                if last_s[own] != GONE_S:
                    now, free, fitting_s = line.trickle(gang, now, free, fitting_s)
                continue
            end = ends.pop()
            now = end
            free += least
            while ends[-1] == end:
                ends.pop()
                free += least
            if end in beyond:
                free += beyond.pop(end)
            if interval_s:
                now, free, more_s = next_pass(queue, ends, beyond, now, free)
                fitting_s += more_s
        if spot == own or last_s[own] == GONE_S:
            break
        free -= gang
        line.start(spot, gang, now)
    return -now - queue.now_s, fitting_s
