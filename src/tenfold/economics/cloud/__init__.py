"""A GPU cloud's books by quarter, as columns over draws.

inputs       fleets by vintage, contracts, loans, the firm
fleets       chips in service, payments, book and tax values, sales
revenue      contracts first, the market for the rest
taxes        losses carried forward, deferred tax
statements   income statement, cash flow, balance sheet; every total the sum of its lines
books        ``cloud_books``: inputs to statements
returns      IRR, ROE, payback, margin, break-even price from the books
covenants    ratios lenders test, and the room left
"""

from tenfold.economics.cloud.books import cloud_books
from tenfold.economics.cloud.covenants import COVENANTS, Covenant, covenant_quarters, first_break, headroom
from tenfold.economics.cloud.inputs import CloudInputs, Contract, Fleet, Loan
from tenfold.economics.cloud.returns import (
    break_even_usd_per_chip_hour,
    gross_margin_over_life,
    irr_of_quarterly_flows,
    irr_of_yearly_flows,
    owners_cash_flows_usd,
    payback_years,
    roe_over_life,
)
from tenfold.economics.cloud.statements import BalanceSheet, Books, CashFlow, IncomeStatement, columns_of
from tenfold.economics.cloud.taxes import TaxRules

__all__ = [
    "COVENANTS",
    "BalanceSheet",
    "Books",
    "CashFlow",
    "CloudInputs",
    "Contract",
    "Covenant",
    "Fleet",
    "IncomeStatement",
    "Loan",
    "TaxRules",
    "break_even_usd_per_chip_hour",
    "cloud_books",
    "columns_of",
    "covenant_quarters",
    "first_break",
    "gross_margin_over_life",
    "headroom",
    "irr_of_quarterly_flows",
    "irr_of_yearly_flows",
    "owners_cash_flows_usd",
    "payback_years",
    "roe_over_life",
]
