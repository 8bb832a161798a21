"""Fit the constants of the training model to measured runs, and judge the fit on runs it has not seen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from tenfold.catalog import Catalog
from tenfold.performance.training import PRIORS, training_calibrations
from tenfold.quantities import Figure, Floats, InputError, NamedFigure, Problem
from tenfold.validation.fit import Fit, fit
from tenfold.validation.folds import Fold
from tenfold.validation.scoring import Score
from tenfold.validation.training.calibrate.baselines import baselines
from tenfold.validation.training.calibrate.constants import Constant, constants_to_fit, values_at
from tenfold.validation.training.calibrate.held_out import SOURCES, HeldOut, Plans, judge_ranges, plans_of
from tenfold.validation.training.calibrate.slopes import slopes_by_rows
from tenfold.validation.training.calibrate.spreads import Spreads
from tenfold.validation.training.completed import CompletedRun, complete_runs
from tenfold.validation.training.predict import (
    CasePredictions,
    by_run,
    chosen_table,
    predict_cases,
    predicted_tokens_per_s_per_chip,
)
from tenfold.validation.training.runs import MeasuredRun
from tenfold.validation.training.table import RunTable, run_table

PER_DOUBLING = "all.scale_loss"
"""Loss per doubling of the chips, whose uncertainty widens predictions beyond the largest run."""
ROUNDS = 3
"""Open layouts are chosen, and cases weighed, with the constants of the round before."""
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
    cross_validated: HeldOut
    """Each run predicted without its source (or model), the range included."""
    spreads: Spreads
    baselines: Mapping[str, Mapping[str, Score]]
    """Scores by slice of rivals that know less, on the folds that leave out sources."""


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
        measured = self.measured[table.run_of_row]

        def at(x: Floats) -> Floats:
            predicted = predicted_tokens_per_s_per_chip(table, self.constants(x))
            return np.asarray(np.log(predicted / measured))

        return at

    def slopes(self, table: RunTable) -> Callable[[Floats], Floats]:
        return slopes_by_rows(table, self.constants)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Chosen:
    """The cases of every run with their layouts, and how much each row counts in a fit."""

    table: RunTable
    weights: Floats


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
    """Fit to all benchmarks of quality A and B, and cross-validate. Raises ``InputError`` when no run can be used."""
    done, skipped = complete_runs([run for run in runs if not run.of_production], catalog)
    skipped.update({"a production run, not a benchmark": sum(run.of_production for run in runs)})
    skipped = +skipped
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
        to_fit=constants_to_fit(priors, table.keys, catalog),
        priors={key: figure.value for key, figure in priors.items()},
        weights=run_weights(done),
    )
    fitted, chosen = _fit_all(problem)
    plans = plans_of(done, catalog)
    held_out = _held_out(problem, chosen, fitted, plans, progress)
    found, spreads = judge_ranges(done, held_out, problem.measured, problem.priors)
    return Calibrated(
        constants=problem.constants(fitted.x),
        priors=problem.priors,
        prior_figures=tuple(before.values()),
        to_fit=problem.to_fit,
        fit=fitted,
        runs=tuple(done),
        skipped=skipped,
        cross_validated=found,
        spreads=spreads,
        baselines=baselines(done, plans[SOURCES]),
    )


def _held_out(
    problem: _Problem, chosen: _Chosen, fitted: Fit, plans: Plans, progress: Callable[[float], None] | None
) -> dict[str, list[tuple[Fold, CasePredictions]]]:
    """Predictions of every run by the folds of each plan."""
    slopes = problem.slopes(chosen.table)(fitted.x)
    total = sum(len(plan) for plan in plans.values())
    found: dict[str, list[tuple[Fold, CasePredictions]]] = {name: [] for name in plans}
    done = 0
    for name, plan in plans.items():
        for fold in plan:
            found[name].append((fold, _judge(problem, chosen, fitted, slopes, fold)))
            done += 1
            if progress is not None:
                progress(done / total)
    return found


def _fit_all(problem: _Problem) -> tuple[Fit, _Chosen]:
    x = np.zeros(len(problem.to_fit))
    for _ in range(ROUNDS):
        chosen = _choose(problem, x)
        residuals = problem.residuals(chosen.table)
        found = fit(residuals, chosen.weights, x, derivatives=problem.slopes(chosen.table))
        x = found.x
    return found, chosen


def _choose(problem: _Problem, x: Floats) -> _Chosen:
    """Layouts of every case, and the weight of the case given the measurement: the expectation step."""
    constants = problem.constants(x)
    table = chosen_table(problem.table, constants)
    cases = by_run(table.run_of_row, table.weight, predicted_tokens_per_s_per_chip(table, constants))
    given = cases.given(problem.measured)[cases.weight > 0]
    counts = given >= LEAST_LIKELY
    return _Chosen(
        table=table.rows(np.flatnonzero(counts)),
        weights=problem.weights[table.run_of_row][counts] * np.sqrt(given[counts]),
    )


LEAST_LIKELY = 0.02
"""Weight given a measurement below which a case is left out of a fit."""


def _judge(problem: _Problem, chosen: _Chosen, fitted: Fit, slopes: Floats, fold: Fold) -> CasePredictions:
    """Predictions of the judged runs by constants fitted without them; open layouts chosen by those constants too."""
    weights = chosen.weights * fold.fitted[chosen.table.run_of_row]
    found = fit(
        problem.residuals(chosen.table),
        weights,
        fitted.x,
        derivatives=lambda _: slopes,
        most_iterations=FOLD_ITERATIONS,
    )
    candidates = problem.table.rows(np.flatnonzero(fold.judged[problem.table.run_of_row]))
    return predict_cases(candidates, problem.constants(found.x))
