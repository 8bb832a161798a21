"""Wall time per useful time under memoryless failures, exactly and to first order.

Exact: wall/useful = M·e^{R/M}·(e^{(τ+w)/M} − 1)/τ        [Daly 2006, doi:10.1016/j.future.2004.11.016, complete model]
with τ useful seconds between saves, w the stall of one save, R detection plus restart, M the MTTF.
Failures may strike during saves and restarts. It splits without remainder into

    1                                                     useful work
    + w/τ                                                 saving
    + (M(e^{(τ+w)/M} − 1) − τ − w)/τ                      work done and lost again
    + M(e^{(τ+w)/M} − 1)(e^{R/M} − 1)/τ                   detecting and restarting

because a segment of length S = τ + w fails e^{S/M} − 1 times on average, each failure wastes M − S/(e^{S/M} − 1)
and each restart, itself interruptible, takes M(e^{R/M} − 1).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tenfold.quantities import Column, Floats
from tenfold.reliability.intervals import optimal_interval_s


@dataclass(frozen=True, slots=True, kw_only=True)
class Renewal:
    """Where wall time goes, in wall seconds per useful second; the terms and 1 sum to ``wall_per_useful``."""

    interval_s: Column
    wall_per_useful: Column
    goodput: Column
    """Useful time over wall time, 1/``wall_per_useful``; 0 where nothing gets done."""
    checkpoint: Column
    lost_work: Column
    restart: Column


def wall_per_useful_s(interval_s: Column, write_s: Column, restart_s: Column, mttf_s: Column) -> Column:
    """Return the expected wall seconds per useful second, by the exact formula of this module.

    All arguments broadcast, s. Infinite where M is zero or so short that the formula overflows; 1 + w/τ
    where M is infinite; the limit e^{R/M} where τ = w = 0, and infinite where only τ is zero. Raises nothing.
    """
    return renewal(interval_s, write_s, restart_s, mttf_s).wall_per_useful


def renewal(interval_s: Column, write_s: Column, restart_s: Column, mttf_s: Column) -> Renewal:
    """Evaluate the exact formula with its terms. Shapes, limits and errors as in ``wall_per_useful_s``."""
    tau, write, restart, mttf = np.broadcast_arrays(
        *(np.asarray(column, dtype=np.float64) for column in (interval_s, write_s, restart_s, mttf_s))
    )
    with np.errstate(over="ignore", divide="ignore", invalid="ignore"):
        saving = np.where(write == 0.0, 0.0, write / tau)
        spent = _attempt_time_per_useful(tau, write, mttf)
        lost = np.maximum(spent - 1.0 - saving, 0.0)
        restarting = np.where(restart == 0.0, 0.0, _restarts_per_useful(tau, write, mttf) * _restart_s(restart, mttf))
        endless = (mttf == 0.0) | ~np.isfinite(spent + restarting)
        wall = np.where(endless, np.inf, 1.0 + saving + lost + restarting)
        lost, restarting = np.where(endless, np.inf, lost), np.where(endless & (restart > 0.0), np.inf, restarting)
    return Renewal(
        interval_s=tau,
        wall_per_useful=wall,
        goodput=1.0 / wall,
        checkpoint=saving,
        lost_work=lost,
        restart=restarting,
    )


def best_renewal(write_s: Column, restart_s: Column, mttf_s: Column, shortest_interval_s: Column = 0.0) -> Renewal:
    """Evaluate the exact formula at its optimal interval, or at ``shortest_interval_s`` where that is longer.

    The shortest interval is the time a save needs to reach safe storage when saves overlap training.
    All arguments broadcast, s. Raises nothing.
    """
    interval_s = np.maximum(optimal_interval_s(write_s, mttf_s), shortest_interval_s)
    bounded = np.where(np.isinf(interval_s), np.finfo(np.float64).max, interval_s)
    return renewal(bounded, write_s, restart_s, mttf_s)


def ettr_first_order(rate_per_s: Column, interval_s: Column, restart_s: Column, write_s: Column = 0.0) -> Column:
    """Effective training time ratio to first order: (1 − λ(R + τ/2)) / (1 + w/τ).

    Kokolis et al., arXiv:2410.21680, section 4. Holds for small losses only: negative when failures come
    faster than recovery. All arguments broadcast. Raises nothing.
    """
    lost = np.multiply(rate_per_s, np.asarray(restart_s) + np.asarray(interval_s) / 2.0)
    return (1.0 - lost) / (1.0 + np.asarray(write_s) / interval_s)


def _attempt_time_per_useful(tau: Floats, write: Floats, mttf: Floats) -> Floats:
    """M(e^{S/M} − 1)/τ: time spent in attempts, finished and failed."""
    span = tau + write
    spent = np.where(np.isinf(mttf), span, mttf * np.expm1(span / mttf))
    return np.where(span == 0.0, 1.0, spent / tau)


def _restarts_per_useful(tau: Floats, write: Floats, mttf: Floats) -> Floats:
    """(e^{S/M} − 1)/τ: failures per useful second, restarts' own left out, 1/s."""
    span = tau + write
    return np.where(span == 0.0, 1.0 / mttf, np.expm1(span / mttf) / tau)


def _restart_s(restart: Floats, mttf: Floats) -> Floats:
    """M(e^{R/M} − 1): time until a restart succeeds that failures may interrupt, s."""
    return np.where(np.isinf(mttf), restart, mttf * np.expm1(restart / mttf))
