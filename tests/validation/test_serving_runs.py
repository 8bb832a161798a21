"""Measured serving: tables and benchmarks read, rows understood, constants fitted, errors scored."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import tenfold as public
from tenfold.catalog import engine_named, load_catalog
from tenfold.performance.serving import serving_factors
from tenfold.performance.serving.constants import Labels, value_of
from tenfold.performance.serving.setup import PRIORS
from tenfold.quantities import InputError, MissingFigureError, parse_date
from tenfold.validation.serving.benchmarks import benchmark_runs
from tenfold.validation.serving.effects import effects_of, incidence
from tenfold.validation.serving.fitting import FitProblem, serving_folds
from tenfold.validation.serving.predict import case_table
from tenfold.validation.serving.requests import simulated
from tenfold.validation.serving.runs import ServingRun, read_runs, sides_of
from tenfold.validation.serving.scenarios import meaning_of
from tenfold.validation.serving.scored import scored_serving
from tenfold.validation.serving.table import Case, complete_cases

CATALOG = load_catalog()
FACTORS = serving_factors(CATALOG)
EXAMPLES = Path(__file__).parents[2] / "examples" / "measured"
SHARED = Path(__file__).parents[3] / "shared" / "data" / "serving_runs.csv"
RUN = ServingRun(
    id="a", model="llama-3.1-70b", chip="h100-sxm", engine="vLLM", engine_version="0.12.0", metric="tpot_ms_mean",
    value=20.0, scenario="fixed concurrency agg", isl=1024.0, osl=256.0, n_chips=4.0, tp="4", pp="1", dp="1",
    precision_weights="fp8", concurrency_or_batch=16.0, spec_decoding="none", source_title="ours",
)  # fmt: skip


def cases_of(*runs: ServingRun) -> list[Case]:
    return complete_cases(runs, CATALOG)[0]


def reason_for(**said: object) -> str:
    done, skipped = complete_cases([replace(RUN, **said)], CATALOG)  # type: ignore[arg-type]
    assert not done
    return next(iter(skipped))


@pytest.mark.parametrize(
    ("said", "group"),
    [
        ({}, "tpot_agg"),
        ({"metric": "ttft_ms", "value": 400.0}, "ttft_unsaturated"),
        ({"metric": "ttft_ms_p99", "value": 9_000.0}, "ttft_saturated"),
        ({"scenario": "burst of N prompts"}, "tpot_burst"),
        ({"scenario": "offline max throughput", "metric": "output_tok_s_total"}, "throughput_offline"),
        ({"scenario": "online poisson slo (MLPerf Server)", "metric": "output_tok_s_total"}, "throughput_slo"),
        ({"scenario": "online poisson slo (MLPerf Server)", "metric": "tpot_ms_p99"}, "slo_tpot"),
        ({"scenario": "online constant rate (codegen)", "metric": "e2e_latency_ms_p90"}, "open_e2e"),
        ({"scenario": "online constant rate (codegen)", "notes": "failures 40"}, "overload_tpot"),
        ({"scenario": "offline fixed batch", "metric": "e2e_latency_ms_mean"}, "batch_static"),
        ({"scenario": "fixed concurrency disagg"}, "tpot_disagg"),
    ],
)
def test_rows_are_scored_in_their_groups(said: dict[str, object], group: str) -> None:
    meaning = meaning_of(replace(RUN, **said))  # type: ignore[arg-type]
    assert not isinstance(meaning, str)
    assert meaning.group == group


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ({"exclude": "duplicate"}, "excluded: duplicate"),
        ({"model": "no-such-model"}, "no-such-model"),
        ({"chip": "no-such-chip"}, "no-such-chip"),
        ({"isl": None}, "lengths"),
        ({"concurrency_or_batch": None}, "no concurrency"),
        ({"n_chips": 8.0}, "tp × pp × dp"),
        ({"model": "deepseek-v3", "spec_decoding": ""}, "speculation"),
        ({"precision_weights": "fp3"}, "precision"),
        ({"n_chips": 1.0, "tp": "1", "precision_weights": "bf16"}, "do not fit"),
        ({"scenario": "by feel"}, "scenario"),
        ({"metric": "joules"}, "metric"),
        ({"notes": "TTFT/TPOT/ITL meaningless"}, "reasoning parser"),
        ({"scenario": "fixed concurrency disagg", "prefill_workers": 1.0}, "workers"),
    ],
)
def test_every_other_row_has_a_reason(said: dict[str, object], reason: str) -> None:
    assert reason in reason_for(**said)


def test_cells_of_two_sides_are_told_apart() -> None:
    assert (sides_of("P4/D8").prefill, sides_of("P4/D8").decode) == (4.0, 8.0)
    assert (sides_of("8").prefill, sides_of("0").decode, sides_of("").decode) == (8.0, 1.0, None)


def test_ranks_that_share_experts_are_one_replica_and_others_are_many() -> None:
    shared, alone = cases_of(
        replace(RUN, model="deepseek-v3", chip="h200-sxm", n_chips=8.0, tp="1", dp="8", ep="8"),
        replace(RUN, model="llama-3.1-8b", n_chips=8.0, tp="1", dp="8"),
    )
    assert (float(shared.setting.layout.ranks), shared.replicas) == (8.0, 1.0)
    assert (float(alone.setting.layout.ranks), alone.replicas) == (1.0, 8.0)
    assert shared.load == alone.load == 2.0


@pytest.mark.parametrize(
    ("label", "version", "when", "key"),
    [
        ("vLLM", "0.11.0", None, "vllm-2025"),
        ("vLLM-ROCm", "0.6.3", None, "vllm-2024"),
        ("vllm", "", "2026-03-01", "vllm-2026"),
        ("TensorRT-LLM", "0.8.1.post1", "2026-03-01", "tensorrt-llm-2026"),
        ("TensorRT-LLM (NIM)", "", "2025-08-01", "tensorrt-llm-2025"),
        ("vLLM-Ascend", "0.20.2rc1", None, "vllm-ascend-2025"),
    ],
)
def test_engines_are_named_by_version_and_date(label: str, version: str, when: str | None, key: str) -> None:
    found = engine_named(label, version, parse_date(when) if when else None, CATALOG.engines.values())
    assert found is not None
    assert found.key == key


def test_an_engine_nobody_knows_is_none() -> None:
    assert engine_named("abacus", "1", None, CATALOG.engines.values()) is None


def test_factors_multiply_along_the_hierarchy() -> None:
    labels = Labels(vendor="NVIDIA", family="hopper", engine="vllm", vintage="vllm-2026")
    factors = {
        "all.layer_s": 1e-5,
        "family.hopper.layer_s": 2.0,
        "pair.hopper.vllm.layer_s": 3.0,
        "engine.tgi.layer_s": 9.0,
    }
    assert value_of(factors, labels, "layer_s") == pytest.approx(6e-5)
    with pytest.raises(MissingFigureError, match=r"all\.step_s"):
        value_of(factors, labels, "step_s")


def test_levels_that_cannot_be_told_apart_leave_a_vendor_as_free_as_any_other() -> None:
    priors = dict(CATALOG.calibration(PRIORS).constants)
    one = Labels(vendor="Intel", family="gaudi3", engine="optimum-habana", vintage="optimum-habana-2024", width="8bit")
    other = Labels(vendor="NVIDIA", family="hopper", engine="vllm", vintage="vllm-2026", width="8bit")
    sister = replace(other, family="blackwell", engine="sglang", vintage="sglang-2026")
    rows = incidence(effects_of(priors, [one, other, sister]), [one, one, other, sister])
    assert (rows[0] == rows[1]).all()
    assert (rows[0] ** 2).sum() == pytest.approx((rows[2] ** 2).sum())


def published() -> list[ServingRun]:
    return read_runs(EXAMPLES / "serving-runs.csv")


def test_a_fit_finds_the_factor_that_made_the_measurements() -> None:
    """What many sources measured of a slower memory is explained, and what they say nothing of stays."""
    other = replace(RUN, engine="SGLang", engine_version="0.5.8")
    runs = [replace(other, id=str(n), concurrency_or_batch=2.0 ** (n % 7), source_title=str(n)) for n in range(28)]
    table = case_table(cases_of(*runs), FACTORS)
    slower = {**FACTORS, "all.weight_share": 0.8 * FACTORS["all.weight_share"]}
    table = replace(table, measured=simulated(table, table.constants(slower)))
    problem = FitProblem(table, dict(CATALOG.calibration(PRIORS).constants))
    before = np.abs(np.log(simulated(table, table.constants(FACTORS)) / table.measured)).mean()
    fitted = problem.fit(np.ones(len(runs), dtype=np.bool_))
    after = np.abs(np.log(simulated(table, problem.constants(fitted.x)) / table.measured)).mean()
    assert after < 0.35 * before
    names = np.array([effect.name for effect in problem.effects])
    assert np.abs(fitted.x[names == "exchange_s"]).max() < 1e-9


def test_folds_judge_every_row_by_a_fit_that_has_not_seen_it() -> None:
    cases, _ = complete_cases(published(), CATALOG)
    judged = np.zeros(len(cases), dtype=int)
    for fold in serving_folds(cases):
        assert not (fold.judged & fold.fitted).any()
        judged += fold.judged
    assert (judged == 1).all()


def test_scores_count_every_row_once() -> None:
    runs = published()
    cases, skipped = complete_cases(runs, CATALOG)
    measured = np.array([case.meaning.measured for case in cases])
    found = scored_serving(len(runs), skipped, cases, 1.1 * measured, np.full(len(cases), 0.2))
    assert found.scored + found.skipped_rows == found.rows == len(runs)
    assert set(found.by) == {"metric", "chip", "engine", "scenario", "source"}
    for groups in found.by.values():
        assert sum(each.n for each in groups.values()) == found.scored
        assert all(each.median_ape == pytest.approx(0.1) and each.coverage_80 == 1.0 for each in groups.values())
    assert all(each.median_ape == pytest.approx(0.1) for each in found.by_combination.values())


VLLM = {"completed": 640, "max_concurrency": 64, "total_input_tokens": 655360, "total_output_tokens": 163840,
        "mean_ttft_ms": 412.5, "mean_tpot_ms": 36.7, "output_throughput": 1668.3, "request_rate": None}  # fmt: skip
SGLANG = """
Max request concurrency:                 16
Successful requests:                     160
Total input tokens:                      81920
Total generated tokens:                  40960
Output token throughput (tok/s):         912.44
Mean E2E Latency (ms):                   4480.10
Mean TTFT (ms):                          210.40
Mean TPOT (ms):                          16.75
"""
TENSORRT = """
Number of requests:             512
Number of concurrent requests:  64.0000
Average Input Length (tokens):  1024.0000
Average Output Length (tokens): 256.0000
Total Output Throughput (tokens/sec):             5120.0
Average time-to-first-token [TTFT] (ms):          301.5
Average time-per-output-token [TPOT] (ms):        11.2
"""
ABOUT = {"model": "llama-3.1-70b", "chip": "h100-sxm", "engine": "vllm-2026", "n_chips": 4.0, "tp": "4"}


@pytest.mark.parametrize(
    ("text", "tpot", "isl", "clients"),
    [(json.dumps(VLLM), 36.7, 1024.0, 64.0), (SGLANG, 16.75, 512.0, 16.0), (TENSORRT, 11.2, 1024.0, 64.0)],
)
def test_benchmarks_of_three_engines_are_read(
    tmp_path: Path, text: str, tpot: float, isl: float, clients: float
) -> None:
    file = tmp_path / "bench.txt"
    file.write_text(text, encoding="utf-8")
    runs = {run.metric: run for run in benchmark_runs(file, ABOUT)}
    assert runs["tpot_ms_mean"].value == tpot
    assert {(run.isl, run.osl, run.concurrency_or_batch) for run in runs.values()} == {(isl, 256.0, clients)}
    assert {"ttft_ms_mean", "output_tok_s_total"} < set(runs)


AT_ONCE = {**VLLM, "max_concurrency": None, "request_rate": "inf"}
REPORT = {"request_info": {"num_requests": 512, "avg_num_concurrent_requests": 64.0, "avg_input_length": 1024.0,
                           "avg_output_length": 256.0},
          "performance": {"system_output_throughput_tok_s": 5120.0}}  # fmt: skip
GENAI_PERF = {"time_to_first_token": {"avg": 301.5}, "inter_token_latency": {"avg": 11.2, "p50": 11.0},
              "input_sequence_length": {"avg": 1024.0}, "output_sequence_length": {"avg": 256.0},
              "input_config": {"perf_analyzer": {"stimulus": {"concurrency": 64}}}}  # fmt: skip


@pytest.mark.parametrize(
    ("text", "scenario", "clients", "metric"),
    [
        (json.dumps(AT_ONCE), "burst", 640.0, "tpot_ms_mean"),
        (SGLANG.replace("Max request concurrency:                 16\n", ""), "burst", 160.0, "tpot_ms_mean"),
        (json.dumps(REPORT), "fixed concurrency agg", 64.0, "output_tok_s_total"),
        (json.dumps(GENAI_PERF), "fixed concurrency agg", 64.0, "tpot_ms_p50"),
    ],
)
def test_all_requests_at_once_and_reports_of_tables(
    tmp_path: Path, text: str, scenario: str, clients: float, metric: str
) -> None:
    file = tmp_path / "bench.json"
    file.write_text(text, encoding="utf-8")
    runs = {run.metric: run for run in benchmark_runs(file, ABOUT)}
    assert {(run.scenario, run.concurrency_or_batch) for run in runs.values()} == {(scenario, clients)}
    assert metric in runs


@pytest.mark.parametrize(
    ("text", "wrong"), [("hello", "no latency"), ("Mean TPOT (ms): 3", "tokens of its requests"), ("{", "no latency")]
)
def test_what_is_no_benchmark_is_refused(tmp_path: Path, text: str, wrong: str) -> None:
    file = tmp_path / "bench.txt"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=wrong):
        benchmark_runs(file, ABOUT)


def test_a_benchmark_of_ones_own_moves_the_estimate_towards_it(tmp_path: Path) -> None:
    file = tmp_path / "mine.json"
    usual = public.estimate_serving(
        model="llama-3.1-70b", chip="h100-sxm", tp=4, engine="vllm", precision="fp8", isl=1024, osl=256, concurrency=64
    ).tpot_s.mean.p50
    file.write_text(
        json.dumps({**VLLM, "mean_tpot_ms": 1.5e3 * usual, "mean_ttft_ms": None, "output_throughput": None})
    )
    answer = public.calibrate_serving(
        runs=str(file), model="llama-3.1-70b", chip="h100-sxm", engine="vllm", tp=4, precision="fp8"
    )
    from tenfold.validation.serving.calibrate.answer import file as overlay_text

    overlay = tmp_path / "overlay" / "calibrations"
    overlay.mkdir(parents=True)
    (overlay / "serving-own.toml").write_text(overlay_text(answer), encoding="utf-8")
    moved = public.estimate_serving(
        model="llama-3.1-70b", chip="h100-sxm", tp=4, engine="vllm", precision="fp8", isl=1024, osl=256, concurrency=64,
        catalog=load_catalog([tmp_path / "overlay"]),
    ).tpot_s.mean.p50  # fmt: skip
    assert abs(np.log(moved / (1.5 * usual))) < 0.25
    assert answer.after is not None
    assert answer.before is not None
    assert answer.after.median_ape < answer.before.median_ape


def test_a_table_with_every_problem_is_refused_at_once(tmp_path: Path) -> None:
    file = tmp_path / "runs.csv"
    file.write_text("id,model,chip,engine,isl,osl,metric,value,scenario\na,b,c,d,x,2,tpot_ms,-3,e\n", encoding="utf-8")
    with pytest.raises(InputError) as trouble:
        read_runs(file)
    assert len(trouble.value.problems) == 2
    file.write_text("id,model\n", encoding="utf-8")
    with pytest.raises(InputError, match="missing columns"):
        read_runs(file)
    with pytest.raises(InputError, match="no such file"):
        read_runs(tmp_path / "nowhere.csv")


def test_most_of_the_published_table_is_scored() -> None:
    if not SHARED.exists():
        pytest.skip("serving_runs.csv is not in this checkout: it lies beside it, and is not part of the project")
    runs = read_runs(SHARED)
    cases, skipped = complete_cases(runs, CATALOG)
    assert len(cases) >= 0.75 * len(runs)
    assert len(cases) + skipped.total() == len(runs)
