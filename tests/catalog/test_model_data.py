"""The catalog's models: every file is a shape with a source, and counts what its vendor published."""

from __future__ import annotations

import dataclasses
import math
import re
import tomllib
from collections import Counter
from decimal import Decimal
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from tenfold.catalog.models import TransformerShape
from tenfold.workloads.parameters import ACTIVE_CONVENTIONS, active_parameters, total_parameters

DATA = Path(str(files("tenfold") / "catalog" / "data"))
MODELS: dict[str, dict[str, Any]] = {
    path.stem: tomllib.loads(path.read_text(encoding="utf-8")) for path in sorted((DATA / "models").glob("*.toml"))
}
SOURCES = {key for path in (DATA / "sources").glob("*.toml") for key in tomllib.loads(path.read_text(encoding="utf-8"))}
SHAPE_FIELDS = {field.name: field for field in dataclasses.fields(TransformerShape)}
FILE_KEYS = {"name", "family", "source", "max_sequence", "aliases", "notes", "shape", "published"}

CONVENTION_NOTES = {
    "both vocabulary tables counted": "both tables",
    "input table not counted": "output table",
    "vocabulary tables not counted": "no tables",
}
"""How the note of an active count names its convention."""

ROUNDED = {
    ("gpt-1.7b", "parameters"),
    ("gpt-3.6b", "parameters"),
    ("glm-4.5-air", "active_parameters"),
    ("llama-4-maverick", "active_parameters"),
    ("llama-4-scout", "active_parameters"),
    ("minimax-m2", "active_parameters"),
    ("qwen3-30b-a3b", "active_parameters"),
    ("qwen3-coder-480b-a35b", "active_parameters"),
    ("qwen3.5-122b-a10b", "active_parameters"),
    ("qwen3.5-397b-a17b", "active_parameters"),
}
"""Counts over 1 % from the published one, which is printed with so few digits that they still agree."""

NAMES_OF_MEASURED_RUNS = """
aquila-7b aquila2-34b aquila2-7b baichuan-13b baichuan-7b baichuan2-13b baichuan2-7b bloom-176b bloom-7b1 chatglm3-6b
codellama-34b deepseek-v3 dense-915b gemma3-12b-maxtext gemma4-26b gemma4-31b glm4-9b gpt-1.7b gpt-145b gpt-175b
gpt-18.4b gpt-18b gpt-1t gpt-3.6b gpt-310b gpt-39b gpt-530b gpt-7.5b gpt-76b gpt-oss-120b gpt3-175b gpt3-20b gpt3-23b
gpt3-46b gpt3-5b grok1-314b internlm-7b internlm2-20b llama-13b llama-33b llama-65b llama-7b llama2-13b llama2-70b
llama2-7b llama3-70b llama3-8b llama3.1-405b maxtext-1024b maxtext-16b maxtext-22b maxtext-256b maxtext-32b maxtext-64b
megatron-1t megatron-22b minicpm-2b minicpm-8x2b mistral-7b mpt-125m mpt-13b mpt-1b mpt-350m mpt-70b mpt-760m mpt-7b
mt-nlg-530b nemotron-22b nemotron-8b nemotron4-340b nemotron_3_nano nemotron_3_super qwen-14b qwen-72b qwen-7b
qwen1.5-0.5b qwen1.5-1.8b qwen1.5-110b qwen1.5-14b qwen1.5-32b qwen1.5-4b qwen1.5-72b qwen1.5-7b qwen3-235b-a22b
tinyllama-1.1b yi-34b
DeepSeek-R1 DeepSeek-V3 Llama-3.1-405B Llama-3.1-8B Qwen3-235B-A22B Qwen3-32B Llama-3.3-70B Qwen3-30B-A3B MiniMax-M2.5
Llama-2-70B-chat Llama-4-Scout Llama-2-7B Llama-4-Maverick Llama-2-70B Llama-3-8B Mistral-7B GPT-J-6B Llama-3-70B
Llama-2-13B CodeLlama-13B Falcon-180B Mixtral-8x7B Llama-3.1-70B Qwen3-8B
""".split()  # noqa: SIM905


def shape_of(key: str) -> TransformerShape:
    return TransformerShape(**{name: float(value) for name, value in MODELS[key]["shape"].items()})


def plain(name: str) -> str:
    return re.sub(r"[ \-_.]", "", name.lower())


def figures() -> list[tuple[str, str]]:
    return [(key, figure) for key, model in MODELS.items() for figure in model.get("published", {})]


def value_of(text: str) -> float:
    return float(text[:-1]) * {"M": 1e6, "B": 1e9, "T": 1e12}[text[-1]]


def counted(key: str, figure: str) -> float:
    if figure == "parameters":
        return float(total_parameters(shape_of(key)))
    note = MODELS[key]["published"][figure]["note"].split(";")[0]
    return float(ACTIVE_CONVENTIONS[CONVENTION_NOTES[note]](shape_of(key)))


def agrees_in_every_digit(count: float, text: str) -> bool:
    """Whether the count, rounded or cut to the digits printed, is the number printed."""
    places = -int(Decimal(text[:-1]).as_tuple().exponent)
    unit = value_of(text) / float(text[:-1])
    cut = math.floor(count / unit * 10**places) / 10**places
    return float(text[:-1]) in (round(count / unit, places), cut)


def test_at_least_one_hundred_models() -> None:
    assert len(MODELS) >= 100


@pytest.mark.parametrize("key", MODELS)
def test_file_is_a_shape_with_a_source(key: str) -> None:
    model = MODELS[key]
    assert set(model) <= FILE_KEYS
    assert set(model["shape"]) <= set(SHAPE_FIELDS)
    assert model["source"] in SOURCES
    assert model["name"]
    assert model["family"]
    assert model["max_sequence"] > 0
    for figure in model.get("published", {}).values():
        assert set(figure) <= {"value", "kind", "source", "as_of", "note"}
        assert figure["source"] in SOURCES
    shape_of(key)


@pytest.mark.parametrize("key", MODELS)
def test_shape_is_consistent(key: str) -> None:
    shape = shape_of(key)
    assert all(getattr(shape, name) >= 0 for name in SHAPE_FIELDS)
    assert float(shape.heads) % float(shape.kv_heads) == 0 or MODELS[key]["family"] == "gemma4"
    assert (shape.ffn > 0) == (shape.dense_mlp_layers > 0)
    assert (shape.moe_layers > 0) == (shape.experts > 0) == (shape.top_k > 0) == (shape.expert_ffn > 0)
    assert shape.top_k <= shape.experts
    assert (shape.windowed_layers > 0) == (shape.window > 0)
    assert shape.windowed_layers <= shape.attention_layers
    mixers = shape.attention_layers + shape.mamba_layers
    blocks = shape.dense_mlp_layers + shape.moe_layers
    assert shape.layers == max(mixers, blocks)
    assert shape.mamba_layers > 0 or mixers == blocks


def test_keys_names_and_aliases_are_unique() -> None:
    names: Counter[str] = Counter()
    for key, model in MODELS.items():
        aliases = [plain(alias) for alias in model.get("aliases", [])]
        assert len({plain(key), *aliases}) == 1 + len(aliases), f"{key} repeats an alias"
        names.update({plain(key), plain(model["name"]), *aliases})
    assert [name for name, count in names.items() if count > 1] == []


def test_every_name_of_the_measured_runs_resolves() -> None:
    known = {plain(name) for key, model in MODELS.items() for name in (key, *model.get("aliases", []))}
    assert [name for name in NAMES_OF_MEASURED_RUNS if plain(name) not in known] == []


@pytest.mark.parametrize(("key", "figure"), figures())
def test_count_is_the_published_one(key: str, figure: str) -> None:
    published = MODELS[key]["published"][figure]["value"]
    count = counted(key, figure)
    error = count / value_of(published) - 1
    print(f"{key:20s} {figure:18s} counted {count / 1e9:10.4f}B published {published:>8s} {error:+.2%}")  # noqa: T201
    if (key, figure) in ROUNDED:
        assert 0.01 < abs(error) < 0.03, "no longer an exception: take it off the list"
        assert agrees_in_every_digit(count, published)
    else:
        assert abs(error) < 0.01


@pytest.mark.parametrize("key", [key for key, model in MODELS.items() if "published" not in model])
def test_unpublished_count_is_near_the_size_in_the_name(key: str) -> None:
    sizes = re.findall(r"(\d+(?:\.\d+)?)b", key)
    assert float(total_parameters(shape_of(key))) == pytest.approx(float(sizes[-1]) * 1e9, rel=0.07)


@pytest.mark.parametrize("key", MODELS)
def test_active_is_a_part_of_the_total(key: str) -> None:
    shape = shape_of(key)
    total, active = float(total_parameters(shape)), float(active_parameters(shape))
    assert active <= total
    assert (active < total) == (float(shape.moe_layers) > 0)
