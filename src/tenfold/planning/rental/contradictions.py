"""What cannot be between the tables of a rental question: each is right by itself, together they contradict."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping, Sequence

from tenfold.catalog import Catalog
from tenfold.planning.rental.case import loans_of, placed
from tenfold.planning.rental.dates import contract_quarters, quarter_name, quarter_of, quarters_in
from tenfold.planning.rental.fleet import Fleet
from tenfold.planning.rental.question import Contract, Loan, RentalQuestion
from tenfold.quantities import YEAR_S, Problem, known, shown

TOO_MUCH = 1.0 + 1e-9


def contradictions(question: RentalQuestion, catalog: Catalog) -> list[Problem]:
    """Find them at the P50 of what is uncertain; times and sums only where every name is right."""
    del catalog  # the tables contradict one another, not the catalog
    if not known(question):
        return []
    named = [*_names(question), *_unknown_fleets(question)]
    return named or [*_contract_times(question), *_oversold(question), *_loans(question), *_bonus(question)]


def _bonus(question: RentalQuestion) -> Iterator[Problem]:
    cloud = question.cloud
    if cloud.bonus_depreciation is not None and cloud.tax_depreciation == "books":
        wrong = "is written off for taxes alone, and taxes follow the books"
        yield _problem("cloud.bonus_depreciation", wrong, "Write tax_depreciation = 'macrs-5'")


def _problem(key: str, wrong: str, remedy: str) -> Problem:
    return Problem(file="", key=key, wrong=wrong, remedy=remedy)


def _names(question: RentalQuestion) -> Iterator[Problem]:
    things: Mapping[str, Sequence[Fleet | Contract | Loan]] = {
        "fleets": question.fleets,
        "contracts": question.contracts,
        "loans": question.loans,
    }
    for kind, records in things.items():
        seen: set[str] = set()
        for place, thing in placed(kind, records):
            if thing.name in seen:
                yield _problem(f"{place}.name", f"{shown(thing.name)} is there twice", "Give each a name of its own")
            seen.add(thing.name)


def _unknown_fleets(question: RentalQuestion) -> Iterator[Problem]:
    names = [fleet.name for fleet in question.fleets]
    asked = [(f"{place}.fleet", contract.fleet) for place, contract in placed("contracts", question.contracts)]
    asked += [(f"{place}.fleets", name) for place, loan in placed("loans", question.loans) for name in loan.fleets]
    for key, name in asked:
        if name not in names:
            close = difflib.get_close_matches(name, names, n=1)
            hint = f": did you mean {shown(close[0])}?" if close else ""
            yield _problem(key, f"unknown fleet {shown(name)}{hint}", "" if close else f"Use one of {', '.join(names)}")


def _service(fleet: Fleet) -> tuple[int, int]:
    """First quarter of service and the first after the last chip retires."""
    first = quarter_of(fleet.first_quarter)
    life = 4.0 * fleet.life_s.value / YEAR_S
    return first, first + fleet.delivery_quarters - 1 + int(-(-life // 1))


def _active(contract: Contract) -> Mapping[int, float]:
    return contract_quarters(contract.start, contract.end, contract.term_s)


def _contract_times(question: RentalQuestion) -> Iterator[Problem]:
    for place, contract in placed("contracts", question.contracts):
        fleet = next(fleet for fleet in question.fleets if fleet.name == contract.fleet)
        (start, stop), active = _service(fleet), _active(contract)
        first, last = min(active), max(active)
        if last >= stop:
            wrong = f"runs to {quarter_name(last)}, after {shown(fleet.name)} retires in {quarter_name(stop - 1)}"
            yield _problem(f"{place}.end", wrong, "Write an earlier end, or a longer life of the fleet")
        if first < start:
            wrong = (
                f"starts in {quarter_name(first)}, before {shown(fleet.name)} enters service in {quarter_name(start)}"
            )
            yield _problem(f"{place}.start", wrong, "Write a later start")


def _oversold(question: RentalQuestion) -> Iterator[Problem]:
    for place, fleet in placed("fleets", question.fleets):
        promised: dict[int, float] = {}
        for contract in question.contracts:
            if contract.fleet == fleet.name:
                for quarter, share in _active(contract).items():
                    promised[quarter] = promised.get(quarter, 0.0) + share * contract.chips.value
        worst = max(sorted(promised), key=lambda quarter: promised[quarter], default=None)
        chips = fleet.chips.value
        if worst is not None and promised[worst] > chips * TOO_MUCH:
            wrong = f"contracts promise {promised[worst]:,.0f} of {chips:,.0f} chips in {quarter_name(worst)}"
            yield _problem(f"{place}.chips", wrong, "Promise fewer, or buy more")


def _loans(question: RentalQuestion) -> Iterator[Problem]:
    for fleet in question.fleets:
        loans = loans_of(question, fleet)
        share = sum(loan.share.value for _, loan in loans if loan.share is not None)
        if share > TOO_MUCH:
            wrong = f"loans pay {100 * share:.4g} % of {shown(fleet.name)}"
            yield _problem(f"{loans[-1][0]}.share", wrong, "Lower the shares to 100 % together")
        for place, loan in loans:
            if _due(loan, fleet) > _service(fleet)[1]:
                wrong, remedy = (
                    f"is due after {shown(fleet.name)} retires",
                    "Write a shorter term, or a longer life of the fleet",
                )
                yield _problem(f"{place}.term", wrong, remedy)


def _due(loan: Loan, fleet: Fleet) -> int:
    """Quarter in which the last sum of a loan for a fleet is due."""
    last = quarter_of(fleet.first_quarter) - fleet.paid_ahead_quarters + fleet.delivery_quarters - 1
    return last + quarters_in(loan.term_s)
