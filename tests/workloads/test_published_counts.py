"""Parameters of public configurations are the published ones; parts of models are counted as their papers count them.

``published_counts.json``: shapes as facts, the published count and where it is published. Vendors that print two or
three digits are held to 0.5 % too, so models whose printed count is rounded further are in ``public_configs.json``.
"""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tenfold.catalog import ModelRecord, load_catalog
from tenfold.quantities import InputError
from tenfold.workloads import parameter_counts, unmeasured_parts
from tenfold.workloads.huggingface import load_huggingface_config, model_from_huggingface
from tenfold.workloads.huggingface.mixers import gated_delta, kimi_delta, lightning, mamba_1
from tenfold.workloads.layer import attention_flops
from tenfold.workloads.parameters import (
    attention_parameters_per_layer,
    indexer_parameters_per_layer,
    mamba_parameters_per_layer,
    matmul_parameters,
    total_parameters,
)

Config = dict[str, Any]
ROWS = json.loads((Path(__file__).parent / "data" / "published_counts.json").read_text(encoding="utf-8"))
FIELD = Path(__file__).parents[3] / "shared" / "field"


def read(config: Config) -> ModelRecord:
    return model_from_huggingface(config, key="mine", file="config.json")


def problems_of(config: Config) -> list[str]:
    with pytest.raises(InputError) as caught:
        read(config)
    return [problem.key for problem in caught.value.problems]


@pytest.mark.parametrize("name", ROWS)
def test_total_is_the_published_one(name: str) -> None:
    row = ROWS[name]
    assert row["source"].startswith("https://")
    counts = parameter_counts(read(row["config"]))
    assert counts.vision is not None
    assert counts.language + counts.vision == pytest.approx(row["published"], rel=0.005)


@pytest.mark.parametrize("key", ["gemma-4-31b", "gemma-4-26b-a4b"])
def test_heads_of_two_widths_have_the_shape_of_the_catalog(key: str) -> None:
    model, known = read(ROWS[key]["config"]), load_catalog().model(key)
    assert dataclasses.astuple(model.shape) == pytest.approx(dataclasses.astuple(known.shape))
    assert any("average of two widths" in said for said in unmeasured_parts(model))


def test_what_is_not_counted_of_heads_of_two_widths_is_refused() -> None:
    config = ROWS["gemma-4-31b"]["config"]
    assert problems_of(config | {"hidden_size_per_layer_input": 256}) == ["hidden_size_per_layer_input"]
    assert problems_of(config | {"num_kv_shared_layers": 20}) == ["num_kv_shared_layers"]
    left_out = {key: value for key, value in config.items() if key not in ("layer_types", "global_head_dim")}
    assert problems_of(left_out) == ["layer_types", "global_head_dim"]


@pytest.mark.parametrize("kind", ["gemma3n_text", "Gemma3nForConditionalGeneration", "deepseek_v4", "rwkv7"])
def test_families_that_are_not_counted_are_refused_by_name_and_no_close_one_is_offered(kind: str) -> None:
    with pytest.raises(InputError, match="which is not counted") as refused:
        read({"model_type": kind} if "For" not in kind else {"architectures": [kind]})
    assert "Did you mean" not in str(refused.value)


CLASSES = json.loads((Path(__file__).parent / "data" / "class_counts.json").read_text(encoding="utf-8"))
"""Shapes, and the weights that public classes of transformers 5.24 make of them when built without memory."""


@pytest.mark.parametrize("family", CLASSES)
def test_language_part_is_what_the_public_class_builds(family: str) -> None:
    row = CLASSES[family]
    assert parameter_counts(read(row["config"])).language == pytest.approx(row["weights"], rel=5e-4)


def test_shared_blocks_are_held_once_and_worked_with_at_every_pass() -> None:
    shape = read(CLASSES["zamba2"]["config"]).shape
    assert (shape.attention_layers, shape.mamba_layers) == (9, 54)
    once = dataclasses.replace(shape, reused_parameters=0.0)
    assert float(total_parameters(once)) > 1.3 * float(total_parameters(shape))
    assert float(matmul_parameters(once)) == float(matmul_parameters(shape))


def test_the_table_is_long_enough() -> None:
    assert len(ROWS) >= 60


@pytest.mark.parametrize(
    ("folder", "billions"),
    [
        ("hf_experts_of_a_dense_family", 13.87),
        ("hf_hybrid_without_layer_count", 4.77),
        ("hf_nested_class_defaults", 6.74),
        ("hf_vision_text_type", 8.19),
        ("hf_flat_vision", 7.62),
        ("hf_llama_like_smollm3", 3.08),
        ("hf_dbrx_tables", 131.6),
        ("hf_deepseek_sparse_indexer", 671.9),
        ("hf_gated_delta_hybrid", 79.67),
    ],
)
def test_cases_from_the_field(folder: str, billions: float) -> None:
    path = FIELD / folder / "config.json"
    if not path.is_file():
        pytest.skip("the shared cases are not here")
    assert parameter_counts(load_huggingface_config(path)).language == pytest.approx(billions * 1e9, rel=0.002)


# own samples of the same kinds, where the shared ones are not

SMALL: Config = {
    "hidden_size": 512, "num_hidden_layers": 8, "num_attention_heads": 8, "num_key_value_heads": 2,
    "intermediate_size": 2048, "vocab_size": 32000, "max_position_embeddings": 4096, "tie_word_embeddings": False,
}  # fmt: skip
EXPERTS: Config = {"num_experts": 8, "num_experts_per_tok": 2}


def test_experts_of_a_dense_family_are_counted_or_refused() -> None:
    dense, sparse = (parameter_counts(read({"model_type": "minicpm", **SMALL, **more})) for more in ({}, EXPERTS))
    assert sparse.language - dense.language == pytest.approx(8 * (7 * 3 * 512 * 2048 + 512 * 8))
    assert problems_of({"model_type": "llama", **SMALL, **EXPERTS}) == ["num_experts", "num_experts_per_tok"]


@pytest.mark.parametrize(
    "more",
    [
        {"num_local_experts": 4},
        {"mamba_n_heads": 8},
        {"full_attention_interval": 4},
        {"kv_lora_rank": 512},
        {"hidden_size_per_layer_input": 256},
        {"num_kv_shared_layers": 2},
        {"block_configs": [{}]},
        {"sliding_window": 512},
        {"cross_attention_layers": [1]},
        {"index_topk": 2048},
        {"hybrid_override_pattern": "M*M*M*M*"},
        {"routed_expert_hidden_size": 256},
    ],
)
def test_a_key_that_changes_the_model_is_never_passed_over(more: Config) -> None:
    assert problems_of({"model_type": "llama", **SMALL, **more}) == list(more)


def test_keys_that_say_nothing_of_the_shape_are_passed_over() -> None:
    harmless = {
        "rope_theta": 500000.0, "rope_scaling": {"factor": 8.0}, "attention_dropout": 0.1, "initializer_range": 0.02,
        "num_experts": 0, "sliding_window": None, "use_sliding_window": False, "torch_dtype": "bfloat16",
        "head_dim": 64, "n_layer": 8, "architectures": ["LlamaForCausalLM"], "pretraining_tp": 1,
    }  # fmt: skip
    plain = read({"model_type": "llama", **SMALL})
    assert read({"model_type": "llama", **SMALL, **harmless}).shape == plain.shape


def test_a_list_of_layers_says_how_many_there_are() -> None:
    blocks = ["mamba", "moe", "attention", "moe"]
    config = {
        "model_type": "nemotron_h", "hidden_size": 512, "num_attention_heads": 8, "num_key_value_heads": 2,
        "intermediate_size": 1024, "vocab_size": 32000, "mamba_num_heads": 16, "mamba_head_dim": 64, "n_groups": 8,
        "ssm_state_size": 128, "n_routed_experts": 8, "num_experts_per_tok": 2, "moe_intermediate_size": 512,
        "layers_block_type": blocks,
    }  # fmt: skip
    shape = read(config).shape
    assert (shape.attention_layers, shape.mamba_layers, shape.moe_layers) == (1, 1, 2)


def test_a_part_of_a_larger_configuration_has_the_defaults_of_its_class() -> None:
    nested = read({"model_type": "llava", "text_config": {"model_type": "llama"}})
    assert (nested.shape.hidden, nested.shape.layers, nested.shape.vocab) == (4096, 32, 32000)
    assert "hidden_size" in problems_of({"model_type": "llama"})


@pytest.mark.parametrize("name", ["text_config", "llm_config", "language_config"])
def test_the_language_part_is_found_and_an_unknown_tower_is_said(name: str) -> None:
    record = read({"model_type": "another_vl", name: {"model_type": "qwen2", **SMALL}, "vision_config": {"depth": 4}})
    counts = parameter_counts(record)
    assert record.uncounted
    assert (counts.vision, counts.total) == (None, None)
    assert counts.language > 0


def test_prediction_layers_are_apart() -> None:
    """DeepSeek-V3's layer: 11.5 B of its own, beside 671.0 B [DeepSeek-V3, README_WEIGHTS.md]."""
    counts = parameter_counts(read(ROWS["deepseek-v3"]["config"]))
    assert counts.mtp == pytest.approx(11.5e9, rel=0.01)
    assert counts.total == pytest.approx(counts.language + counts.mtp)


def test_recurrent_mixers_weigh_what_they_should() -> None:
    """A shape's layer is the count of its mixer, whatever Mamba-2 of the same widths would be."""
    hidden = 2048.0
    for mixer in (
        gated_delta(hidden, 16.0, 128.0, 32.0, 128.0, 4.0),
        kimi_delta(hidden, 16.0, 128.0, 4.0),
        lightning(hidden, 16.0, 128.0),
        mamba_1(hidden, 4096.0, 16.0, 0.0, 4.0, normed=True),
    ):
        shape = read({"model_type": "llama", **SMALL}).shape
        one = dataclasses.replace(shape, hidden=hidden, **mixer.fields(hidden, 1.0))
        assert float(mamba_parameters_per_layer(one)) == pytest.approx(mixer.weights)


def test_an_indexer_bounds_what_a_layer_attends_to() -> None:
    """DeepSeek-V3.2 attends to 2,048 tokens; its indexer scores all of them, 64 heads of 128 against 128 of 320."""
    config = {**ROWS["deepseek-v3"]["config"], "model_type": "deepseek_v32"}
    dense, shape = (
        read(ROWS["deepseek-v3"]["config"]).shape,
        read({**config, "index_n_heads": 64, "index_head_dim": 128, "index_topk": 2048}).shape,
    )
    assert (shape.indexer_layers, shape.sparse_tokens) == (61, 2048)
    core = 2.0 * 2048 * 128 * (192 + 128)
    assert float(attention_flops(shape, 1.0, 65536.0, 1.0)) == pytest.approx(2.0 * (core + 65536 * 64 * 128))
    assert float(attention_flops(shape, 1.0, 65536.0, 1.0)) < 0.3 * float(attention_flops(dense, 1.0, 65536.0, 1.0))
    added = total_parameters(shape) - total_parameters(dense)
    assert float(added) == pytest.approx(61 * float(indexer_parameters_per_layer(shape)))


def test_a_gate_on_the_heads_is_as_wide_as_the_queries() -> None:
    shape = read({"model_type": "llama", **SMALL}).shape
    gated = dataclasses.replace(shape, attention_gate=1.0)
    more = attention_parameters_per_layer(gated) - attention_parameters_per_layer(shape)
    assert float(more) == 512 * 8 * 64
    assert np.isfinite(float(more))


def test_blocks_of_their_own_add_up() -> None:
    """Two layers of 8 and 4 queries a key-value head, one without attention; widths in multiples of 256."""
    blocks = [
        {"attention": {"n_heads_in_group": 8, "no_op": False}, "ffn": {"ffn_mult": 1.5, "no_op": False}},
        {"attention": {"n_heads_in_group": None, "no_op": True}, "ffn": {"ffn_mult": 3.0, "no_op": False}},
        {"attention": {"n_heads_in_group": 4}, "ffn": {"no_op": True}},
    ]
    config = {key: value for key, value in SMALL.items() if key not in ("intermediate_size", "num_key_value_heads")}
    config |= {"model_type": "nemotron-nas", "num_hidden_layers": 3, "block_configs": blocks}
    shape = read(config).shape
    assert (shape.attention_layers, shape.dense_mlp_layers, shape.kv_heads) == (2, 2, 1.5)
    assert shape.ffn == (512 + 1024) / 2


def test_an_encoder_and_a_decoder_are_both_counted() -> None:
    """T5 3B: 24 + 24 layers of 32 heads of 128 and blocks 16,384 wide [Raffel et al. 2020, 3.1.1 and 3.6]."""
    config = {
        "model_type": "t5", "d_model": 1024, "d_kv": 128, "d_ff": 16384, "num_layers": 24, "num_decoder_layers": 24,
        "num_heads": 32, "vocab_size": 32128, "feed_forward_proj": "relu", "n_positions": 512,
    }  # fmt: skip
    shape = read(config).shape
    assert (shape.encoder_layers, shape.cross_layers, shape.attention_layers) == (24, 24, 72)
    assert parameter_counts(read(config)).total == pytest.approx(2.85e9, rel=0.005)
