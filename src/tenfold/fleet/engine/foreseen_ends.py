"""Who waits for a pool, and its passes, for draws in which all that will happen is known.

Ends of running jobs are a list of negative times in order, so that the next is the last, with one entry a job behind
``NEVER``. An entry gives back as many chips as the smallest gang has, and what ends beyond these with a time stands in
a dict: most jobs of a long line are of the smallest gang, and write nothing there.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from tenfold.quantities import Floats

NEVER = -math.inf
"""Stands before all ends, as a negative time; it is never taken off."""
Draw = Callable[[Floats], tuple[float, float]]
"""Of what each job lasts, s: how long the own job waits, and how long of that as many chips are free as it needs, s."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Queue:
    """Jobs in the order in which they are served; all wait from one instant on, and nobody comes later."""

    now_s: float
    places: int
    """Chips of the pool; no gang takes more."""
    chips: list[int]
    """Gang of each job."""
    least: int
    """Smallest gang."""
    own: int
    """Place of the job that is asked about."""
    interval_s: float
    """Between two passes; 0 for one at every ending."""


def first_pass(queue: Queue) -> tuple[float, float]:
    """When the first pass is, negative, and how long until then as many chips are free as the own job needs, s."""
    pass_s = _pass_s(queue.now_s, queue.interval_s) if queue.interval_s else queue.now_s
    return -pass_s, pass_s - queue.now_s


def next_pass(
    queue: Queue, ends: list[float], beyond: dict[float, int], now: float, free: int
) -> tuple[float, int, float]:
    """Of an ending: when the next pass is, the chips that are free by then, and how long the own job would fit, s.

    ``beyond`` is what ends with a time beyond the smallest gang of each entry. Times are negative. Whatever ends until
    the pass is taken off.
    """
    at, needs, least, fitting_s = -_pass_s(-now, queue.interval_s), queue.chips[queue.own], queue.least, 0.0
    while ends[-1] >= at:
        end = ends.pop()
        fitting_s += now - end if free >= needs else 0.0
        now = end
        free += least + beyond.pop(end, 0)
    fitting_s += now - at if free >= needs else 0.0
    return at, free, fitting_s


def _pass_s(time_s: float, interval_s: float) -> float:
    """When the next pass is."""
    return math.ceil(time_s / interval_s) * interval_s
