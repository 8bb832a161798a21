"""Predictions against measured training runs, with the catalog's calibration."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np

from tenfold.catalog import Catalog
from tenfold.performance import OPEN_LAYOUTS, Regime, Spread, spread_of
from tenfold.performance.training import measured_stack, training_calibrations, training_constants
from tenfold.quantities import Progress, assumptions_of
from tenfold.validation.logs.folder import runs_in, stated_in
from tenfold.validation.scoring import Ranges
from tenfold.validation.training.completed import CompletedRun, complete_runs
from tenfold.validation.training.evidence import constants_behind
from tenfold.validation.training.predict import predict_cases
from tenfold.validation.training.scored import ScoredRuns, scored_runs
from tenfold.validation.training.table import run_table
from tenfold.validation.training.validate.answer import ValidateTrainingAnswer
from tenfold.validation.training.validate.question import ValidateTrainingQuestion


def answer(
    question: ValidateTrainingQuestion, catalog: Catalog, *, seed: int = 0, progress: Progress | None = None
) -> ValidateTrainingAnswer:
    """Predict every run and compare. Raises ``InputError`` with every problem of the file."""
    del progress  # answered in one pass
    found = runs_in(Path(question.runs), catalog, stated_in(question.stated))
    runs = list(found.runs)
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
        coverage_range=scores.coverage_range,
        average_over_sources=scores.average_over_sources,
        by=scores.by,
        runs=scores.runs,
        files=found.files,
        notes=tuple(_notes(scores, catalog)),
        assumptions=assumptions_of(figures),
        figures=figures,
    )


def _predicted(done: list[CompletedRun], constants: Mapping[str, float]) -> tuple[Ranges, tuple[str, ...]]:
    """Tokens/s per chip of each run in the cases that it may have been, and what is new of it to the calibration."""
    if not done:
        nothing = np.zeros(0)
        return Ranges(p10=nothing, p50=nothing, p90=nothing), ()
    spreads = [_spread(item, constants) for item in done]
    cases = predict_cases(run_table(done), constants)
    return cases.ranges(np.array([each.log_spread for each in spreads])), tuple(each.new for each in spreads)


def _spread(done: CompletedRun, constants: Mapping[str, float]) -> Spread:
    regime = Regime(
        family=done.key.family,
        weight_bytes=done.key.weight_bytes,
        chips=float(done.run.n_chips or 1.0),
        moe=done.moe,
        adapter=done.run.mode != "pretrain",
        known_software=measured_stack(constants, done.key.software),
        free_layout=done.open_layouts > OPEN_LAYOUTS,
    )
    return spread_of(constants, regime)


def _notes(scores: ScoredRuns, catalog: Catalog) -> Iterator[str]:
    """Say which runs a fit has seen: their errors are those of the fit, not of a prediction."""
    ids = {run.id for run in scores.runs}
    for record in training_calibrations(catalog):
        if seen := len(ids.intersection(record.rows)):
            yield f"Calibration '{record.key}' was fitted to {seen:,} of the {scores.scored:,} runs scored"
