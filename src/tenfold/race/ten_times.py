"""What ten times the compute changes: points, time of a run, failures, and what only the larger can do."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np

from tenfold.catalog import Catalog
from tenfold.quantities import Percentiles, distribution_of
from tenfold.race.answer import TenTimes
from tenfold.race.equations.capability import success
from tenfold.race.equations.training import efficiency, run_flop
from tenfold.race.surfaces import failures_per_day
from tenfold.race.world import H100_FLOP_PER_S, World

SIZES = (10_000, 100_000, 1_000_000)
PATIENCE_MONTHS = 6.0
"""Runs that take longer are overtaken by better algorithms before they end."""
WIDTH = 8.0
"""Points of the index over which the share of tasks done rises from a quarter to three quarters, about."""


def ten_times(catalog: Catalog, world: World) -> TenTimes:
    """Compare sizes that are ten times each other on the largest run so far and on one ten times larger."""
    record = float(world.run_flop.max())
    months = {f"{size}": _months(world, size, record) for size in SIZES}
    points = _points(world)
    half = np.array(0.0)
    return TenTimes(
        points=points,
        months=months,
        failures_per_day={f"{size}": failures_per_day(catalog, size) for size in SIZES},
        success={
            "1x": float(success(half, half, WIDTH)),
            "10x": float(success(half + points.p50, half, WIDTH)),
        },
        only_larger=tuple(_only_larger(world, record)),
    )


def _points(world: World) -> Percentiles:
    drawn = distribution_of(world.parameters["capability.points_per_tenfold"].figure).ppf(np.array([0.1, 0.5, 0.9]))
    return Percentiles(p10=float(drawn[0]), p50=float(drawn[1]), p90=float(drawn[2]))


def _months(world: World, size: float, flop: float) -> float:
    """Months that a run of so many FLOP takes on so many H100e."""
    surface, at = world.surface, np.array(float(size))
    share = efficiency(at, np.array(surface.at_reference), np.array(surface.slope), surface.reference_h100e)
    return flop / float(run_flop(at, np.array(1.0), share, np.array(1.0), H100_FLOP_PER_S))


def _only_larger(world: World, record: float) -> list[str]:
    """Runs that the larger of two fleets completes in time and the smaller does not."""
    found = []
    for small, large in pairwise(SIZES):
        for times in (1.0, 10.0, 100.0):
            slow, fast = (_months(world, size, times * record) for size in (small, large))
            if fast <= PATIENCE_MONTHS < slow:
                power = math.floor(math.log10(times * record))
                run = f"{times * record / 10**power:.2g}e{power} FLOP"
                found.append(
                    f"A run of {run} takes {fast:.1f} months on {large:,} H100e and {slow:.0f} on {small:,}: only the "
                    "larger fleet trains it"
                )
    return found
