"""Public configurations become the catalog's shapes; broken ones one error with everything wrong."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tenfold.catalog.models import ModelRecord
from tenfold.quantities import InputError
from tenfold.workloads.huggingface import FAMILIES, load_huggingface_config, model_from_huggingface
from tenfold.workloads.huggingface.reader import FACTS
from tenfold.workloads.parameters import active_parameters, total_parameters

Config = dict[str, Any]


DATA = json.loads((Path(__file__).parent / "data" / "public_configs.json").read_text(encoding="utf-8"))
"""Facts of public configurations, and the parameters their vendors publish."""
PUBLISHED: dict[str, tuple[Config, float]] = {
    name: (row["config"], row["published_parameters"]) for name, row in DATA.items()
}
LLAMA, DEEPSEEK_V3, GPT_OSS, NANO, SCOUT, OPT, MPT_7B, QWEN = (
    PUBLISHED[name][0]
    for name in ("llama-3.1-8b", "deepseek-v3", "gpt-oss-120b", "nemotron-3-nano", "llama-4-scout", "opt-6.7b",
                 "mpt-7b", "qwen-7b")
)  # fmt: skip


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


COUNTED_BY_PARTS = {"mimo", "mllama_text_model", "nemotron-nas"}
"""Families whose parts are those of others here, or checked one by one; no count to three digits was found."""


def test_every_family_is_checked_against_a_published_model() -> None:
    more = json.loads((Path(__file__).parent / "data" / "published_counts.json").read_text(encoding="utf-8"))
    built = json.loads((Path(__file__).parent / "data" / "class_counts.json").read_text(encoding="utf-8"))
    configs = [config for config, _ in PUBLISHED.values()]
    configs += [row["config"] for row in (*more.values(), *built.values())]
    checked = {FAMILIES[read(config).family].types[0] for config in configs}
    assert checked | COUNTED_BY_PARTS == {family.types[0] for family in FAMILIES.values()}
    assert not checked & COUNTED_BY_PARTS


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
    config = {**LLAMA, "hidden_size": -4096, "num_key_value_heads": 5}
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
    found = problems_of({**LLAMA, **change})
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
        (b"\xff\xfe{}", "is not UTF-8"),
        (b"[" * 200_000, "nested too deep"),
        (b'{"vocab_size": ' + b"9" * 5000 + b"}", "no JSON"),
        (b" " * 4_000_001, "larger than"),
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
