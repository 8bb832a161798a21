"""The uncertain inputs of rent-or-own and the prices today, from the catalog and from what the question states.

A price paid (contract, transaction) stands as it is. An asked price of another term is taken as the share of what the
same provider asks on demand, at the median of providers that list both, of the price on demand: lists of dear clouds
would otherwise be set against on-demand prices of cheap ones. A stated price is taken as it is, without a range.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from tenfold.catalog import OVER_ON_DEMAND, OWN, Catalog, purchase_figure, relative_rental_figure, rental_figure
from tenfold.planning.drawn import assumption_named, failure_name, node_power, node_power_rests_on
from tenfold.planning.rent_or_own.question import MarketPrices, RentOrOwnQuestion
from tenfold.quantities import (
    SHARE,
    Figure,
    Floats,
    MissingFigureError,
    NamedFigure,
    Points,
    Problem,
    Shortfall,
    Uncertain,
    stated_at,
)
from tenfold.quantities.ranged import STATED

TERMS = ("on-demand", "spot", "reserved-1y", "reserved-3y")
CALIBRATION = "prices"
ON_DEMAND = "on-demand"
_COMMON: Mapping[str, str] = {
    "interruptions": "planning.spot_interruptions_per_1000_node_days",
    "detection": "reliability.detection_s",
    "restart": "reliability.restart_s",
    "stall": "reliability.checkpoint_stall_s",
    "write_rate": "reliability.checkpoint_write_bytes_per_s_per_node",
    "checkpoint_size": "reliability.checkpoint_bytes_per_parameter",
    "spares": "reliability.spare_share",
    "setup_rented_days": "planning.setup_days_rented",
    "setup_owned_days": "planning.setup_days_owned",
    "debug_share": "planning.schedule_reserve_share",
    "drawn_share": "planning.power_share_of_tdp",
    "extras": "economics.rental_extras_share",
    "hosts": "economics.hosts_per_chip_price",
    "network": "economics.network_per_chip_price",
    "datacentre": "economics.datacentre_usd_per_w",
    "datacentre_life": "economics.datacentre_life_years",
    "colocation": "economics.colocation_usd_per_kw_month",
    "life": "economics.useful_life_years",
    "capital": "economics.cost_of_capital",
    "residual": "economics.residual_share",
    "maintenance": "economics.maintenance_share_per_year",
    "staff": "economics.staff_share_per_year",
    "insurance": "economics.insurance_share_per_year",
    "owners_utilisation": "economics.owned_utilisation",
    "scarcity": "prices.scarcity_per_year",
    "market_utilisation": "prices.market_utilisation",
    "balanced_utilisation": "prices.balanced_utilisation",
}
"""Inputs that hold for everything, by the assumption they come from."""
_AT_MOST_ONE = frozenset(
    ("drawn_share", "residual", "owners_utilisation", "market_utilisation", "balanced_utilisation")
)
_FITTED: Mapping[str, str] = {
    "reversion": f"{ON_DEMAND}.reversion_per_year",
    "volatility": f"{ON_DEMAND}.volatility_per_sqrt_year",
    "cost_factor": f"{ON_DEMAND}.cost_factor_per_year",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Market:
    """Prices today by term and what is missing, with the price of a chip."""

    prices: Mapping[str, NamedFigure]
    """USD/h; without a unit where only the ratio to the price on demand is known."""
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
    """Price of a term: as stated, over the price on demand where only that is known, or of the catalog."""
    said = _said(question.prices, f"{term.replace('-', '_')}_usd_per_chip_hour", "USD/h")
    if said is not None:
        return said
    chip = question.demand.chip
    relative = None if term == ON_DEMAND else relative_rental_figure(catalog, chip, term)
    if relative is not None:
        return NamedFigure(name=f"prices/{chip}/{term}/{OVER_ON_DEMAND}", figure=relative)
    figure = rental_figure(catalog, chip, term)
    return figure if isinstance(figure, Shortfall) else NamedFigure(name=f"prices/{chip}/{term}", figure=figure)


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
    system = catalog.system_of(chip)
    named = {key: assumption_named(catalog, name) for key, name in _COMMON.items()}
    named |= {key: _fitted(catalog, name) for key, name in _FITTED.items()}
    named["failures"] = assumption_named(catalog, failure_name(catalog, chip.family))
    named["power_w"] = node_power(catalog, chip, system)
    named["pue"] = NamedFigure(name=f"sites/{site.key}/power.pue", figure=site.figure("power.pue"))
    named["power_price"] = NamedFigure(name=f"sites/{site.key}/power.price", figure=site.figure("power.price"))
    for term, price in sorted(market.prices.items()):
        named[f"{'ratio' if price.figure.unit == '1' else 'price'}/{term}"] = price
    if market.purchase is not None:
        named["chip_price"] = market.purchase
    return tuple(
        Uncertain(
            key=key,
            label=figure.name,
            axis="all",
            figures=(figure,),
            written=SHARE,
            most=1.0 if key in _AT_MOST_ONE else np.inf,
            least=1.0 if key == "pue" else 0.0,
            rests_on=(node_power_rests_on(catalog, chip, system),) if key == "power_w" else (),
        )
        for key, figure in named.items()
    )


def column(points: Points, key: str) -> Floats:
    """Values of an input, (draws,)."""
    return np.asarray(points.values[key][0])


def _fitted(catalog: Catalog, name: str) -> NamedFigure:
    figure = catalog.calibration(CALIBRATION).constants.get(name)
    if figure is None:
        wrong = f"calibrations/{CALIBRATION} has no '{name}'"
        remedy = "Write it with: tenfold calibrate prices --out DIR/calibrations/prices.toml"
        raise MissingFigureError(Problem(file="", key="", wrong=wrong, remedy=remedy))
    return NamedFigure(name=f"calibrations/{CALIBRATION}/constants.{name}", figure=figure)
