"""Model FLOPs: the conventions of the field, one by one."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenfold.catalog import load_catalog
from tenfold.workloads.flops import attention_flops_per_token, hardware_flops_per_token, model_flops_per_token
from tenfold.workloads.job import TrainingJob
from tenfold.workloads.layer import attention_flops, head_matmul, layer_matmuls
from tenfold.workloads.parameters import matmul_parameters
from tenfold.workloads.rebuilding import rebuilt
from tenfold.workloads.recipe import OPERATIONS, recompute_name, recompute_value

CATALOG = load_catalog()
BIG = ("gpt3-175b", "llama-3.1-405b", "llama-3.1-70b", "megatron-1t", "nemotron-4-340b", "mt-nlg-530b")


@pytest.mark.parametrize("key", BIG)
def test_big_dense_models_need_six_flops_per_parameter_and_token(key: str) -> None:
    """6·N is within 6 % at the sequence lengths they were trained at [Kaplan et al. 2020, 2.1]."""
    model = CATALOG.model(key)
    assert model.parameters is not None
    found = float(model_flops_per_token(model.shape, TrainingJob(sequence_length=2048.0, global_batch=1.0)))
    assert found == pytest.approx(6.0 * model.parameters.value, rel=0.06)


@pytest.mark.parametrize("key", ["deepseek-v3", "mixtral-8x7b", "llama-3.1-8b"])
@given(sequence=st.integers(128, 131072))
def test_model_flops_are_three_forward_passes_over_half_of_the_square(key: str, sequence: int) -> None:
    shape = replace(CATALOG.model(key).shape, mtp_layers=0.0)
    job = TrainingJob(sequence_length=float(sequence), global_batch=1.0)
    products = sum(float(product.flops) for product in layer_matmuls(shape, 1.0, 1.0, 1.0, 1.0, 1.0))
    core = 0.5 * float(attention_flops(shape, 1.0, float(sequence), 1.0))
    forward = float(shape.layers) * (products + core) + float(head_matmul(shape, 1.0, 1.0).flops)
    assert float(model_flops_per_token(shape, job)) == pytest.approx(3.0 * forward, rel=1e-5)


def test_palm_counts_twice_our_attention() -> None:
    """PaLM, appendix B: 12·L·H·Q·T per token for the whole square; ours is the causal half, 6·L·H·Q·T."""
    shape = CATALOG.model("gpt3-175b").shape
    ours = 3.0 * float(attention_flops_per_token(shape, 2048.0))
    assert ours == pytest.approx(6.0 * 96 * 96 * 128 * 2048, rel=1e-9)


def test_frozen_weights_need_two_thirds() -> None:
    """LoRA: forward and the gradients of activations, 4·N, attention whole."""
    shape = CATALOG.model("llama-2-70b").shape
    full = TrainingJob(sequence_length=4096.0, global_batch=1.0)
    frozen = replace(full, frozen_weights=1.0)
    saved = float(model_flops_per_token(shape, full)) - float(model_flops_per_token(shape, frozen))
    assert saved == pytest.approx(2.0 * float(matmul_parameters(shape)), rel=1e-12)


@given(share=st.floats(0.0, 2.0), more=st.floats(0.0, 1.0), sequence=st.integers(128, 65536))
def test_hardware_flops_add_what_is_recomputed(share: float, more: float, sequence: int) -> None:
    shape = CATALOG.model("llama-3.1-70b").shape
    job = TrainingJob(sequence_length=float(sequence), global_batch=1.0)
    model = float(model_flops_per_token(shape, job))
    found = float(hardware_flops_per_token(shape, job, share))
    assert model <= found <= float(hardware_flops_per_token(shape, job, min(share + more, 2.0))) * (1 + 1e-12)
    assert found <= 4.0 / 3.0 * model * (1 + 1e-12)
    assert float(hardware_flops_per_token(shape, job, min(share, 1.0))) == model


def test_whole_layers_again_are_a_third_more_without_the_head() -> None:
    shape = CATALOG.model("llama-3.1-70b").shape
    job = TrainingJob(sequence_length=8192.0, global_batch=1.0)
    model = float(model_flops_per_token(shape, job))
    again = float(hardware_flops_per_token(shape, job, 2.0)) - model
    head = 6.0 * float(shape.hidden) * float(shape.vocab)
    assert again == pytest.approx((model - head) / 3.0, rel=1e-9)


@given(chosen=st.sets(st.sampled_from(sorted(OPERATIONS)), min_size=1))
def test_operations_keep_their_names_and_rebuild_their_parts(chosen: set[str]) -> None:
    value = recompute_value("+".join(chosen))
    assert value is not None
    assert value > 2.0
    assert set(recompute_name(value).split("+")) == chosen
    parts = {part for part, here in rebuilt(value).items() if here}
    assert parts == {part for name in chosen for part in OPERATIONS[name]}
    assert recompute_value("+".join([*chosen, next(iter(chosen))])) is None


def test_products_of_operations_are_what_a_whole_layer_does_but_for_the_plain_ones() -> None:
    """The up-projections of DeepSeek-V3: q_rank·a·d_qk + kv_rank·a·(d_nope + d_v) weights a layer [2024, 2.1]."""
    shape = CATALOG.model("deepseek-v3").shape
    job = TrainingJob(sequence_length=4096.0, global_batch=1.0)
    model = float(model_flops_per_token(shape, job))

    def again(name: str) -> float:
        value = recompute_value(name)
        assert value is not None
        return float(hardware_flops_per_token(shape, job, value)) - model

    assert again("up-projections") == pytest.approx(61 * 2.0 * 128 * (1536 * 192 + 512 * 256), rel=1e-9)
    assert again("norms+activations") == pytest.approx(0.0, abs=1e-3)
    assert again("attention") == pytest.approx(float(attention_flops_per_token(shape, 4096.0)), rel=1e-9)
    assert again("+".join(OPERATIONS)) < float(hardware_flops_per_token(shape, job, 2.0)) - model


def test_windows_cap_the_cost_of_long_sequences() -> None:
    shape = CATALOG.model("gemma-3-27b").shape
    full = replace(shape, windowed_layers=0.0)
    short, long = 512.0, 131072.0
    assert attention_flops_per_token(shape, short) == attention_flops_per_token(full, short)
    assert attention_flops_per_token(shape, long) < 0.25 * attention_flops_per_token(full, long)


def test_packed_short_samples_attend_over_less() -> None:
    shape = CATALOG.model("llama-3.1-8b").shape
    whole = TrainingJob(sequence_length=32768.0, global_batch=1.0)
    packed = replace(whole, attended_share=0.25)
    short = replace(whole, sequence_length=8192.0)
    assert float(model_flops_per_token(shape, packed)) == pytest.approx(float(model_flops_per_token(shape, short)))


def test_tokens_per_step_are_sequences_times_their_length() -> None:
    assert TrainingJob(sequence_length=8192.0, global_batch=2048.0).tokens_per_step == 2.0**24
