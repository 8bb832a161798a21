"""Where simulated wall time went: by term, and by the cause it was lost to; shares of wall time.

Both add up to what is not useful. A loss is divided among the causes of its kind in proportion to what each is expected
to lose: stalls by λ_i R_i, missing replicas by λ_i W_i, work since the latest save by λ_i of what goes back to one,
work that was in memory alone by λ_i of what goes back to storage. Causes strike independently of where the job stands,
so the expectation is exact; stalls that overlap are shared.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from tenfold.reliability.components import CORRUPTION
from tenfold.reliability.simulate import Simulated
from tenfold.reliability.stops import DURABLE, KEEPS, Stops

SAVING, SPARES = "checkpoint", "waiting_for_spares"


def loss_by_cause(stops: Stops, simulated: Simulated) -> Mapping[str, float]:
    """Share of wall time lost to saving and to each cause."""
    rates, wall = stops.cause_rate_per_s, float(simulated.wall_s.sum())
    lost = (
        _divided(simulated.stalled_s, rates @ stops.stall_s)
        + _divided(simulated.waited_s, rates @ stops.waits_s)
        + _divided(simulated.lost_s, rates @ (stops.rollback != KEEPS))
        + _divided(simulated.lost_durable_s, rates @ (stops.rollback == DURABLE))
    )
    by_cause = {cause: float(value) / wall for cause, value in zip(stops.causes, lost, strict=True)}
    return {SAVING: float(simulated.saving_s.sum()) / wall} | by_cause | _without_spares(simulated)


def loss_by_term(stops: Stops, simulated: Simulated) -> Mapping[str, float]:
    """Share of wall time lost by what the job did instead of training."""
    wall = float(simulated.wall_s.sum())
    stalls = _divided(simulated.stalled_s, stops.cause_rate_per_s @ stops.stall_s)
    corrupted = float(stalls[[cause == CORRUPTION for cause in stops.causes]].sum())
    terms = {
        SAVING: simulated.saving_s.sum(),
        "lost_work": simulated.lost_s.sum() + simulated.lost_durable_s.sum(),
        "restart": stalls.sum() - corrupted,
        CORRUPTION: corrupted,
        "missing_replicas": simulated.waited_s.sum(),
    }
    return {name: float(value) / wall for name, value in terms.items()} | _without_spares(simulated)


def _without_spares(simulated: Simulated) -> dict[str, float]:
    """Share of wall time spent waiting for a spare, where it ever was."""
    waited = float(simulated.without_spare_s.sum())
    return {SPARES: waited / float(simulated.wall_s.sum())} if waited else {}


def _divided(
    lost_s: np.ndarray[tuple[int, ...], np.dtype[np.float64]],
    weights: np.ndarray[tuple[int, ...], np.dtype[np.float64]],
) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    whole = float(weights.sum())
    return np.asarray(float(lost_s.sum()) * weights / whole if whole > 0 else np.zeros_like(weights))
