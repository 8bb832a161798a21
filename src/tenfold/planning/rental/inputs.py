"""From a rental question and drawn values to the inputs of the books: lines of cost, price paths, horizon."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np

from tenfold.economics import DEBTS, SCHEDULES, Schedule, accelerated, cloud, resale_share, with_bonus
from tenfold.planning.rental.case import MOVES, RentalCase, loans_of, pays_for, placed
from tenfold.planning.rental.dates import contract_quarters, quarter_of, quarters_in, years_of
from tenfold.planning.rental.fleet import Fleet
from tenfold.planning.rental.question import Contract, Loan
from tenfold.quantities import HOURS_PER_YEAR, MONTHS_PER_YEAR, YEAR_S, Column, Floats

Values = Mapping[str, Floats]
"""Drawn values by dotted key, shape (draw, 1), in the units of the figures."""
MACRS = "macrs-5"
LITRES_PER_M3 = 1000.0
W_PER_KW = 1000.0


def at_p50(case: RentalCase) -> dict[str, Floats]:
    """Every input at its P50 (of a triangle, its most likely value): one draw."""
    inputs = {key: known.value for key, known in case.inputs.items()} | dict(case.sized)
    return {key: np.full((1, 1), value) for key, value in inputs.items()}


def cloud_inputs(case: RentalCase, values: Values) -> cloud.CloudInputs:
    """Put drawn values into the structure of the question. Raises nothing."""
    quarters, question = quarters_of(case, values), case.question
    return cloud.CloudInputs(
        quarters=quarters,
        fleets=tuple(_fleet(case, place, fleet, values, quarters) for place, fleet in case.fleets),
        contracts=tuple(
            _contract(case, place, contract, values, quarters)
            for place, contract in placed("contracts", question.contracts)
        ),
        loans=tuple(_loan(case, place, loan, values, quarters) for place, loan in placed("loans", question.loans)),
        overhead_usd_per_year=_value(values, "cloud.overhead_per_year"),
        opex_change_per_year=_value(values, "cloud.opex_change_per_year"),
        tax=_tax(values),
        tax_schedule=_tax_schedule(case, values),
        cash_at_start_usd=_value(values, "cloud.cash_at_start"),
    )


def _tax(values: Values) -> cloud.TaxRules:
    return cloud.TaxRules(
        rate=_value(values, "cloud.tax_rate"),
        interest_limit_share=values.get("cloud.interest_limit"),
        loss_limit_share=_value(values, "cloud.loss_limit", 1.0),
    )


def _tax_schedule(case: RentalCase, values: Values) -> Schedule | None:
    """Schedule for taxes; None where it is that of the books, which no bonus goes with."""
    if case.question.cloud.tax_depreciation != MACRS:
        return None
    bonus = values.get("cloud.bonus_depreciation")
    return _recovery(case) if bonus is None else with_bonus(_recovery(case), bonus)


def quarters_of(case: RentalCase, values: Values) -> int:
    """Quarters until the last fleet is retired and the last loan repaid, in any draw."""
    ends = [0]
    for place, fleet in case.fleets:
        start = _start(case, fleet) + fleet.delivery_quarters - 1
        ends.append(start + math.ceil(4.0 * float(np.max(_years(values, f"{place}.life")))))
        ends += [
            start - fleet.paid_ahead_quarters + quarters_in(loan.term_s) for _, loan in loans_of(case.question, fleet)
        ]
    return max(ends)


def _start(case: RentalCase, fleet: Fleet) -> int:
    """Quarters from the first payment of all to the first delivery of a fleet."""
    return quarter_of(fleet.first_quarter) - case.first_quarter


def _value(values: Values, key: str, default: float = 0.0) -> Floats:
    return values.get(key, np.full((1, 1), default))


def _years(values: Values, key: str, default: float = 0.0) -> Floats:
    """Value of a time, in years; ``default`` is in years too."""
    return np.asarray(_value(values, key, default * YEAR_S) / YEAR_S)


def _fleet(case: RentalCase, place: str, fleet: Fleet, values: Values, quarters: int) -> cloud.Fleet:
    life, space = _years(values, f"{place}.life"), f"{place}.space"
    power_w = _value(values, f"{space}.rated_power")
    book_life = _years(values, f"{place}.book_life") if f"{place}.book_life" in values else life
    return cloud.Fleet(
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
        resale_share=_resale(case, place, fleet, values, life),
        value_share=_value_share(case, place, fleet, values, quarters),
        decommissioning_usd_per_chip=_value(values, f"{place}.decommissioning_per_chip"),
        opex_usd_per_chip_year=opex_lines(values, place),
        market_price_usd_per_chip_hour=_market_price(case, place, fleet, values, quarters),
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


def uses_recovery(case: RentalCase) -> bool:
    """Tell whether the five-year tax table counts, for the books of a fleet or for taxes."""
    question = case.question
    return MACRS in (question.cloud.tax_depreciation, *(fleet.depreciation for fleet in question.fleets))


def _recovery(case: RentalCase) -> Schedule:
    return accelerated(tuple(named.figure.value for named in case.recovery))


def _schedule(case: RentalCase, fleet: Fleet) -> Schedule:
    return _recovery(case) if fleet.depreciation == MACRS else SCHEDULES[fleet.depreciation]


def _delivered(case: RentalCase, fleet: Fleet, quarters: int) -> Floats:
    out, start = np.zeros(quarters), _start(case, fleet)
    out[start : start + fleet.delivery_quarters] = 1.0 / fleet.delivery_quarters
    return out


def _value_share(case: RentalCase, place: str, fleet: Fleet, values: Values, quarters: int) -> Floats | None:
    """Share of the price a chip fetches after each quarter; None where only that at the end is stated."""
    if f"{place}.resale.wear_per_year" not in values:
        return None
    return np.asarray(_resale(case, place, fleet, values, np.arange(1, quarters + 1) / 4.0))


def _resale(case: RentalCase, place: str, fleet: Fleet, values: Values, age_years: Column) -> Column:
    """Share of the price a chip fetches at an age; that of arrivals counts from the middle of delivery."""
    if f"{place}.resale.wear_per_year" not in values:
        return _value(values, f"{place}.resale.share")
    bought = (quarter_of(fleet.first_quarter) + (fleet.delivery_quarters - 1) / 2.0) / 4.0
    arrivals = [
        (years_of(arrival.date) - bought, values[f"{key}.performance_per_dollar"])
        for key, arrival in placed("arrivals", case.question.arrivals)
        if years_of(arrival.date) >= bought
    ]
    return resale_share(age_years, values[f"{place}.resale.wear_per_year"], arrivals)


def _market_price(case: RentalCase, place: str, fleet: Fleet, values: Values, quarters: int) -> Floats:
    """Price path p·(1 + g)^t, t years since the fleet entered service, whole years where it is repriced yearly."""
    years = np.maximum(np.arange(quarters) - _start(case, fleet), 0) / 4.0
    elapsed = np.floor(years) if fleet.market.repriced == "yearly" else years
    change = np.asarray(_value(values, f"{place}.market.change_per_year"))
    path = np.asarray(_value(values, f"{place}.market.price") * np.power(1.0 + change, elapsed))
    moved = values.get(place + MOVES)
    if moved is None:
        return path
    priced = _start(case, fleet) + np.rint(4.0 * elapsed).astype(np.intp)
    return np.asarray(path * np.exp(moved[:, np.minimum(priced, moved.shape[-1] - 1)]))


def _contract(case: RentalCase, place: str, contract: Contract, values: Values, quarters: int) -> cloud.Contract:
    active = np.zeros(quarters)
    for quarter, share in contract_quarters(contract.start, contract.end, contract.term_s).items():
        if 0 <= quarter - case.first_quarter < quarters:
            active[quarter - case.first_quarter] = share
    if np.any(_value(values, f"{place}.default_per_year") > 0.0):
        active = active * _paying(values, place, quarter_of(contract.start) - case.first_quarter, quarters)
    return cloud.Contract(
        name=contract.name,
        fleet=contract.fleet,
        chips=_value(values, f"{place}.chips"),
        price_usd_per_chip_hour=_value(values, f"{place}.price"),
        active=active,
        take_or_pay_share=_value(values, f"{place}.take_or_pay", 1.0),
        utilisation=_value(values, f"{place}.utilisation"),
    )


def _paying(values: Values, place: str, start: int, quarters: int) -> Floats:
    """Share of each quarter in which the customer has not stopped paying, shape (draw, quarter); at P50 u is a half."""
    chance = np.asarray(values.get(place + MOVES, np.full((1, 1), 0.5)))
    with np.errstate(divide="ignore"):
        stops = start - 4.0 * np.log1p(-chance) / values[f"{place}.default_per_year"]
    return np.asarray(np.clip(stops - np.arange(quarters), 0.0, 1.0))


def _loan_rate(case: RentalCase, place: str, loan: Loan, values: Values, quarters: int) -> Column:
    """Rate of a loan, by quarter where it floats."""
    rate, moved = values[f"{place}.rate"], values.get(place + MOVES)
    if loan.rate_change_per_year is None and moved is None:
        return rate
    first = min(
        _start(case, fleet) - fleet.paid_ahead_quarters for fleet in case.question.fleets if pays_for(loan, fleet)
    )
    years = np.maximum(np.arange(quarters) - first, 0) / 4.0
    drift = rate + _value(values, f"{place}.rate_change_per_year") * years
    return np.maximum(drift if moved is None else drift + moved[:, :quarters], 0.0)


def _loan(case: RentalCase, place: str, loan: Loan, values: Values, quarters: int) -> cloud.Loan:
    return cloud.Loan(
        name=loan.name,
        kind=DEBTS[loan.kind],
        fleets=tuple(fleet.name for fleet in case.question.fleets if pays_for(loan, fleet)),
        share=_value(values, f"{place}.share"),
        rate_per_year=_loan_rate(case, place, loan, values, quarters),
        term_quarters=quarters_in(loan.term_s),
        interest_only_quarters=quarters_in(loan.interest_only_s or 0.0),
        reserve_quarters=quarters_in(loan.reserve_s or 0.0),
    )
