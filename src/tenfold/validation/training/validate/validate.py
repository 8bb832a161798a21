"""Predictions against measured training runs, with the catalog's calibration."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from tenfold.catalog import Catalog
from tenfold.performance import (
    OPEN_LAYOUTS,
    P10_TO_P90,
    ProductionRuns,
    Regime,
    Spread,
    production_runs,
    spread_of,
    stacks_of,
)
from tenfold.performance.training import measured_stack, production_constants, training_calibrations, training_constants
from tenfold.quantities import Progress, assumptions_of
from tenfold.validation.logs.folder import runs_in, stated_in
from tenfold.validation.scoring import Ranges
from tenfold.validation.training.completed import CompletedRun, complete_runs
from tenfold.validation.training.evidence import constants_behind
from tenfold.validation.training.predict import predict_cases
from tenfold.validation.training.runs import MeasuredRun
from tenfold.validation.training.scored import ScoredRuns, scored_runs
from tenfold.validation.training.table import run_table
from tenfold.validation.training.validate.answer import ValidateTrainingAnswer
from tenfold.validation.training.validate.question import ValidateTrainingQuestion
from tenfold.workloads import unmeasured_in


def answer(
    question: ValidateTrainingQuestion, catalog: Catalog, *, seed: int = 0, progress: Progress | None = None
) -> ValidateTrainingAnswer:
    """Predict every run and compare. Raises ``InputError`` with every problem of the file."""
    del progress  # answered in one pass
    found = runs_in(Path(question.runs), catalog, stated_in(question.stated))
    runs = list(found.runs)
    done, skipped = complete_runs(runs, catalog)
    shares = _shares(done, catalog)
    scores = scored_runs(len(runs), skipped, done, *_predicted(done, training_constants(catalog), shares))
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


def _shares(done: Sequence[CompletedRun], catalog: Catalog) -> tuple[ProductionRuns | None, ...]:
    """What each production run is expected to keep of a benchmark's speed, by all sources but its own."""
    constants = production_constants(catalog)
    return tuple(
        production_runs(constants, without=item.run.source) if item.run.of_production else None for item in done
    )


def _predicted(
    done: list[CompletedRun], constants: Mapping[str, float], shares: Sequence[ProductionRuns | None]
) -> tuple[Ranges, tuple[str, ...]]:
    """Tokens/s per chip of each run in the cases that it may have been, and what is new of it to the calibration."""
    if not done:
        nothing = np.zeros(0)
        return Ranges(p10=nothing, p50=nothing, p90=nothing), ()
    spreads = [_spread(item, constants) for item in done]
    cases = predict_cases(run_table(done), constants)
    kept = np.array([0.0 if share is None else share.log_share for share in shares])
    doubt = np.array([_doubt(share, item) for share, item in zip(shares, done, strict=True)])
    found = replace(cases, log_speed=cases.log_speed + kept[:, None])
    spread = np.hypot(np.array([each.log_spread for each in spreads]), doubt)
    return found.ranges(spread), tuple(each.new for each in spreads)


def benchmarks_of(runs: Sequence[MeasuredRun], catalog: Catalog) -> Iterator[tuple[MeasuredRun, float, float, float]]:
    """Each run that can be predicted as a benchmark: measured and predicted tokens/s per chip, and its log spread."""
    done, _ = complete_runs(list(runs), catalog)
    constants = training_constants(catalog)
    ranges, _ = _predicted(done, constants, (None,) * len(done))
    for item, p10, p50, p90 in zip(done, ranges.p10, ranges.p50, ranges.p90, strict=True):
        measured = item.measured_tokens_per_s_per_chip
        yield item.run, measured, float(p50), float(np.log(p90 / p10)) / P10_TO_P90


def _doubt(share: ProductionRuns | None, done: CompletedRun) -> float:
    """Log spread that production adds to a run."""
    return 0.0 if share is None else float(np.asarray(share.log_spread_at(done.run.n_chips or 1.0)))


def _spread(done: CompletedRun, constants: Mapping[str, float]) -> Spread:
    regime = Regime(
        family=done.key.family,
        weight_bytes=done.key.weight_bytes,
        frozen_bytes=float(np.asarray(done.cases[0].job.frozen_bytes)),
        chips=float(done.run.n_chips or 1.0),
        moe=done.moe,
        adapter=done.run.mode != "pretrain",
        stacks=stacks_of(done.key.software),
        known_software=measured_stack(constants, done.key.software),
        free_layout=done.open_layouts > OPEN_LAYOUTS,
        unmeasured_parts=tuple(unmeasured_in(done.shape)),
    )
    return spread_of(constants, regime)


def _notes(scores: ScoredRuns, catalog: Catalog) -> Iterator[str]:
    """Say which runs a fit has seen: their errors are those of the fit, not of a prediction."""
    ids = {run.id for run in scores.runs}
    for record in training_calibrations(catalog):
        if seen := len(ids.intersection(record.rows)):
            yield f"Calibration '{record.key}' was fitted to {seen:,} of the {scores.scored:,} runs scored"
