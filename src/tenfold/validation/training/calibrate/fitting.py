"""Fit the constants of the training model to measured runs, and judge the fit on runs it has not seen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from tenfold.catalog import Catalog
from tenfold.performance.training import PRIORS, training_calibrations
from tenfold.quantities import Figure, Floats, InputError, NamedFigure, Problem
from tenfold.validation.fit import Fit, fit, jacobian
from tenfold.validation.folds import Fold, family_folds, folds
from tenfold.validation.training.calibrate.constants import Constant, constants_to_fit, values_at
from tenfold.validation.training.calibrate.spreads import Spreads, spreads_of
from tenfold.validation.training.predict import chosen_rows, predicted_tokens_per_s_per_chip
from tenfold.validation.training.runs import MeasuredRun
from tenfold.validation.training.table import CompletedRun, RunTable, complete_runs, run_table

PER_DOUBLING = "all.scale_loss"
"""Loss per doubling of the chips, whose uncertainty widens predictions beyond the largest run."""
ROUNDS = 2
"""Open layouts are chosen with the constants of the round before."""
FOLD_ITERATIONS = 5
FULL_WEIGHT_RUNS = 12
"""Runs of one source on one chip that count fully; more of them share that weight, being near copies."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibrated:
    """A fit, and the predictions of every run by a fit that had not seen it."""

    constants: Mapping[str, float]
    priors: Mapping[str, float]
    prior_figures: tuple[NamedFigure, ...]
    to_fit: tuple[Constant, ...]
    fit: Fit
    runs: tuple[CompletedRun, ...]
    skipped: Counter[str]
    cross_validated: Floats
    """Tokens/s per chip of each run, predicted without its source (or model)."""
    spreads: Spreads
    held_out_log_spread: Floats
    """Spread of each run's regime, estimated without its source."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Problem:
    table: RunTable
    measured: Floats
    to_fit: tuple[Constant, ...]
    priors: Mapping[str, float]
    weights: Floats

    def constants(self, x: Floats) -> dict[str, float]:
        return values_at(x, self.to_fit, self.priors)

    def residuals(self, table: RunTable) -> Callable[[Floats], Floats]:
        def at(x: Floats) -> Floats:
            predicted = predicted_tokens_per_s_per_chip(table, self.constants(x))
            return np.asarray(np.log(predicted / self.measured))

        return at


def run_weights(runs: Sequence[CompletedRun]) -> Floats:
    """Weight of each run's residual: many near copies from one source on one chip share the weight of a dozen."""
    labels = [(done.run.source_group, done.run.chip, done.run.arch, done.run.mode) for done in runs]
    counts = Counter(labels)
    return np.array([min(1.0, FULL_WEIGHT_RUNS / counts[label]) ** 0.5 for label in labels])


def prior_figures(catalog: Catalog) -> Mapping[str, Figure]:
    """Constants before any measurement."""
    return catalog.calibration(PRIORS).constants


def figures_before(catalog: Catalog, runs: Sequence[MeasuredRun]) -> Mapping[str, NamedFigure]:
    """Constants before these runs, by key: the assumed priors, and where the runs are new, what others have taught.

    A calibration that has seen one of the runs is no prior for them.
    """
    ids = {run.id for run in runs}
    known = [each for each in training_calibrations(catalog) if each.key == PRIORS or ids.isdisjoint(each.rows)]
    return {
        key: NamedFigure(name=f"calibrations/{calibration.key}/constants.{key}", figure=figure)
        for calibration in known
        for key, figure in calibration.constants.items()
    }


def calibrate(
    runs: Sequence[MeasuredRun], catalog: Catalog, *, progress: Callable[[float], None] | None = None
) -> Calibrated:
    """Fit to all runs of quality A and B, and cross-validate. Raises ``InputError`` when no run can be used."""
    done, skipped = complete_runs(runs, catalog)
    if not done:
        reasons = "; ".join(f"{count} × {reason}" for reason, count in skipped.most_common(3)) or "the file is empty"
        wrong, remedy = f"no run can be used: {reasons}", "Give runs as in the reference"
        raise InputError(Problem(file="", key="runs", wrong=wrong, remedy=remedy))
    before = figures_before(catalog, runs)
    priors = {key: named.figure for key, named in before.items()}
    table = run_table(done)
    problem = _Problem(
        table=table,
        measured=table.measured,
        to_fit=constants_to_fit(priors, table.keys),
        priors={key: figure.value for key, figure in priors.items()},
        weights=run_weights(done),
    )
    fitted, chosen = _fit_all(problem)
    unseen, family_unseen = _held_out(problem, chosen, fitted, _folds(done, catalog), progress)
    spreads, held_out = spreads_of(done, unseen, family_unseen, problem.measured, problem.priors)
    return Calibrated(
        constants=problem.constants(fitted.x),
        priors=problem.priors,
        prior_figures=tuple(before.values()),
        to_fit=problem.to_fit,
        fit=fitted,
        runs=tuple(done),
        skipped=skipped,
        cross_validated=unseen,
        spreads=spreads,
        held_out_log_spread=held_out,
    )


def _folds(runs: Sequence[CompletedRun], catalog: Catalog) -> tuple[list[Fold], list[Fold]]:
    """Folds that leave out sources and models, and folds that leave out chip families."""
    chips = [catalog.chip(done.run.chip).key for done in runs]
    plan = folds([done.run.source for done in runs], chips, [done.run.model for done in runs])
    return list(plan), list(family_folds([done.key.family for done in runs]))


def _held_out(
    problem: _Problem,
    chosen: RunTable,
    fitted: Fit,
    plans: tuple[list[Fold], list[Fold]],
    progress: Callable[[float], None] | None,
) -> tuple[Floats, Floats]:
    """Predictions of every run by the folds of each plan."""
    slopes = jacobian(problem.residuals(chosen), fitted.x)
    found = (np.full_like(problem.measured, np.nan), np.full_like(problem.measured, np.nan))
    work = [(fold, predicted) for plan, predicted in zip(plans, found, strict=True) for fold in plan]
    for number, (fold, predicted) in enumerate(work, start=1):
        predicted[fold.judged] = _judge(problem, chosen, fitted, slopes, fold)
        if progress is not None:
            progress(number / len(work))
    return found


def _fit_all(problem: _Problem) -> tuple[Fit, RunTable]:
    x = np.zeros(len(problem.to_fit))
    for _ in range(ROUNDS):
        chosen = problem.table.rows(chosen_rows(problem.table, problem.constants(x)))
        found = fit(problem.residuals(chosen), problem.weights, x)
        x = found.x
    return found, chosen


def _judge(problem: _Problem, chosen: RunTable, fitted: Fit, slopes: Floats, fold: Fold) -> Floats:
    """Predictions of the judged runs by constants fitted without them; open layouts chosen by those constants too."""
    weights = problem.weights * fold.fitted
    found = fit(problem.residuals(chosen), weights, fitted.x, derivatives=slopes, most_iterations=FOLD_ITERATIONS)
    constants = problem.constants(found.x)
    candidates = problem.table.rows(np.flatnonzero(fold.judged[problem.table.run_of_row]))
    best = candidates.rows(chosen_rows(candidates, constants))
    return predicted_tokens_per_s_per_chip(best, constants)
