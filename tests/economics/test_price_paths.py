"""Price paths: the exact step against a fine Euler scheme and closed moments; the fit against simulated histories."""

import numpy as np
import pytest

from tenfold.economics.price_fit import PriceHistory, fit_price_paths
from tenfold.economics.price_paths import PriceDynamics, price_paths, pull_years, step_mean, step_spread

DYNAMICS = PriceDynamics(reversion_per_year=1.3, volatility_per_sqrt_year=0.3, scarcity_per_year=4.0)


def test_a_step_without_pull_is_a_random_walk() -> None:
    walk = PriceDynamics(reversion_per_year=0.0, volatility_per_sqrt_year=0.4, scarcity_per_year=2.0)
    assert step_mean(1.0, 5.0, 0.7, 0.1, 0.25, walk) == pytest.approx(1.0 + 2.0 * 0.1 * 0.25)
    assert step_spread(walk, 0.25) == pytest.approx(0.4 * 0.5)
    assert pull_years(1e-9, 0.25) == pytest.approx(0.25)


def test_two_short_steps_are_one_long_step() -> None:
    """Mean and variance compose, which an approximate scheme does not do."""
    first = step_mean(0.2, 0.9, 0.5, 0.05, 0.1, DYNAMICS)
    second = step_mean(first, 0.9 - 0.05, 0.5, 0.05, 0.3, DYNAMICS)
    assert second == pytest.approx(float(step_mean(0.2, 0.9, 0.5, 0.05, 0.4, DYNAMICS)), rel=1e-12)
    carried = np.exp(-1.3 * 0.3) * step_spread(DYNAMICS, 0.1)
    assert np.hypot(carried, step_spread(DYNAMICS, 0.3)) == pytest.approx(float(step_spread(DYNAMICS, 0.4)))


def test_the_exact_step_is_the_limit_of_euler() -> None:
    """Without chance, a million small steps of the equation give the closed form."""
    count, span, log_price = 100_000, 0.75, np.log(4.0)
    for time in np.arange(count) * span / count:
        log_cost = np.log(1.5) - 0.4 * time
        log_price += (1.3 * (log_cost - log_price) + 4.0 * 0.03) * span / count
    assert step_mean(np.log(4.0), np.log(1.5), 0.4, 0.03, span, DYNAMICS) == pytest.approx(log_price, abs=2e-5)


def test_simulated_paths_have_the_moments_of_euler_and_of_the_formula() -> None:
    draws, steps, step_years = 20_000, 4, 0.25
    rng = np.random.default_rng(3)
    costs = 1.5 * np.exp(-0.4 * step_years * np.arange(steps + 1))
    gap = np.full(steps, 0.03)
    exact = np.log(price_paths(4.0, costs, gap, step_years, DYNAMICS, rng.standard_normal((draws, steps))))
    fine = 60
    euler = np.full(draws, np.log(4.0))
    for substep in range(steps * fine):
        log_cost = np.log(1.5) - 0.4 * substep * step_years / fine
        shock = 0.3 * np.sqrt(step_years / fine) * rng.standard_normal(draws)
        euler += (1.3 * (log_cost - euler) + 4.0 * 0.03) * step_years / fine + shock
    error = float(step_spread(DYNAMICS, 1.0)) / np.sqrt(draws)
    assert exact[:, -1].mean() == pytest.approx(euler.mean(), abs=6 * error)
    assert exact[:, -1].std() == pytest.approx(euler.std(), rel=0.03)
    mean = step_mean(np.log(4.0), np.log(1.5), 0.4, 0.03, 1.0, DYNAMICS)
    assert exact[:, -1].mean() == pytest.approx(float(mean), abs=5 * error)
    assert exact[:, -1].std() == pytest.approx(float(step_spread(DYNAMICS, 1.0)), rel=0.02)


def test_scarcity_lifts_every_path_and_cost_pulls_it() -> None:
    shocks = np.random.default_rng(0).standard_normal((50, 8))
    flat = np.full(9, 2.0)
    base = price_paths(2.0, flat, np.zeros(8), 0.25, DYNAMICS, shocks)
    assert np.all(price_paths(2.0, flat, np.full(8, 0.1), 0.25, DYNAMICS, shocks)[:, 1:] > base[:, 1:])
    assert np.all(price_paths(2.0, 0.9 * flat, np.zeros(8), 0.25, DYNAMICS, shocks)[:, 1:] < base[:, 1:])


def simulated(rng: np.random.Generator, names: int, points: int, *, gaps: bool = False) -> list[PriceHistory]:
    """Histories with κ = 1.3, σ = 0.3, γ = 4, δ = 0.35 at uneven times."""
    found = []
    for name in range(names):
        years = np.cumsum(rng.uniform(0.05, 0.2, points))
        gap = rng.uniform(-0.1, 0.1, points - 1) if gaps else np.zeros(points - 1)
        log_price = np.empty(points)
        log_price[0] = name + 0.5
        for k, step in enumerate(np.diff(years)):
            mean = step_mean(log_price[k], name - 0.35 * years[k], 0.35, gap[k], step, DYNAMICS)
            log_price[k + 1] = mean + step_spread(DYNAMICS, step) * rng.standard_normal()
        found.append(
            PriceHistory(name=str(name), years=years, log_price=log_price, utilisation_gap=gap if gaps else None)
        )
    return found


def test_the_fit_finds_the_constants_it_was_simulated_with() -> None:
    fit = fit_price_paths(simulated(np.random.default_rng(11), 4, 250, gaps=True))
    assert fit is not None
    assert fit.scarcity_per_year is not None
    assert fit.scarcity_error is not None
    for found, true, error in (
        (fit.reversion_per_year, 1.3, fit.reversion_error),
        (fit.volatility_per_sqrt_year, 0.3, fit.volatility_error),
        (fit.decline_per_year, 0.35, fit.decline_error),
        (fit.scarcity_per_year, 4.0, fit.scarcity_error),
    ):
        assert abs(found - true) < 3.5 * error
        assert error < 0.3 * true
    assert not fit.at_bound


def test_standard_errors_are_those_of_repeated_fits() -> None:
    """Of 24 simulated panels, most lie within two standard errors of the truth."""
    inside = 0
    for seed in range(24):
        fit = fit_price_paths(simulated(np.random.default_rng(seed), 3, 120))
        assert fit is not None
        assert fit.scarcity_per_year is None
        inside += abs(fit.decline_per_year - 0.35) < 2.0 * fit.decline_error
    assert inside >= 20


def test_too_few_steps_are_no_fit() -> None:
    assert fit_price_paths([]) is None
    assert fit_price_paths(simulated(np.random.default_rng(0), 2, 3)) is None
