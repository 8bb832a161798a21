"""What a combination's own rows say of it: conditional normals, one point, the limits of damage and of launches."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenfold.catalog import engine_named, load_catalog
from tenfold.performance.serving import NAMES, serving_factors, serving_spread
from tenfold.performance.serving.setup import PRIORS
from tenfold.quantities import Floats
from tenfold.validation.serving.combinations import COLUMNS, conditional, offsets_of
from tenfold.validation.serving.effects import COMBINED, OF_COMBINATION
from tenfold.validation.serving.fitting import FitProblem
from tenfold.validation.serving.one_point import after_one_point
from tenfold.validation.serving.predict import case_table, predicted
from tenfold.validation.serving.runs import ServingRun
from tenfold.validation.serving.table import Case, complete_cases

CATALOG = load_catalog()
FACTORS = serving_factors(CATALOG)
RUN = ServingRun(
    id="a", model="llama-3.1-70b", chip="h100-sxm", engine="vLLM", engine_version="0.12.0", metric="tpot_ms_mean",
    value=20.0, scenario="fixed concurrency agg", isl=1024.0, osl=256.0, n_chips=4.0, tp="4", pp="1", dp="1",
    precision_weights="fp8", concurrency_or_batch=16.0, spec_decoding="none", source_title="ours",
)  # fmt: skip


def cases_of(*runs: ServingRun) -> list[Case]:
    return complete_cases(runs, CATALOG)[0]


@given(seed=st.integers(0, 10_000))
def test_offsets_are_the_conditional_normal_of_bayes_formula(seed: int) -> None:
    """(Σ⁻¹ + JᵀC⁻¹J)⁻¹ and its mean, by the other side of the matrix identity; never wider than before."""
    drawn: Floats = np.random.default_rng(seed).uniform(-1.0, 1.0, (4, 4))
    slopes, residual = drawn[:, :3], drawn[:, 3]
    sd, errors = np.array([0.1, 0.2, 0.3]), np.diag([0.1, 0.2, 0.1, 0.3]) ** 2
    mean, covariance = conditional(slopes, residual, sd, errors)
    precision = np.diag(sd**-2.0) + slopes.T @ np.linalg.inv(errors) @ slopes
    assert covariance == pytest.approx(np.linalg.inv(precision), abs=1e-12)
    expected = -np.linalg.solve(precision, slopes.T @ np.linalg.inv(errors) @ residual)
    assert mean == pytest.approx(expected, abs=1e-9)
    assert (np.diag(covariance) <= sd**2 + 1e-12).all()


def test_one_known_point_moves_what_shares_its_cause_and_nothing_else() -> None:
    cases = cases_of(*(replace(RUN, id=str(n), concurrency_or_batch=float(n)) for n in (1, 4, 16)))
    ratio, wide = np.full(3, 1.7), np.full((3, 1), 1e6)
    alike = after_one_point(cases, ratio, np.ones((3, 1)), wide)["tpot"]
    assert alike.median_ape == pytest.approx(0.0, abs=1e-9)
    apart = after_one_point(cases, ratio, np.eye(3), np.full((3, 3), 1e6))["tpot"]
    assert apart.median_ape == pytest.approx(0.7)
    believed = after_one_point(cases, ratio, np.ones((3, 1)), np.full((3, 1), 1e-9))["tpot"]
    assert believed.median_ape == pytest.approx(0.7)
    assert after_one_point(cases[:1], ratio[:1], np.ones((1, 1)), wide[:1]) == {}


def test_a_combination_that_is_slower_is_learned_and_others_stay() -> None:
    other = replace(RUN, model="llama-3.1-8b", tp="1", n_chips=1.0)
    runs = [
        replace(each, id=f"{each.model}{n}", concurrency_or_batch=2.0**n, source_title=f"{n}")
        for each in (RUN, other)
        for n in range(6)
    ]
    table = case_table(cases_of(*runs), FACTORS)
    slow = np.array([1.3 if case.model == "llama-3.1-70b" else 1.0 for case in table.cases])
    problem = FitProblem(table, dict(CATALOG.calibration(PRIORS).constants))
    fitted = problem.fit(np.zeros(len(slow), dtype=np.bool_))
    measured = predicted(table, problem.constants(fitted.x)) * slow
    problem = FitProblem(replace(table, measured=measured), dict(CATALOG.calibration(PRIORS).constants))
    none = replace(fitted, log_ratio=np.zeros(len(slow)))
    offsets = offsets_of(problem, none, np.ones(len(slow), dtype=np.bool_))
    assert {key.split(".")[0] for key in offsets} == {"combination"}
    for row, case in enumerate(table.cases):
        logs = [offsets[f"combination.{case.setting.labels.combination}.{name}"].log for name in COMBINED]
        moved = float(fitted.slopes[row, COLUMNS] @ logs)
        assert 0.5 * np.log(slow[row]) <= moved + 1e-9 <= 1.01 * np.log(slow[row]) + 1e-9
    assert all(each.sd <= OF_COMBINATION + 1e-12 for each in offsets.values())
    assert set(COMBINED) < set(NAMES)


def test_what_nobody_measured_keeps_the_wider_range() -> None:
    known = cases_of(RUN)[0].setting.labels
    factors = {f"rows.{known.pair}": 9.0, "spread.tpot.measured": 0.3, "spread.tpot.combination": 0.2}
    assert serving_spread(factors, known, "tpot").log_spread == 0.3
    measured = {**factors, f"combination.{known.combination}.layer_s": 1.1}
    assert serving_spread(measured, known, "tpot").log_spread == 0.2
    assert serving_spread(measured, replace(known, combination="another"), "tpot").log_spread == 0.3


def test_first_tokens_that_no_cache_had_room_for_are_damage_and_are_named() -> None:
    crowded = replace(RUN, metric="ttft_ms", value=700.0, isl=15_000.0, osl=500.0, concurrency_or_batch=4096.0)
    done, skipped = complete_cases([crowded, replace(crowded, value=3e6), replace(crowded, isl=64.0)], CATALOG)
    assert skipped == {"damaged: its first tokens come sooner than its cache could have had room": 1}
    assert [case.run.value for case in done] == [3e6, 700.0]


SGLANG = replace(
    RUN, model="deepseek-r1", chip="b200", engine="SGLang", engine_version="0.5.9", n_chips=8.0, tp="8",
    protocol="inferencex (10 waves)",
)  # fmt: skip


def test_what_a_benchmarks_scripts_launch_is_obeyed_where_they_say_it() -> None:
    few, many, other, ours = cases_of(
        replace(SGLANG, concurrency_or_batch=8.0),
        SGLANG,
        replace(SGLANG, chip="h200-sxm"),
        replace(SGLANG, protocol=""),
    )
    assert [case.polled_steps for case in (few, many, other, ours)] == [10.0, 30.0, 1.0, 1.0]
    assert [case.setting.cache_bytes for case in (few, many, other, ours)] == [1.0, 1.0, 2.0, 2.0]
    assert few.setting.hardware.attended_peak_flop_per_s > ours.setting.hardware.attended_peak_flop_per_s
    assert ours.setting.hardware.attended_peak_flop_per_s == ours.setting.hardware.wide_peak_flop_per_s


def test_a_library_says_the_vintage_where_no_version_does() -> None:
    found = {
        said: engine_named(f"vLLM {said}", said, None, CATALOG.engines.values())
        for said in (
            "TensorRT 10.8, CUDA 12.8, TensorRT-LLM",
            "TensorRT 10.13 TensorRT-LLM",
            "TensorRT 10.14.1 TensorRT-LLM feat",
        )
    }
    keys = [engine.key for engine in found.values() if engine]
    assert keys == ["tensorrt-llm-2024", "tensorrt-llm-2025", "tensorrt-llm-2026"]


def test_drafts_that_nobody_states_are_used_where_they_give_more() -> None:
    run = replace(
        SGLANG, engine="TensorRT-LLM", engine_version="", metric="output_tok_s_total", scenario="offline", tp="",
        precision_weights="fp4", isl=800.0, osl=3800.0, protocol="mlperf",
    )  # fmt: skip
    cases = cases_of(*(replace(run, id=said, spec_decoding=said) for said in ("unknown", "mtp", "none")))
    table = case_table(cases, FACTORS)
    open_, drafted, plain = predicted(table, table.constants(FACTORS))
    assert open_ == pytest.approx(max(drafted, plain))
