"""Who waits for a pool, and its passes, for draws in which all that will happen is known."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from tenfold.quantities import Floats

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
    own: int
    """Place of the job that is asked about."""
    interval_s: float
    """Between two passes; 0 for one at every ending."""


def first_pass(queue: Queue) -> tuple[float, float]:
    """When the first pass is, and how long until then as many chips are free as the own job needs, s."""
    pass_s = _pass_s(queue.now_s, queue.interval_s) if queue.interval_s else queue.now_s
    return pass_s, pass_s - queue.now_s


def next_pass(
    queue: Queue, ends: list[float], held: dict[float, int], now_s: float, free: int
) -> tuple[float, int, float]:
    """Of an ending: when the next pass is, the chips that are free by then, and how long the own job would fit, s.

    ``ends`` are the ends of running jobs, negative and in order, so that the next is the last; ``held`` is what ends
    with each. Whatever ends until the pass is taken off.
    """
    pass_s, needs, fitting_s = _pass_s(now_s, queue.interval_s), queue.chips[queue.own], 0.0
    while ends and -ends[-1] <= pass_s:
        end = ends.pop()
        fitting_s -= now_s + end if free >= needs else 0.0
        now_s = -end
        free += held.pop(end)
    fitting_s += pass_s - now_s if free >= needs else 0.0
    return pass_s, free, fitting_s


def _pass_s(time_s: float, interval_s: float) -> float:
    """When the next pass is."""
    return math.ceil(time_s / interval_s) * interval_s
