"""Counting functions: parts add up, broadcast, and agree with counts worked by hand."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenfold.catalog.models import TransformerShape
from tenfold.workloads import parameters as count

GPT_2 = TransformerShape(
    hidden=768, vocab=50257, attention_layers=12, dense_mlp_layers=12, heads=12, kv_heads=12, head_dim=64,
    value_head_dim=64, ffn=3072, gated_mlp=0.0, tied_embeddings=1.0, attention_bias=1.0, output_bias=1.0, mlp_bias=1.0,
    norm_vectors_per_layer=4.0, learned_positions=1024,
)  # fmt: skip
LLAMA_2_70B = TransformerShape(
    hidden=8192, vocab=32000, attention_layers=80, dense_mlp_layers=80, heads=64, kv_heads=8, head_dim=128,
    value_head_dim=128, ffn=28672,
)  # fmt: skip
MIXTRAL = TransformerShape(
    hidden=4096, vocab=32000, attention_layers=32, dense_mlp_layers=0, heads=32, kv_heads=8, head_dim=128,
    value_head_dim=128, ffn=0, moe_layers=32, experts=8, top_k=2, expert_ffn=14336,
)  # fmt: skip
DEEPSEEK_V3 = TransformerShape(
    hidden=7168, vocab=129280, attention_layers=61, dense_mlp_layers=3, heads=128, kv_heads=128, head_dim=192,
    value_head_dim=128, ffn=18432, moe_layers=58, experts=256, top_k=8, expert_ffn=2048, shared_ffn=2048,
    q_lora_rank=1536, kv_lora_rank=512, rope_head_dim=64, mtp_layers=1,
)  # fmt: skip
NANO = TransformerShape(
    hidden=2688, vocab=131072, attention_layers=6, dense_mlp_layers=0, heads=32, kv_heads=2, head_dim=128,
    value_head_dim=128, ffn=0, gated_mlp=0.0, moe_layers=23, experts=128, top_k=6, expert_ffn=1856, shared_ffn=3712,
    mamba_layers=23, mamba_inner=4096, mamba_state=128, mamba_heads=64, mamba_groups=8,
)  # fmt: skip
SHAPES = (GPT_2, LLAMA_2_70B, MIXTRAL, DEEPSEEK_V3, NANO)


def stacked(*shapes: TransformerShape) -> TransformerShape:
    names = [field.name for field in dataclasses.fields(TransformerShape)]
    return TransformerShape(**{name: np.array([float(getattr(shape, name)) for shape in shapes]) for name in names})


@pytest.mark.parametrize(
    ("shape", "exact"), [(GPT_2, 124_439_808), (LLAMA_2_70B, 68_976_648_192), (MIXTRAL, 46_702_792_704)]
)
def test_exact_totals_of_published_checkpoints(shape: TransformerShape, exact: int) -> None:
    assert count.total_parameters(shape) == exact


def test_parts_of_deepseek_v3_by_hand() -> None:
    queries = 7168 * 1536 + 1536 + 1536 * 128 * 192
    keys_values = 7168 * (512 + 64) + 512 + 512 * 128 * (128 + 128)
    assert count.attention_parameters_per_layer(DEEPSEEK_V3) == queries + keys_values + 128 * 128 * 7168
    assert count.expert_parameters(DEEPSEEK_V3) == 3 * 7168 * 2048
    assert count.moe_parameters_per_layer(DEEPSEEK_V3) == 257 * 3 * 7168 * 2048 + 7168 * 256
    assert count.active_moe_parameters_per_layer(DEEPSEEK_V3) == 9 * 3 * 7168 * 2048 + 7168 * 256


def test_mamba_layer_by_hand() -> None:
    inward = 2688 * (2 * 4096 + 2 * 8 * 128 + 64)
    convolution = (4096 + 2 * 8 * 128) * 5
    assert count.mamba_parameters_per_layer(NANO) == inward + convolution + 3 * 64 + 4096 + 4096 * 2688


def test_latent_experts_read_the_projected_width() -> None:
    latent = dataclasses.replace(NANO, latent_hidden=1024)
    assert count.expert_parameters(latent) == 2 * 1024 * 1856
    assert count.latent_projection_parameters_per_layer(latent) == 2 * 2688 * 1024
    assert count.shared_expert_parameters_per_layer(latent) == count.shared_expert_parameters_per_layer(NANO)


def test_conventions_differ_by_the_vocabulary_tables() -> None:
    table = 7168 * 129280
    both, output, none = (count.ACTIVE_CONVENTIONS[name](DEEPSEEK_V3) for name in ("both tables", "output table",
                                                                                   "no tables"))  # fmt: skip
    assert both - output == output - none == table


def test_tied_models_keep_the_table_that_is_also_the_head() -> None:
    tied = count.active_parameters_without_input_table(GPT_2)
    assert tied == count.active_parameters(GPT_2)
    assert count.output_embedding_parameters(GPT_2) == 0


def test_prediction_layers_are_not_counted() -> None:
    plain = dataclasses.replace(DEEPSEEK_V3, mtp_layers=0)
    assert count.total_parameters(plain) == count.total_parameters(DEEPSEEK_V3)


def test_matmul_parameters_of_a_dense_model() -> None:
    weights = 12 * 12 * 768**2 + 50257 * 768
    assert count.matmul_parameters(GPT_2) == weights


@pytest.mark.parametrize("shape", SHAPES)
def test_matmul_parameters_are_below_those_of_a_token(shape: TransformerShape) -> None:
    assert count.matmul_parameters(shape) <= count.active_parameters(shape)


@pytest.mark.parametrize(
    "function",
    [
        count.total_parameters,
        count.active_parameters,
        count.active_parameters_without_input_table,
        count.active_parameters_without_tables,
        count.matmul_parameters,
        count.attention_parameters_per_layer,
        count.mamba_parameters_per_layer,
        count.moe_parameters_per_layer,
        count.dense_mlp_parameters_per_layer,
        count.embedding_parameters,
        count.norm_parameters,
    ],
)
def test_a_table_of_models_counts_as_each_alone(function: count.Count) -> None:
    together = function(stacked(*SHAPES))
    assert np.array_equal(together, [float(function(shape)) for shape in SHAPES])


@given(
    field=st.sampled_from(["hidden", "vocab", "attention_layers", "dense_mlp_layers", "heads", "kv_heads", "ffn"]),
    factor=st.integers(2, 5),
)
def test_a_larger_model_has_more_parameters(field: str, factor: int) -> None:
    larger = dataclasses.replace(LLAMA_2_70B, **{field: factor * float(getattr(LLAMA_2_70B, field))})
    assert count.total_parameters(larger) > count.total_parameters(LLAMA_2_70B)


@given(st.integers(1, 256), st.integers(1, 256))
def test_more_experts_a_token_is_more_active_and_no_more_in_total(few: int, more: int) -> None:
    few, more = sorted((few, more))
    small, large = (dataclasses.replace(DEEPSEEK_V3, top_k=k) for k in (few, more))
    assert count.total_parameters(small) == count.total_parameters(large)
    assert count.active_parameters(small) <= count.active_parameters(large)
