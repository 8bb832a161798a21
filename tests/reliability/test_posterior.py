"""The posterior of a rate against scipy's distributions, and against simulated logs of which the truth is known."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from tenfold.reliability.lemons import Involved, excess_probability, lemon_nodes
from tenfold.reliability.posterior import (
    count_cumulative,
    count_quantile,
    rate_mean,
    rate_quantile,
)

EVENTS = np.array([0.0, 1.0, 3.0, 419.0])[:, None]
EXPOSURE = np.array([10.0, 110_592.0])
SHARES = (0.1, 0.5, 0.9)


def test_the_rate_is_gamma() -> None:
    rival = stats.gamma(EVENTS + 0.5, scale=1.0 / EXPOSURE)
    assert rate_mean(EVENTS, EXPOSURE) == pytest.approx(rival.mean())
    for share in SHARES:
        assert rate_quantile(share, EVENTS, EXPOSURE) == pytest.approx(rival.ppf(share), rel=1e-9)


def test_counts_ahead_are_negative_binomial() -> None:
    ahead = 4000.0
    for events, exposure in ((0.0, 900.0), (7.0, 2500.0), (419.0, 110_592.0)):
        rival = stats.nbinom(events + 0.5, exposure / (exposure + ahead))
        counts = np.arange(-2.0, 60.0)
        assert count_cumulative(counts, events, exposure, ahead) == pytest.approx(rival.cdf(counts), rel=1e-9)
        shares = np.linspace(0.01, 0.99, 41)
        assert count_quantile(shares, events, exposure, ahead).tolist() == rival.ppf(shares).tolist()


def test_no_exposure_says_nothing() -> None:
    assert rate_mean(3.0, 0.0) == np.inf
    assert rate_quantile(0.1, 3.0, 0.0) == np.inf


@pytest.mark.parametrize(("expected", "most"), [(1.0, 0.88), (4.0, 0.83), (30.0, 0.83), (400.0, 0.83)])
def test_p10_to_p90_holds_the_true_rate_in_eight_of_ten_logs(expected: float, most: float) -> None:
    rng = np.random.default_rng(17)
    exposure = 1000.0
    rates = expected / exposure * rng.uniform(0.5, 1.5, 20_000)
    events = rng.poisson(rates * exposure).astype(np.float64)
    low, high = rate_quantile(0.1, events, exposure), rate_quantile(0.9, events, exposure)
    assert 0.77 <= np.mean((low <= rates) & (rates <= high)) <= most


def test_p10_to_p90_holds_the_next_count_at_least_as_often() -> None:
    rng = np.random.default_rng(18)
    rates = rng.uniform(0.002, 0.02, 4000)
    events, later = rng.poisson(rates * 1000.0).astype(np.float64), rng.poisson(rates * 500.0)
    low, high = (count_quantile(q, events, 1000.0, 500.0) for q in (0.1, 0.9))
    assert 0.78 <= np.mean((low <= later) & (later <= high)) <= 0.95


@given(st.integers(0, 1000), st.floats(1.0, 1e7), st.floats(1.01, 100.0))
def test_more_exposure_without_more_failures_lowers_every_quantile(events: int, exposure: float, more: float) -> None:
    before = [float(rate_quantile(q, events, exposure)) for q in SHARES]
    after = [float(rate_quantile(q, events, exposure * more)) for q in SHARES]
    assert before == sorted(before)
    assert all(late < early for late, early in zip(after, before, strict=True))


def test_the_chance_of_so_many_failures_is_poisson() -> None:
    counts, expected = np.arange(0.0, 40.0), np.full(40, 6.5)
    assert excess_probability(counts, expected) == pytest.approx(stats.poisson.sf(counts - 1, 6.5), rel=1e-9)


def single(counts: list[int], days: float) -> Involved:
    """Failures that each name one node."""
    node = np.repeat(np.arange(len(counts)), counts)
    own = np.full(len(counts), days)
    return Involved(failure=np.arange(len(node)), node=node, at_risk_node_days=own, own_node_days=own)


def test_the_worst_nodes_are_found_and_the_others_left_alone() -> None:
    counts = [1] * 60 + [0] * 38 + [14, 9]
    found = lemon_nodes(single(counts, 90.0), 100 * 90.0)
    assert [(lemon.node, lemon.failures) for lemon in found] == [(98, 14), (99, 9)]
    assert found[0].expected == pytest.approx(0.83)


def test_alike_nodes_are_hardly_ever_called_lemons() -> None:
    rng = np.random.default_rng(3)
    blamed = [bool(lemon_nodes(single(list(rng.poisson(0.6, 200)), 90.0), 200 * 90.0)) for _ in range(400)]
    assert np.mean(blamed) <= 0.01 + 3 * np.sqrt(0.01 * 0.99 / 400)


def test_neighbours_in_the_jobs_of_a_lemon_are_not_blamed() -> None:
    rng = np.random.default_rng(8)
    failure, node, at_risk, own, count = [], [], np.zeros(40), np.zeros(40), 0
    for _ in range(300):
        members = rng.choice(40, 8, replace=False)
        at_risk[members] += 8.0
        own[members] += 1.0
        if rng.random() < 8 * 0.004 + 0.4 * (7 in members):
            failure += [count] * 8
            node += members.tolist()
            count += 1
    involved = Involved(
        failure=np.array(failure), node=np.array(node), at_risk_node_days=at_risk, own_node_days=own
    )  # fmt: skip
    assert [lemon.node for lemon in lemon_nodes(involved, 2400.0)] == [7]


def cluster(seed: int, factor: float) -> tuple[Involved, float]:
    """1,500 jobs of 1 to 128 of 128 nodes, all named when one of them fails; node 7 fails ``factor`` times as often."""
    rng = np.random.default_rng(seed)
    rates = np.full(128, 0.0065)
    rates[7] *= factor
    sizes = rng.choice([1, 2, 4, 8, 16, 32, 64, 128], 1500)
    members = rng.permuted(np.tile(np.arange(128), (1500, 1)), axis=1) < sizes[:, None]
    asked, stops = rng.exponential(3.0, 1500), rng.exponential(1.0 / (members @ rates))
    days = np.minimum(asked, stops)
    failure, node = np.nonzero(members[stops < asked])
    own = days @ members
    involved = Involved(failure=failure, node=node, at_risk_node_days=(sizes * days) @ members, own_node_days=own)
    return involved, float(own.sum())


def test_a_lemon_is_found_by_the_small_jobs_it_failed() -> None:
    found = [[lemon.node for lemon in lemon_nodes(*cluster(seed, 24.0))] for seed in range(20)]
    assert sum(nodes == [7] for nodes in found) >= 12
    assert all(nodes in ([], [7]) for nodes in found)
    assert not any(lemon_nodes(*cluster(seed, 1.0)) for seed in range(100, 140))


def test_no_failures_make_no_lemons() -> None:
    assert lemon_nodes(single([0, 0, 0], 10.0), 30.0) == ()
