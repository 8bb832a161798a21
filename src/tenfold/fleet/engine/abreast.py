"""Many draws of what happens on a pool at once, side by side, until one job starts in each of them.

All jobs wait from one instant on, in one order, and last as long as is known; draws differ in what they last. Every
draw goes from ending to ending on its own clock, so that one round of array operations moves all of them by an event.
It gives what the plain engine gives of each draw (tested).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Protocol

import numpy as np

from tenfold.fleet.engine.abreast_lines import Backfilled, Skipping, Strict
from tenfold.fleet.engine.abreast_running import NEVER, Running
from tenfold.quantities import Flags, Floats, Indices, Integers


class Line(Protocol):
    """Who may start next in each draw, as one admission sees it."""

    def first(self, running: Running, trying: Flags) -> Indices:
        """Rank of who starts now in each draw that tries to; the number of jobs where nobody does."""
        ...

    def drop(self, ranks: Indices, started: Flags) -> None:
        """Let the jobs leave that started."""
        ...


LINES: Mapping[str, Callable[[Integers, Floats], Line]] = MappingProxyType(
    {"head": Strict, "skip": Skipping, "easy": Backfilled}
)
"""Lines by the name of their admission, made of chips (jobs,) and of what jobs last (jobs, draws)."""


def waits_abreast(
    now_s: float, places: int, chips: Integers, lasts_s: Floats, own: int, admission: str, interval_s: float = 0.0
) -> tuple[Floats, Floats]:
    """How long a job waits, s, and how long of that as many chips are free as it needs; one entry a draw.

    ``chips`` is the gang of each job in the order in which they are served, (jobs,), of which none takes more than
    there are ``places``; ``lasts_s`` is how long each holds them, (jobs, draws); ``own`` is the place of the job in
    that order; ``interval_s`` is the time between two passes, 0 for one at every event. All wait from ``now_s`` on.
    """
    jobs, draws = lasts_s.shape
    running, line = Running(_pass_s(np.full(draws, now_s), interval_s), places, jobs), LINES[admission](chips, lasts_s)
    sizes, lasts, each = np.append(chips, 0), np.vstack([lasts_s, np.full(draws, NEVER)]).ravel(), np.arange(draws)
    began_s, seen_s, fitting_s = np.full(draws, NEVER), running.now_s, np.zeros(draws)
    if places >= chips[own]:
        fitting_s += seen_s - now_s
    trying = np.ones(draws, dtype=np.bool_)
    while True:
        ranks = line.first(running, trying)
        started = ranks < jobs
        running.start(started, sizes.take(ranks), lasts.take(ranks * draws + each))
        line.drop(ranks, started)
        began_s = np.where(ranks == own, running.now_s, began_s)
        waits = began_s == NEVER
        if not waits.any():
            return began_s - now_s, fitting_s
        trying = started & (running.free > 0)
        ends = ~trying & (running.next_s < NEVER)
        ended_s = np.where(ends, running.next_s, seen_s)
        fitting_s += (ended_s - seen_s) * (waits & (running.free >= chips[own]))
        running.now_s, seen_s = np.maximum(running.now_s, _pass_s(ended_s, interval_s)), ended_s
        running.end(ends)
        passes = ends & (running.next_s > running.now_s)
        trying |= passes
        if interval_s:
            fitting_s += (running.now_s - seen_s) * (passes & waits & (running.free >= chips[own]))
            seen_s = np.where(passes, running.now_s, seen_s)


def _pass_s(time_s: Floats, interval_s: float) -> Floats:
    """When the next pass is."""
    return np.ceil(time_s / interval_s) * interval_s if interval_s else time_s
