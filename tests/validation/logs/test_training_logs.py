"""Training logs: what is read, what is dropped as warm-up, and what is refused with line and remedy."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from synthetic_logs import LLAMA_8B, attempt, dump, event, file_in, iteration, megatron, mlperf

from tenfold.quantities import InputError
from tenfold.validation.logs import format_of, read_megatron, read_mlperf

FUZZ = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def refused(path: Path) -> str:
    reader = read_mlperf if ":::MLLOG" in path.read_text(errors="replace") else read_megatron
    with pytest.raises(InputError) as caught:
        reader(path)
    return str(caught.value)


def test_layout_shape_batch_and_precision_come_from_the_arguments(tmp_path: Path) -> None:
    (found,) = read_megatron(file_in(tmp_path, "train.log", megatron([9000, *[2000] * 9])))
    run = found.run
    assert (run.n_chips, run.tp, run.pp, run.vpp, run.cp, run.dp, run.zero_stage) == (64, 2, 2, 4, 2, 8, 1)
    assert (run.layers, run.hidden, run.ffn, run.heads, run.kv_heads, run.vocab) == (32, 4096, 14336, 32, 8, 128256)
    assert (run.seq, run.global_batch, run.micro_batch, run.precision) == (8192, 128, 1, "bf16")
    assert (run.recompute, run.arch, run.source_date, run.chip) == ("none", "dense", "2026-03-01", "")
    assert run.step_time_s == pytest.approx(2.0)
    assert run.measured_tokens_per_s_per_chip == pytest.approx(128 * 8192 / 2.0 / 64)


@pytest.mark.parametrize(
    ("changes", "column", "expected"),
    [
        ({"fp8": "e4m3", "fp8_recipe": "delayed"}, "precision", "fp8"),
        ({"fp8": "hybrid", "fp8_recipe": "mxfp8"}, "precision", "mxfp8"),
        ({"fp4": "e2m1"}, "precision", "nvfp4"),
        ({"bf16": False, "fp16": True}, "precision", "fp16"),
        ({"recompute_granularity": "selective", "recompute_modules": "['core_attn']"}, "recompute", "selective"),
        ({"recompute_granularity": "selective", "recompute_modules": "['mlp']"}, "recompute", "custom"),
        ({"recompute_granularity": "full", "recompute_method": "uniform"}, "recompute", "full"),
        ({"recompute_granularity": "full", "recompute_method": "block"}, "recompute", "custom"),
        ({"use_distributed_optimizer": False}, "zero_stage", 0.0),
        ({"zero_stage": 2}, "framework", "Megatron-DeepSpeed"),
        ({"virtual_pipeline_model_parallel_size": None}, "vpp", 1.0),
        ({"group_query_attention": False}, "kv_heads", 32.0),
        ({"num_experts": 8, "moe_router_topk": 2, "moe_ffn_hidden_size": 1024}, "ffn", 1024.0),
        ({"num_experts": 8, "expert_model_parallel_size": 4}, "ep", 4.0),
    ],
)
def test_an_argument_becomes_its_column(
    tmp_path: Path, changes: dict[str, object], column: str, expected: object
) -> None:
    (found,) = read_megatron(file_in(tmp_path, "train.log", megatron([2000] * 5, {**LLAMA_8B, **changes})))
    assert getattr(found.run, column) == expected


def test_warm_up_checkpoints_and_ramp_up_do_not_move_the_step_time(tmp_path: Path) -> None:
    ramp = [iteration(n, "500.0", batch=32) for n in range(1, 20)]
    warm = [iteration(20 + n, ms) for n, ms in enumerate(("30000.0", "2600.0"))]
    steady = [iteration(22 + n, "45000.0" if n % 7 == 3 else "2000.0") for n in range(18)]
    text = "\n".join([*dump(LLAMA_8B), *ramp, *warm, *steady]) + "\n"
    (found,) = read_megatron(file_in(tmp_path, "train.log", text))
    assert found.run.step_time_s == pytest.approx(2.0)
    assert (found.used, found.seen) == (16, 39)
    assert found.run.global_batch == 128


def test_restarts_of_a_run_are_one_run_and_other_arguments_another(tmp_path: Path) -> None:
    again = megatron([9000, 2000, 2000, 2000, 2000]) + megatron([8000, 2000, 2000, 2000, 2000], first=3)
    other = megatron([7000, 1000, 1000], {**LLAMA_8B, "micro_batch_size": 2})
    first, second = read_megatron(file_in(tmp_path, "train.log", again + other))
    assert (first.used, second.used) == (8, 2)
    assert [first.run.step_time_s, second.run.step_time_s] == pytest.approx([2.0, 1.0])
    assert (first.run.quality, second.run.quality) == ("A", "B")
    assert first.run.id != second.run.id


def test_older_forms_ranks_of_launchers_and_colours_are_read(tmp_path: Path) -> None:
    lines = [
        f"\x1b[32m[default7]: iteration {n:8d}/ 115311 | consumed samples: 9841584 | consumed tokens: 20155564032 | "
        f"elapsed time per iteration (s): {seconds} | learning rate: 5.969E-05 | global batch size:  2048 | "
        "samples per second: 19.463 | TFLOPs: 149.02 |\x1b[0m"
        for n, seconds in enumerate(("300.2", "105.22", "105.22"), start=1)
    ]
    text = "\n".join([*dump({**LLAMA_8B, "global_batch_size": 2048}, "[default7]:"), *lines]) + "\n"
    (found,) = read_megatron(file_in(tmp_path, "main.log", text))
    assert found.run.step_time_s == pytest.approx(105.22)
    assert (found.run.global_batch, found.run.tp, found.run.source_date) == (2048, 2, "")


def test_a_log_without_arguments_gives_step_time_and_batch_only(tmp_path: Path) -> None:
    (found,) = read_megatron(file_in(tmp_path, "tail.log", megatron([2000] * 5, {})))
    run = found.run
    assert run.step_time_s == pytest.approx(2.0)
    assert (run.global_batch, run.n_chips, run.seq, run.model) == (128, None, None, "")


def test_a_last_line_cut_short_is_not_a_measurement(tmp_path: Path) -> None:
    text = (
        megatron([9000, 2000, 2000]) + " [2026-03-01 12:00:00] iteration 4/ 100 | elapsed time per iteration (ms): 20"
    )
    (found,) = read_megatron(file_in(tmp_path, "train.log", text))
    assert found.seen == 3


def test_a_log_read_again_longer_keeps_its_id(tmp_path: Path) -> None:
    (short,) = read_megatron(file_in(tmp_path, "train.log", megatron([9000, 2000, 2000])))
    (longer,) = read_megatron(file_in(tmp_path, "train.log", megatron([9000, 2000, 2000, 2000])))
    (other,) = read_megatron(file_in(tmp_path, "train.log", megatron([9001, 2000, 2000])))
    assert short.run.id == longer.run.id != other.run.id


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("hello\n", "no line with 'elapsed time per iteration'"),
        (megatron([2000]), "warm-up cannot be told from the run. Give a log of more iterations"),
        (megatron([2000] * 3, {**LLAMA_8B, "world_size": 65}), "TP × PP × CP × DP is 64, but world_size is 65"),
        (megatron([2000] * 3, {**LLAMA_8B, "hidden_size": "wide"}), "the argument hidden_size is 'wide'"),
        (megatron([2000] * 3, {**LLAMA_8B, "bf16": False}), "the run is in single precision"),
        (megatron([2000] * 3) + iteration(4, "nan") + "\n", "line 30: elapsed time per iteration is 'nan'"),
        (megatron([2000] * 3) + iteration(4, "-1.0") + "\n", "elapsed time per iteration is '-1.0'"),
    ],
)
def test_what_is_wrong_with_a_megatron_log_is_said(tmp_path: Path, text: str, said: str) -> None:
    assert said in refused(file_in(tmp_path, "train.log", text))


@pytest.mark.parametrize(
    ("changes", "part"),
    [
        ({"multi_latent_attention": True}, "latent attention"),
        ({"num_experts": 8, "moe_ffn_hidden_size": 1024, "moe_shared_expert_intermediate_size": 512}, "shared experts"),
        ({"kv_channels": 256}, "heads of a width"),
        ({"ffn_hidden_size": 16384}, "with a gate"),
        ({"swiglu": False}, "plain feed-forward"),
    ],
)
def test_shapes_that_no_row_can_tell_are_named(tmp_path: Path, changes: dict[str, object], part: str) -> None:
    (found,) = read_megatron(file_in(tmp_path, "train.log", megatron([2000] * 5, {**LLAMA_8B, **changes})))
    assert part in "; ".join(found.needs_model)


def test_blocks_give_the_step_time_without_warm_up_and_evaluations(tmp_path: Path) -> None:
    (found,) = read_mlperf(file_in(tmp_path, "result_0.txt", mlperf([200.0, 96.0, 96.0, 98.0])))
    run = found.run
    assert run.step_time_s == pytest.approx(96.0 / 48)
    assert (run.model, run.mode, run.seq, run.global_batch, run.chip) == ("llama-2-70b", "lora", 8192, 8, "MI325X")
    assert (run.n_chips, run.precision, run.source_date) == (None, "", "2025-04-29")
    assert {"precision", "tp", "pp"} <= set(found.unsaid)


def test_layout_precision_and_chips_come_from_events_that_say_them(tmp_path: Path) -> None:
    extra = [
        event("tensor_parallelism", 4),
        event("micro_batch_size", "2"),
        event("max_sequence_length", 4096),
        event("lowest_numerical_precision_linear", "fp8"),
        event("number_of_nodes", 2),
        event("accelerators_per_node", 8),
    ]
    (found,) = read_mlperf(file_in(tmp_path, "result_0.txt", mlperf([100.0], extra=extra)))
    run = found.run
    assert (run.tp, run.micro_batch, run.seq, run.precision, run.n_chips, run.chips_per_node) == (
        4,
        2,
        4096,
        "fp8",
        16,
        8,
    )
    assert run.quality == "B"
    assert "warm-up included" in run.notes


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (":::MLLOG {\n", "line 1: :::MLLOG without JSON"),
        (":::MLLOG [1]\n", "an event without a key"),
        (event("global_batch_size", 8, ms=-1) + "\n", "time_ms of 'global_batch_size' is '-1'"),
        (event("run_start") + "\n", "no event 'global_batch_size'"),
        (event("global_batch_size", True) + "\n", "global_batch_size is 'True', not a positive number"),
        (event("submission_benchmark", "resnet") + "\n", "'resnet' is no language-model benchmark"),
        (event("global_batch_size", 8) + "\n", "no 'block_start' followed by 'block_stop'"),
        (mlperf([10.0]).replace("samples_count", "epoch_num"), "none of 1 blocks says how many steps"),
        (mlperf([10.0], samples=0), "the block stops with no more samples"),
        (mlperf([-10.0]), "or no later, than it starts"),
    ],
)
def test_what_is_wrong_with_an_mlperf_log_is_said(tmp_path: Path, text: str, said: str) -> None:
    assert said in refused(file_in(tmp_path, "result_0.txt", text))


def test_mlperf_wins_where_megatron_runs_below_it(tmp_path: Path) -> None:
    assert format_of(file_in(tmp_path, "a.log", megatron([1.0]) + mlperf([1.0]))) == "mllog"
    assert format_of(file_in(tmp_path, "b.log", megatron([1.0]))) == "megatron"
    with pytest.raises(InputError, match="no line of a known kind of log"):
        format_of(file_in(tmp_path, "c.log", "step 1\n"))


@FUZZ
@given(
    text=st.sampled_from([megatron([9000, 2000, 2000]), mlperf([100.0, 90.0])]),
    cuts=st.lists(st.tuples(st.integers(0, 3000), st.integers(0, 40), st.text(max_size=12)), min_size=1, max_size=4),
)
def test_damaged_logs_are_read_or_refused_never_a_crash(
    tmp_path: Path, text: str, cuts: list[tuple[int, int, str]]
) -> None:
    for start, length, inserted in cuts:
        text = text[:start] + inserted + text[start + length :]
    path = tmp_path / "damaged.log"
    path.write_text(text, encoding="utf-8", errors="replace")
    for reader in (read_megatron, read_mlperf):
        runs, problems = attempt(reader, path)
        assert runs or problems
        assert all(str(path) in problem.file and problem.remedy for problem in problems)
        assert all(found.run.step_time_s and found.run.step_time_s > 0 for found in runs)


@FUZZ
@given(data=st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "bytes.log"
    path.write_bytes(b":::MLLOG " + data + b"\n iteration 1/ 2 | elapsed time per iteration (ms): " + data + b" |\n")
    for reader in (read_megatron, read_mlperf):
        runs, problems = attempt(reader, path)
        assert runs or problems
