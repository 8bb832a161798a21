"""Dues by year, shocks, backstops, reverse stress, DebtRank, circularity: small cases worked by hand."""

from __future__ import annotations

import datetime
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tenfold.catalog import Deal
from tenfold.economics.network import (
    DebtTerms,
    Network,
    Shocks,
    circularity,
    debtrank,
    due_in,
    edges_due,
    funding_needed_usd,
    impact_matrix,
    leverage,
    no_shocks,
    shocked_liabilities_usd,
    shocked_means_usd,
    smallest_breaking,
    stress,
    warrant_stake,
)
from tenfold.quantities import InputError

TERMS = DebtTerms(refinanced_share=1.0, loan_to_value=0.8, loan_to_value_limit=1.0)


def deal(key: str = "deal", payer: str = "a", payee: str = "b", kind: str = "take-or-pay", **more: Any) -> Deal:
    defaults: dict[str, Any] = {
        "amount_usd": 100.0,
        "signed": datetime.date(2025, 1, 1),
        "status": "in-force",
        "source": "test",
    }
    return Deal(key=key, payer=payer, payee=payee, kind=kind, **(defaults | more))


def network(players: int = 3, **given: Any) -> Network:
    squares = ("supply_usd", "interest_usd", "maturing_usd", "gpu_backed_usd", "backstop_usd")
    zeros = {name: np.zeros((players, players)) for name in squares}
    rows = {name: np.zeros(players) for name in ("cash_usd", "income_usd", "revenue_usd", "funding_usd")}
    return Network(**{**zeros, **rows, **{name: np.array(value, dtype=float) for name, value in given.items()}})


def shocks(players: int = 3, **given: Any) -> Shocks:
    values = {name: getattr(no_shocks(players), name) for name in Shocks.__slots__}
    return Shocks(**{**values, **{name: np.array(value, dtype=float) for name, value in given.items()}})


def pair(players: int, payer: int, payee: int, amount: float) -> np.ndarray[Any, np.dtype[np.float64]]:
    square = np.zeros((players, players))
    square[payer, payee] = amount
    return square


def test_a_level_contract_is_spread_by_days_and_nothing_of_it_is_lost() -> None:
    contract = deal(starts=datetime.date(2026, 7, 1), ends=datetime.date(2028, 6, 30), schedule="level")
    days = (datetime.date(2028, 6, 30) - datetime.date(2026, 7, 1)).days + 1
    assert due_in(contract, 2027) == pytest.approx(100 * 365 / days)
    assert due_in(contract, 2026) == pytest.approx(100 * 184 / days)
    assert sum(due_in(contract, year) for year in range(2020, 2035)) == pytest.approx(100)
    term = deal(starts=datetime.date(2027, 1, 1), term_years=4.0, schedule="level")
    assert [round(due_in(term, year), 1) for year in range(2026, 2032)] == [0.0, 25.0, 25.1, 25.0, 25.0, 0.0]


def test_interest_is_on_what_is_left_and_principal_falls_due_by_the_schedule() -> None:
    loan = deal(kind="gpu-backed-debt", starts=datetime.date(2025, 12, 31), rate_per_year=0.1,
                due_by_year_usd={2026: 30.0, 2028: 20.0})  # fmt: skip
    (edge,), _ = edges_due([loan], 2027)
    assert (edge.interest_usd, edge.maturing_usd, edge.gpu_backed_usd) == pytest.approx((7.0, 0.0, 70.0))
    (edge,), _ = edges_due([loan], 2028)
    assert (edge.interest_usd, edge.maturing_usd, edge.gpu_backed_usd) == pytest.approx((7.0, 20.0, 50.0))
    bullet = deal(kind="debt", starts=datetime.date(2026, 7, 1), ends=datetime.date(2027, 6, 30), schedule="bullet",
                  rate_per_year=0.1)  # fmt: skip
    (edge,), _ = edges_due([bullet], 2027)
    assert (edge.interest_usd, edge.maturing_usd) == pytest.approx((10 * 181 / 365, 100.0))


def test_only_binding_debts_and_capacity_enter_clearing() -> None:
    years: dict[str, Any] = {
        "starts": datetime.date(2026, 1, 1),
        "ends": datetime.date(2028, 12, 31),
        "schedule": "level",
    }
    deals = [
        deal("capacity", **years),
        deal("letter", kind="letter-of-intent", **years),
        deal("shares", kind="equity", **years),
        deal("warrant", kind="warrant", shares=1.0, **years),
        deal("chips", kind="purchase", **years),
        deal("talk", status="announced", **years),
        deal("press", status="reported", **years),
        deal("gone", status="lapsed", **years),
        deal("paid", status="completed", **years),
        deal("secret", **(years | {"amount_usd": None})),
        deal("inside", part_of="capacity", **years),
        deal("free", cancelable="yes", cancelable_from=datetime.date(2027, 1, 1), **years),
        deal("later", **(years | {"starts": datetime.date(2028, 1, 1)})),
        deal("open", **(years | {"schedule": ""})),
    ]
    edges, left_out = edges_due(deals, 2027)
    assert [edge.deal.key for edge in edges] == ["capacity"]
    reasons = {one.key: one.reason for one in left_out}
    assert len(reasons) == len(deals) - 1
    assert reasons["letter"] == "a letter of intent binds nobody"
    assert reasons["inside"] == "counted in capacity"
    assert reasons["free"] == "can be cancelled from 2027-01-01"
    assert reasons["later"] == "nothing is due in 2027"
    assert reasons["open"] == "no schedule is published"


def test_what_falls_due_after_a_contract_can_be_left_is_not_firm() -> None:
    leaves = datetime.date(2027, 4, 1)
    contract = deal(starts=datetime.date(2027, 1, 1), ends=datetime.date(2027, 12, 31), schedule="level",
                    cancelable="yes", cancelable_from=leaves)  # fmt: skip
    (edge,), _ = edges_due([contract], 2027)
    assert edge.supply_usd == pytest.approx(100 * 90 / 365)


def test_shocks_take_means_and_add_liabilities() -> None:
    # 0 buys from 1 and 2, 1 owes 2 a loan backed by chips.
    books = network(
        supply_usd=pair(3, 0, 1, 30) + pair(3, 0, 2, 10),
        interest_usd=pair(3, 1, 2, 4),
        maturing_usd=pair(3, 1, 2, 20),
        gpu_backed_usd=pair(3, 1, 2, 50),
        cash_usd=[5, 1, 0],
        income_usd=[40, 10, 0],
        revenue_usd=[60, 15, 0],
        funding_usd=[8, 0, 0],
    )
    calm, nothing = shocked_liabilities_usd(books, no_shocks(3), TERMS)[0], no_shocks(3)
    assert calm.tolist() == [[0, 30, 10], [0, 0, 4], [0, 0, 0]]
    assert shocked_means_usd(books, nothing).tolist() == [[53, 11, 0]]
    missed = shocks(revenue_miss=[[0.5, 0, 0]])
    assert shocked_means_usd(books, missed)[0].tolist() == [23, 11, 0]
    stopped = shocks(refinancing_stop=[0.5])
    assert shocked_means_usd(books, stopped)[0].tolist() == [49, 11, 0]
    assert shocked_liabilities_usd(books, stopped, TERMS)[0, 1, 2] == pytest.approx(4 + 10)
    fallen = shocks(chip_price_fall=[0.1, 0.6])
    assert shocked_liabilities_usd(books, fallen, TERMS)[:, 1, 2] == pytest.approx([4, 4 + 50 * (1 - 0.4 / 0.8)])
    halted = shocks(supplier_halt=[[0, 1, 0]])
    assert shocked_liabilities_usd(books, halted, TERMS)[0, 0].tolist() == [0, 0, 10]
    # Three quarters of what 0 rents comes from 1, and so do three quarters of its revenue.
    assert shocked_means_usd(books, halted)[0].tolist() == pytest.approx([53 - 45, 11 - 15, 0])


def test_a_backstop_pays_only_what_buyers_leave_unpaid() -> None:
    # 0 buys 10 from 1, which owes 2 nine; 3 backs 1 with 4.
    books = network(
        4,
        supply_usd=pair(4, 0, 1, 10),
        interest_usd=pair(4, 1, 2, 9),
        backstop_usd=pair(4, 3, 1, 4),
        cash_usd=[10, 0, 0, 100],
        revenue_usd=[10, 0, 0, 0],
    )
    levels = shocks(4, revenue_miss=[[0.0, 0, 0, 0], [0.3, 0, 0, 0], [0.9, 0, 0, 0]])
    found = stress(books, levels, TERMS, alpha=1.0, beta=1.0)
    assert found.drawn_usd.tolist() == [pytest.approx([0, 0, 0, x]) for x in (0, 3, 4)]
    assert found.failed_in_round.tolist() == [[0, 0, 0, 0], [1, 0, 0, 0], [1, 2, 0, 0]]
    assert found.received_usd[:, 1].tolist() == pytest.approx([10, 10, 5])
    assert found.credit_loss_usd[:, 1].tolist() == pytest.approx([0, 0, 5])
    assert found.credit_loss_usd[2, 2] == pytest.approx(4)
    without = network(4, **{name: getattr(books, name) for name in ("supply_usd", "interest_usd", "cash_usd")})
    assert stress(without, no_shocks(4), TERMS, alpha=1.0, beta=1.0).failed_in_round.max() == 0


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000))
def test_losses_and_draws_add_up_to_what_is_unpaid(seed: int) -> None:
    rng = np.random.default_rng(seed)

    def square(share: float) -> np.ndarray[Any, np.dtype[np.float64]]:
        return np.asarray(rng.uniform(0, 9, (5, 5)) * (rng.random((5, 5)) < share) * (1 - np.eye(5)))

    books = network(
        5, supply_usd=square(0.5), interest_usd=square(0.2), maturing_usd=square(0.2), gpu_backed_usd=square(0.3),
        backstop_usd=square(0.2), cash_usd=rng.uniform(0, 9, 5), income_usd=rng.uniform(0, 9, 5),
        revenue_usd=rng.uniform(0, 9, 5), funding_usd=rng.uniform(0, 5, 5),
    )  # fmt: skip
    drawn = shocks(5, revenue_miss=rng.random((7, 5)), chip_price_fall=rng.random(7), refinancing_stop=rng.random(7),
                   supplier_halt=rng.random((7, 5)) * 0.3)  # fmt: skip
    found = stress(books, drawn, TERMS, alpha=0.8, beta=0.9)
    lost, unpaid = found.credit_loss_usd.sum(axis=1), found.unpaid_usd.sum(axis=1)
    assert lost + found.drawn_usd.sum(axis=1) == pytest.approx(unpaid, abs=1e-9)
    plain = stress(books, drawn, TERMS, alpha=1.0, beta=1.0)
    whole = plain.means_usd + plain.received_usd - plain.paid_usd
    assert whole.sum(axis=1) == pytest.approx(plain.means_usd.sum(axis=1), abs=1e-9)
    for row in range(7):
        one = stress(books, drawn.rows(slice(row, row + 1)), TERMS, alpha=0.8, beta=0.9)
        assert one.paid_usd[0] == pytest.approx(found.paid_usd[row], abs=1e-9)


def test_many_scenarios_are_the_same_as_few() -> None:
    rng = np.random.default_rng(1)
    supply = rng.uniform(0, 5, (40, 40)) * (rng.random((40, 40)) < 0.2) * (1 - np.eye(40))
    books = network(40, supply_usd=supply, backstop_usd=pair(40, 0, 1, 5), cash_usd=supply.sum(axis=1) * 0.6,
                    maturing_usd=pair(40, 2, 3, 9), revenue_usd=supply.sum(axis=1) * 0.6)  # fmt: skip
    every = shocks(40, revenue_miss=rng.random((1500, 40)), refinancing_stop=rng.random(1500))
    whole = stress(books, every, TERMS, alpha=0.8, beta=0.8)
    part = stress(books, every.rows(slice(1000, 1010)), TERMS, alpha=0.8, beta=0.8)
    assert whole.paid_usd[1000:1010] == pytest.approx(part.paid_usd)
    assert whole.failed_in_round.shape == (1500, 40)


def test_the_smallest_breaking_shock_is_found_and_none_is_infinite() -> None:
    found = smallest_breaking(lambda levels: np.array([levels[0] >= 0.3, False, True]), 3)
    assert found.tolist() == [pytest.approx(0.3, abs=1e-9), np.inf, 0.0]


def test_funding_lifts_means_to_the_cover_and_not_beyond() -> None:
    assert funding_needed_usd([100, 100, 0], [20, 20, 5], [30, 200, 0], 1.1).tolist() == pytest.approx([60, 0, 0])


def test_debtrank_passes_distress_on_once() -> None:
    # 0 → 1 → 2 → 0: exposures of half the equity of the next.
    impact = impact_matrix(np.array([[0, 5, 0], [0, 0, 4], [2, 0, 0]]), [4, 10, 8])
    assert impact.tolist() == [[0, 0.5, 0], [0, 0, 0.5], [0.5, 0, 0]]
    found = debtrank(impact, [0.8, 0, 0], [0.5, 0.3, 0.2])
    # 0 is already distressed, so it passes on 0.8 only; what comes back to it (0.1) stays with it.
    assert found.distress.tolist() == pytest.approx([0.9, 0.4, 0.2])
    assert found.value_lost_share == pytest.approx(0.1 * 0.5 + 0.4 * 0.3 + 0.2 * 0.2)
    batch = debtrank(impact, np.array([[0.8, 0, 0], [0, 0, 0], [1, 1, 1]]), [0.5, 0.3, 0.2])
    assert batch.value_lost_share.tolist() == pytest.approx([0.21, 0, 0])
    assert impact_matrix([[0, 1], [0, 0]], [5, 0]).tolist() == [[0, 1], [0, 0]]
    with pytest.raises(InputError, match="outside 0"):
        debtrank(impact, [1.5, 0, 0], [0.5, 0.3, 0.2])


def test_circular_money_is_counted_once_and_letters_not_at_all() -> None:
    deals = [
        deal("stake", "chips", "lab", "equity", amount_usd=30.0, status="completed"),
        deal("promise", "chips", "lab", "letter-of-intent", amount_usd=1000.0, status="lapsed"),
        deal("talk", "chips", "cloud", "equity", amount_usd=1000.0, status="announced"),
        deal("capacity", "lab", "cloud", amount_usd=20.0),
        deal("direct", "lab", "chips", "purchase", amount_usd=15.0, status="completed"),
        deal("servers", "cloud", "chips", "purchase", amount_usd=40.0, status="completed"),
        deal("loan", "other", "chips", "debt", amount_usd=7.0),
        deal("order", "other", "chips", "purchase", amount_usd=None, status="in-force"),
    ]
    (found,) = circularity(deals)
    assert found.supplier == "chips"
    assert [(cycle.players, cycle.amount_usd) for cycle in found.cycles] == [
        (("chips", "lab"), 15.0),
        (("chips", "lab", "cloud"), 15.0),
        (("chips", "other"), None),
    ]
    assert (found.sales_usd, found.circular_usd) == (55.0, 30.0)
    assert found.share == pytest.approx(30 / 55)


def test_single_measures() -> None:
    assert warrant_stake(160e6, 1622e6) == pytest.approx(0.099, abs=0.0005)
    assert leverage(30.0, 10.0) == 3.0
    assert leverage(30.0, -1.0) == float("inf")
    with pytest.raises(InputError, match="0 shares"):
        warrant_stake(1.0, 0.0)
