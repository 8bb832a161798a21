"""Reports of validation and calibration: counts, scores overall and by chip, source, kind of model and mode."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from tenfold.catalog import Catalog
from tenfold.performance.spread import Regime, spread_of
from tenfold.performance.training.setup import training_constants
from tenfold.quantities import Floats
from tenfold.validation.calibrate import Calibrated, calibrate
from tenfold.validation.predict import chosen_rows, predicted_tokens_per_s_per_chip
from tenfold.validation.runs import read_runs
from tenfold.validation.scoring import NORMAL_P90, Score, score, scores_by
from tenfold.validation.table import CompletedRun, complete_runs, run_table


@dataclass(frozen=True, slots=True, kw_only=True)
class RunScore:
    """One run: measured, predicted and the predicted range, tokens/s per chip."""

    id: str
    chip: str
    model: str
    source_group: str
    measured: float
    predicted: float
    p10: float
    p90: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ValidationReport:
    """Predictions against measurements; ``overall`` is None when no run could be scored."""

    rows: int
    scored: int
    skipped: Mapping[str, int]
    """Reason to number of rows."""
    overall: Score | None
    by: Mapping[str, Mapping[str, Score]]
    runs: tuple[RunScore, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CalibrationReport:
    """A fit and its cross-validated errors: every run predicted by a fit that had not seen its source (or model)."""

    rows: int
    used: int
    skipped: Mapping[str, int]
    cross_validated: ValidationReport
    log_spread: Mapping[str, float]
    constants: Mapping[str, float]


def _labels(runs: Sequence[CompletedRun]) -> dict[str, list[str]]:
    return {
        "chip": [done.run.chip for done in runs],
        "source_group": [done.run.source_group for done in runs],
        "arch": ["moe" if float(done.shape.moe_layers) > 0 else "dense" for done in runs],
        "mode": [done.run.mode for done in runs],
        "slice": [slice_of(done) for done in runs],
    }


def slice_of(done: CompletedRun) -> str:
    """Slice an accuracy target is set for: dense or expert pretraining, or adapters and fine-tuning."""
    if done.run.mode != "pretrain":
        return "lora-sft"
    return "moe-pretrain" if float(done.shape.moe_layers) > 0 else "dense-pretrain"


def _report(
    rows: int, skipped: Counter[str], runs: Sequence[CompletedRun], predicted: Floats, log_spread: Floats
) -> ValidationReport:
    measured = np.array([done.measured_tokens_per_s_per_chip for done in runs])
    reach = np.exp(NORMAL_P90 * log_spread)
    return ValidationReport(
        rows=rows,
        scored=len(runs),
        skipped=dict(skipped.most_common()),
        overall=score(predicted, measured, log_spread) if runs else None,
        by=scores_by(_labels(runs), predicted, measured, log_spread) if runs else {},
        runs=tuple(
            RunScore(
                id=done.run.id,
                chip=done.run.chip,
                model=done.run.model,
                source_group=done.run.source_group,
                measured=float(measured[i]),
                predicted=float(predicted[i]),
                p10=float(predicted[i] / reach[i]),
                p90=float(predicted[i] * reach[i]),
            )
            for i, done in enumerate(runs)
        ),
    )


def validate_training(path: Path, catalog: Catalog) -> ValidationReport:
    """Predict every run of a CSV with the catalog's calibration and compare. Raises ``InputError`` for a bad file."""
    runs = read_runs(path)
    done, skipped = complete_runs(runs, catalog)
    if not done:
        return _report(len(runs), skipped, [], np.zeros(0), np.zeros(0))
    constants = training_constants(catalog)
    table = run_table(done)
    best = table.rows(chosen_rows(table, constants))
    log_spread = np.array([_log_spread(item, constants) for item in done])
    return _report(len(runs), skipped, done, predicted_tokens_per_s_per_chip(best, constants), log_spread)


def _log_spread(done: CompletedRun, constants: Mapping[str, float]) -> float:
    regime = Regime(
        family=done.key.family,
        weight_bytes=done.key.weight_bytes,
        chips=float(done.run.n_chips or 1.0),
        moe=float(done.shape.moe_layers) > 0,
        adapter=done.run.mode != "pretrain",
    )
    return spread_of(constants, regime).log_spread


def calibrate_training(
    path: Path, catalog: Catalog, *, progress: Callable[[float], None] | None = None
) -> tuple[Calibrated, CalibrationReport]:
    """Fit the constants to the runs of a CSV and cross-validate. Raises ``InputError`` when no run is usable."""
    runs = read_runs(path)
    fitted = calibrate(runs, catalog, progress=progress)
    report = _report(len(runs), fitted.skipped, fitted.runs, fitted.cross_validated, fitted.held_out_log_spread)
    return fitted, CalibrationReport(
        rows=len(runs),
        used=len(fitted.runs),
        skipped=dict(fitted.skipped.most_common()),
        cross_validated=report,
        log_spread=dict(fitted.spreads.log_spread),
        constants={constant.key: fitted.constants[constant.key] for constant in fitted.to_fit},
    )
