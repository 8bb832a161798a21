"""The uncertain inputs of rent-or-own and the prices today, from the catalog and from what the file says.

A price paid (contract, transaction) stands as it is. An asked price of another term is taken as the share of what the
same provider asks on demand, at the median of providers that list both, of the price on demand: lists of dear clouds
would otherwise be set against on-demand prices of cheap ones. A price of the file is taken as it is, without a range.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from statistics import median

import numpy as np

from tenfold.catalog import PAID, Catalog, purchase_figure, rental_figure
from tenfold.planning.drawn import failure_name, node_power
from tenfold.planning.rent_or_own.file import RentOrOwn
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
)

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


def find_market(asked: RentOrOwn, catalog: Catalog) -> Market:
    """Prices of the chip under every term. Raises ``MissingFigureError`` when it has none on demand."""
    on_demand = _rent(asked, catalog, ON_DEMAND, None)
    if isinstance(on_demand, Shortfall):
        raise MissingFigureError(
            Problem(file="", key="", wrong=on_demand.short, remedy=f"{on_demand.nearest}, or write prices.on_demand")
        )
    found = {ON_DEMAND: on_demand} | {term: _rent(asked, catalog, term, on_demand) for term in TERMS[1:]}
    bought = _said("purchase", "USD", asked) or purchase_figure(catalog, asked.chip)
    missing = {term: figure for term, figure in found.items() if isinstance(figure, Shortfall)}
    if isinstance(bought, Shortfall):
        missing |= {"own": bought, "colocation": bought}
    return Market(
        prices={
            term: NamedFigure(name=f"prices/{asked.chip}/{term}", figure=figure)
            for term, figure in found.items()
            if isinstance(figure, Figure)
        },
        purchase=None if isinstance(bought, Shortfall) else NamedFigure(name=f"prices/{asked.chip}/own", figure=bought),
        missing=missing,
    )


def uncertain_inputs(asked: RentOrOwn, market: Market, catalog: Catalog) -> tuple[Uncertain, ...]:
    """Gather every uncertain input, in an order that does not depend on the catalog."""
    chip = catalog.chip(asked.chip)
    site = catalog.site(asked.site)
    named = {key: _assumption(catalog, name) for key, name in _COMMON.items()}
    named |= {key: _fitted(catalog, name) for key, name in _FITTED.items()}
    named["failures"] = _assumption(catalog, failure_name(catalog, chip.family))
    named["power_w"] = node_power(catalog, chip, catalog.system_of(chip))
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
        )
        for key, figure in named.items()
    )


def column(points: Points, key: str) -> Floats:
    """Values of an input, (draws,)."""
    return np.asarray(points.values[key][0])


def _rent(asked: RentOrOwn, catalog: Catalog, term: str, on_demand: Figure | None) -> Figure | Shortfall:
    said = _said(term, "USD/h", asked)
    if said is not None:
        return said
    rows = catalog.rental_prices(asked.chip, term)
    if on_demand is None or any(row.kind in PAID for row in rows):
        return rental_figure(catalog, asked.chip, term)
    asks = {(row.provider, row.region): row.usd_per_chip_hour for row in catalog.rental_prices(asked.chip, ON_DEMAND)}
    paired = [(row, asks[row.provider, row.region]) for row in rows if (row.provider, row.region) in asks]
    if not paired:
        return rental_figure(catalog, asked.chip, term)
    ratio = median(row.usd_per_chip_hour / beside for row, beside in paired)
    low, high = catalog.assumption("planning.single_price_ratio").range
    who = ", ".join(dict.fromkeys(row.provider for row, _ in paired))
    return Figure(
        value=ratio,
        unit="1",
        low=ratio * low,
        high=ratio * high,
        kind="estimate",
        source="; ".join(dict.fromkeys(row.source for row, _ in paired)),
        as_of=max(row.as_of for row, _ in paired),
        note=f"price over the price on demand, as {who} asks; range by planning.single_price_ratio",
    )


def _said(name: str, unit: str, asked: RentOrOwn) -> Figure | None:
    """A price the file gives."""
    value = asked.prices_usd.get(name)
    if value is None:
        return None
    return Figure(
        value=value, unit=unit, kind="quote", source=asked.file, as_of=asked.prices_as_of, note="given in the file"
    )


def _assumption(catalog: Catalog, name: str) -> NamedFigure:
    return NamedFigure(name=f"assumptions/{name}", figure=catalog.assumption(name))


def _fitted(catalog: Catalog, name: str) -> NamedFigure:
    figure = catalog.calibration(CALIBRATION).constants.get(name)
    if figure is None:
        wrong = f"calibrations/{CALIBRATION} has no '{name}'"
        remedy = "Write it with: tenfold calibrate prices --out DIR/calibrations/prices.toml"
        raise MissingFigureError(Problem(file="", key="", wrong=wrong, remedy=remedy))
    return NamedFigure(name=f"calibrations/{CALIBRATION}/constants.{name}", figure=figure)
