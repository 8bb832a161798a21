"""Power and energy of designs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from tenfold.catalog import Site
from tenfold.planning.plan.train.evaluated import Evaluated, rows_at
from tenfold.planning.supply.describe import energy_of
from tenfold.planning.supply.durations import durations
from tenfold.planning.supply.rows import Designs, Limits
from tenfold.quantities import Floats
from tenfold.sites import site_power_w


def with_power(evaluated: Evaluated, limits: Limits) -> Designs:
    """Work out the power and energy of every design, with every input at P50; limits count rated power."""
    designs, middle = evaluated.designs, evaluated.middle
    days = durations(evaluated.rows, evaluated.work, middle, evaluated.interval_s).run_days
    rows = rows_at(evaluated, np.arange(len(designs)))
    use = energy_of(rows, middle, days[designs.row], evaluated.sites)
    drawn = middle.of("drawn_share", rows.index)
    return replace(
        designs,
        power_w=(np.asarray(use.facility_power_w) / drawn)[:, 0],
        power_limit_w=power_limits_w(evaluated.sites, limits)[designs.site],
        energy_j=np.asarray(use.energy_j)[:, 0],
    )


def power_limits_w(sites: Sequence[Site], limits: Limits) -> Floats:
    """Most power that designs may draw at each site, (sites,)."""
    return np.array([min(site_power_w(site, limits.start), limits.power_w) for site in sites])
