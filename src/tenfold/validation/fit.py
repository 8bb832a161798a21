"""Fitting constants to measured runs: maximum a posteriori under robust residuals.

Minimises Σ ρ(wᵢ·ln(predictedᵢ/measuredᵢ)/σ) + |x|² with the pseudo-Huber loss ρ(z) = 2·4(√(1 + z²/4) − 1) and x in
prior standard deviations, by iteratively reweighted Gauss–Newton steps (Björck 1996, section 4.5).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from tenfold.quantities import Floats

RESIDUAL_SD = 0.07
"""Scale of ln(predicted/measured) of a run that the model describes."""
DERIVATIVE_STEP = 0.02
LONGEST_STEP = 1.0
"""Prior standard deviations a constant may move in one iteration."""
SMALLEST_STEP = 0.02


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """Where the fit ended."""

    x: Floats
    covariance: Floats
    """Posterior covariance of ``x`` at the optimum."""
    iterations: int


Residuals = Callable[[Floats], Floats]


def jacobian(residuals: Residuals, x: Floats) -> Floats:
    """Forward differences, shape (rows, constants)."""
    base = residuals(x)
    columns = []
    for index in range(len(x)):
        moved = x.copy()
        moved[index] += DERIVATIVE_STEP
        columns.append((residuals(moved) - base) / DERIVATIVE_STEP)
    return np.stack(columns, axis=1)


def fit(
    residuals: Residuals,
    weights: Floats,
    start: Floats,
    *,
    derivatives: Residuals | None = None,
    most_iterations: int = 8,
) -> Fit:
    """Fit from ``start``; rows of weight 0 are not seen.

    ``derivatives`` gives the Jacobian at a point, such as one that stays fixed (cheap refits nearby); forward
    differences without it.
    """
    x = start
    hessian = np.eye(len(x))
    iteration = 0
    while iteration < most_iterations:
        iteration += 1
        slopes = jacobian(residuals, x) if derivatives is None else derivatives(x)
        scaled = residuals(x) * weights / RESIDUAL_SD
        robust = weights / RESIDUAL_SD / (1.0 + scaled**2 / 4.0) ** 0.25
        weighted = slopes * robust[:, None]
        hessian = weighted.T @ weighted + np.eye(len(x))
        step = np.linalg.solve(hessian, -weighted.T @ (robust * residuals(x)) - x)
        longest = float(np.abs(step).max(initial=0.0))
        x = x + step * min(1.0, LONGEST_STEP / max(longest, 1e-12))
        if longest < SMALLEST_STEP:
            break
    return Fit(x=x, covariance=np.asarray(np.linalg.inv(hessian), dtype=np.float64), iterations=iteration)
