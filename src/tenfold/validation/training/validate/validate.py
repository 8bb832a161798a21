"""Predictions against measured training runs, with the catalog's calibration."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np

from tenfold.catalog import Catalog
from tenfold.performance import Regime, spread_of
from tenfold.performance.training import training_calibrations, training_constants
from tenfold.quantities import Floats, Progress, assumptions_of
from tenfold.validation.training.evidence import constants_behind
from tenfold.validation.training.predict import chosen_rows, predicted_tokens_per_s_per_chip
from tenfold.validation.training.runs import read_runs
from tenfold.validation.training.scored import ScoredRuns, scored_runs
from tenfold.validation.training.table import CompletedRun, complete_runs, run_table
from tenfold.validation.training.validate.answer import ValidateTrainingAnswer
from tenfold.validation.training.validate.question import ValidateTrainingQuestion


def answer(
    question: ValidateTrainingQuestion, catalog: Catalog, *, seed: int = 0, progress: Progress | None = None
) -> ValidateTrainingAnswer:
    """Predict every run and compare. Raises ``InputError`` with every problem of the file."""
    del progress  # answered in one pass
    runs = read_runs(Path(question.runs))
    done, skipped = complete_runs(runs, catalog)
    scores = scored_runs(len(runs), skipped, done, *_predicted(done, training_constants(catalog)))
    figures = constants_behind(catalog, [item.key for item in done])
    return ValidateTrainingAnswer(
        question=question,
        made=catalog.made(seed),
        rows=scores.rows,
        scored=scores.scored,
        skipped_rows=scores.skipped_rows,
        skipped=scores.skipped,
        overall=scores.overall,
        by=scores.by,
        runs=scores.runs,
        notes=tuple(_notes(scores, catalog)),
        assumptions=assumptions_of(figures),
        figures=figures,
    )


def _predicted(done: list[CompletedRun], constants: Mapping[str, float]) -> tuple[Floats, Floats]:
    """Tokens/s per chip of each run by its fastest layout that fits, and the log standard deviation of each."""
    if not done:
        return np.zeros(0), np.zeros(0)
    table = run_table(done)
    best = table.rows(chosen_rows(table, constants))
    log_spread = np.array([_log_spread(item, constants) for item in done])
    return predicted_tokens_per_s_per_chip(best, constants), log_spread


def _log_spread(done: CompletedRun, constants: Mapping[str, float]) -> float:
    regime = Regime(
        family=done.key.family,
        weight_bytes=done.key.weight_bytes,
        chips=float(done.run.n_chips or 1.0),
        moe=done.moe,
        adapter=done.run.mode != "pretrain",
    )
    return spread_of(constants, regime).log_spread


def _notes(scores: ScoredRuns, catalog: Catalog) -> Iterator[str]:
    """Say which runs a fit has seen: their errors are those of the fit, not of a prediction."""
    ids = {run.id for run in scores.runs}
    for record in training_calibrations(catalog):
        if seen := len(ids.intersection(record.rows)):
            yield f"Calibration '{record.key}' was fitted to {seen:,} of the {scores.scored:,} runs scored"
