"""The uncertain inputs of rent-or-own and the prices today, from the catalog and from what the question states.

The price of every term is the one that a plan takes for it. A stated price is taken as it is, without a range.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tenfold.catalog import (
    OWN,
    Catalog,
    assumption_named,
    price_name,
    purchase_figure,
    rental_figure,
)
from tenfold.planning.drawn import (
    HALLS,
    MARKET,
    RENT,
    RESALE,
    SPARES,
    SPOT,
    WORK,
    common_inputs,
    failure_name,
    inputs_of,
    parts_of,
)
from tenfold.planning.owner import owner_inputs
from tenfold.planning.rent_or_own.question import MarketPrices, RentOrOwnQuestion
from tenfold.quantities import (
    STATED,
    Figure,
    MissingFigureError,
    NamedFigure,
    Problem,
    Shortfall,
    Uncertain,
    stated_at,
)

TERMS = ("on-demand", "spot", "reserved-1y", "reserved-3y")
CALIBRATION = "prices"
ON_DEMAND = "on-demand"
_FITTED: Mapping[str, str] = {
    "reversion": f"{ON_DEMAND}.reversion_per_year",
    "volatility": f"{ON_DEMAND}.volatility_per_sqrt_year",
    "cost_factor": f"{ON_DEMAND}.cost_factor_per_year",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Market:
    """Prices today by term and what is missing, with the price of a chip."""

    prices: Mapping[str, NamedFigure]
    """USD/h."""
    purchase: NamedFigure | None
    missing: Mapping[str, Shortfall]


def find_market(question: RentOrOwnQuestion, catalog: Catalog) -> Market:
    """Prices of the chip under every term. Raises ``MissingFigureError`` when it has none on demand."""
    found = {term: _rent(question, catalog, term) for term in TERMS}
    on_demand, bought = found[ON_DEMAND], _bought(question, catalog)
    if isinstance(on_demand, Shortfall):
        raise MissingFigureError(
            Problem(file="", key="", wrong=on_demand.short, remedy=f"{on_demand.nearest}, or write prices.on_demand")
        )
    missing = {term: figure for term, figure in found.items() if isinstance(figure, Shortfall)}
    if isinstance(bought, Shortfall):
        missing |= {"own": bought, "colocation": bought}
    return Market(
        prices={term: named for term, named in found.items() if isinstance(named, NamedFigure)},
        purchase=None if isinstance(bought, Shortfall) else bought,
        missing=missing,
    )


def _rent(question: RentOrOwnQuestion, catalog: Catalog, term: str) -> NamedFigure | Shortfall:
    """Price of a term: as stated, or of the catalog."""
    said = _said(question.prices, f"{term.replace('-', '_')}_usd_per_chip_hour", "USD/h")
    if said is not None:
        return said
    chip = question.demand.chip
    figure = rental_figure(catalog, chip, term, question.site)
    if isinstance(figure, Shortfall):
        return figure
    return NamedFigure(name=price_name(chip, term, question.site), figure=figure)


def _bought(question: RentOrOwnQuestion, catalog: Catalog) -> NamedFigure | Shortfall:
    said = _said(question.prices, "purchase_usd", "USD")
    if said is not None:
        return said
    chip = question.demand.chip
    figure = purchase_figure(catalog, chip)
    return figure if isinstance(figure, Shortfall) else NamedFigure(name=f"prices/{chip}/{OWN}", figure=figure)


def _said(prices: MarketPrices, name: str, unit: str) -> NamedFigure | None:
    """A price that the question states."""
    value = getattr(prices, name)
    if value is None or prices.as_of is None:
        return None
    return stated_at(f"prices.{name}", Figure(value=value, unit=unit, kind="quote", source=STATED, as_of=prices.as_of))


def uncertain_inputs(question: RentOrOwnQuestion, market: Market, catalog: Catalog) -> tuple[Uncertain, ...]:
    """Gather every uncertain input, in an order that does not depend on the catalog."""
    chip, site = catalog.chip(question.demand.chip), catalog.site(question.site)
    failures = assumption_named(catalog, failure_name(catalog, chip.family))
    return (
        *owner_inputs(catalog, chip.key, site, market.purchase, HALLS),
        *common_inputs(catalog, SPARES, WORK, RENT, SPOT, MARKET),
        inputs_of("failures", "all", [failures]),
        *(of_market(key, _fitted(catalog, name)) for key, name in _FITTED.items()),
        *(of_market(f"price/{term}", price) for term, price in sorted(market.prices.items())),
        *common_inputs(catalog, *parts_of(question.demand.policy), RESALE),
    )


def of_market(key: str, figure: NamedFigure) -> Uncertain:
    """An input of the one market that is asked about."""
    return Uncertain(key=key, label=figure.name, axis="all", figures=(figure,))


def _fitted(catalog: Catalog, name: str) -> NamedFigure:
    figure = catalog.calibration(CALIBRATION).constants.get(name)
    if figure is None:
        wrong = f"calibrations/{CALIBRATION} has no '{name}'"
        remedy = "Write it with: tenfold calibrate prices --out DIR/calibrations/prices.toml"
        raise MissingFigureError(Problem(file="", key="", wrong=wrong, remedy=remedy))
    return NamedFigure(name=f"calibrations/{CALIBRATION}/constants.{name}", figure=figure)
