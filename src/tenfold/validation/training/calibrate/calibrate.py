"""A fit to measured training runs with its cross-validated errors: the answer put together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np

from tenfold.catalog import Catalog
from tenfold.quantities import Percentiles, Progress, assumptions_of, standard_normal_ppf
from tenfold.validation.logs.folder import runs_in, stated_in
from tenfold.validation.training.calibrate.answer import CalibrateTrainingAnswer
from tenfold.validation.training.calibrate.fitting import PER_DOUBLING, Calibrated, calibrate
from tenfold.validation.training.calibrate.question import CalibrateTrainingQuestion
from tenfold.validation.training.calibrate.spreads import FEWEST_RUNS
from tenfold.validation.training.scored import ScoredRuns, scored_runs


def answer(
    question: CalibrateTrainingQuestion, catalog: Catalog, *, seed: int = 0, progress: Progress | None = None
) -> CalibrateTrainingAnswer:
    """Fit the constants and cross-validate them. Raises ``InputError`` for a bad file, and when no run is usable.

    ``progress`` is told the share of the folds done.
    """
    found = runs_in(Path(question.runs), catalog, stated_in(question.stated))
    fitted = calibrate(list(found.runs), catalog, progress=progress)
    return answer_of(question, fitted, catalog, seed=seed)


def answer_of(
    question: CalibrateTrainingQuestion, fitted: Calibrated, catalog: Catalog, *, seed: int
) -> CalibrateTrainingAnswer:
    """Say what a fit found."""
    scores, spreads = cross_validated(fitted), fitted.spreads
    return CalibrateTrainingAnswer(
        question=question,
        made=catalog.made(seed),
        rows=scores.rows,
        used=scores.scored,
        skipped_rows=scores.skipped_rows,
        skipped=scores.skipped,
        cross_validated=scores,
        baselines=fitted.baselines,
        log_spread=dict(spreads.log_spread),
        spread_runs=dict(spreads.runs),
        doubling_spread=_doubling(fitted),
        constants={constant.key: fitted.constants[constant.key] for constant in fitted.to_fit},
        constant_ranges=_ranges(fitted),
        evidence={**spreads.rows, **spreads.largest},
        notes=tuple(_warnings(fitted)),
        assumptions=assumptions_of(fitted.prior_figures),
        figures=fitted.prior_figures,
    )


def cross_validated(fitted: Calibrated) -> ScoredRuns:
    """Score the predictions of runs by fits that had not seen them."""
    rows = len(fitted.runs) + fitted.skipped.total()
    return scored_runs(rows, fitted.skipped, fitted.runs, fitted.cross_validated.ranges, fitted.cross_validated.novelty)


def _ranges(fitted: Calibrated) -> Mapping[str, Percentiles]:
    """Fitted constants with the P10 and P90 of their posterior."""
    deviation = np.sqrt(np.diag(fitted.fit.covariance))
    reach = float(standard_normal_ppf(0.9))
    found = {}
    for constant, x, sd in zip(fitted.to_fit, fitted.fit.x, deviation, strict=True):
        value = fitted.constants[constant.key]
        own = {constant.key: fitted.priors[constant.key]} if constant.key in fitted.priors else {}
        bases = dict(fitted.constants) | own  # where a constant is its own base, the prior it started from
        low, high = (constant.at(float(x + side * reach * sd), bases) for side in (-1.0, 1.0))
        found[constant.key] = Percentiles(p10=min(low, value), p50=value, p90=max(high, value))
    return found


def _doubling(fitted: Calibrated) -> float:
    """Posterior standard deviation of the loss per doubling of the chips; 0 where it was not fitted."""
    keys = [constant.key for constant in fitted.to_fit]
    if PER_DOUBLING not in keys:
        return 0.0
    place = keys.index(PER_DOUBLING)
    x, sd = fitted.fit.x[place], np.sqrt(fitted.fit.covariance[place, place])
    below, above = (fitted.to_fit[place].at(float(x + step * sd), fitted.priors) for step in (-1.0, 1.0))
    return abs(above - below) / 2.0


def _warnings(fitted: Calibrated) -> Iterator[str]:
    """Say what a small table of runs cannot tell: how good the fit is, and how wide its intervals should be."""
    runs = [done.run for done in fitted.runs]
    sources, models = {run.source for run in runs}, {run.model for run in runs}
    if len(sources) == 1 and len(models) == 1:
        what = "One run" if len(runs) == 1 else "Runs of one model from one source"
        yield (
            f"{what} only: a fold that leaves that out has nothing to fit on, so the error is that of the priors and "
            "not of the fit; add runs of another model, or name another source"
        )
    elif len(sources) == 1:
        yield "Runs of one source: each model is predicted by a fit to the other models of the same source"
    few = {key: n for key, n in fitted.spreads.runs.items() if n < FEWEST_RUNS}
    if few:
        listed = ", ".join(f"{key} ({n})" for key, n in few.items())
        yield f"Spreads from fewer than {FEWEST_RUNS} runs, so that P10–P90 may be far too narrow or wide: {listed}"
