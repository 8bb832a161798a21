"""A GPU cloud as read from its file: structure as records, amounts as inputs by dotted key."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tenfold.quantities import Distribution, Figure


@dataclass(frozen=True, slots=True, kw_only=True)
class RentalInput:
    """An amount of the file, or of the catalog where the file leaves it to a site."""

    key: str
    """Dotted key in the file, such as ``fleets.0.market.price``."""
    label: str
    """What people read, such as "h100 market price"."""
    figure: Figure
    distribution: Distribution
    least: float
    most: float
    """Draws are cut to these limits, which lie outside P10–P90."""

    @property
    def uncertain(self) -> bool:
        """Whether it has a range."""
        low, high = self.figure.range
        return low < high


@dataclass(frozen=True, slots=True, kw_only=True)
class FleetCase:
    """Structure of a fleet; ``place`` is its dotted key."""

    place: str
    name: str
    chip: str
    first_quarter: int
    """Quarters since year 0: 4·year + quarter − 1."""
    delivery_quarters: int
    paid_ahead_quarters: int
    schedule: str
    repriced: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractCase:
    """Structure of a contract."""

    place: str
    name: str
    fleet: str
    active: Mapping[int, float]
    """Share of each quarter it runs, by quarters since year 0."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LoanCase:
    """Structure of a loan."""

    place: str
    name: str
    kind: str
    fleets: tuple[str, ...]
    term_quarters: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CovenantCase:
    """A covenant of the file."""

    kind: str
    limit: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ArrivalCase:
    """A better chip that arrives, in years since year 0."""

    place: str
    years: float


@dataclass(frozen=True, slots=True, kw_only=True)
class RentalCase:
    """What the file of a GPU cloud says."""

    name: str
    currency: str
    year: int
    terms: str
    tax_depreciation: str
    fleets: tuple[FleetCase, ...]
    contracts: tuple[ContractCase, ...]
    loans: tuple[LoanCase, ...]
    covenants: tuple[CovenantCase, ...]
    arrivals: tuple[ArrivalCase, ...]
    inputs: Mapping[str, RentalInput]
    """By dotted key, in the order of the file."""
    recovery_shares: tuple[float, ...]
    """Of the five-year tax table, from the catalog."""
    seed: int
    notes: tuple[str, ...]

    @property
    def first_quarter(self) -> int:
        """Quarter of the first payment."""
        return min(fleet.first_quarter - fleet.paid_ahead_quarters for fleet in self.fleets)
