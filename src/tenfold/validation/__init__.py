"""Validation: measured runs against predictions: readers, scoring, calibration, intervals."""

from __future__ import annotations

from tenfold.validation.calibrate import Calibrated, calibrate
from tenfold.validation.overlay import calibration_toml, write_calibration
from tenfold.validation.report import (
    CalibrationReport,
    RunScore,
    ValidationReport,
    calibrate_training,
    validate_training,
)
from tenfold.validation.runs import MeasuredRun, read_runs
from tenfold.validation.scoring import Score, score, scores_by

__all__ = [
    "Calibrated",
    "CalibrationReport",
    "MeasuredRun",
    "RunScore",
    "Score",
    "ValidationReport",
    "calibrate",
    "calibrate_training",
    "calibration_toml",
    "read_runs",
    "score",
    "scores_by",
    "validate_training",
    "write_calibration",
]
