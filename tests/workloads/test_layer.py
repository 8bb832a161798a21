"""Counted operations of a layer against closed forms of the published architectures."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenfold.catalog import load_catalog
from tenfold.catalog.models import TransformerShape
from tenfold.workloads.layer import (
    attention_flops,
    attention_matmuls,
    expert_matmuls,
    head_matmul,
    layer_matmuls,
    scan_flops,
)
from tenfold.workloads.parameters import matmul_parameters
from tenfold.workloads.streamed import streamed_bytes

CATALOG = load_catalog()
GPT = TransformerShape(
    hidden=4096, vocab=51200, attention_layers=36, dense_mlp_layers=36, heads=32, kv_heads=32, head_dim=128,
    value_head_dim=128, ffn=16384, gated_mlp=0.0,
)  # fmt: skip
MOE = TransformerShape(
    hidden=4096, vocab=32000, attention_layers=32, dense_mlp_layers=0, heads=32, kv_heads=8, head_dim=128,
    value_head_dim=128, ffn=0, moe_layers=32, experts=8, top_k=2, expert_ffn=14336,
)  # fmt: skip
SQUARE_GPT = st.builds(
    lambda layers, heads, vocab: replace(
        GPT, hidden=128.0 * heads, vocab=vocab, attention_layers=layers, dense_mlp_layers=layers, heads=heads,
        kv_heads=heads, ffn=512.0 * heads,
    ),
    st.integers(1, 128), st.integers(1, 200), st.integers(1000, 300_000),
)  # fmt: skip
TOKENS = st.integers(1, 2**20).map(float)
DEGREES = st.sampled_from((1.0, 2.0, 4.0, 8.0))


def products_flops(shape: TransformerShape, tokens: float, tensor: float = 1.0, expert: float = 1.0) -> float:
    return float(sum(float(product.flops) for product in layer_matmuls(shape, tokens, tensor, expert, 1.0, 1.0)))


@given(shape=SQUARE_GPT, batch=st.integers(1, 64), sequence=st.integers(1, 32768))
def test_a_dense_layer_is_narayanans_closed_form(shape: TransformerShape, batch: int, sequence: int) -> None:
    """Forward: 24·B·s·h² of products and 4·B·s²·h of attention; the head 2·B·s·h·V [Narayanan et al. 2021]."""
    tokens, hidden = float(batch * sequence), float(shape.hidden)
    assert products_flops(shape, tokens) == pytest.approx(24.0 * tokens * hidden**2, rel=1e-9)
    attention = float(attention_flops(shape, tokens, float(sequence), 1.0))
    assert attention == pytest.approx(4.0 * tokens * sequence * hidden, rel=1e-9)
    head = float(head_matmul(shape, tokens, 1.0).flops)
    assert head == pytest.approx(2.0 * tokens * hidden * float(shape.vocab), rel=1e-9)
    # the whole step with recomputation: 96·B·s·l·h²·(1 + s/6h + V/16lh)
    layers = float(shape.layers)
    step = layers * 4.0 * (products_flops(shape, tokens) + attention) + 3.0 * head
    published = 96.0 * tokens * layers * hidden**2
    published *= 1.0 + sequence / (6.0 * hidden) + float(shape.vocab) / (16.0 * layers * hidden)
    assert step == pytest.approx(published, rel=1e-9)


@pytest.mark.parametrize("key", sorted(CATALOG.models))
def test_products_of_every_catalog_model_meet_every_weight_once(key: str) -> None:
    """2 FLOPs per token and weight that tokens are multiplied by, head included; the rest is under 1 %."""
    shape = CATALOG.model(key).shape
    tokens = 4096.0
    products = float(shape.layers) * products_flops(shape, tokens)
    head = float(head_matmul(replace(shape, mtp_layers=0.0), tokens, 1.0).flops)
    assert products + head == pytest.approx(2.0 * tokens * float(matmul_parameters(shape)), rel=0.01)


@given(tokens=TOKENS, tensor=DEGREES)
def test_tensor_parallel_ranks_share_the_work(tokens: float, tensor: float) -> None:
    assert products_flops(GPT, tokens, tensor) * tensor == pytest.approx(products_flops(GPT, tokens), rel=1e-9)
    split, whole = (attention_flops(GPT, tokens, 2048.0, degree) for degree in (tensor, 1.0))
    assert float(split) * tensor == pytest.approx(float(whole), rel=1e-9)


def test_more_ranks_than_key_value_heads_repeat_keys_and_values() -> None:
    share = products_flops(MOE, 1024.0, 16.0) * 16.0 / products_flops(MOE, 1024.0)
    assert 1.0 < share < 1.1


@given(tokens=TOKENS, expert=DEGREES, tensor=DEGREES, top_k=st.sampled_from((1, 2, 4, 8)))
def test_expert_work_grows_with_top_k_and_not_with_where_experts_are(
    tokens: float, expert: float, tensor: float, top_k: int
) -> None:
    routed = [product for product in expert_matmuls(replace(MOE, top_k=top_k), tokens, tensor, expert, 1.0, 1.0)
              if product.grouped]  # fmt: skip
    expected = top_k * 2.0 * tokens / tensor * 3.0 * 4096.0 * 14336.0
    assert sum(float(product.flops) for product in routed) == pytest.approx(expected, rel=1e-9)
    assert all(float(product.groups) == 8.0 / expert for product in routed)


@given(imbalance=st.floats(1.0, 3.0))
def test_the_busiest_rank_has_the_imbalance_more_work(imbalance: float) -> None:
    even, uneven = (
        sum(float(product.flops) for product in expert_matmuls(MOE, 4096.0, 1.0, 8.0, 1.0, factor) if product.grouped)
        for factor in (1.0, imbalance)
    )
    assert uneven == pytest.approx(imbalance * even, rel=1e-9)


def test_dense_models_have_no_experts_and_no_scan() -> None:
    assert expert_matmuls(GPT, 1.0, 1.0, 1.0, 1.0, 1.0) == ()
    assert scan_flops(GPT, 1.0, 1.0) == 0.0


def test_latent_attention_by_hand() -> None:
    """DeepSeek-V3: h → 1536 → 128·192; h → 576; 512 → 128·256; 128·128 → h."""
    shape = CATALOG.model("deepseek-v3").shape
    weights = 7168 * 1536 + 1536 * 128 * 192 + 7168 * 576 + 512 * 128 * 256 + 128 * 128 * 7168
    found = sum(float(product.flops) for product in attention_matmuls(shape, 1000.0, 1.0))
    assert found == pytest.approx(2.0 * 1000.0 * weights, rel=1e-9)


@given(window=st.integers(1, 65536), sequence=st.integers(64, 65536))
def test_a_window_attends_over_its_tokens(window: int, sequence: int) -> None:
    """After the causal half: w tokens per query while w < s/2, the causal half of s beyond."""
    shape = replace(GPT, windowed_layers=GPT.attention_layers, window=window)
    half = 0.5 * float(attention_flops(shape, 1.0, float(sequence), 1.0))
    attended = min(window, sequence / 2.0)
    assert half == pytest.approx(4.0 * attended * 4096.0, rel=1e-9)
    assert half <= 0.5 * float(attention_flops(GPT, 1.0, float(sequence), 1.0)) * (1 + 1e-12)


def test_a_column_of_models_counts_as_each_alone() -> None:
    keys = ("gpt3-175b", "deepseek-v3", "nemotron-3-nano")
    shapes = [CATALOG.model(key).shape for key in keys]
    names = TransformerShape.__slots__
    table = TransformerShape(**{name: np.array([float(getattr(shape, name)) for shape in shapes]) for name in names})
    together = sum(product.flops for product in layer_matmuls(table, 4096.0, 2.0, 1.0, 1.0, 1.0))
    alone = [products_flops(shape, 4096.0, 2.0) for shape in shapes]
    np.testing.assert_allclose(together, alone, rtol=1e-12)


def moved(shape: TransformerShape, tokens: float, tensor: float, sequence: float) -> dict[str, float]:
    found = streamed_bytes(shape, tokens, tensor, sequence)
    return {name: float(getattr(found, name)) for name in type(found).__slots__}


@given(tokens=TOKENS, tensor=DEGREES)
def test_sequence_parallelism_splits_the_memory_bound_work_outside_too(tokens: float, tensor: float) -> None:
    whole, split = (sum(moved(GPT, tokens, tensor, sequence).values()) for sequence in (0.0, 1.0))
    alone = sum(moved(GPT, tokens, 1.0, 1.0).values())
    assert split <= whole <= alone * (1 + 1e-12)
    assert split * tensor == pytest.approx(alone, rel=1e-9)


@pytest.mark.parametrize("key", ["gpt3-175b", "mixtral-8x7b", "nemotron-3-nano", "gpt-oss-120b"])
@given(tokens=TOKENS)
def test_memory_bound_work_grows_with_tokens(key: str, tokens: float) -> None:
    shape = CATALOG.model(key).shape
    once, twice = (moved(shape, factor * tokens, 1.0, 1.0) for factor in (1.0, 2.0))
    assert min(once.values()) >= 0.0
    assert sum(twice.values()) == pytest.approx(2.0 * sum(once.values()), rel=1e-9)
