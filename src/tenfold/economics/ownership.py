"""Owning chips: capital at the start, cost of a chip hour, cost of a run.

Cost of a chip hour = (depreciation + cost of capital + maintenance + staff + insurance + colocation)/(8760·u)
                      + energy while running,
with u the share of hours that some job is charged for. Chips, hosts and network live L years, the datacentre its
own longer life. Source: capital recovery as in ``capital``; the split follows Barroso, Hölzle, Ranganathan,
The Datacenter as a Computer, 3rd edition, chapter 6. Holds for a fleet in steady use; taxes are left out.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tenfold.economics.capital import capital_recovery_usd_per_year, straight_line_usd_per_year
from tenfold.quantities import HOURS_PER_DAY, HOURS_PER_YEAR, MONTHS_PER_YEAR, Column


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnershipInputs:
    """What owning depends on; every field a number or a column. Building or colocation: one of them is zero."""

    chip_price_usd: Column
    hosts_per_chip_price: Column
    """Hosts, chassis and cards, as a share of the chip's price."""
    network_per_chip_price: Column
    """Switches and cables, as a share of the chip's price."""
    power_w_per_chip: Column
    """Rated power with hosts and network, W."""
    drawn_share: Column
    """Average draw over rated power while running."""
    pue: Column
    power_price_usd_per_kwh: Column
    useful_life_years: Column
    cost_of_capital: Column
    """Per year."""
    residual_share: Column = 0.0
    """Resale value of chips, hosts and network at the end, as a share of their price."""
    datacentre_usd_per_w: Column = 0.0
    """Building and plant per watt of rated IT power; 0 where space is rented."""
    datacentre_life_years: Column = 15.0
    colocation_usd_per_kw_month: Column = 0.0
    """Rent of space per kW of rated IT power, energy not included; 0 where the building is owned."""
    maintenance_share_per_year: Column = 0.0
    """Of the price of chips, hosts and network; so are the next two."""
    staff_share_per_year: Column = 0.0
    insurance_share_per_year: Column = 0.0
    utilisation: Column = 1.0
    """Share of hours charged to some job."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CapexPerChip:
    """Capital to lay out before the first hour, USD a chip; the terms sum to ``total_usd``."""

    chip_usd: Column
    hosts_usd: Column
    network_usd: Column
    datacentre_usd: Column
    total_usd: Column

    @property
    def machines_usd(self) -> Column:
        """Chips, hosts and network: what lives as long as the chip."""
        return np.add(self.chip_usd, self.hosts_usd) + self.network_usd


@dataclass(frozen=True, slots=True, kw_only=True)
class CostPerChipHour:
    """Cost of one charged chip hour, USD; the terms sum to ``total_usd``. The first four are depreciation."""

    chip_usd: Column
    hosts_usd: Column
    network_usd: Column
    datacentre_usd: Column
    cost_of_capital_usd: Column
    """Interest and return on all capital: capital recovery less depreciation."""
    energy_usd: Column
    colocation_usd: Column
    maintenance_usd: Column
    staff_usd: Column
    insurance_usd: Column
    total_usd: Column

    @property
    def opex_usd(self) -> Column:
        """What is paid as the hours pass: energy, colocation, maintenance, staff and insurance."""
        upkeep = np.add(self.maintenance_usd, self.staff_usd) + self.insurance_usd
        return np.add(self.energy_usd, self.colocation_usd) + upkeep


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnedRunCost:
    """A run on owned chips, USD: what it is charged, and what must be found at the start."""

    charged_usd: Column
    """Economic cost: the share of the chips' life used, with cost of capital and running costs."""
    capital_charge_usd: Column
    """Part of ``charged_usd``: depreciation and cost of capital."""
    opex_usd: Column
    """Part of ``charged_usd``: running costs, paid during the run."""
    upfront_capex_usd: Column
    """Capital to buy everything, not part of ``charged_usd`` but its origin; a budget must hold it."""


def capex_per_chip(inputs: OwnershipInputs) -> CapexPerChip:
    """Price chips, hosts, network and datacentre for one chip. Broadcasts over the fields; raises nothing."""
    hosts = np.multiply(inputs.chip_price_usd, inputs.hosts_per_chip_price)
    network = np.multiply(inputs.chip_price_usd, inputs.network_per_chip_price)
    datacentre = np.multiply(inputs.datacentre_usd_per_w, inputs.power_w_per_chip)
    return CapexPerChip(
        chip_usd=inputs.chip_price_usd,
        hosts_usd=hosts,
        network_usd=network,
        datacentre_usd=datacentre,
        total_usd=np.add(inputs.chip_price_usd, hosts) + network + datacentre,
    )


def energy_usd_per_chip_hour(inputs: OwnershipInputs) -> Column:
    """Energy of an hour of running: rated kW × share drawn × PUE × price, USD. Broadcasts; raises nothing."""
    kw = np.multiply(inputs.power_w_per_chip, inputs.drawn_share) * inputs.pue / 1000.0
    return kw * inputs.power_price_usd_per_kwh


def tco_usd_per_chip_hour(inputs: OwnershipInputs) -> CostPerChipHour:
    """Cost of one charged chip hour with its terms. Broadcasts over the fields; raises nothing."""
    capex = capex_per_chip(inputs)
    hours = HOURS_PER_YEAR * np.asarray(inputs.utilisation)
    kept = (inputs.useful_life_years, inputs.residual_share)
    chip, hosts, network = (
        straight_line_usd_per_year(price, *kept) / hours
        for price in (capex.chip_usd, capex.hosts_usd, capex.network_usd)
    )
    datacentre = straight_line_usd_per_year(capex.datacentre_usd, inputs.datacentre_life_years) / hours
    depreciation = chip + hosts + network + datacentre
    energy = energy_usd_per_chip_hour(inputs)
    colocation = _colocation_usd_per_year(inputs) / hours
    shares = (inputs.maintenance_share_per_year, inputs.staff_share_per_year, inputs.insurance_share_per_year)
    maintenance, staff, insurance = (capex.machines_usd * np.asarray(share) / hours for share in shares)
    recovery = _capital_recovery_usd_per_year(capex, inputs) / hours
    return CostPerChipHour(
        chip_usd=chip,
        hosts_usd=hosts,
        network_usd=network,
        datacentre_usd=datacentre,
        cost_of_capital_usd=recovery - depreciation,
        energy_usd=energy,
        colocation_usd=colocation,
        maintenance_usd=maintenance,
        staff_usd=staff,
        insurance_usd=insurance,
        total_usd=recovery + energy + colocation + maintenance + staff + insurance,
    )


def owned_run_cost(chips: Column, days: Column, inputs: OwnershipInputs) -> OwnedRunCost:
    """Charge a run of ``days`` on ``chips`` for the share of life it uses. Broadcasts; raises nothing.

    The rest of the chips' life is taken to be worth its cost to someone: other jobs, or a buyer.
    """
    hour = tco_usd_per_chip_hour(inputs)
    chip_hours = np.multiply(chips, days) * HOURS_PER_DAY
    charged = chip_hours * hour.total_usd
    opex = chip_hours * hour.opex_usd
    return OwnedRunCost(
        charged_usd=charged,
        capital_charge_usd=charged - opex,
        opex_usd=opex,
        upfront_capex_usd=np.multiply(chips, capex_per_chip(inputs).total_usd),
    )


def _capital_recovery_usd_per_year(capex: CapexPerChip, inputs: OwnershipInputs) -> Column:
    """Depreciation and return on machines and on the building, each over its own life."""
    machines = capital_recovery_usd_per_year(
        capex.machines_usd, inputs.useful_life_years, inputs.cost_of_capital, inputs.residual_share
    )
    building = capital_recovery_usd_per_year(capex.datacentre_usd, inputs.datacentre_life_years, inputs.cost_of_capital)
    return np.add(machines, building)


def _colocation_usd_per_year(inputs: OwnershipInputs) -> Column:
    """Rent of space for one chip: rated kW × monthly rate × 12."""
    return np.multiply(inputs.colocation_usd_per_kw_month, inputs.power_w_per_chip) / 1000.0 * MONTHS_PER_YEAR
