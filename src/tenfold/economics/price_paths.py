"""Paths of a rental price: pulled to the marginal owner's cost, pushed by scarcity, shaken.

    d ln p = κ (ln c − ln p) dt + γ (u − u*) dt + σ dW

p price, c marginal owner's cost, u utilisation of the market, u* the utilisation at which nobody is short. κ how fast a
gap closes, γ how hard scarcity pushes, σ how much is chance; per year, all three. An Ornstein–Uhlenbeck process in ln
p, after Schwartz 1997, "The stochastic behavior of commodity prices", J. Finance 52(3), doi:10.2307/2329512, model 1,
with a level that moves and a drift for scarcity. Over a step of h years in which ln c falls by δ a year and the gap g =
u − u* stays, it is solved exactly, with A = (1 − e^(−κh))/κ:

    mean    ln p + κA (ln c − ln p) − δ (h − A) + γ g A
    spread  σ √((1 − e^(−2κh)) / 2κ)

so a step of any length is one draw. κ = 0 is a random walk with drift γ g. Prices are nominal US dollars per chip-hour;
the model holds for one chip whose owners can enter and leave; it knows no jumps and no ceiling.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tenfold.quantities import Column, Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceDynamics:
    """Constants of the process; every field a number or a column."""

    reversion_per_year: Column
    """κ; 0 for a random walk."""
    volatility_per_sqrt_year: Column
    """σ."""
    scarcity_per_year: Column = 0.0
    """γ: yearly change of ln p for each unit of utilisation above the norm."""


def pull_years(reversion_per_year: Column, step_years: Column) -> Floats:
    """A = (1 − e^(−κh))/κ, years: how long a constant push acts before it is forgotten; h at κ = 0. Broadcasts."""
    kappa, step = _floats(reversion_per_year), _floats(step_years)
    safe = np.where(kappa == 0.0, 1.0, kappa)
    return np.where(kappa == 0.0, step, -np.expm1(-kappa * step) / safe)


def step_spread(dynamics: PriceDynamics, step_years: Column) -> Floats:
    """Standard deviation of ln p after a step, σ √((1 − e^(−2κh))/2κ). Broadcasts; raises nothing."""
    doubled = 2.0 * _floats(dynamics.reversion_per_year)
    return _floats(dynamics.volatility_per_sqrt_year) * np.sqrt(pull_years(doubled, step_years))


def step_mean(
    log_price: Column,
    log_cost: Column,
    cost_decline_per_year: Column,
    utilisation_gap: Column,
    step_years: Column,
    dynamics: PriceDynamics,
) -> Floats:
    """Mean of ln p after a step, by the formula above; ``log_cost`` is at its start. Broadcasts; raises nothing."""
    acting = pull_years(dynamics.reversion_per_year, step_years)
    closed = _floats(dynamics.reversion_per_year) * acting * (_floats(log_cost) - log_price)
    lag = _floats(cost_decline_per_year) * (_floats(step_years) - acting)
    pushed = _floats(dynamics.scarcity_per_year) * utilisation_gap * acting
    return _floats(log_price) + closed - lag + pushed


def price_paths(
    start_usd_per_chip_hour: Column,
    cost_usd_per_chip_hour: Floats,
    utilisation_gap: Floats,
    step_years: float,
    dynamics: PriceDynamics,
    shocks: Floats,
) -> Floats:
    """Prices at the ends of steps of equal length, shape (draws, steps + 1), the start first, USD per chip-hour.

    ``cost_usd_per_chip_hour`` has shape (…, steps + 1), between whose points ln c is a straight line;
    ``utilisation_gap`` (…, steps); ``shocks`` standard normal draws (draws, steps). The start and the constants are
    numbers or columns (draws,). Raises nothing.
    """
    draws, steps = shocks.shape
    log_cost = np.log(cost_usd_per_chip_hour)
    decline = -np.diff(log_cost, axis=-1) / step_years
    spread = np.broadcast_to(step_spread(dynamics, step_years), (draws,))
    logs = np.empty((draws, steps + 1))
    logs[:, 0] = np.log(start_usd_per_chip_hour)
    for step in range(steps):
        inputs = (log_cost[..., step], decline[..., step], utilisation_gap[..., step])
        logs[:, step + 1] = step_mean(logs[:, step], *inputs, step_years, dynamics) + spread * shocks[:, step]
    return np.exp(logs)


def _floats(column: Column) -> Floats:
    return np.asarray(column, dtype=np.float64)
