"""Scores, folds and spreads against their definitions."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from measured_runs import CATALOG, run_of, varied_runs

from tenfold.quantities import Z90
from tenfold.validation.folds import family_folds, folds
from tenfold.validation.scoring import score, scores_by
from tenfold.validation.training.calibrate.fitting import FULL_WEIGHT_RUNS, run_weights
from tenfold.validation.training.calibrate.spreads import central_spread, spread_by_scale, spreads_of
from tenfold.validation.training.scored import slice_of
from tenfold.validation.training.table import CompletedRun, complete_run, complete_runs

RATIOS = st.lists(st.floats(0.1, 10.0), min_size=1, max_size=40).map(np.array)


def runs() -> list[CompletedRun]:
    done, skipped = complete_runs(varied_runs(), CATALOG)
    assert not skipped
    return done


def test_scores_by_hand() -> None:
    found = score(np.array([90.0, 110.0, 100.0, 200.0]), np.full(4, 100.0), np.full(4, 0.1))
    assert found.n == 4
    assert found.median_ape == pytest.approx(0.1)
    assert found.mean_ape == pytest.approx(0.3)
    assert found.p90_ape == pytest.approx(0.73)
    assert found.bias == pytest.approx(0.05)
    assert found.coverage_80 == 0.75


@given(ratio=RATIOS, scale=st.floats(1e-3, 1e9))
def test_scores_do_not_depend_on_the_unit(ratio: np.ndarray, scale: float) -> None:
    spread = np.full(len(ratio), 0.2)
    once, scaled = score(ratio, np.ones(len(ratio)), spread), score(ratio * scale, np.full(len(ratio), scale), spread)
    for name in ("median_ape", "mean_ape", "p90_ape", "bias"):
        assert getattr(scaled, name) == pytest.approx(getattr(once, name), rel=1e-6, abs=1e-9)


@given(ratio=RATIOS)
def test_scores_are_ordered_and_perfect_predictions_are_perfect(ratio: np.ndarray) -> None:
    found = score(ratio, np.ones(len(ratio)), np.full(len(ratio), 0.3))
    assert 0.0 <= found.median_ape <= max(found.p90_ape, found.mean_ape * 2)
    assert 0.0 <= found.coverage_80 <= 1.0
    exact = score(ratio, ratio, np.zeros(len(ratio)))
    assert (exact.median_ape, exact.p90_ape, exact.bias, exact.coverage_80) == (0.0, 0.0, 0.0, 1.0)


def test_scores_by_label_cover_every_run_once() -> None:
    labels = {"chip": ["a", "b", "a"], "mode": ["x", "x", "x"]}
    found = scores_by(labels, np.array([1.0, 2.0, 3.0]), np.ones(3), np.ones(3))
    assert {name: {value: group.n for value, group in groups.items()} for name, groups in found.items()} == {
        "chip": {"a": 2, "b": 1},
        "mode": {"x": 3},
    }
    assert found["chip"]["b"].median_ape == 1.0


def test_every_run_is_judged_once_and_never_by_a_fit_that_saw_its_source_or_model() -> None:
    done = runs()
    chips = [item.run.chip for item in done]
    judged = np.zeros(len(done), dtype=int)
    for fold in folds([item.run.source for item in done], chips, [item.run.model for item in done]):
        assert not np.any(fold.judged & fold.fitted), fold.name
        assert fold.judged.any()
        judged += fold.judged
        for index in np.flatnonzero(fold.judged):
            here = done[index].run
            for other in np.flatnonzero(fold.fitted):
                there = done[other].run
                assert there.source_group != here.source_group or there.model != here.model
                if here.chip == "h100-sxm":  # covered by two sources
                    assert there.source_group != here.source_group
    assert judged.tolist() == [1] * len(done)


def test_two_names_of_a_chip_are_one_chip() -> None:
    done = runs()
    same = list(folds([item.run.source for item in done], ["one-chip"] * len(done), [item.run.model for item in done]))
    assert [fold.name for fold in same] == ["one", "three", "two"]


def test_family_folds_leave_whole_families_out() -> None:
    families = ["a", "b", "a", "c"]
    found = list(family_folds(families))
    assert np.sum([fold.judged for fold in found], axis=0).tolist() == [1, 1, 1, 1]
    for fold in found:
        assert {families[i] for i in np.flatnonzero(fold.judged)} == {fold.name}
        assert fold.name not in {families[i] for i in np.flatnonzero(fold.fitted)}


@settings(max_examples=20, deadline=None)
@given(spread=st.floats(0.02, 0.5), seed=st.integers(0, 10_000))
def test_a_spread_holds_eighty_percent_of_a_normal_sample(spread: float, seed: int) -> None:
    sample = np.random.default_rng(seed).normal(0.0, spread, 4000)
    found = central_spread(sample)
    assert found == pytest.approx(spread, rel=0.08)
    inside = np.abs(np.random.default_rng(seed + 1).normal(0.0, spread, 4000)) <= Z90 * found
    assert np.mean(inside) == pytest.approx(0.8, abs=0.05)  # five standard deviations of the two samples


def test_spreads_by_regime_and_without_their_own_source() -> None:
    done = runs()
    source = np.array([item.run.source_group for item in done])
    moe = np.array([float(item.shape.moe_layers) > 0 for item in done])
    measured = np.array([item.measured_tokens_per_s_per_chip for item in done])
    off = np.where(source == "one", 2.0, 1.1)
    spreads, held_out = spreads_of(done, measured * off, measured * off**2, measured)
    dense = np.log(off[~moe])
    assert spreads.log_spread["spread.dense.measured"] == pytest.approx(central_spread(dense))
    assert spreads.log_spread["spread.dense.unmeasured"] == pytest.approx(central_spread(2.0 * dense))
    assert spreads.runs["spread.moe.measured"] == int(moe.sum())
    assert sum(spreads.rows.values()) == len(done)
    outside = (source == "one") & ~moe
    assert held_out[outside] == pytest.approx(np.log(1.1) / Z90)
    assert np.all(np.isfinite(held_out))


def test_spread_by_scale_is_pooled_and_never_narrower_in_large_clusters() -> None:
    rng = np.random.default_rng(5)
    scale = np.repeat(["node", "cluster", "large"], [400, 4000, 10])
    residuals = rng.normal(0.0, 1.0, scale.size) * np.repeat([0.3, 0.1, 0.02], [400, 4000, 10])
    found, pooled = spread_by_scale(residuals, scale), central_spread(residuals)
    assert found["node"] == pytest.approx(0.3, rel=0.15)
    assert found["large"] == found["cluster"]
    few = spread_by_scale(residuals[:401], scale[:401])
    assert few["cluster"] == pytest.approx(central_spread(residuals[:401]), rel=0.05)
    assert found["cluster"] < pooled < found["node"]


def test_many_copies_of_one_source_share_the_weight_of_a_dozen() -> None:
    one = complete_run(run_of(), CATALOG)
    assert isinstance(one, CompletedRun)
    other = replace(one, run=replace(one.run, source_group="else"))
    weights = run_weights([one] * 48 + [other] * 5)
    assert float(np.sum(weights[:48] ** 2)) == pytest.approx(FULL_WEIGHT_RUNS)
    assert np.all(weights[48:] == 1.0)


@pytest.mark.parametrize(
    ("model", "mode", "expected"),
    [("llama-2-7b", "pretrain", "dense-pretrain"), ("mixtral-8x7b", "pretrain", "moe-pretrain"),
     ("llama-2-7b", "lora", "lora-sft"), ("mixtral-8x7b", "sft", "lora-sft")],
)  # fmt: skip
def test_slices_are_those_with_a_target(model: str, mode: str, expected: str) -> None:
    done = complete_run(run_of(model=model, mode=mode, ep=1.0), CATALOG)
    assert isinstance(done, CompletedRun)
    assert slice_of(done) == expected
