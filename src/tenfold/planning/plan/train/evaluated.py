"""Designs of a plan after they were evaluated: what they are described, compared and moved from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from tenfold.catalog import Site
from tenfold.planning.plan.train.runs import Runs
from tenfold.planning.supply.describe import energy_of
from tenfold.planning.supply.evaluate import durations
from tenfold.planning.supply.rows import Designs, Limits, Rows, Work
from tenfold.planning.supply.tiers import Tier
from tenfold.quantities import Floats, Indices, Points
from tenfold.sites import site_power_w


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluated:
    """Everything a design is described from."""

    runs: Runs
    designs: Designs
    rows: Rows
    interval_s: Floats
    """Checkpoint interval of each row."""
    work: Work
    objective: str
    tiers: Sequence[Tier]
    """Of all offers, as rows number them."""
    providers: Sequence[int]
    """Sellers behind each tier."""
    supplies: Sequence[str]
    sites: Sequence[Site]
    draws: Points
    middle: Points


def rows_at(evaluated: Evaluated, places: Indices) -> Rows:
    """Rows of designs, one for each, at the sites of the designs."""
    designs = evaluated.designs
    return replace(evaluated.rows.take(designs.row[places]), site=designs.site[places])


def with_power(evaluated: Evaluated, limits: Limits) -> Designs:
    """Work out the power and energy of every design, with every input at P50; limits count rated power."""
    designs, middle = evaluated.designs, evaluated.middle
    days = durations(evaluated.rows, evaluated.work, middle, evaluated.interval_s).run_days
    rows = rows_at(evaluated, np.arange(len(designs)))
    use = energy_of(rows, middle, days[designs.row], evaluated.sites)
    drawn = middle.of("drawn_share", rows.index)
    most = np.array([min(site_power_w(site, limits.start), limits.power_w) for site in evaluated.sites])
    return replace(
        designs,
        power_w=(np.asarray(use.facility_power_w) / drawn)[:, 0],
        power_limit_w=most[designs.site],
        energy_j=np.asarray(use.energy_j)[:, 0],
    )
