"""Schedules against hand arithmetic and the published tax table; loans against their own definition."""

from __future__ import annotations

import numpy as np
import pytest
import pyxirr
from hypothesis import given, settings
from hypothesis import strategies as st

from tenfold.catalog import load_catalog
from tenfold.economics import average_interest_usd_per_year, npv
from tenfold.economics.debt import DEBTS, DebtFlows, cash_sweep, level_payment, reserve_usd
from tenfold.economics.depreciation import SCHEDULES, accelerated
from tenfold.economics.resale import resale_share

AGES = np.arange(7.0)
MACRS = accelerated([load_catalog().assumption(f"taxes.macrs_5_year_{year}").value for year in range(1, 7)])


@pytest.mark.parametrize(
    ("name", "written_off"),
    [
        ("straight-line", [0.2, 0.2, 0.2, 0.2, 0.2, 0.0]),
        ("declining-balance", [0.4, 0.24, 0.144, 0.0864, 0.05184, 0.031104]),
        ("sum-of-years", [5 / 15, 4 / 15, 3 / 15, 2 / 15, 1 / 15, 0.0]),
    ],
)
def test_schedules_by_hand(name: str, written_off: list[float]) -> None:
    book = np.asarray(SCHEDULES[name](1000.0, 5.0, AGES, 0.0))
    assert -np.diff(book) == pytest.approx(1000.0 * np.array(written_off))


def test_the_tax_table_recovers_everything_in_six_years() -> None:
    book = np.asarray(MACRS(100.0, 5.0, AGES, 0.0))
    assert -np.diff(book) == pytest.approx([20.0, 32.0, 19.2, 11.52, 11.52, 5.76])
    assert book[-1] == pytest.approx(0.0, abs=1e-12)


@given(st.sampled_from(sorted(SCHEDULES)), st.floats(1.0, 12.0), st.floats(0.0, 0.5))
def test_book_value_falls_from_cost_towards_the_residual(name: str, life: float, residual: float) -> None:
    book = np.asarray(SCHEDULES[name](1.0, life, np.linspace(0.0, life, 49), residual))
    assert book[0] == pytest.approx(1.0)
    assert np.all(np.diff(book) <= 1e-12)
    assert book[-1] >= residual - 1e-12
    if name != "declining-balance":
        assert book[-1] == pytest.approx(residual, abs=1e-12)


def test_a_better_chip_divides_what_older_ones_fetch() -> None:
    assert resale_share(3.0, 0.0, [(2.0, 2.5)]) == pytest.approx(0.4)
    assert resale_share(1.9, 0.0, [(2.0, 2.5)]) == 1.0
    assert resale_share(3.0, 0.1, [(1.0, 2.0), (2.0, 2.0)]) == pytest.approx(np.exp(-0.3) / 4.0)


def flows(kind: str, rate: float, term: int, cash: float = 0.0, quarters: int = 30) -> DebtFlows:
    drawn = np.zeros(quarters)
    drawn[0], drawn[3] = 600.0, 400.0
    return DEBTS[kind](drawn, rate, term, np.full(quarters, cash))


@given(st.sampled_from(sorted(DEBTS)), st.floats(0.0, 0.3), st.integers(1, 26), st.floats(0.0, 300.0))
def test_every_loan_is_repaid_by_its_term_and_its_balance_adds_up(
    kind: str, rate: float, term: int, cash: float
) -> None:
    loan = flows(kind, rate, term, cash)
    assert loan.principal_usd.sum() == pytest.approx(1000.0)
    assert np.diff(loan.closing_usd, prepend=0.0) == pytest.approx(loan.drawn_usd - loan.principal_usd, abs=1e-9)
    assert np.all(loan.closing_usd >= -1e-9)
    assert np.all(loan.principal_usd >= -1e-9)
    assert loan.closing_usd[3 + term - 1 :] == pytest.approx(0.0, abs=1e-9)


def test_equal_principal_in_arrears_bears_the_average_interest_and_half_a_quarter_more() -> None:
    """Σ i·(N − k)/N over N quarters is i·(N + 1)/2: one Nth more than on the mean balance."""
    drawn = np.append(1000.0, np.zeros(19))
    loan = DEBTS["equal-principal"](drawn, 0.11, 20, np.zeros(20))
    assert loan.principal_usd == pytest.approx(50.0)
    average = float(average_interest_usd_per_year(1000.0, 1.0, 0.11))
    assert loan.interest_usd.sum() / 5.0 == pytest.approx(average * 21 / 20)


@pytest.mark.parametrize("rate", [1e-9, 0.08, 0.11])
def test_level_payments_are_those_of_an_annuity(rate: float) -> None:
    loan = level_payment(np.append(1000.0, np.zeros(19)), rate, 20, np.zeros(20))
    payments = loan.interest_usd + loan.principal_usd
    assert payments == pytest.approx(payments[0])
    assert payments[0] == pytest.approx(-float(pyxirr.pmt(rate / 4.0, 20, 1000.0) or 0.0), rel=1e-7)


@given(st.sampled_from(sorted(DEBTS)), st.floats(0.001, 0.3), st.integers(2, 26), st.integers(0, 8))
def test_every_loan_yields_its_rate(kind: str, rate: float, term: int, only: int) -> None:
    """Interest accrues in arrears: what the lender gets back is worth what was lent, at the rate of the loan."""
    drawn = np.append(1000.0, np.zeros(29))
    loan = DEBTS[kind](drawn, rate, term, np.full(30, 70.0), min(only, term - 1))
    service = loan.interest_usd + loan.principal_usd
    assert npv(service, rate / 4.0) / (1.0 + rate / 4.0) == pytest.approx(1000.0)
    assert loan.principal_usd[: min(only, term - 1)] == pytest.approx(0.0)


def test_a_floating_rate_is_paid_as_it_stands_and_level_payments_are_reset() -> None:
    rates = np.where(np.arange(12) < 4, 0.08, 0.12)
    drawn = np.append(1000.0, np.zeros(11))
    loan = level_payment(drawn, rates, 12, np.zeros(12))
    opening = loan.closing_usd + loan.principal_usd
    assert loan.interest_usd == pytest.approx(opening * rates / 4.0)
    payments = loan.interest_usd + loan.principal_usd
    assert payments[:4] == pytest.approx(payments[0])
    assert payments[4:] == pytest.approx(payments[4])
    assert payments[4] == pytest.approx(-float(pyxirr.pmt(0.03, 8, opening[4]) or 0.0))
    assert loan.closing_usd[-1] == pytest.approx(0.0, abs=1e-9)


def test_a_reserve_holds_the_service_ahead() -> None:
    service = np.array([1.0, 2.0, 3.0, 4.0])
    assert reserve_usd(service, 2) == pytest.approx([5.0, 7.0, 4.0, 0.0])
    assert reserve_usd(service, 0) == pytest.approx(0.0)


def test_level_payments_without_interest_are_equal_principal() -> None:
    assert flows("level-payment", 0.0, 12).principal_usd == pytest.approx(
        flows("equal-principal", 0.0, 12).principal_usd
    )


def test_a_bullet_bears_interest_on_all_of_it_to_the_last_day() -> None:
    loan = DEBTS["bullet"](np.append(1000.0, np.zeros(9)), 0.08, 8, np.zeros(10))
    assert loan.interest_usd == pytest.approx([20.0] * 8 + [0.0] * 2)
    assert loan.principal_usd == pytest.approx([0.0] * 7 + [1000.0, 0.0, 0.0])


def test_a_sweep_takes_all_the_cash_until_nothing_is_owed() -> None:
    loan = cash_sweep(np.append(1000.0, np.zeros(9)), 0.12, 10, np.full(10, 200.0))
    service = loan.interest_usd + loan.principal_usd
    assert service[:5] == pytest.approx(200.0)
    assert service[6:] == pytest.approx(0.0)
    assert loan.interest_usd[0] == pytest.approx(0.03 * 1000.0)


@settings(max_examples=30)
@given(st.floats(10.0, 400.0), st.floats(1.0, 200.0))
def test_more_cash_never_repays_a_sweep_later(cash: float, more: float) -> None:
    less, much = flows("cash-sweep", 0.1, 20, cash), flows("cash-sweep", 0.1, 20, cash + more)
    assert np.all(much.closing_usd <= less.closing_usd + 1e-9)
    assert much.interest_usd.sum() <= less.interest_usd.sum() + 1e-9
