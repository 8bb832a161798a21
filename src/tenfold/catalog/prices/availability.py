"""Who offers how many chips: rows of ``prices/availability.csv``.

An overlay's rows replace the shipped rows of the same chip.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args

from tenfold.catalog.prices.records import CLASSES, QUALITIES, split_regions
from tenfold.catalog.prices.rows import PriceRow, price_rows
from tenfold.catalog.reading import Layer
from tenfold.quantities import Problem

AvailabilityKind = Literal["offer", "announced", "holding"]
AVAILABILITY_KINDS: tuple[str, ...] = get_args(AvailabilityKind)
"""``offer``: a new buyer can ask for them. ``announced``: a cluster built for a named tenant, or a ceiling that was
announced. ``holding``: all that an owner holds for its tenants and itself, so an upper bound."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Availability:
    """How many chips a provider offers, with and without a contract, for how long at least and how soon."""

    chip: str
    provider: str
    provider_class: str
    region: str
    """Where they are: names of regions, sites or countries between semicolons; empty for anywhere."""
    max_chips_self_serve: int | None
    """Most chips one buyer can take without a contract; None where it is not said."""
    max_chips_contract: int | None
    """Most chips one buyer can sign for; None where it is not said."""
    minimum_term_days: int | None
    lead_time_days_low: int | None
    lead_time_days_typical: int | None
    lead_time_days_high: int | None
    as_of: datetime.date
    kind: str
    """One of ``AVAILABILITY_KINDS``."""
    quality: str
    source: str
    note: str = ""
    file: str = ""
    unit_chips: int | None = None
    """Chips that the provider hands out together, such as those of a rack; None where it is not said."""

    @property
    def regions(self) -> tuple[str, ...]:
        """Names of the places the chips are at; none for anywhere."""
        return split_regions(self.region)


COUNTS = (
    *("max_chips_self_serve", "max_chips_contract", "minimum_term_days"),
    *("lead_time_days_low", "lead_time_days_typical", "lead_time_days_high"),
)
AVAILABILITY_OPTIONAL = ("unit_chips",)
"""Columns that a file may leave out."""
AVAILABILITY_COLUMNS = (
    *("chip", "provider", "class", "region", *COUNTS, "as_of", "kind", "quality", "source", "note"),
    *AVAILABILITY_OPTIONAL,
)


def read_availability(layers: Sequence[Layer], problems: list[Problem]) -> tuple[tuple[Availability, ...], ...]:
    """Read ``prices/availability.csv`` of each layer, in the order of the layers."""
    return tuple(
        tuple(
            offer
            for row in price_rows(layer, "availability", AVAILABILITY_COLUMNS, problems, optional=AVAILABILITY_OPTIONAL)
            if (offer := _availability(row, problems))
        )
        for layer in layers
    )


def _availability(row: PriceRow, problems: list[Problem]) -> Availability | None:
    before = len(problems)
    cells, as_of = row.cells, row.day("as_of", problems)
    counts = {name: row.count(name, problems) for name in (*COUNTS, *AVAILABILITY_OPTIONAL)}
    row.one_of("class", CLASSES, problems)
    row.one_of("kind", AVAILABILITY_KINDS, problems)
    row.one_of("quality", QUALITIES, problems)
    row.filled(("chip", "provider", "source"), problems)
    days = [count for name in COUNTS[-3:] if (count := counts[name]) is not None]
    if days != sorted(days):
        wrong, remedy = "lead times are not in order", "Order them low ≤ typical ≤ high"
        problems.append(Problem(file=row.file, key=row.key("lead_time_days_low"), wrong=wrong, remedy=remedy))
    if len(problems) > before or as_of is None:
        return None
    said: dict[str, Any] = {
        name: cells[name] for name in ("chip", "provider", "region", "kind", "quality", "source", "note")
    }
    return Availability(**(said | counts), provider_class=cells["class"], as_of=as_of, file=row.file)
