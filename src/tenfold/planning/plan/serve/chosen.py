"""Fleets with their prices, and those that lead: what pricing and choosing leave for whoever describes them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np

from tenfold.planning.plan.serve.fleets import Candidate, Fleet
from tenfold.planning.plan.serve.layouts import Machine, chips_of
from tenfold.planning.supply.rows import Assessment, Designs, Rows
from tenfold.quantities import Flags, Indices


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """How many chips a fleet may have."""

    most: int
    least: int = 0
    """Chips that are paid for at least, whatever is needed."""
    most_held: int | None = None
    """How many may be there or ordered, idle ones of whole units among them; as many as needed where nobody says."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Priced:
    """Fleets under their offers."""

    rows: Rows
    held: Flags
    """Where each is had, (rows, sites)."""
    assessed: Assessment


def standing(fleets: Sequence[Fleet], gone: Collection[Candidate]) -> Flags:
    """Fleets whose candidates are not gone."""
    return np.array([each.candidate not in gone for each in fleets], dtype=np.bool_)


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """Fleets, their designs, and those that lead in order."""

    fleets: tuple[Fleet, ...]
    priced: Priced | None
    designs: Designs | None
    order: Indices
    rivals: Indices
    """Places of the first design of every other engine on the chip of the best, had as it is."""
    nearest: Indices
    """Places of the designs that are the least short where nothing fits, the least first."""
    gone: frozenset[Candidate]
    """Candidates whose fleets gave way to what their simulation left."""
    failed: tuple[Candidate, ...]
    """Candidates that the simulation left nothing of."""

    @property
    def stands(self) -> Flags:
        """Fleets that did not give way."""
        return standing(self.fleets, self.gone)

    @property
    def settled(self) -> tuple[int, ...]:
        """Places of the first designs whose candidates were simulated."""
        places = (int(place) for place in self.order)
        return tuple(place for place in places if self.fleet_at(place).candidate.verified)

    @property
    def settled_rivals(self) -> tuple[int, ...]:
        """The same of other engines."""
        places = (int(place) for place in self.rivals)
        return tuple(place for place in places if self.fleet_at(place).candidate.verified)

    @property
    def leading(self) -> tuple[Candidate, ...]:
        """Candidates of the first designs, or of the nearest where none fits."""
        if self.designs is None or self.priced is None:
            return ()
        return tuple(self.fleet_at(int(place)).candidate for place in (*self.order, *self.rivals, *self.nearest))

    def fleet_at(self, place: int) -> Fleet:
        """Fleet of a design."""
        assert self.designs is not None
        assert self.priced is not None
        return self.fleets[int(self.priced.rows.run[self.designs.row[place]])]


def kind_of(machines: Sequence[Machine], designs: Designs) -> Indices:
    """One number for each chip and supply."""
    chip = chips_of(machines)[designs.chip]
    return np.asarray(chip * (designs.supply.max(initial=0) + 1) + designs.supply, dtype=np.intp)
