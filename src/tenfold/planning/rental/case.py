"""A rental question made ready: its amounts and those of its sites as inputs, by dotted key."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from tenfold.catalog import Catalog
from tenfold.planning.rental.dates import quarter_of
from tenfold.planning.rental.fleet import OF_A_SITE, Fleet, Space, space_key
from tenfold.planning.rental.question import Contract, Loan, RentalQuestion
from tenfold.quantities import (
    Amount,
    Distribution,
    FoundAmount,
    NamedFigure,
    One,
    RangedAmount,
    distribution_of,
    fields_of,
    ranged_in,
    stated_at,
)

Record = TypeVar("Record")
REVERSION, CORRELATION = "market.reversion", "market.correlation"
"""Keys of what the price history and the catalog say of all markets; no keys of a file."""
MOVES = ".chance"
"""Ends the keys of what chance does, beside the inputs by their keys."""
_PRICES = "calibrations/prices/constants.on-demand"
TABLE_WORDS: Mapping[str, str] = {
    "capex_per_chip": "capex",
    "opex_per_chip_year": "opex",
    "opex_share_of_capex_per_year": "opex share",
    "market": "market",
    "resale": "resale",
}
"""What tables add to the names of their keys."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RentalInput:
    """An amount of the question, or of the catalog where the question leaves it to a site."""

    key: str
    """Dotted key in the file, such as ``fleets.0.market.price``."""
    label: str
    """What people read, such as "h100 market price"."""
    named: NamedFigure
    distribution: Distribution
    asks: RangedAmount
    """Draws are cut to its ends, which lie outside P10–P90."""

    @property
    def value(self) -> float:
        """Its P50; of a triangle, the most likely value."""
        return self.named.figure.value

    @property
    def uncertain(self) -> bool:
        """Whether it has a range."""
        low, high = self.named.figure.range
        return low < high


@dataclass(frozen=True, slots=True, kw_only=True)
class RentalCase:
    """A question with its inputs."""

    question: RentalQuestion
    inputs: Mapping[str, RentalInput]
    """By dotted key."""
    recovery: tuple[NamedFigure, ...]
    """Shares of the five-year tax table, from the catalog."""
    sized: Mapping[str, float] = field(default_factory=dict)
    """Shares of loans that are sized to a cover, by dotted key."""

    @property
    def first_quarter(self) -> int:
        """Quarter of the first payment."""
        return min(quarter_of(fleet.first_quarter) - fleet.paid_ahead_quarters for fleet in self.question.fleets)

    @property
    def fleets(self) -> list[tuple[str, Fleet]]:
        """Every fleet with its dotted key."""
        return placed("fleets", self.question.fleets)


def placed(name: str, records: Sequence[Record]) -> list[tuple[str, Record]]:
    """Records of a list with their dotted keys."""
    return [(f"{name}.{number}", record) for number, record in enumerate(records)]


def pays_for(loan: Loan, fleet: Fleet) -> bool:
    """Tell whether a loan pays for a fleet: for those it names, or for all."""
    return not loan.fleets or fleet.name in loan.fleets


def loans_of(question: RentalQuestion, fleet: Fleet) -> list[tuple[str, Loan]]:
    """Loans that pay for a fleet, with their dotted keys."""
    return [(place, loan) for place, loan in placed("loans", question.loans) if pays_for(loan, fleet)]


def case_of(question: RentalQuestion, catalog: Catalog) -> RentalCase:
    """Make a question ready. Raises ``MissingFigureError`` for a site without a figure that is taken from it."""
    inputs = {known.key: known for known in _inputs(question, catalog)}
    names = [f"taxes.macrs_5_year_{year}" for year in range(1, 7)]
    recovery = tuple(NamedFigure(name=f"assumptions/{name}", figure=catalog.assumption(name, "1")) for name in names)
    return RentalCase(question=question, inputs=inputs, recovery=recovery)


def _inputs(question: RentalQuestion, catalog: Catalog) -> Iterator[RentalInput]:
    as_of = datetime.date(question.money.year, 1, 1)
    for found in ranged_in(question.cloud, "cloud"):
        yield _stated(found, "", as_of)
    for place, fleet in placed("fleets", question.fleets):
        yield from (_stated(found, fleet.name, as_of) for found in ranged_in(fleet, place))
        yield from _of_site(fleet, place, catalog)
    yield from _of_markets(question, catalog)
    named: list[tuple[str, Contract | Loan]] = [
        *placed("contracts", question.contracts),
        *placed("loans", question.loans),
    ]
    for place, thing in named:
        yield from (_stated(found, thing.name, as_of) for found in ranged_in(thing, place))
    for place, arrival in placed("arrivals", question.arrivals):
        yield from (_stated(found, "better chip", as_of) for found in ranged_in(arrival, place))


def _stated(found: FoundAmount, owner: str, as_of: datetime.date) -> RentalInput:
    figure = found.stated.figure(found.asks.unit, as_of)
    *_, table, key = found.key.split(".")
    words = (owner, TABLE_WORDS.get(table, ""), key.replace("_", " "))
    return RentalInput(
        key=found.key,
        label=" ".join(part for part in words if part),
        named=stated_at(found.path, figure),
        distribution=found.stated.spread(figure),
        asks=found.asks,
    )


def _of_markets(question: RentalQuestion, catalog: Catalog) -> Iterator[RentalInput]:
    """How market prices move by chance, where the question does not say that none does."""

    def known(key: str, label: str, name: str, most: float = 1e3) -> RentalInput:
        figure = catalog.figure_of(name)
        return RentalInput(
            key=key,
            label=label,
            named=NamedFigure(name=name, figure=figure),
            distribution=distribution_of(figure),
            asks=RangedAmount(Amount("1", most=most)),
        )

    for place, fleet in placed("fleets", question.fleets):
        if fleet.market.volatility is None:
            key, name = f"{place}.market.volatility", f"{_PRICES}.volatility_per_sqrt_year"
            yield known(key, f"{fleet.name} market volatility", name)
    if any(fleet.market.volatility is None or fleet.market.volatility.value > 0.0 for fleet in question.fleets):
        yield known(REVERSION, "market reversion", f"{_PRICES}.reversion_per_year")
        yield known(CORRELATION, "market correlation", "assumptions/prices.correlation", 1.0)


def _of_site(fleet: Fleet, place: str, catalog: Catalog) -> Iterator[RentalInput]:
    """Tariff, PUE and WUE of the site named, where the question gives none of its own."""
    if fleet.space.site is None:
        return
    site = catalog.site(fleet.space.site)
    shapes = {field.name: field.shape for field in fields_of(Space)}
    for name, figure_name in OF_A_SITE.items():
        shape = shapes[name]
        if getattr(fleet.space, name) is None and isinstance(shape, One) and isinstance(shape.asks, RangedAmount):
            figure, key = site.figure(figure_name), space_key(name)
            yield RentalInput(
                key=f"{place}.space.{key}",
                label=f"{fleet.name} {key.replace('_', ' ')} at {site.key}",
                named=NamedFigure(name=f"sites/{site.key}/{figure_name}", figure=figure),
                distribution=distribution_of(figure),
                asks=shape.asks,
            )
