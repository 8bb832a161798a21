"""The three statements by quarter; every line has shape (draw, quarter), USD, and every total is the sum of its lines.

Costs are positive in the income statement and subtracted; in the cash flow every line has the sign of what it does to
cash. Source: International Accounting Standards 1 (statements), 7 (cash flow), 12 (deferred tax), 16 (plant).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from tenfold.quantities import Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class IncomeStatement:
    """What was earned and what it cost."""

    revenue_contracts_usd: Floats
    revenue_market_usd: Floats
    revenue_usd: Floats
    opex_usd: Mapping[str, Floats]
    """By line: colocation, power, …; of chips in service."""
    depreciation_machines_usd: Floats
    depreciation_shell_usd: Floats
    cost_of_revenue_usd: Floats
    """Opex by line and depreciation."""
    gross_profit_usd: Floats
    overhead_usd: Floats
    decommissioning_usd: Floats
    disposal_gain_usd: Floats
    """Proceeds less book value; a loss is negative."""
    interest_usd: Floats
    pretax_income_usd: Floats
    tax_current_usd: Floats
    tax_deferred_usd: Floats
    net_income_usd: Floats
    ebitda_usd: Floats
    """Revenue less opex, overhead and decommissioning: before depreciation, disposals, interest and taxes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CashFlow:
    """Where cash came from and went; the lines sum to the change in cash."""

    received_from_customers_usd: Floats
    paid_for_operation_usd: Floats
    tax_usd: Floats
    interest_usd: Floats
    operating_usd: Floats
    purchases_usd: Floats
    disposals_usd: Floats
    into_reserve_usd: Floats
    """Into the debt-service reserve, negative; out of it, positive."""
    investing_usd: Floats
    debt_drawn_usd: Floats
    debt_repaid_usd: Floats
    equity_paid_in_usd: Floats
    financing_usd: Floats
    change_in_cash_usd: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class BalanceSheet:
    """What is owned and owed at the end of each quarter."""

    cash_usd: Floats
    """Below zero where the firm is short: its owners or a bank must step in."""
    reserve_usd: Floats
    """Debt-service reserve account."""
    deposits_usd: Floats
    machines_usd: Floats
    shell_usd: Floats
    assets_usd: Floats
    debt_usd: Floats
    deferred_tax_usd: Floats
    """An asset where negative: losses and slower tax depreciation that later taxes are saved by."""
    paid_in_usd: Floats
    retained_usd: Floats
    liabilities_and_equity_usd: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Books:
    """A GPU cloud's books by quarter."""

    income: IncomeStatement
    cash: CashFlow
    balance: BalanceSheet
    in_service_chips: Floats
    sold_chip_hours: Floats
    market_value_usd: Floats
    """What all fleets would fetch at the end of the quarter."""

    @property
    def reserve_funded_usd(self) -> Floats:
        """What the owners pay into the reserve when loans are drawn."""
        return np.where(self.cash.debt_drawn_usd > 0.0, np.maximum(-self.cash.into_reserve_usd, 0.0), 0.0)


def columns_of(statement: IncomeStatement | CashFlow | BalanceSheet) -> dict[str, Floats]:
    """Lines of a statement by name, those of a table as ``table.line``."""
    out: dict[str, Floats] = {}
    for name in type(statement).__slots__:
        value = getattr(statement, name)
        if isinstance(value, Mapping):
            out |= {f"{name}.{line}": np.asarray(column) for line, column in value.items()}
        else:
            out[name] = np.asarray(value)
    return out
