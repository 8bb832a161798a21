"""Contradictions between the tables of a rental file: each value is right by itself, together they cannot be."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterator

from tenfold.planning.rental.case import ContractCase, FleetCase, LoanCase, RentalCase
from tenfold.planning.rental.dates import quarter_name
from tenfold.quantities import YEAR_S, Problem

TOO_MUCH = 1.0 + 1e-9


def contradictions(case: RentalCase, file: str, known: Collection[str]) -> Iterator[Problem]:
    """Find contradictions, at the P50 of what is uncertain; ``known`` are keys already said to be wrong."""
    found = [*_names(case), *_unknown_fleets(case), *_alternatives(case), *_missing(case)]
    if not found and not known:
        found = [*_contract_times(case), *_oversold(case), *_loans(case)]
    for key, wrong, remedy in found:
        if key not in known:
            yield Problem(file=file, key=key, wrong=wrong, remedy=remedy)


Said = tuple[str, str, str]
"""Key, what is wrong, what to type."""


def _names(case: RentalCase) -> Iterator[Said]:
    for kind in (case.fleets, case.contracts, case.loans):
        seen: set[str] = set()
        for thing in kind:
            if thing.name in seen:
                yield f"{thing.place}.name", f"'{thing.name}' is there twice", "Give each a name of its own"
            seen.add(thing.name)


def _unknown_fleets(case: RentalCase) -> Iterator[Said]:
    names = [fleet.name for fleet in case.fleets]
    asked = [(f"{contract.place}.fleet", contract.fleet) for contract in case.contracts]
    asked += [(f"{loan.place}.fleets", name) for loan in case.loans for name in loan.fleets]
    for key, name in asked:
        if name not in names:
            close = difflib.get_close_matches(name, names, n=1)
            hint = f": did you mean '{close[0]}'?" if close else ""
            yield key, f"unknown fleet '{name}'{hint}", "" if close else f"Use one of {', '.join(names)}"


def _alternatives(case: RentalCase) -> Iterator[Said]:
    for fleet in case.fleets:
        capex = [key for key in case.inputs if key.startswith(f"{fleet.place}.capex_per_chip.")]
        whole = f"{fleet.place}.capex_per_chip.all_in"
        if whole in capex and len(capex) > 1:
            yield whole, "stands beside lines it already holds", "Give all_in alone, or the lines without it"
        resale = f"{fleet.place}.resale"
        if {f"{resale}.share", f"{resale}.wear_per_year"} <= case.inputs.keys():
            yield f"{resale}.share", "stands beside wear_per_year", "Give one of share and wear_per_year"


def _missing(case: RentalCase) -> Iterator[Said]:
    for fleet in case.fleets:
        space = f"{fleet.place}.space"
        has = {key.rpartition(".")[2] for key in case.inputs if key.startswith(f"{space}.")}
        if not any(key.startswith(f"{fleet.place}.capex_per_chip.") for key in case.inputs):
            yield f"{fleet.place}.capex_per_chip", "holds no amount", "Give all_in, or chips, hosts, network and so on"
        needs = [
            ("rated_power", {"colocation_per_kw_month", "shell", "power_price"}),
            ("drawn_share", {"power_price"}),
            ("pue", {"power_price"}),
            ("shell_life", {"shell"}),
            ("wue", {"water_price_per_m3"}),
            ("drawn_share", {"water_price_per_m3"}),
            ("rated_power", {"water_price_per_m3"}),
        ]
        for name in dict.fromkeys(name for name, users in needs if users & has and name not in has):
            users = sorted(user for needed, of in needs for user in of & has if needed == name)
            yield f"{space}.{name}", "is missing", f"Add it: {', '.join(dict.fromkeys(users))} is counted with it"


def _p50(case: RentalCase, key: str) -> float:
    return case.inputs[key].figure.value


def _service(case: RentalCase, fleet: FleetCase) -> tuple[int, int]:
    """First quarter of service and the first after the last chip retires."""
    last = fleet.first_quarter + fleet.delivery_quarters - 1
    life = 4.0 * _p50(case, f"{fleet.place}.life") / YEAR_S
    return fleet.first_quarter, last + int(-(-life // 1))


def _contract_times(case: RentalCase) -> Iterator[Said]:
    for contract in case.contracts:
        fleet = next(fleet for fleet in case.fleets if fleet.name == contract.fleet)
        start, stop = _service(case, fleet)
        first, last = min(contract.active), max(contract.active)
        if last >= stop:
            wrong = f"runs to {quarter_name(last)}, after '{fleet.name}' retires in {quarter_name(stop - 1)}"
            yield f"{contract.place}.end", wrong, "Write an earlier end, or a longer life of the fleet"
        if first < start:
            wrong = f"starts in {quarter_name(first)}, before '{fleet.name}' enters service in {quarter_name(start)}"
            yield f"{contract.place}.start", wrong, "Write a later start"


def _oversold(case: RentalCase) -> Iterator[Said]:
    for fleet in case.fleets:
        own = [contract for contract in case.contracts if contract.fleet == fleet.name]
        chips = _p50(case, f"{fleet.place}.chips")
        worst = max(_quarters(own), key=lambda quarter: _promised(case, own, quarter), default=0)
        promised = _promised(case, own, worst)
        if promised > chips * TOO_MUCH:
            wrong = f"contracts promise {promised:,.0f} of {chips:,.0f} chips in {quarter_name(worst)}"
            yield f"{fleet.place}.chips", wrong, "Promise fewer, or buy more"


def _quarters(contracts: list[ContractCase]) -> list[int]:
    return sorted({quarter for contract in contracts for quarter in contract.active})


def _promised(case: RentalCase, contracts: list[ContractCase], quarter: int) -> float:
    return sum(contract.active.get(quarter, 0.0) * _p50(case, f"{contract.place}.chips") for contract in contracts)


def _loans(case: RentalCase) -> Iterator[Said]:
    for fleet in case.fleets:
        loans = [loan for loan in case.loans if fleet.name in loan.fleets]
        share = sum(_p50(case, f"{loan.place}.share") for loan in loans)
        if share > TOO_MUCH:
            wrong = f"loans pay {100 * share:.4g} % of '{fleet.name}'"
            yield f"{loans[-1].place}.share", wrong, "Lower the shares to 100 % together"
        yield from (said for loan in loans if (said := _too_long(case, loan, fleet)) is not None)


def _too_long(case: RentalCase, loan: LoanCase, fleet: FleetCase) -> Said | None:
    """A loan whose last sum is due after the fleet it paid for has retired."""
    due = fleet.first_quarter - fleet.paid_ahead_quarters + fleet.delivery_quarters - 1 + loan.term_quarters
    if due <= _service(case, fleet)[1]:
        return None
    wrong = f"is due after '{fleet.name}' retires"
    return f"{loan.place}.term", wrong, "Write a shorter term, or a longer life of the fleet"
