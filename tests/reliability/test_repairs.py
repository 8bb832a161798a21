"""What happens around a failure, each equation against a simulation of the thing itself."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from jobs import DAY_S, applied, hopper_job, inputs

from tenfold.reliability import (
    Policy,
    SparePool,
    any_failure,
    planned_share,
    repair_in_stages_s,
    restart_with_standbys_s,
    with_cause,
    with_wrong_diagnoses,
    working,
)
from tenfold.reliability.spares import of_any_pool, stopped_share_while_running

BLOCKING = Policy(checkpointing="blocking", recovery="node-spares", detection="heartbeat")
IN_MEMORY = Policy(checkpointing="in-memory", recovery="node-spares", detection="heartbeat")


def stopped_share_of_a_chain(spares: int, pools: int, busy: float) -> float:
    """Stationary share of the state in which a pool is out, by solving the chain of all pools: repairs of mean one."""
    states = [
        state
        for state in np.ndindex(*(spares + 2,) * pools)
        if sum(count == spares + 1 for count in state) <= 1  # nothing fails while one is out
    ]
    place = {state: index for index, state in enumerate(states)}
    rates = np.zeros((len(states), len(states)))
    for state, index in place.items():
        for pool in range(pools):
            more, fewer = list(state), list(state)
            more[pool] += 1
            fewer[pool] -= 1
            if max(state) <= spares:
                rates[index, place[tuple(more)]] += busy
            if state[pool]:
                rates[index, place[tuple(fewer)]] += state[pool]
    balance = np.vstack([(rates - np.diag(rates.sum(axis=1))).T, np.ones(len(states))])
    shares = np.linalg.lstsq(balance, np.append(np.zeros(len(states)), 1.0), rcond=None)[0]
    return float(sum(shares[index] for state, index in place.items() if max(state) == spares + 1))


@pytest.mark.parametrize(
    ("spares", "pools", "busy"), [(0, 1, 0.4), (2, 1, 1.5), (0, 3, 0.2), (1, 2, 0.7), (2, 3, 1.5), (3, 2, 2.0)]
)
def test_any_of_several_pools_stops_the_job(spares: int, pools: int, busy: float) -> None:
    share = of_any_pool(stopped_share_while_running(spares, busy), pools)
    exact = stopped_share_of_a_chain(spares, pools, busy)
    assert exact * (1 - 1e-9) <= float(share) <= exact * 1.125
    assert (pools > 1 and spares > 0) or float(share) == pytest.approx(exact, rel=1e-9)


@given(st.integers(1, 12), st.integers(2, 8), st.floats(0.1, 10.0))
def test_spares_that_serve_all_are_worth_more_than_those_of_one_rack(spares: int, pools: int, busy: float) -> None:
    hazards = any_failure(busy / DAY_S, 4.0)
    apart, shared = (
        working(hazards, BLOCKING, inputs(), interval_s=600.0, spares=pool)
        for pool in (
            SparePool(units=spares, repair_s=DAY_S, pools=pools),
            SparePool(units=spares * pools, repair_s=DAY_S),
        )
    )
    assert float(apart.waiting_for_spares) >= float(shared.waiting_for_spares) * (1 - 1e-9)


def test_standbys_are_warm_as_often_as_a_simulation_finds_them() -> None:
    rng, standbys, warm_up = np.random.default_rng(5), 2, 300.0
    strikes = np.cumsum(rng.exponential(200.0, 100_000))
    warm_at, cold = np.zeros(standbys), 0
    for strike in strikes:
        place = int(warm_at.argmin())
        if warm_at[place] > strike:
            cold += 1
        else:
            warm_at[place] = strike + rng.exponential(warm_up)
    found = restart_with_standbys_s(0.0, 1.0, standbys, 1 / 200.0, warm_up)
    assert float(found) == pytest.approx(cold / len(strikes), abs=0.005)
    none, many = (restart_with_standbys_s(55.0, 600.0, count, 1 / 200.0, warm_up) for count in (0, 40))
    assert (float(none), float(many)) == pytest.approx((600.0, 55.0))


def test_wrong_diagnoses_stop_the_job_again() -> None:
    before = hopper_job()
    after = with_wrong_diagnoses(before, 0.2)
    assert after.of_kinds("node").sum() == pytest.approx(before.of_kinds("node").sum() / 0.8)
    assert after.of_kinds("job", "silent_corruption").tolist() == before.of_kinds("job", "silent_corruption").tolist()
    rng = np.random.default_rng(1)
    stops = 1 + np.sum(np.cumprod(rng.random((20_000, 40)) < 0.2, axis=1), axis=1)
    assert stops.mean() == pytest.approx(1 / 0.8, rel=0.01)


def test_a_repair_in_stages_is_away_as_long_as_its_mean() -> None:
    assert float(repair_in_stages_s(7200.0, 2 * DAY_S, 0.2)) == pytest.approx(7200.0 + 0.4 * DAY_S)
    shares = repair_in_stages_s(3600.0, DAY_S, np.array([0.0, 0.5, 1.0]))
    assert shares.tolist() == [3600.0, 3600.0 + DAY_S / 2, 3600.0 + DAY_S]


def test_planned_stops_and_links_take_their_share_of_the_time_and_terms_add_up() -> None:
    share = float(planned_share(2 * 3600.0, 30 * DAY_S))
    plain = working(hopper_job(), BLOCKING, inputs(), interval_s=600.0)
    found = working(hopper_job(), BLOCKING, inputs(), interval_s=600.0, maintenance_share=share, links_down_share=0.01)
    assert float(found.maintenance) == pytest.approx(share)
    assert float(found.links) == pytest.approx(0.01 * (1 - share))
    assert float(found.productive) == pytest.approx(float(plain.productive) * (1 - share) * 0.99)
    assert float(found.productive + sum(found.losses.values())) == pytest.approx(1.0)


def test_failures_that_take_several_nodes_go_back_to_storage() -> None:
    alone = any_failure(2e-4, 8.0)
    both = with_cause(any_failure(1e-4, 8.0), "power", "node", 1e-4, 64.0)
    lost = [float(working(each, IN_MEMORY, inputs(), interval_s=60.0).lost_work) for each in (alone, both)]
    assert lost[1] > 5 * lost[0]
    assert applied(both, "in-memory").stops.rollback.tolist() == [1.0, 2.0]


def test_sites_that_fail_alone_work_by_their_share() -> None:
    rates, shares = np.array([[1e-5], [1e-4], [5e-5]]), np.array([[0.5], [0.2], [0.3]])
    each = working(any_failure(rates, 8.0), BLOCKING, inputs(), interval_s=600.0)
    found = each.together(shares)
    assert found.productive.shape == (1,)
    assert found.productive == pytest.approx((shares * each.productive).sum(axis=0))
    assert found.productive + sum(found.losses.values()) == pytest.approx([1.0])
    assert found.rate_per_s == pytest.approx([1.6e-4])
