"""Promises to everybody that waits (conservative backfilling), on a pool: how many chips are free from when on.

The profile counts who runs until they are expected to end, and who waits from when they were promised to start. While
all goes as expected a promise stays; when somebody ends early, all promises are made anew in order. They are worked out
when somebody might start by them, and only as far as that: until no chip is left now for whoever comes later.

Source: Mu'alem and Feitelson, IEEE TPDS 12(6), 2001.
"""

from __future__ import annotations

import heapq
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from tenfold.fleet.engine.steady import State

NEVER = float("inf")
LOOKED = 8
"""Promises between two looks at whether anybody could still start now."""


class Profile:
    """Free chips as steps: ``free[i]`` from ``time_s[i]`` to the next; the last of ``count`` holds for ever."""

    __slots__ = ("count", "free", "time_s")

    def __init__(self, now_s: float, chips: int, steps: int) -> None:
        self.time_s, self.free = np.empty(steps), np.empty(steps, dtype=np.int64)
        self.time_s[0], self.free[0], self.count = now_s, chips, 1

    def forget(self, now_s: float) -> None:
        """Drop what is over."""
        past = int(self.time_s[: self.count].searchsorted(now_s, side="right")) - 1
        if past > 0:
            self.time_s, self.free = self.time_s[past:], self.free[past:]
            self.count -= past
        self.time_s[0] = max(self.time_s[0], now_s)

    def earliest_s(self, chips: int, lasts_s: float, from_s: float = -NEVER) -> float:
        """First time, not before ``from_s``, from which on so many chips are free for so long."""
        first = max(0, int(self.time_s[: self.count].searchsorted(from_s, side="right")) - 1)
        time_s = self.time_s[first : self.count]
        short = np.flatnonzero(self.free[first : self.count] < chips)
        if not len(short):
            return float(time_s[0])
        if time_s[short[0]] >= time_s[0] + lasts_s:
            return float(time_s[0])
        begins_s = time_s[short + 1]  # the last step is never short
        enough = time_s[short[1:]] >= begins_s[:-1] + lasts_s
        gap = int(enough.argmax()) if len(enough) else 0
        return float(begins_s[gap] if len(enough) and enough[gap] else begins_s[-1])

    def hold(self, from_s: float, to_s: float, chips: int) -> None:
        """Take chips for a time."""
        first, last = self._step(from_s), self._step(to_s) if to_s < NEVER else self.count
        self.free[first:last] -= chips

    def _step(self, at_s: float) -> int:
        """Place of the step that begins at a time; made where there is none."""
        count = self.count
        place = int(self.time_s[:count].searchsorted(at_s))
        if place < count and self.time_s[place] == at_s:
            return place
        if count == len(self.time_s):
            self.time_s, self.free = (np.concatenate([each, np.empty_like(each)]) for each in (self.time_s, self.free))
        self.time_s[place + 1 : count + 1] = self.time_s[place:count]
        self.free[place + 1 : count + 1] = self.free[place:count]
        self.time_s[place], self.free[place] = at_s, self.free[place - 1]
        self.count += 1
        return place


class Promises:
    """Who was promised to start when, in the order in which promises are made."""

    def __init__(self) -> None:
        self.profile: Profile | None = None
        self.due: list[tuple[float, int]] = []
        self.order: dict[int, None] = {}
        """Everybody that waits."""
        self.stale = True
        """Whether promises have to be worked out again."""


def conservative(state: State) -> None:
    """Start whose promise is due; promise to whoever is new."""
    promises = state.promises_to
    waiting = state.line.waiting()
    if state.early:
        promises.order, promises.stale, state.early = dict.fromkeys(sorted(waiting)), True, False
    new = sorted(rank for rank in waiting if rank not in promises.order)
    promises.order |= dict.fromkeys(new)
    if promises.stale:
        if not any(state.capacity.fits(chips) for chips in state.line.sizes):
            return
        _anew(state, promises)
    elif promises.profile is not None:
        promises.profile.forget(state.now_s)
        for rank in new:
            _promise(state, promises.profile, promises, rank, -NEVER)
    _start(state, promises)


def _start(state: State, promises: Promises) -> None:
    """Start whose promise is due, as long as there is room."""
    while promises.due and promises.due[0][0] <= state.now_s:
        rank = promises.due[0][1]
        place = state.capacity.find(state.asks[rank])
        if place is None:
            break  # who runs is later than was estimated: the promise cannot be kept
        state.early = state.early or promises.due[0][0] < state.now_s
        heapq.heappop(promises.due)
        del promises.order[rank]
        state.line.drop(rank)
        state.start(rank, place)


def _promise(state: State, profile: Profile, promises: Promises, rank: int, from_s: float) -> float:
    """Promise a start, not before ``from_s``; when that is."""
    lasts_s, chips = state.estimate_s[rank], state.asks[rank]
    start_s = profile.earliest_s(chips, lasts_s, from_s)
    profile.hold(start_s, start_s + lasts_s, chips)
    heapq.heappush(promises.due, (start_s, rank))
    return start_s


def _anew(state: State, promises: Promises) -> None:
    """Make promises anew, in order, until nobody to come could start now.

    What is free only shrinks meanwhile: a gang starts no earlier than one before it that was no larger and no longer.
    """
    steps = 2 * (len(state.expected) + len(promises.order)) + 8
    profile = promises.profile = Profile(state.now_s, state.capacity.chips, steps)
    for end_s, rank in state.expected:
        if end_s > state.now_s:
            profile.hold(state.now_s, end_s, state.asks[rank])
    promises.due, promises.stale = [], False
    hopeful = {chips: min([state.estimate_s[rank] for rank in ranks]) for chips, ranks in state.line.sizes.items()}
    before: dict[int, tuple[float, float]] = {}
    for at, rank in enumerate(promises.order):
        if at % LOOKED == 0:
            hopeful = _hopeful(profile, hopeful)
            if not hopeful:
                promises.stale = True
                return
        chips, lasts_s = state.asks[rank], state.estimate_s[rank]
        least_s, from_s = before.get(chips, (NEVER, -NEVER))
        start_s = _promise(state, profile, promises, rank, from_s if lasts_s >= least_s else -NEVER)
        if lasts_s >= least_s or start_s > from_s:
            before[chips] = (lasts_s, start_s)


def _hopeful(profile: Profile, shortest_s: dict[int, float]) -> dict[int, float]:
    """Sizes of which the shortest that waits could start now; who cannot never will while promises are made."""
    now_s = profile.time_s[0]
    return {
        chips: lasts_s
        for chips, lasts_s in shortest_s.items()
        if profile.free[0] >= chips and profile.earliest_s(chips, lasts_s) == now_s
    }
