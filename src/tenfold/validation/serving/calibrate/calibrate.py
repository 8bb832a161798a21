"""A fit to measured serving: the answer put together."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from tenfold.catalog import Catalog
from tenfold.performance import calibrations_of
from tenfold.performance.serving import PRIORS, TOPIC
from tenfold.quantities import Z90, Floats, InputError, NamedFigure, Percentiles, Problem, Progress, assumptions_of
from tenfold.validation.scoring import Score, lognormal_ranges, score
from tenfold.validation.serving.benchmarks import benchmark_runs
from tenfold.validation.serving.calibrate.answer import CalibrateServingAnswer
from tenfold.validation.serving.calibrate.question import CalibrateServingQuestion, is_table
from tenfold.validation.serving.calibrate.spreads import (
    combination_folds,
    evidence_of_rows,
    setting_folds,
    spreads_of,
)
from tenfold.validation.serving.combinations import COLUMNS, Offset, offsets_of
from tenfold.validation.serving.effects import COMBINED, OF_COMBINATION, factors_at
from tenfold.validation.serving.fitting import FitProblem, Fitted, serving_folds
from tenfold.validation.serving.held_out import held_out
from tenfold.validation.serving.one_point import AfterOnePoint, after_one_point
from tenfold.validation.serving.predict import CaseTable, case_table
from tenfold.validation.serving.requests import simulated
from tenfold.validation.serving.runs import ServingRun, read_runs
from tenfold.validation.serving.scored import ScoredServing, scored_serving
from tenfold.validation.serving.table import Case, complete_cases

FEWEST_TO_LEAVE_OUT = 60
"""Rows from which on some of them are left out in turn."""
MOVED = 0.004
"""Change of a logarithm below which a factor is as it was."""


def answer(
    question: CalibrateServingQuestion, catalog: Catalog, *, seed: int = 0, progress: Progress | None = None
) -> CalibrateServingAnswer:
    """Fit the constants and cross-validate them. Raises ``InputError`` for a bad file, and when no row is usable.

    ``progress`` is told the share of the folds done.
    """
    runs, cases, skipped = _usable(question, catalog)
    before = figures_before(catalog, runs)
    values = {key: named.figure.value for key, named in before.items()}
    table = case_table(cases, values)
    figures_of_keys = {key: named.figure for key, named in before.items()}
    problem = FitProblem(table, figures_of_keys, own=not is_table(question))
    everything = np.ones(len(cases), dtype=np.bool_)
    fitted = problem.fit(everything)
    offsets = {} if problem.own else offsets_of(problem, fitted, everything)
    learned = {**factors_at(fitted.x, problem.effects), **{key: math.exp(each.log) for key, each in offsets.items()}}
    judged = (
        _cross_validated(problem, fitted, len(runs), skipped, progress) if len(cases) >= FEWEST_TO_LEAVE_OUT else None
    )
    ranges = _ranges(problem, fitted) | _offset_ranges(offsets)
    figures = tuple(before.values())
    return CalibrateServingAnswer(
        question=question,
        made=catalog.made(seed),
        rows=len(runs),
        used=len(cases),
        skipped_rows=skipped.total(),
        skipped=dict(skipped.most_common()),
        before=_score(table, simulated(table, table.constants(values))),
        after=_score(table, simulated(table, table.constants({**problem.before, **learned}))),
        cross_validated=judged.scores if judged else None,
        after_one_point=judged.after_one_point if judged else {},
        constants={key: each.p50 for key, each in ranges.items()},
        constant_ranges=ranges,
        log_spread=judged.spreads if judged else {},
        evidence=dict(evidence_of_rows(cases)),
        ids=tuple(case.run.id for case in cases),
        notes=tuple(_notes(len(cases))),
        assumptions=assumptions_of(figures),
        figures=figures,
    )


def _usable(question: CalibrateServingQuestion, catalog: Catalog) -> tuple[list[ServingRun], list[Case], Counter[str]]:
    """Runs of the file, those that can be used, and why others cannot. Raises ``InputError`` where none can."""
    runs = (
        read_runs(Path(question.runs)) if is_table(question) else benchmark_runs(Path(question.runs), about(question))
    )
    cases, skipped = complete_cases(runs, catalog)
    if not cases:
        reasons = "; ".join(f"{count} × {reason}" for reason, count in skipped.most_common(3)) or "the file is empty"
        raise InputError(Problem(file="", key="runs", wrong=f"no row can be used: {reasons}", remedy="Give other runs"))
    return runs, cases, skipped


def about(question: CalibrateServingQuestion) -> dict[str, str | float]:
    """What a benchmark's output does not say, as a row of a table does."""
    return {
        "model": question.model or "",
        "chip": question.chip or "",
        "engine": question.engine or "",
        "n_chips": float(question.tp * question.pp * question.dp),
        "tp": str(question.tp),
        "pp": str(question.pp),
        "dp": str(question.dp),
        "ep": str(question.ep),
        "precision_weights": question.precision,
        "precision_kv": question.kv_precision or "",
        "spec_decoding": "none",
    }


def figures_before(catalog: Catalog, runs: list[ServingRun]) -> Mapping[str, NamedFigure]:
    """Constants before these runs, by key: the assumed priors, and where the runs are new, what others have taught.

    A calibration that has seen one of the runs is no prior for them.
    """
    ids = {run.id for run in runs}
    known = calibrations_of(catalog, TOPIC, PRIORS)
    return {
        key: NamedFigure(name=f"calibrations/{record.key}/constants.{key}", figure=figure)
        for record in known
        if record.key == PRIORS or ids.isdisjoint(record.rows)
        for key, figure in record.constants.items()
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class _Judged:
    """What rows that were left out say."""

    scores: ScoredServing
    after_one_point: Mapping[str, AfterOnePoint]
    spreads: dict[str, float]


def _cross_validated(
    problem: FitProblem, fitted: Fitted, rows: int, skipped: Counter[str], progress: Progress | None
) -> _Judged:
    """Scores of rows predicted without their source, and spreads of those, of combinations and of settings left out."""
    cases, measured = problem.table.cases, problem.table.measured
    by_source = held_out(problem, list(serving_folds(cases)), progress)
    by_combination = held_out(problem, list(combination_folds(cases)), progress)
    near = held_out(problem, list(setting_folds(cases)), progress)
    spreads = spreads_of(cases, by_source, by_combination, near, measured)
    sure = np.array(
        [
            spreads.get(f"spread.{case.meaning.group}.combination", far) if known else far
            for case, known in zip(cases, by_source.known, strict=True)
            for far in (spreads.get(f"spread.{case.meaning.group}.measured", 1.0),)
        ]
    )
    new = np.full((len(cases), len(COMBINED)), OF_COMBINATION)
    return _Judged(
        scores=scored_serving(rows, skipped, cases, by_source.predicted, sure),
        after_one_point=after_one_point(cases, by_source.predicted / measured, fitted.slopes[:, COLUMNS], new),
        spreads=spreads,
    )


def _score(table: CaseTable, predictions: Floats) -> Score:
    return score(lognormal_ranges(predictions, np.zeros(len(table.cases))), table.measured)


def _ranges(problem: FitProblem, fitted: Fitted) -> dict[str, Percentiles]:
    """Values and factors that moved, with the P10 and P90 of their posterior."""
    deviation = np.sqrt(np.diag(fitted.covariance))
    found = {}
    for effect, x, sd in zip(problem.effects, fitted.x, deviation, strict=True):
        value, reach = effect.at(float(x)), math.exp(Z90 * effect.sd * float(sd))
        if problem.own or abs(effect.sd * float(x)) > MOVED or effect.key.startswith("all."):
            found[effect.key] = Percentiles(p10=value / reach, p50=value, p90=value * reach)
    return found


def _offset_ranges(offsets: Mapping[str, Offset]) -> dict[str, Percentiles]:
    """Offsets of combinations with the P10 and P90 of their posterior."""
    return {
        key: Percentiles(p10=value / reach, p50=value, p90=value * reach)
        for key, each in offsets.items()
        for value, reach in ((math.exp(each.log), math.exp(Z90 * each.sd)),)
    }


def _notes(cases: int) -> Iterator[str]:
    if cases < FEWEST_TO_LEAVE_OUT:
        yield (
            f"{cases} measured numbers: too few to leave some out, so the ranges stay those of the calibration before"
        )
