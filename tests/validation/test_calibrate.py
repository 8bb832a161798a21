"""Calibration: known constants come back, unseen rows change nothing, and the file loads as an overlay."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from measured_runs import CATALOG, PRIORS, errors, measured_by_model, run_of, varied_runs, write_csv
from typed_commands import tenfold

from tenfold.catalog import load_catalog
from tenfold.performance.calibrated import kernels_for, software_factor
from tenfold.performance.training.setup import training_constants
from tenfold.quantities import InputError
from tenfold.validation.fit import fit
from tenfold.validation.training.calibrate import CalibrateTrainingAnswer, CalibrateTrainingQuestion
from tenfold.validation.training.calibrate.calibrate import answer_of
from tenfold.validation.training.calibrate.constants import constants_to_fit, values_at
from tenfold.validation.training.calibrate.fitting import Calibrated, calibrate, prior_figures
from tenfold.validation.training.calibrate.overlay import calibration_toml
from tenfold.validation.training.completed import complete_runs
from tenfold.validation.training.predict import chosen_rows, predicted_tokens_per_s_per_chip
from tenfold.validation.training.runs import read_runs
from tenfold.validation.training.table import run_table

TODAY = datetime.date(2026, 1, 31)
START: Mapping[str, float] = training_constants(CATALOG)
"""What a fit to runs that nobody has seen starts from."""
FAMILIES = ("hopper", "ampere")
SLOWER = {"matmul_efficiency.16bit": 0.85, "attention_efficiency": 0.6}
WORLD: Mapping[str, float] = dict(START) | {
    f"{family}.{name}": factor * START.get(f"{family}.{name}", START.get(f"all.{name}", 0.0))
    for family in FAMILIES
    for name, factor in SLOWER.items()
}
"""What the synthetic runs obey: two chip families that multiply and attend slower than the catalog says."""


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> tuple[Calibrated, CalibrateTrainingAnswer]:
    path = write_csv(tmp_path_factory.mktemp("runs") / "runs.csv", measured_by_model(varied_runs(), WORLD))
    fitted = calibrate(read_runs(path), CATALOG)
    return fitted, answer_of(CalibrateTrainingQuestion(runs=str(path)), fitted, CATALOG, seed=0)


def predictions(constants: Mapping[str, float], **stated: object) -> np.ndarray:
    """Predictions of runs that no fit has seen: other sizes, sequences and batches."""
    cases = [("llama-2-7b", 8192.0), ("llama-2-13b", 2048.0), ("gpt3-5b", 2048.0), ("mixtral-8x7b", 8192.0)]
    runs = [run_of(model=model, seq=seq, chip=chip, recompute="full", **stated)
            for model, seq in cases for chip in ("h100-sxm", "a100-sxm-80gb")]  # fmt: skip
    table = run_table(complete_runs(runs, CATALOG)[0])
    return predicted_tokens_per_s_per_chip(table.rows(chosen_rows(table, constants)), constants)


def test_a_fit_recovers_the_world_behind_the_runs(found: tuple[Calibrated, CalibrateTrainingAnswer]) -> None:
    fitted, _ = found
    before, after = (errors(predictions(constants), predictions(WORLD)) for constants in (START, fitted.constants))
    assert np.median(before) > 0.05
    assert np.median(after) < 0.03
    assert np.max(after) < 0.08


def test_the_fitted_attention_is_nearer_to_the_world_than_before(
    found: tuple[Calibrated, CalibrateTrainingAnswer],
) -> None:
    stack = found[0].runs[0].key.software
    for family in FAMILIES:
        world, fitted, before = (
            kernels_for(constants, family=family, weight_bytes=2.0, software=stack, age_years=2.0)
            for constants in (WORLD, found[0].constants, START)
        )
        target = float(world.attention_efficiency)  # matrix products are held by measured ceilings
        off, was_off = (abs(float(each.attention_efficiency) - target) for each in (fitted, before))
        assert off < 0.7 * was_off, family


def test_every_run_is_predicted_without_its_source(found: tuple[Calibrated, CalibrateTrainingAnswer]) -> None:
    fitted, report = found
    assert report.rows == report.used == len(fitted.runs) == len(varied_runs())
    assert np.all(np.isfinite(fitted.cross_validated.ranges.p50))
    assert report.cross_validated.overall is not None
    assert report.cross_validated.overall.n == report.used
    measured = np.array([item.measured_tokens_per_s_per_chip for item in fitted.runs])
    assert np.median(errors(fitted.cross_validated.ranges.p50, measured)) < 0.05
    assert set(report.constants) == {constant.key for constant in fitted.to_fit}


def test_ranges_narrow_where_runs_tell_something(found: tuple[Calibrated, CalibrateTrainingAnswer]) -> None:
    sd = np.sqrt(np.diag(found[0].fit.covariance))
    assert np.all(sd <= 1.0 + 1e-9)
    keys = [constant.key for constant in found[0].to_fit]
    assert sd[keys.index("ampere.attention_efficiency")] < 0.9


def test_the_file_is_an_overlay_with_the_same_constants(
    found: tuple[Calibrated, CalibrateTrainingAnswer], tmp_path: Path
) -> None:
    fitted, answer = found
    (tmp_path / "my" / "calibrations").mkdir(parents=True)
    (tmp_path / "my" / "calibrations" / "training.toml").write_text(calibration_toml(answer, TODAY), encoding="utf-8")
    catalog = load_catalog([tmp_path / "my"])
    loaded = training_constants(catalog)
    expected = dict(fitted.constants) | dict(fitted.spreads.log_spread) | dict(fitted.spreads.rows)
    for key in (constant.key for constant in fitted.to_fit):
        assert loaded[key] == pytest.approx(expected[key], rel=1e-5), key
    for key, value in fitted.spreads.rows.items():
        assert loaded[key] == value
    for key, spread in fitted.spreads.log_spread.items():
        assert loaded[key] == pytest.approx(spread, abs=5e-5)
    record = catalog.calibrations["training"]
    assert list(record.rows) == [item.run.id for item in fitted.runs]
    assert all(figure.low is None or figure.low <= figure.value for figure in record.constants.values())
    assert [path.name for path in (tmp_path / "my" / "calibrations").iterdir()] == ["training.toml"]


def few_runs(folder: Path) -> Path:
    """A table of runs that is fitted in no time, where what is fitted does not matter."""
    return write_csv(folder / "runs.csv", varied_runs()[:4])


def test_a_failed_write_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "kept" / "training.toml"
    path.parent.mkdir()
    path.write_text("old", encoding="utf-8")

    def fail(*_: object) -> str:
        raise KeyboardInterrupt

    monkeypatch.setattr("tenfold.validation.training.calibrate.overlay.calibration_toml", fail)
    stopped = tenfold("calibrate", "training", few_runs(tmp_path), "--out", path)
    assert stopped.code == 130
    assert [each.name for each in path.parent.iterdir()] == ["training.toml"]
    assert path.read_text(encoding="utf-8") == "old"


def test_the_day_that_constants_are_dated_is_asked(tmp_path: Path) -> None:
    path = tmp_path / "mine" / "calibrations" / "training.toml"
    path.parent.mkdir(parents=True)
    done = tenfold("calibrate", "training", few_runs(tmp_path), "--as-of", "2026-01-31", "--out", path)
    assert done.code == 0, done.stderr
    assert 'as_of = "2026-01-31"' in path.read_text(encoding="utf-8")
    assert tenfold("catalog", "show", "calibrations/training", "--catalog", path.parents[1]).code == 0


def test_runs_of_which_none_can_be_used_are_an_error() -> None:
    with pytest.raises(InputError, match="no run can be used: 2 × quality C"):
        calibrate([run_of(quality="C"), run_of(quality="C")], CATALOG)
    with pytest.raises(InputError, match="the file is empty"):
        calibrate([], CATALOG)


@settings(max_examples=30, deadline=None)
@given(other=st.lists(st.floats(-5.0, 5.0), min_size=3, max_size=3), seed=st.integers(0, 99))
def test_rows_of_weight_zero_change_nothing(other: list[float], seed: int) -> None:
    slopes = np.random.default_rng(seed).normal(size=(12, 4))
    weights = np.array([1.0] * 9 + [0.0] * 3)
    target = np.random.default_rng(seed + 1).normal(0.0, 0.2, 12)
    changed = target.copy()
    changed[9:] = other
    found, again = (fit(lambda x, y=y: slopes @ x * 0.1 - y, weights, np.zeros(4)).x for y in (target, changed))  # type: ignore[misc]
    np.testing.assert_allclose(found, again, rtol=1e-12, atol=1e-12)


@settings(max_examples=30, deadline=None)
@given(truth=st.lists(st.floats(-0.5, 0.5), min_size=3, max_size=3), seed=st.integers(0, 99))
def test_a_linear_problem_with_many_rows_is_solved(truth: list[float], seed: int) -> None:
    rng = np.random.default_rng(seed)
    slopes = rng.normal(size=(400, 3))
    x = np.array(truth)
    found = fit(lambda at: slopes @ (at - x), np.ones(400), np.zeros(3)).x
    np.testing.assert_allclose(found, x, atol=0.01)


def test_without_rows_constants_stay_at_their_priors() -> None:
    found = fit(lambda x: np.zeros(0), np.zeros(0), np.full(3, 0.7))
    np.testing.assert_allclose(found.x, 0.0, atol=1e-12)
    np.testing.assert_allclose(found.covariance, np.eye(3))


def test_outliers_pull_less_than_their_share() -> None:
    """Pseudo-Huber: a run ten spreads off counts as a few, not as a hundred."""
    rows = np.array([0.0] * 9 + [1.0])
    found = fit(lambda x: x[0] - rows, np.ones(10), np.zeros(1)).x[0]
    assert 0.0 < found < np.mean(rows)


def test_constants_at_zero_are_their_bases_and_move_with_x() -> None:
    done, _ = complete_runs(varied_runs(), CATALOG)
    to_fit = constants_to_fit(prior_figures(CATALOG), run_table(done).keys, CATALOG)
    still = values_at(np.zeros(len(to_fit)), to_fit, PRIORS)
    for constant in to_fit:
        base = still[constant.base] if constant.base else 1.0
        assert still[constant.key] == pytest.approx(base, rel=1e-9)
    up = values_at(np.ones(len(to_fit)), to_fit, PRIORS)
    for constant in to_fit:
        assert up[constant.key] > still[constant.key]
        assert constant.scale == "log" or 0.0 < up[constant.key] < constant.ceiling
    assert len({constant.key for constant in to_fit}) == len(to_fit)


def test_a_stack_leans_on_the_one_it_was_built_from() -> None:
    child = CATALOG.software["megatron-lm-2022"]
    key = f"software.{child.kernels_of}.matmul_factor"
    done = complete_runs([run_of(framework="Megatron-LM", source_date="2022-06")], CATALOG)[0]
    assert done[0].key.software == child
    to_fit = {constant.key: constant for constant in constants_to_fit(prior_figures(CATALOG), [done[0].key], CATALOG)}
    order = list(to_fit)
    assert to_fit["software.megatron-lm-2022.matmul_factor"].base == key
    assert order.index(key) < order.index("software.megatron-lm-2022.matmul_factor")
    own = {"software.megatron-lm-2022.matmul_factor": 1.1}
    assert software_factor({key: 1.05}, "matmul_factor", child) == 1.05
    assert software_factor({key: 1.05} | own, "matmul_factor", child) == 1.1
    assert software_factor({}, "matmul_factor", child) == 1.0


def test_stacks_are_built_from_stacks_of_the_catalog_and_in_no_circle() -> None:
    origins = {stack.kernels_of for stack in CATALOG.software.values()} - {""}
    assert origins
    for key in CATALOG.software:
        seen = [key]
        while origin := CATALOG.software[seen[-1]].kernels_of:
            assert origin not in seen
            seen.append(origin)
