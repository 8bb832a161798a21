"""Fleets as columns that supply, prices and limits are worked out over, as those of training runs are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from tenfold.catalog import Catalog, Site
from tenfold.planning.plan.offered import Offered, rows_of
from tenfold.planning.plan.serve.counted import Fleet, class_of
from tenfold.planning.plan.serve.space import Machine
from tenfold.planning.supply.rows import Rows
from tenfold.quantities import Flags, Floats, Indices


@dataclass(frozen=True, slots=True, kw_only=True)
class Fleets:
    """Fleets that carry the load, as columns of equal length; a fleet does no steps."""

    setups: tuple[Machine, ...]
    fleets: tuple[Fleet, ...]
    chip: Indices
    """Index into ``setups``."""
    chips: Floats
    allowed: Flags
    """False beyond the most chips there may be."""

    @property
    def step_s(self) -> Floats:
        """None."""
        return np.zeros(len(self.chips))

    @property
    def steps(self) -> Floats:
        """None."""
        return np.zeros(len(self.chips))

    def __len__(self) -> int:
        return len(self.chips)


def fleets_of(machines: Sequence[Machine], fleets: Sequence[Fleet], most_chips: int) -> Fleets:
    """Columns of fleets."""
    chips = np.array([float(each.chips) for each in fleets])
    return Fleets(
        setups=tuple(machines),
        fleets=tuple(fleets),
        chip=np.array([each.candidate.machine for each in fleets], dtype=np.intp),
        chips=chips,
        allowed=np.asarray(chips <= most_chips),
    )


def supplied_rows(
    catalog: Catalog, fleets: Fleets, offered: Offered, supplies: Sequence[str], sites: Sequence[Site]
) -> tuple[Rows, Flags]:
    """Every fleet under every offer of its class of supply, and the sites where it is had, (rows, sites)."""
    rows, held = rows_of(catalog, fleets, offered, supplies, sites)
    classes = [class_of(name) for name in supplies]
    own = np.array([fleets.fleets[run].supplied for run in rows.run.tolist()], dtype=object)
    fits = own == np.array([classes[supply] for supply in rows.supply.tolist()], dtype=object)
    kept = np.flatnonzero(fits)
    return rows.take(kept), held[kept]


def ported(rows: Rows, machines: Sequence[Machine], own: str | None) -> Rows:
    """Rows with what porting counts: the software runs on chips of ``own`` vendor, on all where none is said."""
    said = (own or "").lower()
    foreign = np.array([float(said not in ("", each.chip.vendor.lower())) for each in machines])
    return replace(rows, ported=foreign[rows.chip])
