"""Largest gangs that could start, by level and kind of chip, and the free chips that are beyond them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from tenfold.fleet.account.grid import Grid
from tenfold.fleet.capacity.spots import largest_gangs, stranded_chips
from tenfold.quantities import Floats, Percentiles


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """Largest gang that could start somewhere, over the time of a replay."""

    tenant: str
    """Whose part of the fleet it is; empty for a fleet that all share."""
    kind: str
    level: str
    """Of which it stays in one domain; anywhere where empty."""
    mean_chips: float
    chips: Percentiles
    """Over time: at one tenth of it no larger gang than P10 could start."""


def openings_of(grid: Grid) -> Iterator[Opening]:
    """Largest gangs over the time of a lane; no larger than there is power for."""
    spots = grid.lane.spots
    chips = largest_gangs(grid.gang, grid.part, spots)
    if grid.powered is not None:
        chips = np.minimum(chips, np.maximum(grid.powered, 0)[:, None])
    for place, spot in enumerate(spots):
        column = chips[:, place].astype(np.float64)
        yield Opening(
            tenant=grid.lane.tenant,
            kind=spot.kind,
            level=spot.level,
            mean_chips=float((column * grid.lasts_s).sum() / max(grid.lasts_s.sum(), np.finfo(float).tiny)),
            chips=over_time(column, grid.lasts_s),
        )


def stranded_chip_s(grid: Grid) -> float:
    """Chip-seconds that were free beyond the largest gang."""
    beyond = stranded_chips(grid.free, grid.gang, grid.part, grid.lane.spots)
    return float((beyond * grid.lasts_s).sum())


def over_time(values: Floats, lasts_s: Floats) -> Percentiles:
    """P10, P50 and P90 of a value that holds for a time: the least that it is at or below for that share of it."""
    order = np.argsort(values, kind="stable")
    until_s = np.cumsum(lasts_s[order])
    places = np.searchsorted(until_s, np.array([0.1, 0.5, 0.9]) * until_s[-1])
    p10, p50, p90 = values[order][places].tolist()
    return Percentiles(p10=p10, p50=p50, p90=p90)
