"""The renewal formula: limits, terms, monotony, a simulation; the optimum against a numerical search."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import minimize_scalar
from scipy.special import lambertw

from tenfold.reliability import (
    INTERVALS,
    best_renewal,
    daly_interval_s,
    optimal_interval_s,
    renewal,
    series_rate_per_s,
    wall_per_useful_s,
    young_interval_s,
)

seconds = st.floats(1.0, 1e5)
stalls = st.floats(1e-3, 1e4)
lifetimes = st.floats(100.0, 1e7)


def textbook(tau: float, w: float, r: float, m: float) -> float:
    return float(m / tau * np.exp(r / m) * np.expm1((tau + w) / m))


@given(seconds, stalls, st.floats(0.0, 1e4), lifetimes)
def test_terms_sum_to_the_textbook_formula(tau: float, w: float, r: float, m: float) -> None:
    result = renewal(tau, w, r, m)
    if not np.isfinite(result.wall_per_useful):
        assert (tau + w + r) / m > 500
        return
    assert result.wall_per_useful == pytest.approx(textbook(tau, w, r, m), rel=1e-6)
    assert 1 + result.checkpoint + result.lost_work + result.restart == pytest.approx(result.wall_per_useful)
    assert 0 < result.goodput <= 1


@given(stalls, st.floats(0.0, 1e4), lifetimes, st.floats(1.01, 10.0))
def test_worse_inputs_never_help(w: float, r: float, m: float, worse: float) -> None:
    base = best_renewal(w, r, m).wall_per_useful
    assert best_renewal(w, r, m / worse).wall_per_useful > base
    assert best_renewal(w * worse, r, m).wall_per_useful >= base
    assert best_renewal(w, r * worse + 1, m).wall_per_useful > base


@given(stalls, lifetimes)
def test_exact_interval_is_the_minimum(w: float, m: float) -> None:
    tau = float(optimal_interval_s(w, m))
    found = minimize_scalar(
        lambda log_tau: float(np.log(np.expm1((np.exp(log_tau) + w) / m)) - log_tau),
        bounds=(np.log(tau) - 2, np.log(tau) + 2),
        method="bounded",
        options={"xatol": 1e-9},
    )
    best = textbook(tau, w, 0.0, m)
    assert best <= textbook(float(np.exp(found.x)), w, 0.0, m) * (1 + 1e-9)
    assert best < textbook(tau * 1.3, w, 0.0, m)
    assert best < textbook(tau / 1.3, w, 0.0, m)


def test_interval_is_continuous_where_the_series_takes_over() -> None:
    below, above = (float(optimal_interval_s(x, 1.0)) for x in (0.99999e-4, 1.00001e-4))
    slope = 0.5 * below * 2e-5
    assert above - below == pytest.approx(slope, rel=1e-2)


@given(st.floats(1e-4, 1e3))
def test_exact_interval_is_that_of_lamberts_function(ratio: float) -> None:
    rival = 1.0 + float(np.real(lambertw(-np.exp(-1.0 - ratio))))
    assert float(optimal_interval_s(ratio, 1.0)) == pytest.approx(rival, rel=5e-12)  # which cancels near its branch


def test_optimum_identity() -> None:
    w, m = 40.0, 6480.0
    tau = optimal_interval_s(w, m)
    assert wall_per_useful_s(tau, w, 300.0, m) == pytest.approx(np.exp(300.0 / m) / (1 - tau / m), rel=1e-12)


@given(st.floats(1e-9, 1e-4), lifetimes)
def test_rivals_agree_for_short_saves(ratio: float, m: float) -> None:
    exact = optimal_interval_s(ratio * m, m)
    assert daly_interval_s(ratio * m, m) == pytest.approx(exact, rel=1e-5)
    assert young_interval_s(ratio * m, m) == pytest.approx(exact, rel=0.01)


def test_rivals_part_for_long_saves_and_the_exact_one_wins() -> None:
    walls = {name: wall_per_useful_s(choose(900.0, 600.0), 900.0, 60.0, 600.0) for name, choose in INTERVALS.items()}
    assert min(walls, key=lambda name: float(walls[name])) == "exact"
    assert walls["young"] > 1.05 * walls["exact"]


def test_limits() -> None:
    assert wall_per_useful_s(100.0, 10.0, 50.0, np.inf) == pytest.approx(1.1)
    assert np.isinf(wall_per_useful_s(100.0, 10.0, 50.0, 0.0))
    assert wall_per_useful_s(0.0, 0.0, 50.0, 1000.0) == pytest.approx(np.exp(0.05))
    assert np.isinf(wall_per_useful_s(0.0, 1.0, 50.0, 1000.0))
    assert renewal(1e6, 10.0, 50.0, 1.0).goodput == 0
    assert best_renewal(10.0, 50.0, np.inf).goodput == pytest.approx(1.0)
    assert optimal_interval_s(0.0, 1000.0) == 0


def test_asynchronous_saves_cannot_beat_the_drain_time() -> None:
    free = best_renewal(0.025, 300.0, 6480.0)
    drained = best_renewal(0.025, 300.0, 6480.0, shortest_interval_s=120.0)
    assert free.interval_s < 120.0
    assert drained.interval_s == 120.0
    assert drained.goodput < free.goodput


def test_broadcasts_over_candidates_and_draws() -> None:
    result = best_renewal(np.array([1.0, 40.0])[:, None], 300.0, np.array([1e4, 1e5, 1e6]))
    assert np.shape(result.goodput) == (2, 3)
    assert np.asarray(result.goodput)[1, 2] == pytest.approx(float(best_renewal(40.0, 300.0, 1e6).goodput))


def test_simulated_job_takes_the_expected_time() -> None:
    rng = np.random.default_rng(7)
    tau, w, r, m = 600.0, 30.0, 240.0, 1500.0
    total, segments = 0.0, 20_000
    for _ in range(segments):
        while (life := rng.exponential(m)) < tau + w:
            total += life
            while (life := rng.exponential(m)) < r:
                total += life
            total += r
        total += tau + w
    assert total / (segments * tau) == pytest.approx(float(wall_per_useful_s(tau, w, r, m)), rel=0.02)


def test_series_adds_rates() -> None:
    assert series_rate_per_s(1e-6, 2e-6, np.array([0.0, 1e-6])) == pytest.approx([3e-6, 4e-6])
