"""Scores, folds and spreads against their definitions."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from measured_runs import CATALOG, run_of, varied_runs

from tenfold.performance import NOVELTIES, Seen
from tenfold.validation.folds import folds, group_folds
from tenfold.validation.scoring import Ranges, average_of, coverage_range, score, scores_by
from tenfold.validation.training.calibrate.fitting import FULL_WEIGHT_RUNS, run_weights
from tenfold.validation.training.calibrate.spreads import (
    ARCHS,
    FACTORS,
    TAIL,
    Components,
    Unseen,
    equal_weights,
    fit_components,
    fit_factor,
    halved_weights,
    least_factor,
)
from tenfold.validation.training.completed import CompletedRun, complete_run, complete_runs
from tenfold.validation.training.predict import CasePredictions
from tenfold.validation.training.scored import slice_of

RATIOS = st.lists(st.floats(0.1, 10.0), min_size=1, max_size=40).map(np.array)


def ranged(middle: np.ndarray, spread: float) -> Ranges:
    return Ranges(p10=middle * np.exp(-1.2816 * spread), p50=middle, p90=middle * np.exp(1.2816 * spread))


def runs() -> list[CompletedRun]:
    done, skipped = complete_runs(varied_runs(), CATALOG)
    assert not skipped
    return done


def test_scores_by_hand() -> None:
    found = score(ranged(np.array([90.0, 110.0, 100.0, 200.0]), 0.1), np.full(4, 100.0))
    assert found.n == 4
    assert found.median_ape == pytest.approx(0.1)
    assert found.mean_ape == pytest.approx(0.3)
    assert found.p90_ape == pytest.approx(0.73)
    assert found.bias == pytest.approx(0.05)
    assert found.coverage_80 == 0.75


@given(ratio=RATIOS, scale=st.floats(1e-3, 1e9))
def test_scores_do_not_depend_on_the_unit(ratio: np.ndarray, scale: float) -> None:
    once = score(ranged(ratio, 0.2), np.ones(len(ratio)))
    scaled = score(ranged(ratio * scale, 0.2), np.full(len(ratio), scale))
    for name in ("median_ape", "mean_ape", "p90_ape", "bias"):
        assert getattr(scaled, name) == pytest.approx(getattr(once, name), rel=1e-6, abs=1e-9)


@given(ratio=RATIOS)
def test_scores_are_ordered_and_perfect_predictions_are_perfect(ratio: np.ndarray) -> None:
    found = score(ranged(ratio, 0.3), np.ones(len(ratio)))
    assert 0.0 <= found.median_ape <= max(found.p90_ape, found.mean_ape * 2)
    assert 0.0 <= found.coverage_80 <= 1.0
    exact = score(ranged(ratio, 0.0), ratio)
    assert (exact.median_ape, exact.p90_ape, exact.bias, exact.coverage_80) == (0.0, 0.0, 0.0, 1.0)


def test_scores_by_label_cover_every_run_once() -> None:
    labels = {"chip": ["a", "b", "a"], "mode": ["x", "x", "x"]}
    found = scores_by(labels, ranged(np.array([1.0, 2.0, 3.0]), 1.0), np.ones(3))
    assert {name: {value: group.n for value, group in groups.items()} for name, groups in found.items()} == {
        "chip": {"a": 2, "b": 1},
        "mode": {"x": 3},
    }
    assert found["chip"]["b"].median_ape == 1.0


def test_an_average_counts_every_group_once_and_a_bootstrap_draws_groups() -> None:
    found = scores_by({"source": ["a", "b", "b"]}, ranged(np.array([1.2, 1.0, 1.0]), 0.05), np.ones(3))["source"]
    mean = average_of(found)
    assert mean.median_ape == pytest.approx(0.1)
    assert (mean.n, mean.coverage_80) == (2, 0.5)
    low, high = coverage_range(np.array([False, True, True]), ["a", "b", "b"])
    assert (low, high) == (0.0, 1.0)


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
    found = list(group_folds(families))
    assert np.sum([fold.judged for fold in found], axis=0).tolist() == [1, 1, 1, 1]
    for fold in found:
        assert {families[i] for i in np.flatnonzero(fold.judged)} == {fold.name}
        assert fold.name not in {families[i] for i in np.flatnonzero(fold.fitted)}


def components(sigma: float = 0.12) -> Components:
    return Components(sigma=np.full(len(ARCHS), sigma), ratio=dict.fromkeys(NOVELTIES, 0.8))


def unseen(residual: np.ndarray, **seen: float) -> Unseen:
    count = len(residual)
    known = {"largest_chips": 1e6, "known_software": 1.0}
    known |= dict.fromkeys(("of_family", "of_kind", "of_width", "of_stack"), 100.0)
    columns = {name: np.full(count, value) for name, value in (known | seen).items()}
    near = Seen(**columns, free_layout=np.zeros(count), years_ahead=np.zeros(count))
    return Unseen(arch=np.zeros(count), seen=near, chips=np.full(count, 8.0), residual=residual, weight=np.ones(count))


BEFORE = {f"spread.{arch}.measured": 0.12 for arch in ARCHS} | {f"novelty.dense.{name}": 0.1 for name in NOVELTIES}


@settings(max_examples=10, deadline=None)
@given(sigma=st.floats(0.05, 0.3), seed=st.integers(0, 10_000))
def test_components_of_variance_are_found_in_what_was_drawn_from_them(sigma: float, seed: int) -> None:
    rng = np.random.default_rng(seed)
    found = fit_components(unseen(rng.standard_t(TAIL, 3000) * sigma), BEFORE)
    assert found.sigma[0] == pytest.approx(sigma, rel=0.15)


def test_what_is_new_is_never_surer() -> None:
    known = components().log_spread(unseen(np.zeros(1)), BEFORE)
    for name in ("of_family", "of_kind", "of_width", "of_stack", "known_software"):
        assert components().log_spread(unseen(np.zeros(1), **{name: 0.0}), BEFORE) > known


@settings(deadline=None)
@given(seed=st.integers(0, 1000))
def test_the_factor_puts_eighty_percent_inside(seed: int) -> None:
    residual = np.random.default_rng(seed).normal(0.0, 0.2, 400)
    cases = CasePredictions(weight=np.ones((400, 1)), log_speed=residual[:, None])
    inside = fit_factor(components(), unseen(residual), cases, np.ones(400), BEFORE)
    factor = least_factor(inside, np.ones(400))
    covered = inside.mean(axis=0)[np.searchsorted(FACTORS, factor - 1e-9)]
    assert 0.8 <= covered <= 0.83


def test_every_source_counts_the_same() -> None:
    weights = equal_weights(["one"] * 50 + ["two"] * 5)
    assert weights[:50].sum() == pytest.approx(weights[50:].sum())


def test_a_row_counts_half_by_itself_and_half_by_its_source() -> None:
    weights = halved_weights(["one"] * 50 + ["two"] * 5)
    assert weights.sum() == pytest.approx(1.0)
    assert weights[:50].sum() == pytest.approx(0.5 * 50 / 55 + 0.5 / 2)
    assert halved_weights(["one"] * 4) == pytest.approx([0.25] * 4)


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
