"""Firms whose peaks do not coincide, holding their chips together."""

from __future__ import annotations

import numpy as np

from tenfold.economics import firm_demands, pooling
from tenfold.planning.rent_or_own.answer import PoolAnswer
from tenfold.planning.rent_or_own.question import Pool

POOL_DRAWS = 20_000


def shared_pool(pool: Pool, seed: int) -> PoolAnswer:
    """What firms save that hold their chips together, drawn."""
    rng = np.random.default_rng((seed, 2))
    means = np.array([firm.chips for firm in pool.firms])
    spreads = np.array([firm.spread for firm in pool.firms])
    normals = rng.standard_normal((POOL_DRAWS, len(means)))
    found = pooling(firm_demands(means, spreads, pool.correlation, normals), pool.service_level)
    return PoolAnswer(
        separate_chips={firm.name: float(chips) for firm, chips in zip(pool.firms, found.separate_chips, strict=True)},
        pooled_chips=found.pooled_chips,
        gain=found.gain,
        chips_saved=float(found.separate_chips.sum()) - found.pooled_chips,
        correlation=pool.correlation,
        service_level=pool.service_level,
    )
