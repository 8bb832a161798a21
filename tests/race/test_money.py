"""Money of players: who fails and why, what is spent beside AI, when investors should leave. Signs over pairs."""

from __future__ import annotations

import datetime
from typing import Any

import numpy as np
from racing import QUARTERS, Kept, events, parameters, place, run, with_fields, world

from tenfold.race.question import Case, Change, Interruption, Merger
from tenfold.race.runs import run_case

START = datetime.date(2025, 10, 1)
LONG = 24
BASE_LONG = run(quarters=LONG)


def total(kept: Kept) -> Any:
    return kept.h100e[-1].sum(axis=0)


def mostly(condition: Any, share: float = 0.9) -> bool:
    return bool(np.mean(condition) >= share)


def test_clouds_and_labs_fail_where_nobody_lends_and_firms_with_a_business_do_not() -> None:
    """Funding ends, debt falls due, users without new money pay less: who burns more than it earns has nothing left."""
    late = Change(begins=START, quarters=8, factor=0.0)
    stop = run(Case(name="x", refinancing_stop=late), quarters=LONG)
    stands, usual = (kept.states[-1].alive for kept in (stop, BASE_LONG))
    lent_to = [place(name) for name in ("coreweave", "crusoe", "lambda", "nebius")]
    assert np.all(stands[lent_to].mean(axis=1) < usual[lent_to].mean(axis=1) - 0.1)
    assert stands[place("xai")].mean() < usual[place("xai")].mean() - 0.1
    rich = [place(name) for name in ("alphabet", "amazon", "meta", "microsoft", "tencent")]
    np.testing.assert_array_equal(stands[rich] >= usual[rich], np.ones_like(usual[rich], dtype=bool))
    paid = [kept.states[4].paid.min(axis=0) for kept in (stop, BASE_LONG)]
    assert mostly(paid[0] <= paid[1])
    assert mostly(paid[0] < paid[1], 0.5)


def test_more_debt_and_shorter_debt_fail_more() -> None:
    less = Case(name="x", demand=Change(begins=START, factor=0.5))
    owed = with_fields(world(), debt_usd=world().debt_usd * np.float32(3.0))
    usual = run(less)
    deeper, shorter = run(less, of=owed), run(less, drawn=parameters(distress__debt_years=0.5))
    fallen = [(1.0 - kept.states[-1].alive).sum() for kept in (usual, deeper, shorter)]
    assert fallen[1] > fallen[0]
    assert fallen[2] > fallen[0]
    assert all(np.all(flows.cash.repaid >= 0.0) for flows in usual.flows)


def test_what_is_spent_beside_ai_does_not_outgrow_what_is_earned() -> None:
    for player in ("alphabet", "amazon", "meta", "microsoft", "oracle"):
        at, state = place(player), BASE_LONG.states[-1]
        ratio = state.other_capex_usd[at] / (world().other_capex_usd[at] * state.other_growth)
        assert 0.5 < np.quantile(ratio, 0.1) < np.quantile(ratio, 0.9) < 2.0
        assert np.std(np.log(ratio)) > 0.1


def test_a_stop_of_supply_is_not_made_up_for() -> None:
    """Makers learn by what they make: chips that were ordered and never came make none cheaper."""
    stop = run(Case(name="x", interruptions=(Interruption(begins=START, quarters=3, left=0.1),)), quarters=LONG)
    assert mostly(total(stop) < total(BASE_LONG), 0.8)
    assert mostly(stop.states[-1].cost_usd[0] >= BASE_LONG.states[-1].cost_usd[0])


def test_investors_should_leave_earlier_where_demand_falls() -> None:
    left = []
    for case in (None, Case(name="x", demand=Change(begins=START, factor=0.4))):
        kept = run_case(world(), events(case), parameters(), quarters=QUARTERS, seed=0, tell=lambda _: None)
        left.append(kept.exit_quarter)
    assert left[1].mean() < left[0].mean()
    assert mostly(left[1] <= left[0], 0.8)
    assert np.all(left[0] <= QUARTERS)


def test_who_is_bought_has_not_failed() -> None:
    joined = run(Case(name="x", mergers=(Merger(buyer="meta", bought="oracle", begins=START),)))
    oracle = place("oracle")
    assert not joined.states[-1].alive[oracle].any()
    np.testing.assert_array_equal(joined.states[-1].failed[oracle], np.zeros(len(joined.states[-1].failed[oracle])))
    np.testing.assert_array_equal(BASE_LONG.states[-1].failed, 1.0 - BASE_LONG.states[-1].alive)
