"""Public configurations become the catalog's shapes; broken ones one error with everything wrong."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tenfold.catalog.models import ModelRecord
from tenfold.quantities.errors import InputError
from tenfold.workloads.huggingface import FAMILIES, load_huggingface_config, model_from_huggingface
from tenfold.workloads.huggingface.reader import FACTS
from tenfold.workloads.parameters import active_parameters, total_parameters

Config = dict[str, Any]


def llama(kind: str, hidden: int, layers: int, heads: int, kv: int, ffn: int, vocab: int, **more: Any) -> Config:
    return {
        "model_type": kind,
        "hidden_size": hidden,
        "num_hidden_layers": layers,
        "num_attention_heads": heads,
        "num_key_value_heads": kv,
        "intermediate_size": ffn,
        "vocab_size": vocab,
        **more,
    }


DEEPSEEK_V3: Config = llama(
    "deepseek_v3", 7168, 61, 128, 128, 18432, 129280, n_routed_experts=256, num_experts_per_tok=8,
    n_shared_experts=1, moe_intermediate_size=2048, first_k_dense_replace=3, moe_layer_freq=1, q_lora_rank=1536,
    kv_lora_rank=512, qk_nope_head_dim=128, qk_rope_head_dim=64, v_head_dim=128, num_nextn_predict_layers=1,
    max_position_embeddings=163840,
)  # fmt: skip
GPT_OSS: Config = llama(
    "gpt_oss", 2880, 36, 64, 8, 2880, 201088, head_dim=64, num_local_experts=128, num_experts_per_tok=4,
    sliding_window=128, attention_bias=True, layer_types=["sliding_attention", "full_attention"] * 18,
)  # fmt: skip
NANO: Config = llama(
    "nemotron_h", 2688, 52, 32, 2, 1856, 131072, head_dim=128, n_routed_experts=128, num_experts_per_tok=6,
    moe_intermediate_size=1856, moe_shared_expert_intermediate_size=3712, mamba_num_heads=64, mamba_head_dim=64,
    ssm_state_size=128, n_groups=8, hybrid_override_pattern="MEMEM*EMEMEM*EMEMEM*EMEMEM*EMEMEM*EMEMEMEM*EMEMEMEME",
)  # fmt: skip
SCOUT: Config = {
    "model_type": "llama4",
    "text_config": llama(
        "llama4_text", 5120, 48, 40, 8, 8192, 202048, head_dim=128, intermediate_size_mlp=16384, num_local_experts=16,
        num_experts_per_tok=1, interleave_moe_layer_step=1, attention_chunk_size=8192, attention_bias=False,
    ),
}  # fmt: skip
GEMMA_3: Config = {
    "model_type": "gemma3",
    "text_config": {
        "model_type": "gemma3_text", "hidden_size": 5376, "num_hidden_layers": 62, "num_attention_heads": 32,
        "num_key_value_heads": 16, "head_dim": 128, "intermediate_size": 21504, "sliding_window": 1024,
    },
}  # fmt: skip
FALCON_7B: Config = {
    "model_type": "falcon", "hidden_size": 4544, "num_hidden_layers": 32, "num_attention_heads": 71,
    "vocab_size": 65024, "multi_query": True, "parallel_attn": True, "bias": False, "new_decoder_architecture": False,
}  # fmt: skip
FALCON_180B: Config = {
    "model_type": "falcon", "hidden_size": 14848, "num_hidden_layers": 80, "num_attention_heads": 232,
    "num_kv_heads": 8, "vocab_size": 65024, "bias": False, "new_decoder_architecture": True,
}  # fmt: skip
MPT_7B: Config = {
    "model_type": "mpt", "d_model": 4096, "n_layers": 32, "n_heads": 32, "expansion_ratio": 4, "vocab_size": 50432,
    "max_seq_len": 2048, "no_bias": True, "attn_config": {"alibi": True, "attn_type": "multihead_attention"},
}  # fmt: skip
CHATGLM: Config = {
    "model_type": "chatglm", "hidden_size": 4096, "num_layers": 28, "num_attention_heads": 32,
    "multi_query_attention": True, "multi_query_group_num": 2, "kv_channels": 128, "ffn_hidden_size": 13696,
    "padded_vocab_size": 65024, "add_qkv_bias": True, "add_bias_linear": False, "seq_length": 8192,
    "tie_word_embeddings": False,
}  # fmt: skip
QWEN: Config = {
    "architectures": ["QWenLMHeadModel"], "hidden_size": 4096, "num_hidden_layers": 32, "num_attention_heads": 32,
    "kv_channels": 128, "intermediate_size": 22016, "vocab_size": 151936, "seq_length": 32768,
}  # fmt: skip
BLOOM: Config = {
    "model_type": "bloom",
    "n_embed": 14336,
    "n_layer": 70,
    "num_attention_heads": 112,
    "vocab_size": 250880,
}
GPT_2: Config = {"model_type": "gpt2", "n_embd": 1600, "n_layer": 48, "n_head": 25, "vocab_size": 50257,
                 "n_positions": 1024}  # fmt: skip
GPT_J: Config = {"model_type": "gptj", "n_embd": 4096, "n_layer": 28, "n_head": 16, "vocab_size": 50400,
                 "n_positions": 2048, "n_inner": None, "tie_word_embeddings": False}  # fmt: skip
OPT: Config = {"model_type": "opt", "hidden_size": 4096, "num_hidden_layers": 32, "num_attention_heads": 32,
               "ffn_dim": 16384, "vocab_size": 50272, "max_position_embeddings": 2048,
               "word_embed_proj_dim": 4096}  # fmt: skip
MOE_QWEN: Config = {"moe_intermediate_size": 768, "num_experts": 128, "num_experts_per_tok": 8,
                    "decoder_sparse_step": 1, "mlp_only_layers": [], "head_dim": 128}  # fmt: skip

PUBLISHED: dict[str, tuple[Config, float]] = {
    "llama-3.1-8b": (llama("llama", 4096, 32, 32, 8, 14336, 128256), 8.030e9),
    "llama-3.2-1b": (llama("llama", 2048, 16, 32, 8, 8192, 128256, head_dim=64, tie_word_embeddings=True), 1.236e9),
    "mistral-7b": (llama("mistral", 4096, 32, 32, 8, 14336, 32000, sliding_window=4096), 7.242e9),
    "mixtral-8x7b": (
        llama("mixtral", 4096, 32, 32, 8, 14336, 32000, num_local_experts=8, num_experts_per_tok=2), 46.70e9),
    "minimax-m2": (
        llama("minimax_m2", 3072, 62, 48, 8, 1536, 200064, head_dim=128, num_local_experts=256,
              num_experts_per_tok=8), 229e9),
    "qwen-7b": (QWEN, 7.721e9),
    "qwen2.5-7b": (llama("qwen2", 3584, 28, 28, 4, 18944, 152064, use_sliding_window=False,
                         sliding_window=131072), 7.616e9),
    "qwen1.5-moe-a2.7b": (
        llama("qwen2_moe", 2048, 24, 16, 16, 5632, 151936, num_experts=60, num_experts_per_tok=4,
              moe_intermediate_size=1408, shared_expert_intermediate_size=5632, decoder_sparse_step=1), 14.3e9),
    "qwen3-8b": (llama("qwen3", 4096, 36, 32, 8, 12288, 151936, head_dim=128), 8.191e9),
    "qwen3-30b-a3b": (llama("qwen3_moe", 2048, 48, 32, 4, 6144, 151936, **MOE_QWEN), 30.53e9),
    "deepseek-v2-lite": (
        llama("deepseek_v2", 2048, 27, 16, 16, 10944, 102400, n_routed_experts=64, num_experts_per_tok=6,
              n_shared_experts=2, moe_intermediate_size=1408, first_k_dense_replace=1, moe_layer_freq=1,
              q_lora_rank=None, kv_lora_rank=512, qk_nope_head_dim=128, qk_rope_head_dim=64, v_head_dim=128), 15.71e9),
    "deepseek-v3": (DEEPSEEK_V3, 671e9),
    "kimi-k2": ({**DEEPSEEK_V3, "model_type": "kimi_k2", "num_attention_heads": 64, "num_key_value_heads": 64,
                 "n_routed_experts": 384, "first_k_dense_replace": 1, "vocab_size": 163840}, 1.026e12),
    "gpt-oss-120b": (GPT_OSS, 116.83e9),
    "gemma-7b": (llama("gemma", 3072, 28, 16, 16, 24576, 256000, head_dim=256), 8.538e9),
    "gemma-2-27b": (llama("gemma2", 4608, 46, 32, 16, 36864, 256000, head_dim=128, sliding_window=4096), 27.23e9),
    "gemma-3-27b": (GEMMA_3, 27.02e9),
    "falcon-7b": (FALCON_7B, 6.922e9),
    "falcon-180b": (FALCON_180B, 180e9),
    "gpt-2-xl": (GPT_2, 1.558e9),
    "gpt-neox-20b": (llama("gpt_neox", 6144, 44, 64, 64, 24576, 50432), 20.55e9),
    "gpt-j-6b": (GPT_J, 6.053e9),
    "bloom-176b": (BLOOM, 176.25e9),
    "mpt-7b": (MPT_7B, 6.649e9),
    "glm-4-9b-hf": (
        llama("glm", 4096, 40, 32, 2, 13696, 151552, head_dim=128, attention_bias=True,
              tie_word_embeddings=False), 9.400e9),
    "glm-4-32b-0414": (llama("glm4", 6144, 61, 48, 2, 23040, 151552, head_dim=128, attention_bias=False), 32.57e9),
    "glm-4.5-air": (
        llama("glm4_moe", 4096, 46, 96, 8, 10944, 151552, head_dim=128, attention_bias=True, n_routed_experts=128,
              num_experts_per_tok=8, n_shared_experts=1, moe_intermediate_size=1408, first_k_dense_replace=1,
              num_nextn_predict_layers=1), 106e9),
    "chatglm3-6b": (CHATGLM, 6.244e9),
    "llama-4-scout": (SCOUT, 107.8e9),
    "nemotron-4-340b": (llama("nemotron", 18432, 96, 96, 8, 73728, 256000), 341.0e9),
    "nemotron-3-nano": (NANO, 31.6e9),
    "apertus-8b": (llama("apertus", 4096, 32, 32, 8, 21504, 131072), 8.05e9),
    "phi-3-mini": (llama("phi3", 3072, 32, 32, 32, 8192, 32064, sliding_window=2047), 3.821e9),
    "olmo-2-7b": (llama("olmo2", 4096, 32, 32, 32, 11008, 100352), 7.299e9),
    "olmo-7b": (llama("olmo", 4096, 32, 32, 32, 11008, 50304), 6.888e9),
    "opt-6.7b": (OPT, 6.658e9),
    "starcoder2-3b": (llama("starcoder2", 3072, 30, 24, 2, 12288, 49152, sliding_window=4096), 3.030e9),
    "command-r-35b": (llama("cohere", 8192, 40, 64, 64, 22528, 256000), 34.98e9),
    "command-r7b": (llama("cohere2", 4096, 32, 32, 8, 14336, 256000, sliding_window=4096), 8.028e9),
    "internlm-7b": (llama("internlm", 4096, 32, 32, 32, 11008, 103168, bias=True), 7.322e9),
    "internlm2-20b": (llama("internlm2", 6144, 48, 48, 8, 16384, 92544, bias=False), 19.86e9),
    "baichuan2-13b": (llama("baichuan", 5120, 40, 40, 40, 13696, 125696), 13.90e9),
    "minicpm-2b": (llama("minicpm", 2304, 40, 36, 36, 5760, 122753), 2.725e9),
}  # fmt: skip


def read(config: Config) -> ModelRecord:
    return model_from_huggingface(config, key="mine", file="config.json")


def outcome(config: Config) -> ModelRecord | InputError:
    try:
        return read(config)
    except InputError as refused:
        return refused


def problems_of(config: Config) -> dict[str, str]:
    with pytest.raises(InputError) as caught:
        read(config)
    assert len(caught.value.problems) == len(set(caught.value.problems))
    assert all(problem.file == "config.json" and problem.remedy for problem in caught.value.problems)
    return {problem.key: problem.wrong for problem in caught.value.problems}


@pytest.mark.parametrize("name", PUBLISHED)
def test_total_is_the_published_one(name: str) -> None:
    config, published = PUBLISHED[name]
    assert float(total_parameters(read(config).shape)) == pytest.approx(published, rel=0.01)


def test_every_family_is_checked_against_a_published_model() -> None:
    checked = {read(config).family for config, _ in PUBLISHED.values()}
    assert {FAMILIES[name].types[0] for name in checked} == {family.types[0] for family in FAMILIES.values()}


@pytest.mark.parametrize(
    ("name", "layers", "window"),
    [
        ("mistral-7b", 32, 4096),
        ("gpt-oss-120b", 18, 128),
        ("gemma-2-27b", 23, 4096),
        ("gemma-3-27b", 52, 1024),
        ("llama-4-scout", 36, 8192),
        ("command-r7b", 24, 4096),
        ("qwen2.5-7b", 0, 0),
        ("llama-3.1-8b", 0, 0),
    ],
)
def test_windowed_layers(name: str, layers: int, window: int) -> None:
    shape = read(PUBLISHED[name][0]).shape
    assert (shape.windowed_layers, shape.window) == (layers, window)


def test_deepseek_has_latent_attention_dense_first_layers_and_a_prediction_layer() -> None:
    record = read(DEEPSEEK_V3)
    shape = record.shape
    assert (shape.head_dim, shape.value_head_dim, shape.kv_lora_rank, shape.q_lora_rank) == (192, 128, 512, 1536)
    assert (shape.dense_mlp_layers, shape.moe_layers, shape.mtp_layers) == (3, 58, 1)
    assert record.max_sequence == 163840
    assert record.parameters is None
    assert float(active_parameters(shape)) == pytest.approx(37.55e9, rel=0.001)


def test_hybrid_counts_blocks_by_letter() -> None:
    shape = read(NANO).shape
    assert (shape.attention_layers, shape.mamba_layers, shape.moe_layers, shape.dense_mlp_layers) == (6, 23, 23, 0)
    assert shape.mamba_inner == 4096


def test_class_name_stands_in_for_a_missing_model_type() -> None:
    config = {key: value for key, value in DEEPSEEK_V3.items() if key != "model_type"}
    assert read({**config, "architectures": ["DeepseekV3ForCausalLM"]}).family == "deepseek_v3"


def test_all_problems_come_together() -> None:
    config = llama("llama", -4096, 32, 32, 5, 11008, 32000)
    config.update(num_hidden_layers="many", vocab_size=10**60, tie_word_embeddings="yes")
    del config["intermediate_size"]
    assert set(problems_of(config)) == {
        "hidden_size", "num_hidden_layers", "vocab_size", "tie_word_embeddings", "intermediate_size",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("change", "key", "word"),
    [
        ({"num_key_value_heads": 5}, "num_key_value_heads", "divide"),
        ({"num_attention_heads": 30}, "num_attention_heads", "divide"),
        ({"hidden_size": 4096.5}, "hidden_size", "whole"),
        ({"hidden_size": True}, "hidden_size", "whole"),
        ({"hidden_size": float("nan")}, "hidden_size", "whole"),
        ({"hidden_size": 10**9}, "hidden_size", "between"),
        ({"num_hidden_layers": 0}, "num_hidden_layers", "between"),
        ({"attention_bias": 1}, "attention_bias", "true"),
    ],
)
def test_one_wrong_value(change: Config, key: str, word: str) -> None:
    found = problems_of({**llama("llama", 4096, 32, 32, 8, 14336, 128256), **change})
    assert list(found) == [key]
    assert word in found[key]


@pytest.mark.parametrize(
    ("base", "change", "key"),
    [
        (DEEPSEEK_V3, {"num_experts_per_tok": 300}, "num_experts_per_tok"),
        (DEEPSEEK_V3, {"first_k_dense_replace": 62}, "first_k_dense_replace"),
        (DEEPSEEK_V3, {"kv_lora_rank": None}, "kv_lora_rank"),
        (NANO, {"hybrid_override_pattern": "ME?"}, "hybrid_override_pattern"),
        (NANO, {"num_hidden_layers": 50}, "hybrid_override_pattern"),
        (GPT_OSS, {"layer_types": ["full_attention"]}, "layer_types"),
        (GPT_OSS, {"layer_types": "full"}, "layer_types"),
        (OPT, {"word_embed_proj_dim": 512}, "word_embed_proj_dim"),
        (MPT_7B, {"attn_config": 3}, "attn_config"),
        (MPT_7B, {"attn_config": {"kv_n_heads": 0}}, "attn_config.kv_n_heads"),
        (SCOUT, {"text_config": {**SCOUT["text_config"], "hidden_size": None}}, "text_config.hidden_size"),
        (SCOUT, {"text_config": []}, "text_config"),
        (QWEN, {"intermediate_size": 22015}, "intermediate_size"),
        (PUBLISHED["qwen3-30b-a3b"][0], {"mlp_only_layers": "all"}, "mlp_only_layers"),
    ],
)
def test_parts_that_do_not_fit(base: Config, change: Config, key: str) -> None:
    assert list(problems_of({**base, **change})) == [key]


def test_unknown_family_names_the_nearest() -> None:
    with pytest.raises(InputError, match=r"lama3.*Did you mean 'llama'"):
        read({"model_type": "lama3"})
    assert list(problems_of({})) == ["model_type"]


def test_file_is_read(tmp_path: Path) -> None:
    folder = tmp_path / "my-deepseek"
    folder.mkdir()
    path = folder / "config.json"
    path.write_text(json.dumps(DEEPSEEK_V3), encoding="utf-8")
    record = load_huggingface_config(path)
    assert (record.key, record.source) == ("my-deepseek", str(path))


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"{", "no JSON"),
        (b"[1, 2]", "not an object"),
        (b"null", "not an object"),
        (b"", "no JSON"),
        (b"\xff\xfe{}", "cannot be read"),
        (b"[" * 200_000, "nested too deeply"),
        (b'{"vocab_size": ' + b"9" * 5000 + b"}", "no JSON"),
        (b" " * 4_000_001, "too many"),
    ],
)
def test_broken_file_is_one_problem(tmp_path: Path, content: bytes, word: str) -> None:
    path = tmp_path / "config.json"
    path.write_bytes(content)
    with pytest.raises(InputError, match=word) as caught:
        load_huggingface_config(path)
    assert [problem.file for problem in caught.value.problems] == [str(path)]


def test_missing_file_and_folder_are_one_problem(tmp_path: Path) -> None:
    for path in (tmp_path / "none.json", tmp_path):
        with pytest.raises(InputError, match="no such file"):
            load_huggingface_config(path)


NAMES = sorted(
    {name for fact in FACTS.values() for name in fact.names}
    | {name for family in FAMILIES.values() for names in family.names.values() for name in names}
    | {"model_type", "architectures", "text_config", "attn_config", "layer_types", "hybrid_override_pattern"}
    | {"tie_word_embeddings", "attention_bias", "mlp_only_layers", "layers_block_type", "_name_or_path"}
)
LEAVES = (
    st.none()
    | st.booleans()
    | st.integers(min_value=-(10**50), max_value=10**50)
    | st.integers(min_value=0, max_value=64)
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(sorted(FAMILIES))
)
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(NAMES) | st.text(), inner, max_size=8),
    max_leaves=12,
)
SPOILED = st.tuples(
    st.sampled_from([config for config, _ in PUBLISHED.values()]),
    st.dictionaries(st.sampled_from(NAMES), VALUES, max_size=4),
    st.sets(st.sampled_from(NAMES), max_size=4),
).map(lambda drawn: {key: value for key, value in {**drawn[0], **drawn[1]}.items() if key not in drawn[2]})


@settings(max_examples=300, deadline=None)
@given(st.dictionaries(st.sampled_from(NAMES) | st.text(), VALUES, max_size=12) | SPOILED)
def test_any_object_is_a_model_or_an_input_error(config: Config) -> None:
    found = outcome(config)
    if isinstance(found, InputError):
        assert found.problems
        assert str(found)
    else:
        assert float(total_parameters(found.shape)) > 0
        assert 0 < float(active_parameters(found.shape)) <= float(total_parameters(found.shape))
