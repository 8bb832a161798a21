"""The answer about the cost of owning a chip."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tenfold.planning.tco.question import TcoQuestion
from tenfold.quantities import Made, NamedFigure, Percentiles


@dataclass(frozen=True, slots=True, kw_only=True)
class TcoAnswer:
    """Cost of ownership of a chip."""

    question: TcoQuestion
    made: Made
    chip: str
    system: str
    site: str
    currency: str
    year: int
    """Of the newest price in it."""
    terms: str
    lines_usd: Mapping[str, float]
    """Over the life, every input at P50, and what the spread adds to the P50 of the draws; resale is negative. They add
    up to ``life_usd`` at P50."""
    life_usd: Percentiles
    usd_per_chip_hour: Percentiles
    """Of an hour that is used."""
    usd_per_useful_flop: Percentiles | None
    usd_per_run: Percentiles | None
    usd_per_mtoken: Percentiles | None
    usd_per_mw: Percentiles
    """Of rated IT power, over the life."""
    notes: tuple[str, ...]
    assumptions: tuple[NamedFigure, ...]
    figures: tuple[NamedFigure, ...]
