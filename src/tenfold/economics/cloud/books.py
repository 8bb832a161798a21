"""From a cloud's inputs to its books: fleets, revenue, costs, debt, taxes, then the three statements."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from tenfold.economics.cloud.fleets import FleetBooks, fleet_books
from tenfold.economics.cloud.inputs import CloudInputs
from tenfold.economics.cloud.revenue import FleetRevenue, fleet_revenue
from tenfold.economics.cloud.statements import BalanceSheet, Books, CashFlow, IncomeStatement
from tenfold.economics.cloud.taxes import Taxes, income_taxes
from tenfold.economics.debt import DebtFlows, reserve_usd
from tenfold.quantities import QUARTERS_PER_YEAR, Floats


def cloud_books(inputs: CloudInputs) -> Books:
    """Keep the books of a GPU cloud from its first quarter to its last. Raises nothing.

    The owners pay at once for what debt does not; no dividends are paid, so cash gathers. Cash may fall below zero: see
    ``BalanceSheet``.
    """
    fleets = [fleet_books(fleet, inputs.quarters, inputs.tax_schedule) for fleet in inputs.fleets]
    revenues = [
        fleet_revenue(fleet, books.in_service_chips, inputs.contracts)
        for fleet, books in zip(inputs.fleets, fleets, strict=True)
    ]
    opex, overhead = _opex(inputs, fleets), _overhead(inputs, fleets)
    decommissioning = _sum(books.decommissioning_usd for books in fleets)
    revenue = _sum(sold.contracts_usd + sold.market_usd for sold in revenues)
    ebitda = revenue - _sum(opex.values()) - overhead - decommissioning
    debt, reserve = _debt(inputs, fleets, ebitda)
    income = _income(inputs, fleets, revenues, opex, overhead, decommissioning, debt)
    cash = _cash(inputs, fleets, income, debt, reserve)
    return Books(
        income=income,
        cash=cash,
        balance=_balance(fleets, income, cash, debt, reserve),
        in_service_chips=_sum(books.in_service_chips for books in fleets),
        market_value_usd=_sum(books.market_value_usd for books in fleets),
        sold_chip_hours=_sum(sold.sold_chip_hours for sold in revenues),
    )


def _opex(inputs: CloudInputs, fleets: Sequence[FleetBooks]) -> dict[str, Floats]:
    """Costs of chips in service by line, in the order the fleets name them."""
    growth = _growth(inputs)
    out: dict[str, Floats] = {}
    for fleet, books in zip(inputs.fleets, fleets, strict=True):
        for line, usd_per_year in fleet.opex_usd_per_chip_year.items():
            paid = books.in_service_chips * growth * usd_per_year / QUARTERS_PER_YEAR
            out[line] = out[line] + paid if line in out else paid
    return out


def _overhead(inputs: CloudInputs, fleets: Sequence[FleetBooks]) -> Floats:
    """Costs of the firm in quarters in which a chip serves."""
    working = _sum(books.in_service_chips for books in fleets) > 0.0
    return np.where(working, _growth(inputs) * inputs.overhead_usd_per_year / QUARTERS_PER_YEAR, 0.0)


def _growth(inputs: CloudInputs) -> Floats:
    years = np.arange(inputs.quarters) / QUARTERS_PER_YEAR
    return np.power(1.0 + np.asarray(inputs.opex_change_per_year, dtype=np.float64), years)


def _debt(inputs: CloudInputs, fleets: Sequence[FleetBooks], ebitda: Floats) -> tuple[DebtFlows, Floats]:
    """All loans together, and their reserves; in the order given, each sees the cash that those before it leave."""
    cash, reserve = ebitda, np.zeros(ebitda.shape)
    total = DebtFlows(**dict.fromkeys(DebtFlows.__slots__, np.zeros(ebitda.shape)))
    for loan in inputs.loans:
        paid = _sum(
            books.paid_usd for fleet, books in zip(inputs.fleets, fleets, strict=True) if fleet.name in loan.fleets
        )
        drawn = paid * loan.share
        flows = loan.kind(drawn, loan.rate_per_year, loan.term_quarters, cash, loan.interest_only_quarters)
        service = flows.interest_usd + flows.principal_usd
        cash, begun = cash - service, np.cumsum(flows.drawn_usd, axis=-1) > 0.0
        reserve = reserve + np.where(begun, reserve_usd(service, loan.reserve_quarters), 0.0)
        total = DebtFlows(**{name: getattr(total, name) + getattr(flows, name) for name in DebtFlows.__slots__})
    return total, reserve


def _income(
    inputs: CloudInputs,
    fleets: Sequence[FleetBooks],
    revenues: Sequence[FleetRevenue],
    opex: dict[str, Floats],
    overhead: Floats,
    decommissioning: Floats,
    debt: DebtFlows,
) -> IncomeStatement:
    contracts, market = (_sum(sold.contracts_usd for sold in revenues), _sum(sold.market_usd for sold in revenues))
    revenue = contracts + market
    machines = _sum(books.machines.depreciation_usd for books in fleets)
    shell = _sum(books.shell.depreciation_usd for books in fleets)
    gain = _sum(books.sale_usd - books.machines.disposed_usd - books.shell.disposed_usd for books in fleets)
    running = _sum(opex.values())
    cost = running + machines + shell
    pretax = revenue - cost - overhead - decommissioning + gain - debt.interest_usd
    taxes = _taxes(inputs, fleets, pretax, debt.interest_usd)
    return IncomeStatement(
        revenue_contracts_usd=contracts,
        revenue_market_usd=market,
        revenue_usd=revenue,
        opex_usd=opex,
        depreciation_machines_usd=machines,
        depreciation_shell_usd=shell,
        cost_of_revenue_usd=cost,
        gross_profit_usd=revenue - cost,
        overhead_usd=overhead,
        decommissioning_usd=decommissioning,
        disposal_gain_usd=gain,
        interest_usd=debt.interest_usd,
        pretax_income_usd=pretax,
        tax_current_usd=taxes.current_usd,
        tax_deferred_usd=taxes.deferred_usd,
        net_income_usd=pretax - taxes.current_usd - taxes.deferred_usd,
        ebitda_usd=revenue - running - overhead - decommissioning,
    )


def _taxes(inputs: CloudInputs, fleets: Sequence[FleetBooks], pretax: Floats, interest: Floats) -> Taxes:
    """Tax what the tax schedule makes of the income before interest."""
    book = _sum(books.machines.depreciation_usd + books.machines.disposed_usd for books in fleets)
    tax = _sum(books.tax_machines.depreciation_usd + books.tax_machines.disposed_usd for books in fleets)
    ahead = _sum(books.machines.closing_usd - books.tax_machines.closing_usd for books in fleets)
    written = _sum(books.tax_machines.depreciation_usd + books.shell.depreciation_usd for books in fleets)
    return income_taxes(pretax + interest + book - tax, interest, written, ahead, inputs.tax)


def _cash(
    inputs: CloudInputs, fleets: Sequence[FleetBooks], income: IncomeStatement, debt: DebtFlows, reserve: Floats
) -> CashFlow:
    paid_for_operation = -(_sum(income.opex_usd.values()) + income.overhead_usd + income.decommissioning_usd)
    operating = income.revenue_usd + paid_for_operation - income.tax_current_usd - income.interest_usd
    purchases = -_sum(books.paid_usd for books in fleets)
    disposals = _sum(books.sale_usd for books in fleets)
    at_start = (np.arange(inputs.quarters) == 0) * np.asarray(inputs.cash_at_start_usd)
    into = -np.diff(reserve, axis=-1, prepend=0.0)
    funded = np.where(debt.drawn_usd > 0.0, np.maximum(-into, 0.0), 0.0)
    equity = -purchases - debt.drawn_usd + at_start + funded
    financing = debt.drawn_usd - debt.principal_usd + equity
    return CashFlow(
        received_from_customers_usd=income.revenue_usd,
        paid_for_operation_usd=paid_for_operation,
        tax_usd=-income.tax_current_usd,
        interest_usd=-income.interest_usd,
        operating_usd=operating,
        purchases_usd=purchases,
        disposals_usd=disposals,
        into_reserve_usd=into,
        investing_usd=purchases + disposals + into,
        debt_drawn_usd=debt.drawn_usd,
        debt_repaid_usd=-debt.principal_usd,
        equity_paid_in_usd=equity,
        financing_usd=financing,
        change_in_cash_usd=operating + purchases + disposals + into + financing,
    )


def _balance(
    fleets: Sequence[FleetBooks], income: IncomeStatement, cash: CashFlow, debt: DebtFlows, reserve: Floats
) -> BalanceSheet:
    """Assets from what was bought and kept, equity from what was paid in and earned: that they agree is a test."""
    held = np.cumsum(cash.change_in_cash_usd, axis=-1)
    deposits = _sum(books.deposits_usd for books in fleets)
    machines = _sum(books.machines.closing_usd for books in fleets)
    shell = _sum(books.shell.closing_usd for books in fleets)
    deferred = np.cumsum(income.tax_deferred_usd, axis=-1)
    paid_in = np.cumsum(cash.equity_paid_in_usd, axis=-1)
    retained = np.cumsum(income.net_income_usd, axis=-1)
    return BalanceSheet(
        cash_usd=held,
        reserve_usd=reserve,
        deposits_usd=deposits,
        machines_usd=machines,
        shell_usd=shell,
        assets_usd=held + reserve + deposits + machines + shell,
        debt_usd=debt.closing_usd,
        deferred_tax_usd=deferred,
        paid_in_usd=paid_in,
        retained_usd=retained,
        liabilities_and_equity_usd=debt.closing_usd + deferred + paid_in + retained,
    )


def _sum(columns: Iterable[Floats]) -> Floats:
    """Add columns that broadcast; zero where there are none."""
    return sum(columns, np.zeros(1))
