"""Lines of many draws at once: who starts next in each, by admission; a rank is a place in the order of all jobs."""

from __future__ import annotations

import numpy as np

from tenfold.fleet.engine.abreast_running import Running, least_of
from tenfold.quantities import Flags, Floats, Indices, Integers

BLOCK = 64
"""Jobs that are looked at together."""
FEW = 8
"""Blocks of a size up to which sizes are looked through together."""
ANY_S = np.finfo(np.float64).max
"""Limit that everybody keeps who still waits; who has left lasts for ever, and keeps none."""
GONE_S = float("inf")


class Strict:
    """The line stops at the first that does not fit."""

    def __init__(self, chips: Integers, lasts_s: Floats) -> None:
        self._chips = np.append(chips, 0)
        self._at = np.zeros(lasts_s.shape[1], dtype=np.intp)

    def first(self, running: Running, trying: Flags) -> Indices:
        """Whoever is first, where it fits."""
        return np.where(trying & (self._chips.take(self._at) <= running.free), self._at, len(self._chips) - 1)

    def drop(self, ranks: Indices, started: Flags) -> None:
        """Let the first leave."""
        del ranks  # it is the first
        self._at += started


class Skipping:
    """In order, whoever fits: of each size only the first has to be looked at."""

    def __init__(self, chips: Integers, lasts_s: Floats) -> None:
        sizes, of_rank = np.unique(chips, return_inverse=True)
        self._sizes, self._size_of, self._jobs = sizes[:, None], np.append(of_rank, 0), len(chips)
        by_size = [np.flatnonzero(of_rank == size) for size in range(len(sizes))]
        self._ranks = np.full((len(sizes), max(map(len, by_size)) + 1), self._jobs)
        for size, ranks in enumerate(by_size):
            self._ranks[size, : len(ranks)] = ranks
        draws = lasts_s.shape[1]
        self._each, self._at = np.arange(draws), np.zeros((len(sizes), draws), dtype=np.intp)
        self._first = np.tile(self._ranks[:, :1], (1, draws))

    def first(self, running: Running, trying: Flags) -> Indices:
        """The first of those whose size fits."""
        fits = trying & (self._sizes <= running.free)
        return np.asarray(np.where(fits, self._first, self._jobs).min(axis=0))

    def drop(self, ranks: Indices, started: Flags) -> None:
        """Let the first of a size leave."""
        size = self._size_of.take(ranks)
        where, counts = size * len(self._each) + self._each, self._at.ravel()
        counts[where] = at = counts.take(where) + started
        self._first.ravel()[where] = self._ranks.ravel().take(size * self._ranks.shape[1] + at)


class Backfilled:
    """The first that does not fit gets a promise; others start where they do not delay it (EASY).

    Jobs last as long as is expected, so that a promise stands until it is kept: whoever ends before it is gone by
    then, and whoever does not takes what is spare. For one promise what is spare and the time until then only shrink,
    so that whoever was passed over stays so, but for want of free chips.
    """

    def __init__(self, chips: Integers, lasts_s: Floats) -> None:
        draws, self._jobs = lasts_s.shape[1], len(chips)
        self._chips, self._head = np.append(chips, 0), np.zeros(draws, dtype=np.intp)
        self._gone = np.zeros((draws, self._jobs + 2 * BLOCK), dtype=np.bool_)
        self._sizes, size_of = np.unique(chips, return_inverse=True)
        counts = np.bincount(size_of)
        self._blocks = -(-counts // BLOCK)
        self._from = np.cumsum(self._blocks) - self._blocks
        """First block of each size."""
        few = np.flatnonzero(self._blocks <= FEW)
        self._together = [*([few] if len(few) else []), *np.flatnonzero(self._blocks > FEW)[:, None]]
        """Sizes that are looked through together."""
        order, nobody = np.argsort(size_of, kind="stable"), int(self._blocks.sum()) * BLOCK
        inside = np.arange(self._jobs) - (np.cumsum(counts) - counts)[size_of[order]]
        self._place = np.empty(self._jobs, dtype=np.intp)
        """Where each rank stands in the blocks."""
        self._place[order] = self._from[size_of[order]] * BLOCK + inside
        self._rank = np.full(nobody + 1, self._jobs)
        self._rank[self._place] = np.arange(self._jobs)
        self._lasts_s = np.full((draws, nobody + BLOCK), GONE_S)
        self._lasts_s[:, self._place] = lasts_s.T
        self._lasts_s[:, nobody] = 0.0
        self._nobody = nobody
        """Place of whoever is found where nobody is: it keeps every limit."""
        self._least_s = self._lasts_s.reshape(draws, -1, BLOCK).min(axis=2)
        self._next = np.full((draws, len(self._sizes)), nobody, dtype=np.intp)
        """First of each size that may be backfilled."""
        self._promised = np.full(draws, -1)
        """Rank that has the promise."""
        self._promised_s, self._spare = np.zeros(draws), np.zeros(draws, dtype=np.int64)

    def first(self, running: Running, trying: Flags) -> Indices:
        """The first, where it fits; else the first that does not delay it."""
        fits = self._chips.take(self._head) <= running.free
        found = np.where(trying & fits, self._head, self._jobs)
        blocked = np.flatnonzero(trying & ~fits)
        if len(blocked):
            found[blocked] = self._backfill(blocked, running)
        return found

    def _backfill(self, draws: Indices, running: Running) -> Indices:
        new = self._promised[draws] != self._head[draws]
        if new.any():
            self._promise(draws[new], running)
        within_s = self._promised_s[draws] - running.now_s[draws]
        limits_s = np.where(self._sizes <= self._spare[draws, None], ANY_S, within_s[:, None])
        fits, places = self._sizes <= running.free[draws, None], self._next[draws]
        row = draws[:, None] * self._lasts_s.shape[1]
        stale = (fits & (self._lasts_s.ravel().take(row + places) > limits_s)) | new[:, None]
        for sizes in self._together:
            one, other = np.nonzero(stale[:, sizes])
            if len(one):
                places[one, sizes[other]] = self._search(draws[one], sizes[other], limits_s[one, sizes[other], None])
        self._next[draws] = places
        found = np.where(fits, self._rank.take(places), self._jobs).min(axis=1)
        place = self._place.take(found, mode="clip")
        long = (found < self._jobs) & (self._lasts_s.ravel().take(row[:, 0] + place) > within_s)
        self._spare[draws] -= np.where(long, self._chips.take(found), 0)
        return np.asarray(found)

    def _search(self, draws: Indices, sizes: Indices, limits_s: Floats) -> Indices:
        """Place of the first of a size whose time keeps the limit, for pairs of draw and size."""
        each, ahead = np.arange(len(draws)), np.arange(self._blocks[sizes].max())
        first = draws * self._least_s.shape[1] + self._from[sizes]
        there = ahead < self._blocks[sizes][:, None]
        keeps = (self._least_s.ravel().take(first[:, None] + ahead, mode="clip") <= limits_s) & there
        block = keeps.argmax(axis=1)
        inside = self._lasts_s.reshape(-1, BLOCK).take(first + block, axis=0) <= limits_s
        found = (self._from[sizes] + block) * BLOCK + inside.argmax(axis=1)
        return np.where(keeps.ravel().take(each * len(ahead) + block), found, self._nobody)

    def _promise(self, draws: Indices, running: Running) -> None:
        """Promise when enough ends for the head at the latest, and what is spare then."""
        ends_s, held, free = running.ends_s[draws], running.held[draws], running.free[draws]
        order, head = np.argsort(ends_s, axis=1), self._head[draws]
        needed = self._chips[head] - free
        enough = np.cumsum(np.take_along_axis(held, order, axis=1), axis=1) >= needed[:, None]
        each = np.arange(len(draws))
        promised_s = ends_s[each, order[each, enough.argmax(axis=1)]]
        self._promised[draws], self._promised_s[draws] = head, promised_s
        self._spare[draws] = (held * (ends_s <= promised_s[:, None])).sum(axis=1) - needed

    def drop(self, ranks: Indices, started: Flags) -> None:
        """Let jobs leave."""
        draws = np.flatnonzero(started)
        gone = ranks[draws]
        place = self._place[gone]
        self._lasts_s.ravel()[draws * self._lasts_s.shape[1] + place] = GONE_S
        block = draws * self._least_s.shape[1] + place // BLOCK
        self._least_s.ravel()[block] = least_of(self._lasts_s.reshape(-1, BLOCK).take(block, axis=0))[1]
        self._gone[draws, gone] = True
        self._behind(draws[gone == self._head[draws]])

    def _behind(self, draws: Indices) -> None:
        """Let the next that still waits be first."""
        heads = self._head[draws] + 1
        self._head[draws] = heads
        some = self._gone[draws, heads]
        draws, heads = draws[some], heads[some]
        while len(draws):
            ahead = self._gone[draws[:, None], heads[:, None] + np.arange(BLOCK)]
            step = ahead.argmin(axis=1)
            gone = ahead[np.arange(len(draws)), step]
            self._head[draws] = heads = heads + np.where(gone, BLOCK, step)
            draws, heads = draws[gone], heads[gone]
