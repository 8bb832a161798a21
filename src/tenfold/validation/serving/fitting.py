"""Fit the factors of the serving model to measured runs, and judge the fit on runs it has not seen.

Minimises Σ 4·ln(1 + (w·r/σ)²/4) + |x|² with r = ln(predicted/measured) and x in prior standard deviations: Cauchy
errors, so that rows the model cannot describe pull little, by iteratively reweighted Gauss–Newton steps (Björck 1996,
section 4.5). The slope of a row for a factor is its slope for the constant the factor multiplies, so one evaluation per
constant gives the slopes of every factor. Requests are simulated once a round; between two simulations their ratio to
the closed form is held.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy import sparse

from tenfold.performance.serving import NAMES, Constants, constant_columns
from tenfold.quantities import Figure, Flags, Floats, Indices
from tenfold.validation.folds import Fold, folds
from tenfold.validation.serving.effects import Effect, effects_of, factors_at, incidence, own_effects
from tenfold.validation.serving.predict import CaseTable, predicted
from tenfold.validation.serving.requests import simulated
from tenfold.validation.serving.table import Case

STEP = 0.02
"""Change of a logarithm by which slopes are taken."""
FULL_WEIGHT_ROWS = 12
"""Rows of one source, model, chip, engine and group that count fully; more of them share that weight."""
LONGEST_STEP = 1.0
SMALLEST_STEP = 0.05
ROUNDS = 4
FIRST_ITERATIONS = 8
ITERATIONS = 4
FARTHEST = 3.0
"""Logarithm beyond which a row says nothing of a constant."""
SCALES: Mapping[str, float] = {
    "tpot_agg": 0.08,
    "tpot_disagg": 0.12,
    "open_tpot": 0.06,
    "open_e2e": 0.06,
    "open_ttft": 0.15,
    "ttft_unsaturated": 0.25,
    "throughput_offline": 0.12,
    "throughput_slo": 0.12,
    "throughput_closed": 0.15,
    "throughput_open": 0.3,
    "batch_static": 0.12,
    "tpot_burst": 0.4,
    "throughput_burst": 0.4,
    "ttft_saturated": 0.8,
    "slo_tpot": 0.8,
    "slo_ttft": 2.0,
    "overload_tpot": 0.8,
    "overload_ttft": 2.0,
    "overload_e2e": 2.0,
}
"""Scale of ln(predicted/measured) of a row that the model describes, by group of scores."""
OTHER_SCALE = 0.4


@dataclass(frozen=True, slots=True, kw_only=True)
class Fitted:
    """Where a fit ended."""

    x: Floats
    covariance: Floats
    slopes: Floats
    """d ln(predicted) / d ln(constant), (rows, constants)."""
    log_ratio: Floats
    """ln(simulated ÷ closed form), (rows,)."""


class FitProblem:
    """Rows, factors and weights of a fit.

    ``own`` is for one benchmark of one's own: it moves the pace of its engine on its chips alone, and is believed
    whatever it says.
    """

    def __init__(self, table: CaseTable, priors: Mapping[str, Figure], *, own: bool = False) -> None:
        self.table, self.own = table, own
        self.labels = [case.setting.labels for case in table.cases]
        self.effects: tuple[Effect, ...] = (own_effects if own else effects_of)(priors, self.labels)
        self.before = {key: figure.value for key, figure in priors.items()} if own else {}
        self.incidence = sparse.csr_array(incidence(self.effects, self.labels))
        self.constant_of = np.array([NAMES.index(effect.name) for effect in self.effects], dtype=np.intp)
        self.weights = row_weights(table.cases)

    def constants(self, x: Floats) -> Constants:
        """Constants of every row at ``x``."""
        return constant_columns({**self.before, **factors_at(x, self.effects)}, self.labels)

    def residuals(self, constants: Constants, log_ratio: Floats) -> Floats:
        """ln(predicted ÷ measured) of every row; 0 where the model gives no number."""
        with np.errstate(all="ignore"):
            found = np.log(predicted(self.table, constants) / self.table.measured) + log_ratio
        return np.where(np.isfinite(found), np.clip(found, -FARTHEST, FARTHEST), 0.0)

    def slopes(self, constants: Constants, log_ratio: Floats) -> Floats:
        """Forward differences by every constant, (rows, constants)."""
        base = self.residuals(constants, log_ratio)
        moved = (replace(constants, **{name: getattr(constants, name) * np.exp(STEP)}) for name in NAMES)
        return np.stack([(self.residuals(each, log_ratio) - base) / STEP for each in moved], axis=1)

    def log_ratio(self, x: Floats) -> Floats:
        """ln(simulated ÷ closed form) of every row at ``x``; 0 where either gives no number."""
        constants = self.constants(x)
        with np.errstate(all="ignore"):
            found = np.log(simulated(self.table, constants) / predicted(self.table, constants))
        return np.where(np.isfinite(found), np.clip(found, -FARTHEST, FARTHEST), 0.0)

    def fit(
        self, kept: Flags, x: Floats, log_ratio: Floats, *, iterations: int, slopes: Floats | None = None
    ) -> Fitted:
        """Fit to the rows ``kept`` from ``x``; ``slopes`` are held where they are given (cheap refits nearby)."""
        held, hessian = slopes, np.eye(len(x))
        for _ in range(iterations):
            constants = self.constants(x)
            found = self.residuals(constants, log_ratio)
            held = self.slopes(constants, log_ratio) if slopes is None else slopes
            step, hessian = self._step(kept, x, found, held)
            longest = float(np.abs(step).max(initial=0.0))
            x = x + step * min(1.0, LONGEST_STEP / max(longest, 1e-12))
            if longest < SMALLEST_STEP:
                break
        assert held is not None
        covariance = np.asarray(np.linalg.inv(hessian))
        return Fitted(x=x, covariance=covariance, slopes=held, log_ratio=log_ratio)

    def _step(self, kept: Flags, x: Floats, residual: Floats, slopes: Floats) -> tuple[Floats, Floats]:
        weights = self.weights * kept
        rows = weights > 0
        scaled = (residual * weights)[rows]
        robust = weights[rows] / (1.0 if self.own else np.sqrt(1.0 + scaled**2 / 4.0))
        named = sparse.csr_array(self.incidence[np.flatnonzero(rows)])
        by_effect = sparse.csr_array(named.multiply(slopes[rows][:, self.constant_of] * robust[:, None]))
        hessian = (by_effect.T @ by_effect).toarray() + np.eye(len(x))
        step = np.linalg.solve(hessian, -(by_effect.T @ (robust * residual[rows])) - x)
        return np.asarray(step), hessian

    def fit_all(self, kept: Flags) -> Fitted:
        """Fit to the rows ``kept``, simulating again between rounds."""
        x, ratio = np.zeros(len(self.effects)), np.zeros(len(self.table.cases))
        found = self.fit(kept, x, ratio, iterations=FIRST_ITERATIONS)
        for _ in range(ROUNDS - 1):
            found = self.fit(kept, found.x, self.log_ratio(found.x), iterations=ITERATIONS)
        return replace(found, log_ratio=self.log_ratio(found.x))


def row_weights(cases: Sequence[Case]) -> Floats:
    """Weight of each row's residual over its scale; tails of a distribution (P90, P99) are not fitted."""
    keys = [(case.run.source_title, case.model, case.chip, case.engine.key, case.meaning.group) for case in cases]
    counts = Counter(keys)
    return np.array(
        [
            min(1.0, FULL_WEIGHT_ROWS / counts[key]) ** 0.5
            / _scale(case)
            * float(case.meaning.statistic in ("mean", "p50"))
            for key, case in zip(keys, cases, strict=True)
        ]
    )


def _scale(case: Case) -> float:
    """A burst's first tokens are a queue's, whatever their size."""
    if case.meaning.load == "burst" and case.meaning.quantity == "ttft":
        return SCALES["ttft_saturated"]
    return SCALES.get(case.meaning.group, OTHER_SCALE)


def serving_folds(cases: Sequence[Case]) -> Iterator[Fold]:
    """Whole sources left out where another covers the chip's family, whole models otherwise."""
    return folds(
        [case.run.source_title for case in cases],
        [case.setting.labels.family for case in cases],
        [case.model for case in cases],
    )


def held_out(
    problem: FitProblem, fitted: Fitted, plan: Sequence[Fold], progress: Callable[[float], None] | None = None
) -> Floats:
    """Prediction of every row by a fit that had not seen its fold, (rows,)."""
    found = np.full(len(problem.table.cases), np.nan)
    for number, fold in enumerate(plan, start=1):
        judged: Indices = np.flatnonzero(fold.judged)
        at = problem.fit(fold.fitted, fitted.x, fitted.log_ratio, iterations=2 * ITERATIONS, slopes=fitted.slopes)
        rows = problem.table.rows(judged)
        constants = constant_columns(factors_at(at.x, problem.effects), [problem.labels[row] for row in judged])
        found[judged] = simulated(rows, constants)
        if progress is not None:
            progress(number / len(plan))
    return found
