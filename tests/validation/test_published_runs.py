"""What is measured on the published runs; skipped where their table is absent."""

from __future__ import annotations

import csv

import numpy as np
import pytest
from measured_runs import CATALOG, SHARED_RUNS

import tenfold
from tenfold.performance.layout import Layout
from tenfold.performance.training import estimate_layout, setup_training
from tenfold.validation.training.validate import ValidateTrainingAnswer

needs_runs = pytest.mark.skipif(
    not SHARED_RUNS.exists(), reason="the table of published runs is not beside the project"
)


@pytest.fixture(scope="module")
def report() -> ValidateTrainingAnswer:
    return tenfold.validate_training(SHARED_RUNS, catalog=CATALOG)


@needs_runs
def test_nine_of_ten_pretraining_rows_of_quality_a_and_b_are_scored(report: ValidateTrainingAnswer) -> None:
    with SHARED_RUNS.open(encoding="utf-8") as file:
        wanted = {row["id"] for row in csv.DictReader(file) if row["mode"] == "pretrain" and row["quality"] in "AB"}
    scored = {run.id for run in report.runs}
    assert len(wanted & scored) >= 0.9 * len(wanted)


@needs_runs
def test_rows_are_scored_or_skipped_with_a_reason(report: ValidateTrainingAnswer) -> None:
    assert report.rows == report.scored + sum(report.skipped.values())
    assert report.scored == len(report.runs)
    assert "quality C" in report.skipped
    for label, groups in report.by.items():
        assert sum(group.n for group in groups.values()) == report.scored, label
    assert set(report.by) >= {"chip", "source_group", "arch", "mode"}


@needs_runs
def test_ranges_hold_the_prediction_and_most_measurements(report: ValidateTrainingAnswer) -> None:
    for run in report.runs:
        assert 0.0 < run.p10 < run.predicted < run.p90
    inside = np.mean([run.p10 <= run.measured <= run.p90 for run in report.runs])
    assert report.overall is not None
    assert report.overall.coverage_80 == pytest.approx(inside)


def test_llama_405b_on_16384_h100_is_near_what_meta_reached() -> None:
    """Llama 3 Herd of Models 2024, table 4: 400 TFLOP/s per GPU, 41 % MFU, on 16,384 H100; by a stack of that year."""
    setup = setup_training(
        CATALOG,
        chip="h100-sxm",
        model=CATALOG.model("llama-3.1-405b"),
        precision="bf16",
        sequence_length=8192,
        global_batch=2048,
        software="nemo-2024",
    )
    layout = Layout(tensor_parallel=8.0, pipeline_parallel=16.0, data_parallel=128.0, recompute=0.0, micro_batch=1.0)
    found = [estimate_layout(setup.setup, Layout(**{name: getattr(layout, name) for name in Layout.__slots__}
                             | {"virtual_stages": chunks})) for chunks in (1.0, 4.0, 8.0)]  # fmt: skip
    best = max(float(each.mfu) for each in found)
    assert 0.36 <= best <= 0.46
