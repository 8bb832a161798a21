"""Owning a chip, line by line: what is bought, what a year costs, what an hour of running costs, what is left.

``LINES`` is the whole of it: a cost of owning is one row there, and what it is worked out from one field of ``Owned``.
An hour, a life, a year and a run are sums over the same rows, so they cannot disagree:

    hour of use = Σ bought/(life·8760·u) − resale/(life·8760·u) + capital + Σ yearly/(8760·u) + Σ running
    capital     = capital recovery of the bought lines at the cost of capital, less their straight-line depreciation
                  [annuity; Brealey, Myers, Allen, chapter 2]

with u the share of hours that some job is charged for; a chip that idles draws ``idle_share`` of its rated power. The
split of lines follows Barroso, Hölzle, Ranganathan, The Datacenter as a Computer, 3rd edition, chapter 6. Amounts are
of one year, nominal or real as the caller keeps to; for a fleet in steady use; income taxes are in ``cloud``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from tenfold.economics.capital import capital_recovery_usd_per_year, straight_line_usd_per_year
from tenfold.quantities import HOURS_PER_DAY, HOURS_PER_YEAR, MONTHS_PER_YEAR, Column, Floats

W_PER_KW = 1000.0
LITRES_PER_M3 = 1000.0
CAPITAL, RESALE = "cost_of_capital", "resale"
"""Lines that follow from the others."""
INTEREST, RETURN = "interest", "return_on_equity"
"""What the cost of capital is paid to: lenders, owners."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Owned:
    """What owning one chip depends on; a number or a column each. Building or colocation: one of them is zero."""

    chip_usd: Column
    hosts_usd: Column = 0.0
    """Hosts, chassis and cards of a node, for each of its chips."""
    network_usd: Column = 0.0
    """Switches and cables for each chip; ``topologies`` counts them."""
    storage_usd: Column = 0.0
    installation_usd: Column = 0.0
    shell_usd_per_w: Column = 0.0
    """Building, power and cooling per watt of rated IT power; 0 where space is rented."""
    shell_life_years: Column = 15.0
    colocation_usd_per_kw_month: Column = 0.0
    """Rent of space per rated kW, energy not included; 0 where the building is owned."""
    rated_w: Column
    """With hosts and network."""
    drawn_share: Column
    """Average draw over rated power while running."""
    idle_share: Column = 0.0
    """Draw over rated power in hours that nobody uses."""
    pue: Column
    power_usd_per_kwh: Column
    wue_l_per_kwh: Column = 0.0
    water_usd_per_m3: Column = 0.0
    staff_share_per_year: Column = 0.0
    """Of the price of machines (what is bought but the shell); so are the next two."""
    maintenance_share_per_year: Column = 0.0
    insurance_share_per_year: Column = 0.0
    software_usd_per_year: Column = 0.0
    taxes_usd_per_year: Column = 0.0
    """On property and the like."""
    decommissioning_usd: Column = 0.0
    life_years: Column
    residual_share: Column = 0.0
    """Resale value of machines at the end of their life, as a share of their price."""
    utilisation: Column = 1.0
    """Share of hours charged to some job."""
    cost_of_capital: Column = 0.0
    """Per year, of all that is bought."""


When = Literal["bought", "built", "yearly", "running", "end"]


@dataclass(frozen=True, slots=True)
class Line:
    """A cost of owning: when it falls due, and how much, USD: a purchase, a year, a year of running, the end."""

    name: str
    when: When
    usd: Callable[[Owned], Column]


def _machines(owned: Owned) -> Column:
    """Price of what lives as long as the chip."""
    return _sum(line.usd(owned) for line in LINES if line.when == "bought")


def _running_kwh_per_year(owned: Owned) -> Column:
    """IT energy of a year that is used throughout, with the idle hours that stand behind each used one."""
    used = np.asarray(owned.utilisation, dtype=np.float64)
    idle = np.asarray(owned.idle_share) * (1.0 - used) / used
    return np.multiply(owned.rated_w, owned.drawn_share + idle) / W_PER_KW * HOURS_PER_YEAR


LINES: tuple[Line, ...] = (
    Line("chip", "bought", lambda owned: owned.chip_usd),
    Line("hosts", "bought", lambda owned: owned.hosts_usd),
    Line("network", "bought", lambda owned: owned.network_usd),
    Line("storage", "bought", lambda owned: owned.storage_usd),
    Line("installation", "bought", lambda owned: owned.installation_usd),
    Line("shell", "built", lambda owned: np.multiply(owned.shell_usd_per_w, owned.rated_w)),
    Line(
        "colocation",
        "yearly",
        lambda owned: np.multiply(owned.colocation_usd_per_kw_month, owned.rated_w) / W_PER_KW * MONTHS_PER_YEAR,
    ),
    Line("staff", "yearly", lambda owned: np.multiply(_machines(owned), owned.staff_share_per_year)),
    Line("maintenance", "yearly", lambda owned: np.multiply(_machines(owned), owned.maintenance_share_per_year)),
    Line("insurance", "yearly", lambda owned: np.multiply(_machines(owned), owned.insurance_share_per_year)),
    Line("software", "yearly", lambda owned: owned.software_usd_per_year),
    Line("taxes", "yearly", lambda owned: owned.taxes_usd_per_year),
    Line(
        "energy",
        "running",
        lambda owned: _running_kwh_per_year(owned) * np.asarray(owned.pue) * owned.power_usd_per_kwh,
    ),
    Line(
        "water",
        "running",
        lambda owned: _running_kwh_per_year(owned) * np.asarray(owned.wue_l_per_kwh) / LITRES_PER_M3
        * owned.water_usd_per_m3,
    ),
    Line("decommissioning", "end", lambda owned: owned.decommissioning_usd),
)  # fmt: skip
"""Every cost of owning. Resale and the cost of capital follow from what is bought."""


def lines_usd(owned: Owned, *when: When) -> Mapping[str, Floats]:
    """Lines that fall due so: USD for a purchase, a year, a year of running, or the end. Broadcasts; raises nothing."""
    return {line.name: _array(line.usd(owned)) for line in LINES if line.when in when}


def upfront_usd(owned: Owned) -> Floats:
    """Price of everything that is bought or built, USD a chip. Broadcasts; raises nothing."""
    return _sum(lines_usd(owned, "bought", "built").values())


def machines_usd(owned: Owned) -> Floats:
    """Price of what lives as long as the chip, USD. Broadcasts; raises nothing."""
    return _array(_machines(owned))


def yearly_usd(owned: Owned) -> Floats:
    """What a year costs whether the chip runs or not, USD. Broadcasts; raises nothing."""
    return _sum(lines_usd(owned, "yearly").values())


def running_usd_per_hour(owned: Owned) -> Floats:
    """What an hour that is used costs beyond that, USD. Broadcasts; raises nothing."""
    return _sum(lines_usd(owned, "running").values()) / HOURS_PER_YEAR


def resale_usd(owned: Owned, age_years: Column) -> Floats:
    """Value at an age, USD: machines fall straight to their residual share, a shell to nothing. Broadcasts."""
    machines = machines_usd(owned) * _kept(age_years, owned.life_years, owned.residual_share)
    shell = _sum(lines_usd(owned, "built").values()) * _kept(age_years, owned.shell_life_years, 0.0)
    return machines + shell


def hour_usd(owned: Owned) -> Mapping[str, Floats]:
    """Cost of an hour that is used, USD, by line; they add up to the whole. Broadcasts; raises nothing."""
    hours = HOURS_PER_YEAR * _array(owned.utilisation)
    life = _array(owned.life_years)
    lines = {name: price / life / hours for name, price in lines_usd(owned, "bought").items()}
    lines |= {name: price / owned.shell_life_years / hours for name, price in lines_usd(owned, "built").items()}
    lines |= {name: year / hours for name, year in lines_usd(owned, "yearly").items()}
    lines |= {name: year / HOURS_PER_YEAR for name, year in lines_usd(owned, "running").items()}
    lines |= {name: price / life / hours for name, price in lines_usd(owned, "end").items()}
    lines[RESALE] = -machines_usd(owned) * owned.residual_share / life / hours
    lines[CAPITAL] = capital_usd_per_year(owned) / hours
    return lines


def capital_usd_per_year(owned: Owned) -> Floats:
    """Interest and return on all that is bought, USD a year. Broadcasts; raises nothing."""
    machines, shell = machines_usd(owned), _sum(lines_usd(owned, "built").values())
    rate = owned.cost_of_capital
    recovery = capital_recovery_usd_per_year(machines, owned.life_years, rate, owned.residual_share)
    recovery = recovery + capital_recovery_usd_per_year(shell, owned.shell_life_years, rate)
    depreciation = straight_line_usd_per_year(machines, owned.life_years, owned.residual_share)
    return _array(recovery - depreciation - straight_line_usd_per_year(shell, owned.shell_life_years))


def usd_per_chip_hour(owned: Owned) -> Floats:
    """Cost of an hour that is used, USD. Broadcasts; raises nothing."""
    return _sum(hour_usd(owned).values())


def life_usd(owned: Owned) -> Mapping[str, Floats]:
    """Cost of the chip's whole life by line, USD: its hours of use at their cost. Broadcasts; raises nothing."""
    hours = used_hours(owned)
    return {name: hour * hours for name, hour in hour_usd(owned).items()}


def used_hours(owned: Owned) -> Floats:
    """Hours of a chip's life that are used. Broadcasts; raises nothing."""
    return HOURS_PER_YEAR * _array(owned.life_years) * owned.utilisation


def run_usd(owned: Owned, chips: Column, days: Column) -> Mapping[str, Floats]:
    """What a run is charged by line, USD: the share of the chips' life that it uses. Broadcasts; raises nothing.

    The rest of their life is taken to be worth its cost to someone: other jobs, or a buyer.
    """
    hours = np.multiply(chips, days) * HOURS_PER_DAY
    return {name: hour * hours for name, hour in hour_usd(owned).items()}


def sold_after_usd(owned: Owned, run_years: Column, held_years: Column, over_book: Column) -> Mapping[str, Floats]:
    """Cost of a chip that is bought for one run and sold after it, USD, by line. Broadcasts; raises nothing.

        bought · (1 + r · held) − q · value(held) + (yearly + running) · run

    with q what a buyer pays over the book value (straight line to the residual share), r the cost of capital, which is
    simple since holding is short against a life; every hour of the run is used.
    """
    busy = replace(owned, utilisation=1.0)
    lines = dict(lines_usd(owned, "bought", "built"))
    price = _sum(lines.values())
    lines |= {name: usd * run_years for name, usd in lines_usd(busy, "yearly", "running").items()}
    lines[RESALE] = -np.multiply(over_book, resale_usd(owned, held_years))
    lines[CAPITAL] = price * owned.cost_of_capital * held_years
    return lines


def paid_to(lines: Mapping[str, Floats], debt_share: Column) -> Mapping[str, Floats]:
    """Lines with interest on the share that is borrowed and return on the rest in place of the cost of capital.

    Both earn the same rate, so their sum does not depend on the share. Broadcasts; raises nothing.
    """
    split = {name: usd for name, usd in lines.items() if name != CAPITAL}
    borrowed = _array(debt_share)
    return {**split, INTEREST: lines[CAPITAL] * borrowed, RETURN: lines[CAPITAL] * (1.0 - borrowed)}


def _kept(years: Column, life_years: Column, residual_share: Column) -> Floats:
    """Share of a price that is left after some years, straight line to the residual share."""
    age = np.minimum(np.asarray(years) / np.asarray(life_years), 1.0)
    return _array(1.0 - (1.0 - np.asarray(residual_share)) * age)


def _array(values: Column) -> Floats:
    return np.asarray(values, dtype=np.float64)


def _sum(values: Iterable[Column]) -> Floats:
    return sum((_array(each) for each in values), np.zeros(()))
