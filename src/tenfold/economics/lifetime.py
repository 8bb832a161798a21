"""Cost of ownership over a chip's life by line, and per anything a chip does.

cost = capex lines + Σ years (power·PUE·tariff + water + space + staff + maintenance + software + insurance)
       + interest + taxes + decommissioning − resale
Every line is USD per chip over the whole life, undiscounted; what a year of it costs in the books is ``cloud``'s,
what it costs with a return on capital ``ownership``'s. Source: the split follows Barroso, Hölzle, Ranganathan, The
Datacenter as a Computer, 3rd edition, chapter 6. Amounts are of one year, nominal or real as the caller keeps to.
Holds for a chip in steady use.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tenfold.economics.capital import average_interest_usd_per_year
from tenfold.quantities import HOUR_S, HOURS_PER_YEAR, Column

W_PER_KW = 1000.0
W_PER_MW = 1e6
LITRES_PER_M3 = 1000.0
TOKENS_PER_MTOKEN = 1e6


@dataclass(frozen=True, slots=True, kw_only=True)
class LifetimeInputs:
    """What owning a chip for its life depends on; every field a number or a column.

    Shares of capex leave the shell out.
    """

    chip_usd: Column
    hosts_usd: Column = 0.0
    network_usd: Column = 0.0
    """Switches and cables; ``topologies`` counts them."""
    storage_usd: Column = 0.0
    installation_usd: Column = 0.0
    shell_usd_per_w: Column = 0.0
    """Building, power and cooling per watt of rated IT power."""
    shell_life_years: Column = 15.0
    rated_w: Column
    """With hosts and network."""
    drawn_share: Column
    pue: Column
    power_usd_per_kwh: Column
    wue_l_per_kwh: Column = 0.0
    water_usd_per_m3: Column = 0.0
    staff_share_per_year: Column = 0.0
    maintenance_share_per_year: Column = 0.0
    software_usd_per_year: Column = 0.0
    insurance_share_per_year: Column = 0.0
    life_years: Column
    utilisation: Column = 1.0
    """Share of hours that someone uses and pays for."""
    debt_share: Column = 0.0
    """Of all capex; repaid in equal parts over the life."""
    debt_rate_per_year: Column = 0.0
    taxes_usd_per_year: Column = 0.0
    """On property and the like; income tax depends on revenue and is in ``cloud``."""
    decommissioning_usd: Column = 0.0
    resale_share: Column = 0.0
    """Of capex without the shell; ``resale`` gives it by age and arrival of better chips."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LifetimeCost:
    """USD per chip over its life; the lines sum to ``total_usd``, resale being negative."""

    chip_usd: Column
    hosts_usd: Column
    network_usd: Column
    storage_usd: Column
    installation_usd: Column
    shell_usd: Column
    """The share of the shell's life that the chip's life uses up."""
    power_usd: Column
    water_usd: Column
    staff_usd: Column
    maintenance_usd: Column
    software_usd: Column
    insurance_usd: Column
    interest_usd: Column
    taxes_usd: Column
    decommissioning_usd: Column
    resale_usd: Column
    total_usd: Column
    used_hours: Column
    """Hours of the life that are used."""
    rated_w: Column


def lifetime_cost(inputs: LifetimeInputs) -> LifetimeCost:
    """Add up a chip's life by line. Broadcasts over the fields; raises nothing."""
    bought = ("chip", "hosts", "network", "storage", "installation")
    capex = {f"{name}_usd": getattr(inputs, f"{name}_usd") for name in bought}
    machines = sum((np.asarray(line, dtype=np.float64) for line in capex.values()), np.zeros(()))
    shell_price = np.multiply(inputs.shell_usd_per_w, inputs.rated_w)
    years = np.asarray(inputs.life_years, dtype=np.float64)
    it_kwh = np.multiply(inputs.rated_w, inputs.drawn_share) / W_PER_KW * HOURS_PER_YEAR * years
    interest = average_interest_usd_per_year(machines + shell_price, inputs.debt_share, inputs.debt_rate_per_year)
    lines = capex | {
        "shell_usd": shell_price * years / np.asarray(inputs.shell_life_years),
        "power_usd": it_kwh * inputs.pue * inputs.power_usd_per_kwh,
        "water_usd": it_kwh * inputs.wue_l_per_kwh / LITRES_PER_M3 * inputs.water_usd_per_m3,
        "staff_usd": machines * inputs.staff_share_per_year * years,
        "maintenance_usd": machines * inputs.maintenance_share_per_year * years,
        "software_usd": np.multiply(inputs.software_usd_per_year, years),
        "insurance_usd": machines * inputs.insurance_share_per_year * years,
        "interest_usd": interest * years,
        "taxes_usd": np.multiply(inputs.taxes_usd_per_year, years),
        "decommissioning_usd": inputs.decommissioning_usd,
        "resale_usd": -machines * inputs.resale_share,
    }
    return LifetimeCost(
        **lines,
        total_usd=sum((np.asarray(line, dtype=np.float64) for line in lines.values()), np.zeros(())),
        used_hours=HOURS_PER_YEAR * years * np.asarray(inputs.utilisation),
        rated_w=inputs.rated_w,
    )


def usd_per_chip_hour(cost: LifetimeCost) -> Column:
    """Cost of an hour that is used, USD. Broadcasts; raises nothing."""
    return np.divide(cost.total_usd, cost.used_hours)


def usd_per_useful_flop(cost: LifetimeCost, peak_flop_per_s: Column, mfu: Column, goodput: Column = 1.0) -> Column:
    """Cost of a model FLOP: (USD per hour)/(3600·peak·MFU·goodput), dense peak of the precision of the MFU."""
    useful = np.multiply(peak_flop_per_s, mfu) * goodput * HOUR_S
    return np.asarray(usd_per_chip_hour(cost)) / useful


def usd_per_run(cost: LifetimeCost, chips: Column, hours: Column) -> Column:
    """Cost of a run that holds chips for some hours, USD. Broadcasts; raises nothing."""
    return np.multiply(np.multiply(chips, hours), usd_per_chip_hour(cost))


def usd_per_mtoken(cost: LifetimeCost, tokens_per_s_per_chip: Column) -> Column:
    """Cost of a million tokens at a rate per chip while used, USD. Broadcasts; raises nothing."""
    per_token = np.asarray(usd_per_chip_hour(cost)) / (HOUR_S * np.asarray(tokens_per_s_per_chip))
    return np.asarray(per_token * TOKENS_PER_MTOKEN)


def usd_per_mw(cost: LifetimeCost) -> Column:
    """Cost of a megawatt of rated IT power over the life, USD. Broadcasts; raises nothing."""
    return np.multiply(np.divide(cost.total_usd, cost.rated_w), W_PER_MW)
