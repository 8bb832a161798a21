"""Constants of price paths by maximum likelihood, from many short histories with their own levels.

A history is ln p at times t_k, as far apart as they happen to be. Each has its own cost at t = 0, a_i; the rate at
which costs fall, δ, the pull κ, the push γ and the spread σ are shared. By the exact step of ``price_paths``, given κ,

    y = x_{k+1} − e^(−κh) x_k = κA·a_i − (κA·t_k + h − A)·δ + A g_k·γ + σ √V(h)·ε,    A = (1 − e^(−κh))/κ

is a linear regression with weights 1/V, V = (1 − e^(−2κh))/2κ, so the likelihood is searched over κ alone. Standard
errors are from the curvature of the full log-likelihood (observed information). Levels fitted to short histories make
κ look larger than it is (Nickell 1981, doi:10.2307/1911408): by roughly (1 + 2·levels/steps)/span, and more when
prices were written down with noise. Needs two steps more than there are unknowns.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tenfold.economics.price_paths import PriceDynamics, pull_years
from tenfold.quantities import Floats

SLOWEST_PER_YEAR, FASTEST_PER_YEAR = 0.01, 50.0
"""Range searched for κ: a gap that takes a century to close, or a week."""
GRID = 120
SPARE_STEPS = 2
LOG_STEP = 1e-3
"""Step of ln κ for derivatives."""
STILL = 1e-9
"""σ below which prices did not move at all, so that nothing can be told of how they do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceHistory:
    """One history: ln p of one chip under one term."""

    name: str
    years: Floats
    """Times, rising, from any origin that all histories of a fit share."""
    log_price: Floats
    """Natural logarithm of USD per chip-hour."""
    utilisation_gap: Floats | None = None
    """u − u* in force from each time to the next, of the length of ``years`` less one; None when not known."""

    @property
    def steps(self) -> int:
        """How many steps the history has."""
        return len(self.years) - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceFit:
    """Fitted constants with their standard errors. Errors are infinite where the histories do not tell."""

    reversion_per_year: float
    reversion_error: float
    volatility_per_sqrt_year: float
    volatility_error: float
    decline_per_year: float
    """δ: how fast ln c falls."""
    decline_error: float
    scarcity_per_year: float | None
    """γ; None when no history has a utilisation."""
    scarcity_error: float | None
    log_costs: tuple[float, ...]
    """a_i: ln c at time 0, of each history."""
    log_cost_errors: tuple[float, ...]
    log_likelihood: float
    steps: int
    at_bound: bool
    """True when κ lies at an end of the range searched: the histories do not tell it from there on."""

    @property
    def dynamics(self) -> PriceDynamics:
        """The constants as price paths take them."""
        return PriceDynamics(
            reversion_per_year=self.reversion_per_year,
            volatility_per_sqrt_year=self.volatility_per_sqrt_year,
            scarcity_per_year=self.scarcity_per_year or 0.0,
        )


@dataclass(frozen=True, slots=True)
class _Steps:
    """All steps of all histories as columns."""

    start: Floats
    before: Floats
    after: Floats
    step: Floats
    gap: Floats
    level: Floats
    """1 where the step is of the history, shape (steps, histories)."""
    pushed: bool

    def regression(self, kappa: float) -> tuple[Floats, Floats, Floats]:
        """Weighted regressors, weighted outcomes, and √V of the steps."""
        acting = pull_years(kappa, self.step)
        root = np.sqrt(pull_years(2.0 * kappa, self.step))
        slope = -(kappa * acting * self.start + self.step - acting)
        columns = [self.level * (kappa * acting)[:, None], slope[:, None]]
        if self.pushed:
            columns.append((acting * self.gap)[:, None])
        outcome = self.after - np.exp(-kappa * self.step) * self.before
        return np.hstack(columns) / root[:, None], outcome / root, root


def fit_price_paths(histories: Sequence[PriceHistory]) -> PriceFit | None:
    """Fit the constants to histories; None when they hold too few steps to tell them, or prices that never moved."""
    steps = _steps([history for history in histories if history.steps > 0])
    if steps is None or len(steps.step) < steps.level.shape[1] + 3 + steps.pushed + SPARE_STEPS:
        return None
    kappa = _best_reversion(steps)
    columns, outcome, _ = steps.regression(kappa)
    slopes = _best_slopes(columns, outcome)
    sigma = float(np.sqrt(np.mean((outcome - columns @ slopes) ** 2)))
    if sigma < STILL:
        return None
    errors = _errors(steps, kappa, sigma, slopes)
    return _fit(steps, kappa, sigma, slopes, errors)


def _fit(steps: _Steps, kappa: float, sigma: float, slopes: Floats, errors: Floats) -> PriceFit:
    count = steps.level.shape[1]
    of_slopes = errors[2:]
    return PriceFit(
        reversion_per_year=kappa,
        reversion_error=kappa * float(errors[0]),
        volatility_per_sqrt_year=sigma,
        volatility_error=sigma * float(errors[1]),
        decline_per_year=float(slopes[count]),
        decline_error=float(of_slopes[count]),
        scarcity_per_year=float(slopes[count + 1]) if steps.pushed else None,
        scarcity_error=float(of_slopes[count + 1]) if steps.pushed else None,
        log_costs=tuple(slopes[:count].tolist()),
        log_cost_errors=tuple(of_slopes[:count].tolist()),
        log_likelihood=_log_likelihood(steps, kappa, sigma, slopes),
        steps=len(steps.step),
        at_bound=not 1.01 * SLOWEST_PER_YEAR < kappa < 0.99 * FASTEST_PER_YEAR,
    )


def _steps(histories: Sequence[PriceHistory]) -> _Steps | None:
    if not histories:
        return None
    gaps = [np.zeros(h.steps) if h.utilisation_gap is None else h.utilisation_gap for h in histories]
    place = np.repeat(np.arange(len(histories)), [history.steps for history in histories])
    return _Steps(
        start=np.concatenate([history.years[:-1] for history in histories]),
        before=np.concatenate([history.log_price[:-1] for history in histories]),
        after=np.concatenate([history.log_price[1:] for history in histories]),
        step=np.concatenate([np.diff(history.years) for history in histories]),
        gap=np.concatenate(gaps),
        level=np.eye(len(histories))[place],
        pushed=any(bool(np.any(gap != 0.0)) for gap in gaps),
    )


def _best_reversion(steps: _Steps) -> float:
    """κ of the largest likelihood: the best of a grid, then between its neighbours."""
    from scipy.optimize import minimize_scalar

    grid = np.geomspace(SLOWEST_PER_YEAR, FASTEST_PER_YEAR, GRID)
    best = int(np.argmax([_profile(steps, float(kappa)) for kappa in grid]))
    ends = np.log(grid[[max(best - 1, 0), min(best + 1, GRID - 1)]])
    found = minimize_scalar(lambda log: -_profile(steps, float(np.exp(log))), bounds=tuple(ends), method="bounded")
    return float(np.exp(found.x))


def _profile(steps: _Steps, kappa: float) -> float:
    """Log-likelihood at κ with everything else at its best."""
    columns, outcome, root = steps.regression(kappa)
    slopes = _best_slopes(columns, outcome)
    variance = max(float(np.mean((outcome - columns @ slopes) ** 2)), np.finfo(np.float64).tiny)
    return float(-0.5 * len(outcome) * (np.log(2.0 * np.pi * variance) + 1.0) - np.sum(np.log(root)))


def _log_likelihood(steps: _Steps, kappa: float, sigma: float, slopes: Floats) -> float:
    columns, outcome, root = steps.regression(kappa)
    scaled = (outcome - columns @ slopes) / sigma
    return float(-0.5 * np.sum(scaled**2 + np.log(2.0 * np.pi)) - np.sum(np.log(sigma * root)))


def _errors(steps: _Steps, kappa: float, sigma: float, slopes: Floats) -> Floats:
    """Standard errors of ln κ, ln σ and the slopes: from the inverse of the observed information.

    At the best slopes and σ the information of ln σ is 2n and that of the slopes XᵀX/σ², without a cross term; the row
    of ln κ is taken by central differences.
    """
    columns, outcome, _ = steps.regression(kappa)
    near = [kappa * np.exp(sign * LOG_STEP) for sign in (1.0, -1.0)]
    levels = [_log_likelihood(steps, at, sigma, slopes) for at in (near[0], kappa, near[1])]
    gradients = [_gradient(steps, at, sigma, slopes) for at in near]
    information = np.zeros((len(slopes) + 2, len(slopes) + 2))
    information[0, 0] = -(levels[0] - 2.0 * levels[1] + levels[2]) / LOG_STEP**2
    information[0, 1:] = information[1:, 0] = -(gradients[0] - gradients[1]) / (2.0 * LOG_STEP)
    information[1, 1] = 2.0 * len(outcome)
    information[2:, 2:] = columns.T @ columns / sigma**2
    variances = np.diag(np.linalg.pinv(information))
    return np.where(variances > 0.0, np.sqrt(np.maximum(variances, 0.0)), np.inf)


def _gradient(steps: _Steps, kappa: float, sigma: float, slopes: Floats) -> Floats:
    """Slope of the log-likelihood in ln σ and in the slopes."""
    columns, outcome, _ = steps.regression(kappa)
    left = (outcome - columns @ slopes) / sigma
    return np.concatenate([[np.sum(left**2) - len(left)], columns.T @ left / sigma])


def _best_slopes(columns: Floats, outcome: Floats) -> Floats:
    """Least squares by the normal equations of columns scaled to one length, which are few."""
    lengths = np.maximum(np.linalg.norm(columns, axis=0), np.finfo(np.float64).tiny)
    scaled = columns / lengths
    return np.asarray(np.linalg.lstsq(scaled.T @ scaled, scaled.T @ outcome, rcond=None)[0] / lengths)
