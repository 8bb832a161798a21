"""The fastest that tokens are taken to come: a replica that holds one request at a time, or the whole service.

Dealt among more and more replicas, requests meet ever more seldom, and a tight TPOT would seem kept by thousands of
replicas that stand idle. Nothing decodes faster than a request by itself: that is the floor of a latency, which more
replicas do not lower. A service so small that one replica carries it meets as seldom as its requests come.
"""

from __future__ import annotations

import numpy as np

from tenfold.quantities import Floats


def least_rate_per_s(rate_per_s: Floats, at_once: Floats, peak_per_s: float) -> Floats:
    """Rate of one request at a time on a replica, or all the traffic where that is less, (settings, 1), 1/s.

    The first of the loads (settings, loads), the least first, at which N = λ·T ≥ 1 [Little 1961].
    """
    first = np.argmax(at_once >= 1.0, axis=1, keepdims=True)
    return np.asarray(np.minimum(np.take_along_axis(rate_per_s, first, axis=1), peak_per_s))


def no_faster_s(tpot_s: Floats, rate_per_s: Floats, least_per_s: Floats) -> Floats:
    """TPOT of loads (settings, loads), below a rate (settings, 1) that of the first load which has it, s."""
    first = np.argmax(rate_per_s >= least_per_s * (1.0 - 1e-12), axis=1, keepdims=True)
    return np.asarray(np.where(rate_per_s < least_per_s, np.take_along_axis(tpot_s, first, axis=1), tpot_s))
