"""What an option costs: from the file, or from the catalog's prices and its assumptions on owning."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from tenfold.catalog import Catalog, Chip, Site, purchase_figure, rental_figure
from tenfold.economics import CapexPerChip, OwnershipInputs, capex_per_chip, tco_usd_per_chip_hour
from tenfold.planning.drawn import node_power, node_power_rests_on
from tenfold.quantities import Figure, Floats, InputError, NamedFigure, Problem, Shortfall
from tenfold.sites import facility_power_w, it_power_w

OWNING = {
    "hosts_per_chip_price": "economics.hosts_per_chip_price",
    "network_per_chip_price": "economics.network_per_chip_price",
    "drawn_share": "planning.power_share_of_tdp",
    "colocation_usd_per_kw_month": "economics.colocation_usd_per_kw_month",
    "maintenance_share_per_year": "economics.maintenance_share_per_year",
    "staff_share_per_year": "economics.staff_share_per_year",
    "insurance_share_per_year": "economics.insurance_share_per_year",
}
"""Inputs of owning to the assumptions they are from."""


def price_figure_of(catalog: Catalog, chip: str, supply: str) -> Figure | Shortfall:
    """Price in the catalog, USD a chip owned or a chip-hour rented, or why there is none."""
    return purchase_figure(catalog, chip) if supply == "own" else rental_figure(catalog, chip, supply)


@dataclass(slots=True)
class Costs:
    """Finds costs, and keeps the figures they are from."""

    catalog: Catalog
    figures: dict[str, NamedFigure] = field(default_factory=dict)

    def assumed(self, key: str) -> float:
        """Value of an assumption."""
        return self.kept(NamedFigure(name=f"assumptions/{key}", figure=self.catalog.assumption(key)))

    def kept(self, named: NamedFigure) -> float:
        """Keep a figure and give its value."""
        self.figures[named.name] = named
        return named.figure.value

    def price(self, chip: str, supply: str) -> float:
        """Price in the catalog, USD a chip owned or a chip-hour rented. Raises ``InputError`` when none is known."""
        found = price_figure_of(self.catalog, chip, supply)
        if isinstance(found, Shortfall):
            raise InputError(Problem(file="", key="", wrong=found.short, remedy=f"Write price, or {found.nearest}"))
        return self.kept(NamedFigure(name=f"prices/{chip}/{supply}", figure=found))

    def owning(self, chip: str, site: Site, price_usd: Floats, colocation: float | None) -> OwnershipInputs:
        """Inputs of owning a chip at a site in a rented hall."""
        record = self.catalog.chip(chip)
        power = self._power_w(record)
        values = {name: self.assumed(key) for name, key in OWNING.items()}
        if colocation is not None:
            values["colocation_usd_per_kw_month"] = colocation
        return OwnershipInputs(
            chip_price_usd=price_usd,
            power_w_per_chip=power,
            pue=self._of_site(site, "power.pue"),
            power_price_usd_per_kwh=self._of_site(site, "power.price"),
            useful_life_years=self.life_years(),
            cost_of_capital=0.0,
            residual_share=self.residual_share(),
            **values,
        )

    def life_years(self) -> float:
        """Useful life of owned chips."""
        return self.assumed("economics.useful_life_years")

    def residual_share(self) -> float:
        """Value of owned chips at the end of their life over their price."""
        return self.assumed("economics.residual_share")

    def _power_w(self, chip: Chip) -> float:
        """Rated node power of a chip; the figures it is worked out from are kept."""
        system = self.catalog.system_of(chip)
        for named in node_power_rests_on(self.catalog, chip, system):
            self.kept(named)
        return node_power(self.catalog, chip, system).figure.value

    def _of_site(self, site: Site, key: str) -> float:
        return self.kept(NamedFigure(name=f"sites/{site.key}/{key}", figure=site.figure(key)))


def machines_usd(inputs: OwnershipInputs) -> Floats:
    """Price of a chip with hosts and network, USD."""
    capex: CapexPerChip = capex_per_chip(inputs)
    return np.asarray(capex.machines_usd, dtype=np.float64)


def running_usd_per_hour(inputs: OwnershipInputs) -> Floats:
    """Energy, colocation, maintenance, staff and insurance of an hour, USD a chip; owned chips run all hours."""
    return np.asarray(tco_usd_per_chip_hour(inputs).opex_usd, dtype=np.float64)


def metered_mw(inputs: OwnershipInputs) -> float:
    """Rated power of a chip with its hosts and network at the meter, MW."""
    return float(np.asarray(facility_power_w(it_power_w(1.0, inputs.power_w_per_chip), inputs.pue))) / 1e6
