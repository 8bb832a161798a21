"""Designs of a plan after they were evaluated: what they are described, compared and moved from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from tenfold.catalog import Site
from tenfold.planning.plan.train.runs import Runs
from tenfold.planning.supply.rows import Designs, Rows, Work
from tenfold.planning.supply.tiers import Tier
from tenfold.quantities import Floats, Indices, Points


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
