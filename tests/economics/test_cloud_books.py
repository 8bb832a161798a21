"""A cloud's books: accounting identities for any cloud, and one followed by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import pyxirr
from clouds import clouds
from hypothesis import Phase, given, settings

from tenfold.economics.cloud import (
    COVENANTS,
    Books,
    CloudInputs,
    Covenant,
    cloud_books,
    columns_of,
    covenant_quarters,
    first_break,
    headroom,
    irr_of_quarterly_flows,
    irr_of_yearly_flows,
    owners_cash_flows_usd,
)

ANY = settings(max_examples=25, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate])
"""Not shrunk: a cloud has too many numbers for that to end soon."""


def within(left: np.ndarray, right: np.ndarray, books: Books) -> None:
    """Equal to 1e-9 of the largest balance sheet."""
    scale = float(np.abs(books.cash.purchases_usd).sum(axis=-1).max())
    assert float(np.abs(np.subtract(left, right)).max()) <= 1e-9 * scale


@ANY
@given(clouds())
def test_the_balance_sheet_balances(inputs: CloudInputs) -> None:
    books = cloud_books(inputs)
    sheet = books.balance
    within(sheet.assets_usd, sheet.liabilities_and_equity_usd, books)


@ANY
@given(clouds())
def test_the_cash_flow_sums_to_the_change_in_cash(inputs: CloudInputs) -> None:
    books = cloud_books(inputs)
    cash = books.cash
    within(cash.operating_usd + cash.investing_usd + cash.financing_usd, cash.change_in_cash_usd, books)
    within(np.diff(books.balance.cash_usd, axis=-1, prepend=0.0), cash.change_in_cash_usd, books)


@ANY
@given(clouds())
def test_every_total_is_the_sum_of_its_lines(inputs: CloudInputs) -> None:
    books = cloud_books(inputs)
    income, cash, sheet = books.income, books.cash, books.balance
    opex = sum(income.opex_usd.values(), np.zeros(1))
    within(income.revenue_usd, income.revenue_contracts_usd + income.revenue_market_usd, books)
    depreciation = income.depreciation_machines_usd + income.depreciation_shell_usd
    within(income.cost_of_revenue_usd, opex + depreciation, books)
    below = income.overhead_usd + income.decommissioning_usd - income.disposal_gain_usd + income.interest_usd
    within(income.pretax_income_usd, income.gross_profit_usd - below, books)
    within(income.net_income_usd, income.pretax_income_usd - income.tax_current_usd - income.tax_deferred_usd, books)
    paid = cash.received_from_customers_usd + cash.paid_for_operation_usd + cash.tax_usd + cash.interest_usd
    within(cash.operating_usd, paid, books)
    within(cash.financing_usd, cash.debt_drawn_usd + cash.debt_repaid_usd + cash.equity_paid_in_usd, books)
    held = sheet.cash_usd + sheet.reserve_usd + sheet.deposits_usd + sheet.machines_usd + sheet.shell_usd
    within(sheet.assets_usd, held, books)


@ANY
@given(clouds())
def test_tax_expense_is_the_rate_times_income_whatever_the_schedule(inputs: CloudInputs) -> None:
    books = cloud_books(inputs)
    income = books.income
    within(income.tax_current_usd + income.tax_deferred_usd, inputs.tax.rate * income.pretax_income_usd, books)
    assert np.all(income.tax_current_usd >= 0.0)


@ANY
@given(clouds())
def test_in_the_end_everything_is_sold_repaid_and_turned_into_cash(inputs: CloudInputs) -> None:
    books = cloud_books(inputs)
    sheet = books.balance
    for left in (sheet.machines_usd, sheet.shell_usd, sheet.deposits_usd, sheet.debt_usd, books.in_service_chips):
        within(left[..., -1], np.zeros(1), books)
    owners = owners_cash_flows_usd(books, 4).sum(axis=-1)
    within(owners, sheet.cash_usd[..., -1] - books.cash.equity_paid_in_usd.sum(axis=-1), books)


@ANY
@given(clouds())
def test_a_higher_market_price_never_lowers_what_the_owners_get(inputs: CloudInputs) -> None:
    dearer = replace(
        inputs,
        fleets=tuple(
            replace(fleet, market_price_usd_per_chip_hour=1.2 * fleet.market_price_usd_per_chip_hour)
            for fleet in inputs.fleets
        ),
    )
    low, high = cloud_books(inputs), cloud_books(dearer)
    assert np.all(high.income.ebitda_usd >= low.income.ebitda_usd - 1e-6)
    assert np.all(high.balance.cash_usd[..., -1] >= low.balance.cash_usd[..., -1] - 1e-6)
    for kind in COVENANTS:
        covenant = Covenant(kind=kind, limit=1.0)
        if kind not in ("dscr", "llcr", "cash"):  # taxes paid sooner may lower these in a single quarter
            assert np.all(headroom(high, covenant) >= headroom(low, covenant) - 1e-9)


def test_flows_by_quarter_and_by_year_are_the_same_money() -> None:
    books = cloud_books(replace(plain(), loans=()))
    assert owners_cash_flows_usd(books, 1).sum() == pytest.approx(owners_cash_flows_usd(books, 4).sum())
    assert float(irr_of_yearly_flows(books)) == pytest.approx(float(pyxirr.irr([-2e6, 776e3, 1176e3]) or 0.0))
    assert float(irr_of_quarterly_flows(books)) < float(irr_of_yearly_flows(books))  # a loss, felt sooner


def test_owners_keep_what_the_bullet_will_take() -> None:
    """Free cash of 169,000 a quarter; at the end 1,000,000 is repaid from it and from a sale at 400,000."""
    flows = owners_cash_flows_usd(cloud_books(plain()), 1)
    kept = 1_000_000.0 - 400_000.0 - 169_000.0
    taken = 7 * 169_000.0 - kept
    assert flows[0] == pytest.approx(-1e6)
    assert flows[1:5] == pytest.approx([169_000.0] * 4)
    assert flows[5] == pytest.approx(taken - 4 * 169_000.0)
    assert flows[6:] == pytest.approx(0.0)


def test_owners_step_in_only_when_cash_is_short() -> None:
    short = replace(plain(), overhead_usd_per_year=4 * 300_000.0, loans=(), cash_at_start_usd=200_000.0)
    flows = owners_cash_flows_usd(cloud_books(short), 1)
    assert flows[0] == pytest.approx(-2.2e6)
    assert flows[1:3] == pytest.approx([0.0, -12_000.0])  # 106,000 short a quarter, 200,000 at hand
    assert flows[3:8] == pytest.approx(-106_000.0)
    assert flows[8] == pytest.approx(294_000.0)


@pytest.mark.parametrize("more", [0, 4, 20])
def test_the_return_does_not_depend_on_how_long_the_books_are_kept(more: int) -> None:
    rich = replace(plain(), cash_at_start_usd=200_000.0)
    fleet = rich.fleets[0]
    longer = replace(
        rich,
        quarters=8 + more,
        fleets=(
            replace(
                fleet,
                delivered=np.concatenate([np.ravel(fleet.delivered), np.zeros(more)]),
                market_price_usd_per_chip_hour=np.ones(8 + more),
            ),
        ),
    )
    kept, alone = cloud_books(longer), cloud_books(rich)
    assert float(np.ravel(irr_of_yearly_flows(kept))[0]) == pytest.approx(
        float(np.ravel(irr_of_yearly_flows(alone))[0])
    )
    flows = np.ravel(owners_cash_flows_usd(kept, 1))
    assert flows[:9] == pytest.approx(np.ravel(owners_cash_flows_usd(alone, 1)))
    assert flows[9:] == pytest.approx(0.0)


def test_a_cloud_by_hand() -> None:
    """100 chips of $20,000 over two years: $1 an hour, $1,000 of opex a year, half of it paid by a bullet at 10 %."""
    books = cloud_books(plain())
    income, sheet = books.income, books.balance
    assert np.ravel(income.revenue_usd) == pytest.approx([219_000.0] * 8)
    assert np.ravel(income.opex_usd["all"]) == pytest.approx([25_000.0] * 8)
    assert np.ravel(income.depreciation_machines_usd) == pytest.approx([225_000.0] * 8)  # to 10 % of 2 million
    assert np.ravel(income.interest_usd) == pytest.approx([25_000.0] * 8)
    assert np.ravel(income.disposal_gain_usd) == pytest.approx([0.0] * 7 + [200_000.0])  # sold at 20 %
    assert np.ravel(sheet.debt_usd) == pytest.approx([1e6] * 7 + [0.0])
    assert np.ravel(sheet.cash_usd)[-1] == pytest.approx(8 * 169_000.0 - 1e6 + 400_000.0)
    assert np.ravel(sheet.assets_usd)[0] == pytest.approx(169_000.0 + 1_775_000.0)


def test_covenants_by_hand() -> None:
    books = cloud_books(plain())
    assert np.ravel(covenant_quarters(books)).tolist() == [False] * 3 + [True] * 5
    cover = headroom(books, Covenant(kind="dscr", limit=1.0))
    assert float(np.ravel(cover)[0]) == pytest.approx(4 * 194_000.0 / (1e6 + 100_000.0) - 1.0)
    assert np.ravel(first_break(books, Covenant(kind="dscr", limit=1.0))).tolist() == [7]
    leverage = headroom(books, Covenant(kind="debt-to-ebitda", limit=2.0))
    assert float(np.ravel(leverage)[0]) == pytest.approx(2.0 - 1e6 / (4 * 194_000.0))
    assert np.ravel(first_break(books, Covenant(kind="debt-to-ebitda", limit=2.0))).tolist() == [-1]


def plain() -> CloudInputs:
    from clouds import one_hot

    from tenfold.economics.cloud import Fleet, Loan
    from tenfold.economics.debt import bullet
    from tenfold.economics.depreciation import straight_line_book_usd

    fleet = Fleet(
        name="all",
        chips=100.0,
        delivered=one_hot(0, 8),
        paid_ahead_quarters=0,
        capex_usd_per_chip={"all": 20_000.0},
        shell_usd_per_chip=0.0,
        shell_life_years=1.0,
        service_life_years=2.0,
        book_life_years=2.0,
        schedule=straight_line_book_usd,
        book_residual_share=0.1,
        resale_share=0.2,
        decommissioning_usd_per_chip=0.0,
        opex_usd_per_chip_year={"all": 1000.0},
        market_price_usd_per_chip_hour=np.ones(8),
        market_utilisation=1.0,
    )
    loan = Loan(name="loan", kind=bullet, fleets=("all",), share=0.5, rate_per_year=0.1, term_quarters=8)
    return CloudInputs(quarters=8, fleets=(fleet,), loans=(loan,))


def test_columns_are_named_by_statement() -> None:
    columns = columns_of(cloud_books(plain()).income)
    assert columns["opex_usd.all"] is not None
    assert columns["net_income_usd"].shape[-1] == 8
