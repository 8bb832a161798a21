"""From a rental file and drawn values to the inputs of the books: lines of cost, price paths, horizon."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np

from tenfold.economics.cloud import CloudInputs, Contract, Fleet, Loan
from tenfold.economics.debt import DEBTS
from tenfold.economics.depreciation import SCHEDULES, Schedule, accelerated
from tenfold.economics.resale import resale_share
from tenfold.planning.rental.case import ContractCase, FleetCase, LoanCase, RentalCase
from tenfold.quantities import HOURS_PER_YEAR, MONTHS_PER_YEAR, YEAR_S, Column, Floats

Values = Mapping[str, Floats]
"""Drawn values by dotted key, shape (draw, 1), in the units of the figures."""
MACRS = "macrs-5"
LITRES_PER_M3 = 1000.0
W_PER_KW = 1000.0


def at_p50(case: RentalCase) -> dict[str, Floats]:
    """Every input at its P50 (of a triangle, its most likely value): one draw."""
    return {key: np.full((1, 1), known.figure.value) for key, known in case.inputs.items()}


def cloud_inputs(case: RentalCase, values: Values) -> CloudInputs:
    """Put drawn values into the structure of the file. Raises nothing."""
    quarters = _quarters(case, values)
    return CloudInputs(
        quarters=quarters,
        fleets=tuple(_fleet(case, fleet, values, quarters) for fleet in case.fleets),
        contracts=tuple(_contract(case, contract, values, quarters) for contract in case.contracts),
        loans=tuple(_loan(loan, values) for loan in case.loans),
        overhead_usd_per_year=_value(values, "cloud.overhead_per_year"),
        opex_change_per_year=_value(values, "cloud.opex_change_per_year"),
        tax_rate=_value(values, "cloud.tax_rate"),
        tax_schedule=accelerated(case.recovery_shares) if case.tax_depreciation == MACRS else None,
        cash_at_start_usd=_value(values, "cloud.cash_at_start"),
    )


def _quarters(case: RentalCase, values: Values) -> int:
    """Quarters until the last fleet is retired and the last loan repaid, in any draw."""
    ends = [0]
    for fleet in case.fleets:
        start = fleet.first_quarter - case.first_quarter + fleet.delivery_quarters - 1
        ends.append(start + math.ceil(4.0 * float(np.max(_years(values, f"{fleet.place}.life")))))
        ends += [start - fleet.paid_ahead_quarters + loan.term_quarters for loan in _loans_of(case, fleet)]
    return max(ends)


def _loans_of(case: RentalCase, fleet: FleetCase) -> list[LoanCase]:
    return [loan for loan in case.loans if fleet.name in loan.fleets]


def _value(values: Values, key: str, default: float = 0.0) -> Floats:
    return values.get(key, np.full((1, 1), default))


def _years(values: Values, key: str, default: float = 0.0) -> Floats:
    """Value of a time, in years; ``default`` is in years too."""
    return np.asarray(_value(values, key, default * YEAR_S) / YEAR_S)


def _fleet(case: RentalCase, fleet: FleetCase, values: Values, quarters: int) -> Fleet:
    place, life = fleet.place, _years(values, f"{fleet.place}.life")
    space = f"{place}.space"
    power_w = _value(values, f"{space}.rated_power")
    book_life = _years(values, f"{place}.book_life") if f"{place}.book_life" in values else life
    return Fleet(
        name=fleet.name,
        chips=_value(values, f"{place}.chips"),
        delivered=_delivered(case, fleet, quarters),
        paid_ahead_quarters=fleet.paid_ahead_quarters,
        capex_usd_per_chip=_capex(values, place),
        shell_usd_per_chip=np.multiply(power_w, _value(values, f"{space}.shell")),
        shell_life_years=_years(values, f"{space}.shell_life", 1.0),
        service_life_years=life,
        book_life_years=book_life,
        schedule=_schedule(case, fleet),
        book_residual_share=_value(values, f"{place}.book_residual_share"),
        resale_share=_resale(case, fleet, values),
        decommissioning_usd_per_chip=_value(values, f"{place}.decommissioning_per_chip"),
        opex_usd_per_chip_year=opex_lines(values, place),
        market_price_usd_per_chip_hour=_market_price(case, fleet, values, quarters),
        market_utilisation=_value(values, f"{place}.market.utilisation"),
    )


def opex_lines(values: Values, place: str) -> dict[str, Column]:
    """Costs of a chip in service for a year by line, USD; lines of which the file says nothing are left out."""
    space, capex = f"{place}.space", sum(_capex(values, place).values(), np.zeros((1, 1)))
    kw = np.divide(_value(values, f"{space}.rated_power"), W_PER_KW)
    it_kwh = np.multiply(kw, _value(values, f"{space}.drawn_share")) * HOURS_PER_YEAR
    lines: dict[str, Column] = {}
    if f"{space}.colocation_per_kw_month" in values:
        lines["colocation"] = np.multiply(kw, values[f"{space}.colocation_per_kw_month"]) * MONTHS_PER_YEAR
    if f"{space}.power_price" in values:
        lines["power"] = it_kwh * _value(values, f"{space}.pue") * values[f"{space}.power_price"]
    if f"{space}.water_price_per_m3" in values:
        litres = it_kwh * _value(values, f"{space}.wue")
        lines["water"] = litres / LITRES_PER_M3 * values[f"{space}.water_price_per_m3"]
    for table, scale in (("opex_per_chip_year", np.ones((1, 1))), ("opex_share_of_capex_per_year", capex)):
        for key, value in values.items():
            if key.startswith(f"{place}.{table}."):
                line = key.rpartition(".")[2]
                lines[line] = np.add(lines.get(line, 0.0), value * scale)
    return lines


def _capex(values: Values, place: str) -> dict[str, Floats]:
    start = f"{place}.capex_per_chip."
    return {key.removeprefix(start): value for key, value in values.items() if key.startswith(start)}


def _schedule(case: RentalCase, fleet: FleetCase) -> Schedule:
    return accelerated(case.recovery_shares) if fleet.schedule == MACRS else SCHEDULES[fleet.schedule]


def _delivered(case: RentalCase, fleet: FleetCase, quarters: int) -> Floats:
    out = np.zeros(quarters)
    start = fleet.first_quarter - case.first_quarter
    out[start : start + fleet.delivery_quarters] = 1.0 / fleet.delivery_quarters
    return out


def _resale(case: RentalCase, fleet: FleetCase, values: Values) -> Column:
    """Share of the price a chip fetches on retirement; the age of arrivals counts from the middle of delivery."""
    if f"{fleet.place}.resale.wear_per_year" not in values:
        return _value(values, f"{fleet.place}.resale.share")
    bought = (fleet.first_quarter + (fleet.delivery_quarters - 1) / 2.0) / 4.0
    arrivals = [
        (arrival.years - bought, values[f"{arrival.place}.performance_per_dollar"])
        for arrival in case.arrivals
        if arrival.years >= bought
    ]
    return resale_share(_years(values, f"{fleet.place}.life"), values[f"{fleet.place}.resale.wear_per_year"], arrivals)


def _market_price(case: RentalCase, fleet: FleetCase, values: Values, quarters: int) -> Floats:
    """Price path p·(1 + g)^t, t years since the fleet entered service, whole years where it is repriced yearly."""
    start = fleet.first_quarter - case.first_quarter
    years = np.maximum(np.arange(quarters) - start, 0) / 4.0
    elapsed = np.floor(years) if fleet.repriced == "yearly" else years
    change = np.asarray(_value(values, f"{fleet.place}.market.change_per_year"))
    return np.asarray(_value(values, f"{fleet.place}.market.price") * np.power(1.0 + change, elapsed))


def _contract(case: RentalCase, contract: ContractCase, values: Values, quarters: int) -> Contract:
    active = np.zeros(quarters)
    for quarter, share in contract.active.items():
        if 0 <= quarter - case.first_quarter < quarters:
            active[quarter - case.first_quarter] = share
    return Contract(
        name=contract.name,
        fleet=contract.fleet,
        chips=_value(values, f"{contract.place}.chips"),
        price_usd_per_chip_hour=_value(values, f"{contract.place}.price"),
        active=active,
        take_or_pay_share=_value(values, f"{contract.place}.take_or_pay", 1.0),
        utilisation=_value(values, f"{contract.place}.utilisation"),
    )


def _loan(loan: LoanCase, values: Values) -> Loan:
    return Loan(
        name=loan.name,
        kind=DEBTS[loan.kind],
        fleets=loan.fleets,
        share=values[f"{loan.place}.share"],
        rate_per_year=values[f"{loan.place}.rate"],
        term_quarters=loan.term_quarters,
    )
