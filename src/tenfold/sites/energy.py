"""Power, energy, water and carbon of a run at a site.

IT power = chips × rated power per chip × share drawn; facility power = PUE × IT power.
Water = WUE × IT energy (The Green Grid, white paper 35); carbon = grid intensity × facility energy, location-based.
Intensities of the catalog are life-cycle ones where their notes say so: they hold building plants and supplying fuel,
so they are above scope 2 of the GHG Protocol, which counts burning alone. PUE ≥ 1: facility over IT energy
(ISO/IEC 30134-2); WUE: litres per kWh of IT energy (ISO/IEC 30134-9). Yearly averages; they hold for runs of weeks, not
for single hours.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tenfold.quantities import Column

JOULES_PER_KWH = 3.6e6


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteUse:
    """What a run takes from its site."""

    it_power_w: Column
    facility_power_w: Column
    it_energy_j: Column
    energy_j: Column
    """Facility energy, cooling and losses included; what the meter bills."""
    water_l: Column
    """Water evaporated on site."""
    carbon_kg: Column
    """Carbon dioxide equivalents, location-based."""


def it_power_w(chips: Column, power_w_per_chip: Column, drawn_share: Column = 1.0) -> Column:
    """Power of the machines, W: chips × rated power with hosts and network × share drawn. Broadcasts."""
    return np.multiply(chips, power_w_per_chip) * drawn_share


def facility_power_w(it_power_w: Column, pue: Column) -> Column:
    """Power at the meter, W: PUE × IT power. Broadcasts."""
    return np.multiply(it_power_w, pue)


def energy_j(power_w: Column, duration_s: Column) -> Column:
    """Energy at constant power, J. Broadcasts."""
    return np.multiply(power_w, duration_s)


def water_l(it_energy_j: Column, wue_l_per_kwh: Column) -> Column:
    """Water evaporated on site, L: WUE × IT energy. Broadcasts."""
    return np.asarray(it_energy_j) / JOULES_PER_KWH * wue_l_per_kwh


def carbon_kg(facility_energy_j: Column, carbon_kg_per_kwh: Column) -> Column:
    """Location-based emissions, kg CO2e: grid intensity × facility energy. Broadcasts."""
    return np.asarray(facility_energy_j) / JOULES_PER_KWH * carbon_kg_per_kwh


def market_based_kg(location_based_kg: Column, clean_share: Column) -> Column:
    """Market-based emissions, kg CO2e: the grid's, less the share that contracts cover with carbon-free power.

    (1 − share)·location-based. Power without a contract is taken at the mix of the grid, since residual mixes are not
    in the catalog: they are higher, so this is a bound from below [GHG Protocol Scope 2 Guidance, chapter 6].
    """
    return np.multiply(location_based_kg, 1.0 - np.asarray(clean_share))


def embodied_kg(chips: Column, kg_per_chip: Column, days: Column, life_days: Column) -> Column:
    """Emissions of making the machines, kg CO2e, by the share of their life a run takes: chips·kg·days/life."""
    return np.multiply(chips, kg_per_chip) * np.divide(days, life_days)


def off_site_water_l(facility_energy_j: Column, l_per_kwh: Column) -> Column:
    """Water consumed where the power is made, L: litres per kWh of the grid × facility energy. Broadcasts."""
    return np.asarray(facility_energy_j) / JOULES_PER_KWH * l_per_kwh


def site_use(
    *,
    chips: Column,
    power_w_per_chip: Column,
    duration_s: Column,
    pue: Column,
    wue_l_per_kwh: Column,
    carbon_kg_per_kwh: Column,
    drawn_share: Column = 1.0,
) -> SiteUse:
    """Combine the equations of this module for one run or a column of runs. All arguments broadcast."""
    machines_w = it_power_w(chips, power_w_per_chip, drawn_share)
    meter_w = facility_power_w(machines_w, pue)
    machines_j, meter_j = energy_j(machines_w, duration_s), energy_j(meter_w, duration_s)
    return SiteUse(
        it_power_w=machines_w,
        facility_power_w=meter_w,
        it_energy_j=machines_j,
        energy_j=meter_j,
        water_l=water_l(machines_j, wue_l_per_kwh),
        carbon_kg=carbon_kg(meter_j, carbon_kg_per_kwh),
    )
