"""Fit the factors of the serving model to measured runs, and judge the fit on runs it has not seen.

Minimises rᵀC⁻¹r + |x|² with r = ln(predicted/measured), x in prior standard deviations, and errors C that rows of a
source share (``witnesses``), by Gauss–Newton steps (Björck 1996, section 4.5). Rows the model cannot describe pull
little: each weighs 1/√(1 + (r/σ)²/12), as for Cauchy errors of three parts, and is weighed anew in every step. The
slope of a row for a factor is its slope for the constant the factor multiplies, so one evaluation per constant gives
the slopes of every factor. Requests are simulated between rounds; their ratio to the closed form is held until then.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from tenfold.performance.serving import NAMES, Constants, Labels, constant_columns
from tenfold.quantities import Figure, Flags, Floats
from tenfold.validation.folds import Fold, folds
from tenfold.validation.serving.effects import Effect, effects_of, factors_at, incidence, own_effects
from tenfold.validation.serving.predict import CaseTable, predicted
from tenfold.validation.serving.requests import simulated
from tenfold.validation.serving.table import Case
from tenfold.validation.serving.witnesses import PARTS, Alike, shared, witnesses_of

AT_ONCE = 13
"""Constants whose slopes are taken in one pass over columns that many times as long."""
STEP = 0.02
"""Change of a logarithm by which slopes are taken."""
FITTED = ("mean", "p50")
"""Statistics that are fitted; tails of a distribution (P90, P99) are not."""
LONGEST_STEP = 1.0
SMALLEST_STEP = 0.05
ROUNDS = 4
STEPS = 3
"""Steps of a round, on the same slopes."""
SIMULATED_AFTER = (1, 2)
"""Rounds after which requests are simulated again."""
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
    log_ratio: Floats
    """ln(simulated ÷ closed form) of every row, as last simulated."""
    slopes: Floats
    """By every constant, as last taken; (rows, constants)."""


class FitProblem:
    """Rows, factors and weights of a fit.

    ``own`` is for one benchmark of one's own: it moves the pace of its engine on its chips alone, and is believed
    whatever it says.
    """

    def __init__(self, table: CaseTable, priors: Mapping[str, Figure], *, own: bool = False) -> None:
        self.table, self.own = table, own
        self.named = [case.setting.labels for case in table.cases]
        self.labels = self.named if own else [replace(each, combination="") for each in self.named]
        self.effects: tuple[Effect, ...] = (own_effects if own else effects_of)(priors, self.labels)
        self.before = {key: figure.value for key, figure in priors.items()} if own else {}
        self.alike = tuple(_alike(self.effects, self.labels))
        self.repeated = table.repeated(AT_ONCE)
        self.scales = np.array([scale_of(case) for case in table.cases])
        self.weights = np.array([float(case.meaning.statistic in FITTED) for case in table.cases]) / self.scales
        self.witnesses = () if own else tuple(witnesses_of(table.cases, self.weights > 0.0, self.alike))

    def constants(self, x: Floats) -> Constants:
        """Constants of every row at ``x``."""
        return constant_columns({**self.before, **factors_at(x, self.effects)}, self.labels)

    def residuals(self, constants: Constants, log_ratio: Floats) -> Floats:
        """ln(predicted ÷ measured) of every row; 0 where the model gives no number."""
        return _residuals(self.table, constants, log_ratio)

    def slopes(self, constants: Constants, log_ratio: Floats) -> Floats:
        """Forward differences by every constant, (rows, constants)."""
        return slopes_of(self.table, self.repeated, constants, log_ratio, NAMES)

    def log_ratio(self, x: Floats) -> Floats:
        """ln(simulated ÷ closed form) of every row at ``x``; 0 where either gives no number."""
        constants = self.constants(x)
        with np.errstate(all="ignore"):
            found = np.log(simulated(self.table, constants) / predicted(self.table, constants))
        return np.where(np.isfinite(found), np.clip(found, -FARTHEST, FARTHEST), 0.0)

    def fit(self, kept: Flags) -> Fitted:
        """Fit to the rows ``kept``, from the priors on and with nothing that other rows have taught.

        Slopes are taken anew each round, requests simulated again after the rounds of ``SIMULATED_AFTER``.
        """
        x, ratio = np.zeros(len(self.effects)), np.zeros(len(self.table.cases))
        hessian, slopes = np.eye(len(x)), self.first_slopes
        for number in range(ROUNDS):
            slopes = self.slopes(self.constants(x), ratio) if number else slopes
            x, hessian = self._stepped(kept, x, ratio, slopes)
            if number in SIMULATED_AFTER:
                ratio = self.log_ratio(x)
        return Fitted(x=x, covariance=np.asarray(np.linalg.inv(hessian)), log_ratio=ratio, slopes=slopes)

    @cached_property
    def first_slopes(self) -> Floats:
        """Slopes at the priors, which no row has moved: the same for every fit."""
        return self.slopes(self.constants(np.zeros(len(self.effects))), np.zeros(len(self.table.cases)))

    def _stepped(self, kept: Flags, x: Floats, log_ratio: Floats, slopes: Floats) -> tuple[Floats, Floats]:
        """``STEPS`` of Gauss and Newton on the same slopes, and the curvature at the last of them."""
        hessian = np.eye(len(x))
        for _ in range(STEPS):
            step, hessian = self.step(kept, x, self.residuals(self.constants(x), log_ratio), slopes)
            longest = float(np.abs(step).max(initial=0.0))
            x = x + step * min(1.0, LONGEST_STEP / max(longest, 1e-12))
            if longest < SMALLEST_STEP:
                break
        return x, hessian

    def step(self, kept: Flags, x: Floats, residual: Floats, slopes: Floats) -> tuple[Floats, Floats]:
        """One step from ``x`` and the curvature there, (JᵀC⁻¹J + 1)·step = −(JᵀC⁻¹r + x)."""
        weights = self.weights * kept
        robust = weights if self.own else robust_weights(residual, weights)
        hessian, downhill = np.eye(len(x)), -x
        for each in self.alike:
            here, sd = slopes[each.rows] * robust[each.rows, None], each.sd
            by_constant, down = here.T @ here, here.T @ (robust * residual)[each.rows]
            hessian[np.ix_(each.effects, each.effects)] += by_constant[np.ix_(each.constants, each.constants)] * (
                np.outer(sd, sd)
            )
            downhill[each.effects] -= sd * down[each.constants]
        by_effect, seen = shared(self.witnesses, slopes, robust * residual, robust, self.scales, len(x))
        hessian -= by_effect.T @ by_effect
        downhill += by_effect.T @ seen
        return np.asarray(np.linalg.solve(hessian, downhill)), hessian


def robust_weights(residual: Floats, weights: Floats) -> Floats:
    """Weights of rows by how far they are off: w/√(1 + (r·w)²/12), 0 where they weigh nothing."""
    found: Floats = weights / np.sqrt(1.0 + (residual * weights) ** 2 / (4.0 * PARTS))
    return found


def slopes_of(
    table: CaseTable, repeated: CaseTable, constants: Constants, log_ratio: Floats, names: Sequence[str]
) -> Floats:
    """Forward differences of ln(predicted ÷ measured) by the constants named, (rows, names).

    ``repeated`` is the table ``AT_ONCE`` times below itself.
    """
    base = _residuals(table, constants, log_ratio)
    found = np.empty((len(base), len(names)))
    for first in range(0, len(names), AT_ONCE):
        here = names[first : first + AT_ONCE]
        moved = _moved_in_turn(constants, here, AT_ONCE)
        at = _residuals(repeated, moved, np.tile(log_ratio, AT_ONCE)).reshape(AT_ONCE, -1)[: len(here)]
        found[:, first : first + len(here)] = ((at - base) / STEP).T
    return found


def _residuals(table: CaseTable, constants: Constants, log_ratio: Floats) -> Floats:
    with np.errstate(all="ignore"):
        found = np.log(predicted(table, constants) / table.measured) + log_ratio
    return np.where(np.isfinite(found), np.clip(found, -FARTHEST, FARTHEST), 0.0)


def _moved_in_turn(constants: Constants, names: Sequence[str], times: int) -> Constants:
    """Constants so many times below themselves, each name moved by ``STEP`` in one of them."""
    found = {}
    for name in NAMES:
        factor = np.ones((times, 1))
        factor[[place for place, each in enumerate(names) if each == name]] = np.exp(STEP)
        found[name] = (factor * getattr(constants, name)).ravel()
    return Constants(**found)


def _alike(effects: Sequence[Effect], labels: Sequence[Labels]) -> Iterator[Alike]:
    """Rows by their labels, with the effects that move them."""
    constants = np.array([NAMES.index(effect.name) for effect in effects], dtype=np.intp)
    distinct = list(dict.fromkeys(labels))
    moved = incidence(effects, distinct)
    for place, each in enumerate(distinct):
        here = np.flatnonzero(moved[place])
        rows = np.array([row for row, label in enumerate(labels) if label == each])
        yield Alike(rows=rows, effects=here, sd=moved[place, here], constants=constants[here])


def scale_of(case: Case) -> float:
    """Scale of the error of a row by its group. A burst's first tokens are a queue's, whatever their size."""
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
