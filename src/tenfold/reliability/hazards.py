"""Failure rates: of a node, of a job over many nodes, of parts in series.

λ_job = Σ_i n_i λ_i  (series system of memoryless parts: the job stops when any part does), MTTF = 1/λ.
Source: textbook reliability theory; its use for training jobs follows Kokolis et al., arXiv:2410.21680, section 4.
Holds while parts fail independently and are replaced at once; a part that takes k chips down together counts as one.
"""

from __future__ import annotations

import numpy as np

from tenfold.quantities import DAY_S, Column


def failure_rate_per_s(failures_per_1000_node_days: Column, chips: Column, chips_per_node: Column = 8.0) -> Column:
    """Rate at which a job over ``chips`` is stopped: λ = r/(1000·86,400) · chips/chips_per_node, 1/s.

    A "node" is whatever stops as one: a board of eight, a rack of 72, a cable with the chips behind it.
    ``chips_per_node`` belongs to the rate, not to the machine planned: the catalog states its rates for
    eight. Part nodes count in proportion. All arguments broadcast; none may be negative,
    ``chips_per_node`` must be positive. Raises nothing.
    """
    return np.asarray(failures_per_1000_node_days) / (1000.0 * DAY_S) * chips / chips_per_node


def series_rate_per_s(*rates_per_s: Column) -> Column:
    """Rate of a job that stops when any of its parts does: the sum of the rates, 1/s. Broadcasts; raises nothing."""
    total: Column = 0.0
    for rate in rates_per_s:
        total = np.add(total, rate)
    return total


def mttf_s(rate_per_s: Column) -> Column:
    """Mean time to failure, 1/λ, s; infinite where the rate is zero. Broadcasts; raises nothing."""
    with np.errstate(divide="ignore"):
        return np.divide(1.0, rate_per_s)
