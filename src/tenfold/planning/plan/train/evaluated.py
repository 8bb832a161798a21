"""Designs of a plan after they were evaluated: what they are described, compared and moved from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from tenfold.catalog import Site
from tenfold.planning.drawn import counts_for
from tenfold.planning.plan.train.runs import Runs
from tenfold.planning.supply.bound import Bound, rows_of_chips
from tenfold.planning.supply.rows import Designs, Rows, Work
from tenfold.planning.supply.tiers import Tier
from tenfold.quantities import Flags, Floats, Indices, Points, Uncertain

CAPITAL = "cost_of_capital"
LEAST_EFFECT = 1e-3
"""Share of finish or cost below which an input is left out."""


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
    bound: Mapping[str, Bound]
    """What binds chips by law or place, by chip."""
    unasked: frozenset[str]
    """Bound chips whose place or owner the buyer has not named."""
    draws: Points
    middle: Points

    @property
    def bound_last(self) -> Flags:
        """Designs of bound chips whose place or owner the buyer has not named."""
        return rows_of_chips(self.unasked, [setup.chip.key for setup in self.runs.setups], self.designs.chip)

    def alike_in_law(self, place: int) -> Flags:
        """Designs that may be chosen in place of one: of free chips where its chip is free, any where it is not."""
        return np.asarray(~self.bound_last | self.bound_last[place], dtype=np.bool_)


def rows_at(evaluated: Evaluated, places: Indices) -> Rows:
    """Rows of designs, one for each, at the sites of the designs."""
    designs = evaluated.designs
    return replace(evaluated.rows.take(designs.row[places]), site=designs.site[places])


def plays(known: Uncertain, supply: str, row: Rows) -> bool:
    """Whether an input plays a part in a design: paying ahead costs those who rent capital too."""
    return counts_for(known.key, supply) or (known.key == CAPITAL and bool(row.prepaid.any()))


def place_of(known: Uncertain, row: Rows) -> int:
    """Which of the figures of an input holds for a row."""
    return 0 if known.axis == "all" else int(row.index[known.axis][0])
