"""Completing runs: what a row leaves out is taken from its source's software, date and chip; what it states is kept."""

from __future__ import annotations

import datetime
import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from measured_runs import CATALOG, PRIORS, run_of, varied_runs

from tenfold.performance.training import estimate_layout
from tenfold.performance.training.estimate import TrainingSetup
from tenfold.validation.training.completed import (
    CompletedRun,
    complete_run,
    complete_runs,
    precision_of,
    software_of,
    system_of_run,
)
from tenfold.validation.training.dates import day_of
from tenfold.validation.training.options import layout_options, ranks_per_chip
from tenfold.validation.training.predict import (
    chosen_rows,
    memory_share,
    predict_cases,
    predicted_tokens_per_s_per_chip,
)
from tenfold.validation.training.shapes import shape_of_run
from tenfold.validation.training.table import run_table
from tenfold.workloads import PRECISIONS, recompute_name, recompute_value

H100 = CATALOG.chip("h100-sxm")
FEW = settings(max_examples=60, deadline=None)


def completed(**stated: object) -> CompletedRun:
    found = complete_run(run_of(**stated), CATALOG)
    assert isinstance(found, CompletedRun), found
    return found


@pytest.mark.parametrize(
    ("stated", "reason"),
    [
        ({"quality": "C"}, "quality C"),
        ({"tokens_per_s_per_chip": None}, "no tokens/s and no step time (FLOP/s alone are not scored)"),
        ({"n_chips": None, "dp": None}, "no number of chips"),
        ({"model": "nobody-knows-it"}, "model without a known shape"),
        ({"tp": 16.0, "dp": None}, "the published degrees do not divide the chips"),
    ],
)
def test_a_run_that_cannot_be_scored_says_why(stated: dict[str, object], reason: str) -> None:
    assert complete_run(run_of(**stated), CATALOG) == reason


def test_an_unknown_chip_is_a_reason_that_names_it() -> None:
    reason = complete_run(run_of(chip="h1000"), CATALOG)
    assert isinstance(reason, str)
    assert reason.startswith("h1000: ")
    assert "h1000" in reason


def test_reasons_are_counted() -> None:
    done, skipped = complete_runs([run_of(), run_of(quality="C"), run_of(quality="c"), run_of(n_chips=None)], CATALOG)
    assert len(done) == 1
    assert skipped == {"quality C": 2, "no number of chips": 1}


@pytest.mark.parametrize("label", sorted({"Megatron-LM", "NeMo", "llm-foundry/FSDP", "MaxText"}))
def test_the_date_of_a_framework_picks_its_vintage(label: str) -> None:
    """The latest stack of that name that existed by then; a later source never gets an older stack."""
    dates = ["2020-01", "2022-05", "2023-06", "2024-06", "2025-06", "2026-06"]
    found = [software_of(run_of(framework=label, source_date=date), H100, CATALOG) for date in dates]
    assert {len(cases) for cases in found} == {1}
    since = [cases[0].value.since for cases in found]
    assert since == sorted(since)
    for (case,) in found[1:]:
        assert any(part in label.lower() for part in (*case.value.labels, *case.value.libraries)), case.value.key
    assert found[-1] == software_of(run_of(framework=label, source_date=""), H100, CATALOG)


@pytest.mark.parametrize(
    ("framework", "expected"),
    [
        ("ModelLink (Megatron core 0.6 based), Mcore", "mindspeed-2024"),
        ("Megatron-Core / FlagScale", "flagscale-2023"),
        ("DeepSpeed ZeRO-3", "deepspeed-2023"),
        ("Megatron-DeepSpeed", "megatron-deepspeed"),
        ("HF Trainer + FSDP", "hf-trainer-2023"),
        ("TorchTitan", "torchtitan-2024"),
        ("PyTorch FSDP2 + compile", "fsdp-2024"),
        ("PaxML/JAX", "jax-gpu-2023"),
        ("Optimum Habana (HF Trainer)", "optimum-habana-2024"),
    ],
)
def test_a_label_is_matched_whole_and_libraries_only_where_no_label_is(framework: str, expected: str) -> None:
    (case,) = software_of(run_of(framework=framework, source_date="2024-10"), H100, CATALOG)
    assert case.value.key == expected


def test_a_name_that_contains_a_label_within_a_word_is_another() -> None:
    cases = software_of(run_of(framework="Fooneuronbar", source_date="2024-10"), H100, CATALOG)
    assert len(cases) > 1
    assert sum(case.weight for case in cases) == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2024-06", (2024, 6)), ("26.02.01 NeMo Container", (2026, 2)), ("2024-2025", (2025, 1)),
        ("2023-2024 (table)", (2024, 1)), ("2024 (snap)", (2024, 7)), ("2024-01 to 2024-06", (2024, 1)),
    ],
)  # fmt: skip
def test_dates_are_months_releases_ranges_or_years(text: str, day: tuple[int, int]) -> None:
    assert day_of(text) == datetime.date(*day, 1)
    assert day_of("no date") is None


@pytest.mark.parametrize("name", ["network", "precision", "software"])
def test_stating_an_input_never_moves_the_median_outside_the_range(name: str) -> None:
    """A case weighs so much that its own median stays inside the P10 to P90 said before; its range is shorter."""
    stated = {"network": "100 Gbit/s", "precision": "fp8", "software": "fsdp-2024"}
    silent = {"network": "", "precision": "", "framework": "", "n_chips": 64.0, "dp": 16.0}
    spread = np.array([0.12])
    open_run = complete_run(run_of(**silent), CATALOG)
    told = complete_run(run_of(**silent | {name: stated[name]}), CATALOG)
    assert isinstance(open_run, CompletedRun)
    assert isinstance(told, CompletedRun)
    before, after = (predict_cases(run_table([run]), PRIORS).ranges(spread) for run in (open_run, told))
    assert before.p10[0] <= after.p50[0] <= before.p90[0]
    assert after.p90[0] / after.p10[0] <= before.p90[0] / before.p10[0] * (1.0 + 1e-9)


def test_an_unnamed_framework_is_the_vendors_own_or_what_others_use() -> None:
    for chip in ("mi300x", "tpu-v5p", "h100-sxm"):
        record = CATALOG.chip(chip)
        cases = software_of(run_of(framework=""), record, CATALOG)
        assert record.vendor in cases[0].value.default_for
        assert cases[0].weight == max(case.weight for case in cases)


@pytest.mark.parametrize(
    ("precision", "mode", "chip", "expected"),
    [
        ("fp8", "pretrain", "h100-sxm", {"fp8"}),
        ("", "pretrain", "h100-sxm", {"bf16", "fp8"}),
        ("", "pretrain", "b200", {"bf16", "fp8", "nvfp4"}),
        ("", "lora", "a100-sxm-80gb", {"bf16"}),
        ("bf16", "lora", "h100-sxm", {"bf16"}),
    ],
)
def test_precision_is_the_stated_one_or_what_the_chip_has(
    precision: str, mode: str, chip: str, expected: set[str]
) -> None:
    cases = precision_of(run_of(precision=precision, mode=mode), CATALOG.chip(chip), CATALOG)
    assert {case.value for case in cases} == expected
    assert sum(case.weight for case in cases) == pytest.approx(1.0)
    assert all(case.weight >= 0.2 for case in cases)


def test_a_source_that_names_a_system_runs_on_it() -> None:
    named = [(system, alias) for system in CATALOG.systems.values() for alias in system.aliases if system.chip]
    for system, alias in named:
        chip = CATALOG.chip(system.chip)
        run = run_of(chip=chip.key, source_title=f"Measured on {alias.upper()}, 2024")
        found = system_of_run(run, chip, CATALOG)
        assert found.chip == chip.key
        assert any(name.lower() in run.source_title.lower() for name in found.aliases)
    assert system_of_run(run_of(), H100, CATALOG) == CATALOG.system_of(H100)


def test_cores_of_two_core_chips_count_as_half_a_chip() -> None:
    """Trainium 1 sources count NeuronCores in their degrees: 32 chips, tensor 8 × pipeline 1 × data 8 = 64 ranks."""
    run = run_of(chip="trn1", n_chips=32.0, tp=8.0, pp=1.0, dp=8.0)
    assert ranks_per_chip(run, CATALOG.chip("trainium1").cores) == 2.0
    done = completed(chip="trn1", n_chips=32.0, tp=8.0, pp=1.0, dp=8.0, global_batch=128.0)
    assert set(np.asarray(done.cases[0].layouts.tensor_parallel).tolist()) == {4.0}
    assert set(np.asarray(done.cases[0].layouts.chips).tolist()) == {32.0}
    assert ranks_per_chip(run, 1) == 1.0  # degrees that fill twice the chips mean nothing on a chip of one core
    assert ranks_per_chip(run_of(), H100.cores) == 1.0


STATED = {"tp": "tensor_parallel", "pp": "pipeline_parallel", "cp": "context_parallel", "ep": "expert_parallel",
          "vpp": "virtual_stages", "zero_stage": "zero_stage", "micro_batch": "micro_batch"}  # fmt: skip


@FEW
@given(
    tp=st.sampled_from((None, 1.0, 2.0, 4.0)), pp=st.sampled_from((None, 1.0, 2.0)),
    cp=st.sampled_from((None, 1.0, 2.0)),
    ep=st.sampled_from((None, 2.0, 4.0)), vpp=st.sampled_from((None, 2.0)), zero=st.sampled_from((None, 0.0, 1.0, 3.0)),
    micro=st.sampled_from((None, 1.0, 2.0)), recompute=st.sampled_from(("", "none", "selective", "full", "other")),
    batch=st.sampled_from((None, 64.0, 256.0)),
)  # fmt: skip
def test_options_keep_what_is_given_and_enumerate_the_rest(
    tp: float | None, pp: float | None, cp: float | None, ep: float | None, vpp: float | None, zero: float | None,
    micro: float | None, recompute: str, batch: float | None,
) -> None:  # fmt: skip
    run = run_of(model="mixtral-8x7b", n_chips=32.0, dp=None, tp=tp, pp=pp, cp=cp, ep=ep, vpp=vpp, zero_stage=zero,
                 micro_batch=micro, recompute=recompute, global_batch=batch)  # fmt: skip
    shape = shape_of_run(run, CATALOG)
    assert shape is not None
    found = layout_options(run, shape, software_of(run, H100, CATALOG)[0].value, 8.0)
    assert len(found.global_batches)
    for number, global_batch in enumerate(found.global_batches):
        layout = found.layouts.at(number)
        for name, field in STATED.items():
            given_value = getattr(run, name)
            if name == "ep" and given_value is not None:  # cannot exceed the ranks there are
                ranks = layout.tensor_parallel * layout.context_parallel * layout.data_parallel
                given_value = min(given_value, float(ranks))
            assert given_value is None or float(getattr(layout, field)) == given_value, name
        assert float(layout.chips) == 32.0
        assert batch is None or global_batch == batch
        assert layout.data_parallel * layout.micro_batch <= global_batch
        ranks = layout.tensor_parallel * layout.context_parallel * layout.data_parallel
        assert layout.expert_parallel * layout.expert_tensor_parallel <= ranks
    policies = set(np.asarray(found.layouts.recompute).tolist())
    assert policies == {"none": {0.0}, "selective": {1.0}, "full": {2.0}}.get(recompute, policies)
    assert recompute in ("none", "selective", "full") or len(policies) > 3


def test_shapes_come_from_the_catalog_and_sizes_from_the_row() -> None:
    known = CATALOG.model("llama-3.1-70b").shape
    proxy = shape_of_run(run_of(model="llama-3.1-70b-L12", layers=12.0, vocab=1000.0), CATALOG)
    assert proxy is not None
    assert (proxy.layers, proxy.vocab, proxy.kv_heads) == (12.0, 1000.0, known.kv_heads)


def test_a_proxy_of_four_layers_keeps_one_dense_layer_and_none_of_multi_token_prediction() -> None:
    """SimuMax, B200 release v1.2: the rows of DeepSeek-V3 in four layers have one dense layer."""
    proxy = shape_of_run(run_of(model="deepseek-v3-L4", layers=4.0), CATALOG)
    assert proxy is not None
    assert (proxy.dense_mlp_layers, proxy.moe_layers, proxy.mtp_layers) == (1.0, 3.0, 0.0)


def test_a_proxy_has_the_traits_of_its_model() -> None:
    moe = shape_of_run(run_of(model="deepseek-v3-L4", layers=4.0), CATALOG)
    assert moe is not None
    assert float(moe.moe_layers) + float(moe.dense_mlp_layers) == float(moe.layers) == 4.0
    assert float(moe.kv_lora_rank) == 512.0


def test_shapes_nobody_lists_come_from_the_row() -> None:
    row = run_of(model="ours", hidden=2048.0, layers=24.0, heads=16.0, vocab=50000.0)
    shape = shape_of_run(row, CATALOG)
    assert shape is not None
    assert (shape.ffn, shape.gated_mlp, shape.head_dim, shape.kv_heads) == (8192.0, 0.0, 128.0, 16.0)
    gated = shape_of_run(run_of(model="ours", hidden=2048.0, layers=24.0, ffn=5632.0), CATALOG)
    assert gated is not None
    assert gated.gated_mlp == 1.0
    counted = shape_of_run(run_of(model="ours", hidden=4096.0, params_b=6.65, vocab=50257.0), CATALOG)
    assert counted is not None
    assert counted.layers == 32.0
    experts = shape_of_run(
        run_of(model="ours", hidden=2048.0, layers=24.0, ffn=1024.0, experts=64.0, top_k=8.0), CATALOG
    )
    assert experts is not None
    assert (experts.moe_layers, experts.expert_ffn, experts.dense_mlp_layers) == (24.0, 1024.0, 0.0)


def test_the_table_predicts_each_run_as_an_estimate_of_its_fastest_layout_that_fits() -> None:
    done, _ = complete_runs([*varied_runs(), run_of(id="open", tp=None, pp=None, dp=None, recompute="")], CATALOG)
    table = run_table(done)
    chosen = chosen_rows(table, PRIORS)
    predicted = predicted_tokens_per_s_per_chip(table.rows(chosen), PRIORS)
    everything = predicted_tokens_per_s_per_chip(table, PRIORS)
    shares = memory_share(table, PRIORS)
    kernels = table.kernels(PRIORS)
    cases = [case for item in done for case in item.cases]
    shape_of_case = [item.shape for item in done for _ in item.cases]
    for index, item in enumerate(cases):
        rows = np.flatnonzero(table.case_of_row == index)
        fitting = [row for row in rows if shares[row] <= 1.0]
        best = max(fitting, key=lambda row: everything[row]) if fitting else min(rows, key=lambda row: shares[row])
        assert predicted[index] == pytest.approx(everything[best], rel=1e-12)
        number = int(chosen[index] - rows[0])
        constants = {
            name: float(np.broadcast_to(getattr(kernels, name), shares.shape)[chosen[index]])
            for name in type(kernels).__slots__
        }
        setup = TrainingSetup(
            shape=shape_of_case[index],
            job=replace(item.job, global_batch=float(np.asarray(item.job.global_batch)[number])),
            hardware=item.hardware,
            kernels=type(kernels)(**constants),
        )
        fastest = float(estimate_layout(setup, item.layouts.at(number)).tokens_per_s_per_chip)
        kept = math.exp(-PRIORS["all.layout_regret"] * float(table.openness[chosen[index]]))
        assert fastest * kept == pytest.approx(predicted[index], rel=1e-12)


def test_a_precision_nobody_knows_is_a_reason_not_a_guess() -> None:
    assert complete_run(run_of(precision="fp12"), CATALOG) == "unknown precision 'fp12'"
    assert isinstance(complete_run(run_of(precision="BF16"), CATALOG), CompletedRun)


def test_batch_and_sequence_follow_from_what_is_stated() -> None:
    """Step time × throughput × chips is the batch; a sequence that nobody states is the model's own, 8,192 at most."""
    said = {"tokens_per_s_per_chip": 8192.0, "n_chips": 8.0, "step_time_s": 16.0, "micro_batch": None}
    found = complete_run(run_of(model="llama-3.1-8b", seq=None, global_batch=None, **said), CATALOG)
    assert isinstance(found, CompletedRun)
    assert (found.run.seq, found.run.global_batch) == (8192.0, 128.0)
    assert {batch for case in found.cases for batch in np.asarray(case.job.global_batch).tolist()} == {128.0}


@pytest.mark.parametrize(
    ("notes", "schedule", "chunks"),
    [("schedule zero-bubble", 1.0, 2.0), ("schedule zbv", 1.0, 1.0), ("schedule v-half", 0.0, 1.0), ("", 0.0, 2.0)],
)
def test_notes_say_the_schedule(notes: str, schedule: float, chunks: float) -> None:
    run = run_of(pp=4.0, vpp=2.0, dp=2.0, notes=notes)
    shape = shape_of_run(run, CATALOG)
    assert shape is not None
    found = layout_options(run, shape, software_of(run, H100, CATALOG)[0].value, 8.0).layouts
    said = zip(np.asarray(found.schedule).tolist(), np.asarray(found.virtual_stages).tolist(), strict=True)
    assert set(said) == {(schedule, chunks)}


def test_recipes_of_experts_differ_by_chip_and_precision() -> None:
    """Megatron-Bridge 0.5.0: one kernel, one graph and hidden traffic in MXFP8 on GB200 and GB300, not on B200."""
    stack = CATALOG.software["megatron-bridge-2026-06"]
    found = {(chip, precision): stack.on_chip(chip).in_precision(precision)
             for chip in ("gb200", "b200") for precision in ("mxfp8", "bf16")}  # fmt: skip
    graphed = {key for key, each in found.items() if each.graphed_experts and each.batched_overlap}
    assert graphed == {("gb200", "mxfp8")}


def test_what_a_source_does_not_say_is_as_in_the_recipe_of_its_stack_by_then() -> None:
    """Megatron-Bridge's DeepSeek-V3 on GB200 rebuilt up-projections until release 0.4.0; what a source says stays."""
    usual: dict[str, object] = {
        "model": "deepseek-v3", "chip": "gb200", "n_chips": 256.0, "precision": "mxfp8", "tp": 1.0, "pp": 4.0,
        "ep": 64.0, "dp": 64.0, "global_batch": 4096.0, "framework": "Megatron-Bridge", "recompute": "",
    }  # fmt: skip
    found = []
    for date, said in (("2026-02", ""), ("2026-05", ""), ("2026-05", "full"), ("2025-10", "")):
        done = complete_run(run_of(**(usual | {"source_date": date, "recompute": said})), CATALOG)
        assert isinstance(done, CompletedRun)
        found.append({recompute_name(float(value)) for value in np.asarray(done.cases[0].layouts.recompute)})
    assert found[:3] == [{"up-projections"}, {"none"}, {"full"}]
    assert len(found[3]) > 1


def test_recipes_name_models_chips_formats_and_policies_that_there_are() -> None:
    recipes = [recipe for stack in CATALOG.software.values() for recipe in stack.recipes]
    assert {name for each in recipes for name in each.models} <= CATALOG.models.keys()
    assert {name for each in recipes for name in each.chips} <= CATALOG.chips.keys()
    assert {name for each in recipes for name in each.precisions} <= PRECISIONS.keys()
    assert all(recompute_value(each.recompute) is not None for each in recipes if each.recompute)
