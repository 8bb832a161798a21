"""Promises to everybody that waits (conservative backfilling), on a pool: how many chips are free from when on.

The profile counts who runs until they are expected to end, and who waits from when they were promised to start. While
all goes as expected a promise stays; when somebody ends early, all promises are made anew in order.

Source: Mu'alem and Feitelson, IEEE TPDS 12(6), 2001.
"""

from __future__ import annotations

import heapq
from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tenfold.fleet.engine.steady import State

NEVER = float("inf")


class Profile:
    """Free chips as steps: ``free[i]`` from ``time_s[i]`` to the next; the last holds for ever."""

    def __init__(self, now_s: float, chips: int) -> None:
        self.time_s = [now_s]
        self.free = [chips]

    def forget(self, now_s: float) -> None:
        """Drop what is over."""
        past = bisect_right(self.time_s, now_s) - 1
        if past > 0:
            del self.time_s[:past], self.free[:past]
        self.time_s[0] = max(self.time_s[0], now_s)

    def earliest_s(self, chips: int, lasts_s: float) -> float:
        """First time from which on so many chips are free for so long."""
        time_s, free = self.time_s, self.free
        count = len(time_s)
        at = 0
        while True:
            while free[at] < chips:
                at += 1
            until_s, look = time_s[at] + lasts_s, at + 1
            while look < count and time_s[look] < until_s and free[look] >= chips:
                look += 1
            if look == count or time_s[look] >= until_s:
                return time_s[at]
            at = look

    def hold(self, from_s: float, to_s: float, chips: int) -> None:
        """Take chips for a time."""
        first, last = self._step(from_s), self._step(to_s) if to_s < NEVER else len(self.time_s)
        for at in range(first, last):
            self.free[at] -= chips

    def _step(self, at_s: float) -> int:
        """Place of the step that begins at a time; made where there is none."""
        place = bisect_left(self.time_s, at_s)
        if place == len(self.time_s) or self.time_s[place] != at_s:
            self.time_s.insert(place, at_s)
            self.free.insert(place, self.free[place - 1])
        return place


class Promises:
    """Who was promised to start when."""

    def __init__(self) -> None:
        self.profile: Profile | None = None
        self.due: list[tuple[float, int]] = []
        self.known: set[int] = set()


def conservative(state: State) -> None:
    """Start whose promise is due; promise to whoever is new."""
    promises = state.promises_to
    if promises.profile is None or state.early:
        _anew(state, promises)
    else:
        promises.profile.forget(state.now_s)
    for rank in sorted(rank for rank in state.line.waiting() if rank not in promises.known):
        _promise(state, promises, rank)
    while promises.due and promises.due[0][0] <= state.now_s:
        rank = promises.due[0][1]
        place = state.capacity.find(state.asks[rank])
        if place is None:
            break  # who runs is later than was estimated: the promise cannot be kept
        state.early = state.early or promises.due[0][0] < state.now_s
        heapq.heappop(promises.due)
        promises.known.discard(rank)
        state.line.drop(rank)
        state.start(rank, place)


def _promise(state: State, promises: Promises, rank: int) -> None:
    profile = promises.profile
    if profile is None:
        return
    lasts_s = state.estimate_s[rank]
    start_s = profile.earliest_s(state.asks[rank], lasts_s)
    profile.hold(start_s, start_s + lasts_s, state.asks[rank])
    heapq.heappush(promises.due, (start_s, rank))
    promises.known.add(rank)


def _anew(state: State, promises: Promises) -> None:
    """Make every promise anew, in order."""
    promises.profile = Profile(state.now_s, state.capacity.chips)
    for end_s, rank in state.expected:
        if end_s > state.now_s:
            promises.profile.hold(state.now_s, end_s, state.asks[rank])
    promises.due, promises.known = [], set()
    for rank in sorted(state.line.waiting()):
        _promise(state, promises, rank)
    state.early = False
