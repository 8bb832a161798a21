"""Fleets by quarter: chips in service, what was paid, book and tax values, what a sale brings.

A tranche delivered at the start of quarter s has age k quarters at the start of quarter s + k. It serves the share
clip(4L − k, 0, 1) of that quarter, L its service life, and is sold at the end of the quarter its life ends in. Sums
over tranches weigh each series by the share delivered: x_q = Σ_s d_s·x(q − s).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tenfold.economics.cloud.inputs import Fleet
from tenfold.economics.depreciation import Schedule, straight_line_book_usd
from tenfold.quantities import QUARTERS_PER_YEAR, Column, Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class AssetBooks:
    """One kind of asset by quarter, USD, shape (draw, quarter)."""

    depreciation_usd: Floats
    disposed_usd: Floats
    """Book value of what is sold or scrapped."""
    closing_usd: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class FleetBooks:
    """A fleet by quarter, shape (draw, quarter); USD unless the name says otherwise."""

    in_service_chips: Floats
    """Averaged over the quarter."""
    paid_usd: Floats
    deposits_usd: Floats
    """Paid and not delivered, at the end of the quarter."""
    machines: AssetBooks
    shell: AssetBooks
    tax_machines: AssetBooks
    market_value_usd: Floats
    """What the machines would fetch, and the book value of the shell, at the end of the quarter."""
    sale_usd: Floats
    """Proceeds of machines and shell."""
    decommissioning_usd: Floats


def fleet_books(fleet: Fleet, quarters: int, tax_schedule: Schedule | None) -> FleetBooks:
    """Follow a fleet through its quarters. Raises nothing; the horizon must hold its deliveries and its life."""
    ages = np.arange(quarters, dtype=np.float64)
    life = QUARTERS_PER_YEAR * np.asarray(fleet.service_life_years, dtype=np.float64)
    chips, delivered = np.asarray(fleet.chips, dtype=np.float64), fleet.delivered
    machines_usd = chips * _total(fleet)
    shell_usd = chips * fleet.shell_usd_per_chip
    machines = _asset(machines_usd, life, fleet.book_life_years, fleet.book_residual_share, fleet.schedule, ages)
    shell = _asset(shell_usd, life, fleet.shell_life_years, 0.0, straight_line_book_usd, ages)
    taxed = machines if tax_schedule is None else _asset(machines_usd, life, 1.0, 0.0, tax_schedule, ages)
    retired = (ages < life) & (ages + 1 >= life)
    sale = np.where(retired, machines_usd * fleet.resale_share, 0.0) + shell.disposed_usd
    value = np.where(ages + 1 < life, machines_usd * _value_share(fleet, ages + 1, life), 0.0) + shell.closing_usd
    ahead = np.roll(delivered, -fleet.paid_ahead_quarters)
    paid_usd = (machines_usd + shell_usd) * ahead
    received_usd = (machines_usd + shell_usd) * delivered
    return FleetBooks(
        in_service_chips=_over_deliveries(delivered, chips * np.clip(life - ages, 0.0, 1.0)),
        paid_usd=paid_usd,
        deposits_usd=np.cumsum(paid_usd - received_usd, axis=-1),
        machines=_delivered(delivered, machines),
        shell=_delivered(delivered, shell),
        tax_machines=_delivered(delivered, taxed),
        market_value_usd=_over_deliveries(delivered, value),
        sale_usd=_over_deliveries(delivered, sale),
        decommissioning_usd=_over_deliveries(
            delivered, np.where(retired, chips * fleet.decommissioning_usd_per_chip, 0.0)
        ),
    )


def capex_usd_per_chip(fleet: Fleet) -> Column:
    """All that a chip costs before it earns, shell included, USD."""
    return _total(fleet) + np.asarray(fleet.shell_usd_per_chip)


def _value_share(fleet: Fleet, ages: Floats, life: Column) -> Column:
    """Share of their price that machines fetch at an age, quarters."""
    if fleet.value_share is not None:
        return fleet.value_share
    return 1.0 - (1.0 - np.asarray(fleet.resale_share)) * np.minimum(ages / life, 1.0)


def _total(fleet: Fleet) -> Column:
    return sum((np.asarray(line, dtype=np.float64) for line in fleet.capex_usd_per_chip.values()), np.zeros(()))


def _asset(
    cost_usd: Column, life: Column, book_life_years: Column, residual: Column, schedule: Schedule, ages: Floats
) -> AssetBooks:
    """Books of a tranche by its age, shape (draw, age)."""
    opening, aged = (
        schedule(cost_usd, book_life_years, np.minimum(age, life) / QUARTERS_PER_YEAR, residual)
        for age in (ages, ages + 1.0)
    )
    held, kept = ages < life, ages + 1 < life
    return AssetBooks(
        depreciation_usd=np.where(held, np.subtract(opening, aged), 0.0),
        disposed_usd=np.where(held & ~kept, aged, 0.0),
        closing_usd=np.where(kept, aged, 0.0),
    )


def _delivered(delivered: Floats, tranche: AssetBooks) -> AssetBooks:
    return AssetBooks(
        depreciation_usd=_over_deliveries(delivered, tranche.depreciation_usd),
        disposed_usd=_over_deliveries(delivered, tranche.disposed_usd),
        closing_usd=_over_deliveries(delivered, tranche.closing_usd),
    )


def _over_deliveries(delivered: Floats, by_age: Floats) -> Floats:
    """Sum a series by age over the tranches: x_q = Σ_s d_s·x(q − s); shape (…, quarter) to the same."""
    out = np.zeros(by_age.shape)
    for start in np.flatnonzero(delivered):
        out[..., start:] += delivered[start] * by_age[..., : by_age.shape[-1] - start]
    return out
