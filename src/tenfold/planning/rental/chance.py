"""What chance does quarter by quarter: market prices, floating rates, customers that stop paying.

    market   p = path·e^x,  x_{q+1} = e^(−κh)·x_q + σ·√((1 − e^(−2κh))/2κ)·ε_q,  x = 0 when a fleet enters service
    rates    r_q = max(r + change·t + σ_r·W_t, 0)
    default  at a time T = −ln(1 − u)/λ after a contract starts

κ and σ are fitted to the price history unless the question states σ; the path is the question's. Shocks of fleets are
correlated, ε = √ρ·(one of the market) + √(1 − ρ)·(its own), as are the price and the utilisation that fleets start at.
With every input at its P50 nothing of this happens but what is more likely than not.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from tenfold.economics import PriceDynamics, pull_years, step_spread
from tenfold.planning.rental.case import CORRELATION, MOVES, REVERSION, RentalCase, placed
from tenfold.planning.rental.dates import quarter_of
from tenfold.quantities import QUARTERS_PER_YEAR, Floats, standard_normal_ppf

STEP_YEARS = 1.0 / QUARTERS_PER_YEAR
TOGETHER = (".market.price", ".market.utilisation")
"""Inputs that are high and low together."""


def at_chance(case: RentalCase, values: Mapping[str, Floats]) -> list[str]:
    """Keys of fleets, loans and contracts that something is left to chance of."""
    moved = [(place, f"{place}.market.volatility") for place, _ in case.fleets]
    moved += [(place, f"{place}.rate_volatility") for place, _ in placed("loans", case.question.loans)]
    moved += [(place, f"{place}.default_per_year") for place, _ in placed("contracts", case.question.contracts)]
    return [place for place, key in moved if key in values and np.any(values[key] > 0.0)]


def chance(case: RentalCase, values: Mapping[str, Floats], shape: tuple[int, int], seed: int) -> dict[str, Floats]:
    """Draw what chance does to draws of the inputs; by key, ``shape`` (draw, quarter); of a default (draw, 1)."""
    rng = np.random.default_rng((seed, 3))
    common = rng.standard_normal(shape)
    out = {}
    for place in at_chance(case, values):
        if place.startswith("contracts"):
            out[place + MOVES] = rng.uniform(size=(shape[0], 1))
        else:
            out[place + MOVES] = _walk(case, place, values, common, rng.standard_normal(shape))
    return out


def _walk(case: RentalCase, place: str, values: Mapping[str, Floats], common: Floats, own: Floats) -> Floats:
    if place.startswith("loans"):
        walk = np.cumsum(own, axis=-1) * np.sqrt(STEP_YEARS) * values[f"{place}.rate_volatility"]
        return np.asarray(np.hstack([np.zeros((len(walk), 1)), walk[:, :-1]]))
    fleet = dict(case.fleets)[place]
    shared = values[CORRELATION]
    shocks = np.sqrt(shared) * common + np.sqrt(1.0 - shared) * own
    dynamics = PriceDynamics(
        reversion_per_year=values[REVERSION], volatility_per_sqrt_year=values[f"{place}.market.volatility"]
    )
    return deviations(dynamics, shocks, quarter_of(fleet.first_quarter) - case.first_quarter)


def deviations(dynamics: PriceDynamics, shocks: Floats, first: int) -> Floats:
    """X of the formula above by quarter, shape of ``shocks`` (draw, quarter); 0 up to the quarter ``first``."""
    kept = 1.0 - np.asarray(dynamics.reversion_per_year) * pull_years(dynamics.reversion_per_year, STEP_YEARS)
    spread = step_spread(dynamics, STEP_YEARS)
    found = np.zeros(shocks.shape)
    for quarter in range(first + 1, shocks.shape[-1]):
        before = found[:, quarter - 1 : quarter]
        found[:, quarter : quarter + 1] = kept * before + spread * shocks[:, quarter : quarter + 1]
    return found


def tied(ranks: Floats, common: Floats, correlation: float) -> Floats:
    """Uniforms of the same values in another order, so that their ranks follow ``common`` by a normal copula.

    All of shape (draw,); the values themselves stay, so every input keeps its distribution. Source: Iman and Conover
    1982, doi:10.1080/03610918208812265.
    """
    score = np.sqrt(correlation) * standard_normal_ppf(common)
    score = score + np.sqrt(1.0 - correlation) * standard_normal_ppf(ranks)
    out = np.empty_like(ranks)
    out[np.argsort(score, kind="stable")] = np.sort(ranks)
    return out
