"""Pipeline schedules as rivals with one signature: the idle time a schedule adds to its busiest stage.

Every rival takes the time of one micro-batch on the busiest stage and on all stages together, and returns the
bubble in seconds per step. 1F1B and interleaved: Narayanan et al. 2021, section 2.2 (the interleaved bubble is the
1F1B bubble over the number of chunks). Zero bubble (ZB-H1): Qi et al. 2023, table 1, (p − 1)(F + B − 2W) with W the
weight gradients. DualPipe: DeepSeek-V3 report 2024, table 2, (p/2 − 1)(F&B + B − 3W).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from tenfold.quantities import Column


@dataclass(frozen=True, slots=True, kw_only=True)
class StageTimes:
    """Seconds of one micro-batch."""

    busiest_s: Column
    """Forward and backward on the busiest stage."""
    all_s: Column
    """Forward and backward on all stages together."""
    weight_s: Column
    """Weight gradients of the busiest stage, within ``busiest_s``."""
    stages: Column
    chunks: Column


def one_forward_one_backward_s(times: StageTimes) -> Column:
    """Bubble of 1F1B, interleaved when ``chunks`` > 1, s."""
    return np.maximum(times.all_s - times.busiest_s, 0.0) / times.chunks


def zero_bubble_s(times: StageTimes) -> Column:
    """Bubble of ZB-H1, s: weight gradients fill the drain of the pipeline."""
    plain = np.maximum(times.all_s - times.busiest_s, 0.0)
    return np.maximum(plain - 2.0 * (times.stages - 1.0) * times.weight_s, 0.0)


def dualpipe_s(times: StageTimes) -> Column:
    """Bubble of DualPipe, s: micro-batches enter from both ends; weights are held twice.

    With B = busiest − F and F = W: (p/2 − 1)(busiest + B − 3W) = (p/2 − 1)(2·busiest − F − 3W).
    """
    forward = (times.busiest_s - times.weight_s) / 2.0
    idle = 2.0 * times.busiest_s - forward - 3.0 * times.weight_s
    return np.maximum(times.stages / 2.0 - 1.0, 0.0) * np.maximum(idle, 0.0)


BUBBLES: dict[str, Callable[[StageTimes], Column]] = {
    "1f1b": one_forward_one_backward_s,
    "zero-bubble": zero_bubble_s,
    "dualpipe": dualpipe_s,
}


def bubble_s(times: StageTimes, schedule: Column) -> Column:
    """Bubble of the schedule whose index in ``layout.SCHEDULES`` is given, s."""
    chosen = np.asarray(schedule)
    if np.all(chosen == 0):
        return one_forward_one_backward_s(times)
    return np.select([chosen == index for index in range(len(BUBBLES))], [rival(times) for rival in BUBBLES.values()])
