"""Export, read back: the same layout, job and model, as far as the format can say them."""

from __future__ import annotations

import dataclasses
import sys
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "reports" / "exports"))
from launches import launch, layout_of

from tenfold.performance.dialects import READERS, layout_on
from tenfold.performance.dialects.recipe import batch_on
from tenfold.reports.exports import WRITERS, Launch

FILES = {"megatron": "pretrain.sh", "maxtext": "tenfold.yml", "deepspeed": "ds_config.json"}
MODELS = ("llama-3.1-70b", "llama-3.1-405b", "mixtral-8x7b", "deepseek-v3", "qwen3-32b", "qwen2.5-72b")
ONE_STAGE: dict[str, Any] = {"pp": 1, "vpp": 1, "dp": 16, "schedule": "1f1b"}


def back(tool: str, made: Launch) -> Any:
    if tool == "maxtext":
        pytest.importorskip("yaml")
    return READERS[tool](WRITERS[tool](made)[FILES[tool]], FILES[tool])


def same_layout(tool: str, made: Launch, **policies: float) -> None:
    recipe = back(tool, made)
    layout = layout_on(recipe, made.chips, "")
    assert dataclasses.asdict(layout) == dataclasses.asdict(layout_of(made, **policies))
    assert batch_on(recipe, layout) == made.global_batch
    assert recipe.precision == made.precision
    assert recipe.not_understood == ()


@pytest.mark.parametrize("model", [*MODELS, "gpt3-175b", "nemotron-4-340b"])
def test_megatron_model(model: str) -> None:
    made = launch(model=model, **ONE_STAGE)
    assert back("megatron", made).shape == made.shape


@pytest.mark.parametrize(
    "layout",
    [
        {},
        {"tp": 1, "sequence_parallel": False},
        {"cp": 2, "zero": 0, "recompute": "none"},
        {"recompute": "full", "zero": 3},
        {"recompute": "full:0.5"},
        {"precision": "mxfp8", "vpp": 1, "schedule": "1f1b", "micro_batch": 4},
        {"model": "mixtral-8x7b", "ep": 8, "pp": 1, "vpp": 1, "zero": 2},
        {"model": "llama-3.1-405b", "pp": 16, "vpp": 8, "batch": 256},
    ],
)
def test_megatron_layout_and_job(layout: dict[str, Any]) -> None:
    made = launch(**layout)
    same_layout("megatron", made)
    recipe = back("megatron", made)
    assert (recipe.chips, recipe.sequence_length) == (made.chips, made.sequence_length)


@pytest.mark.parametrize("model", ["llama-3.1-70b", "mixtral-8x7b", "deepseek-v3", "qwen3-32b"])
def test_maxtext_model(model: str) -> None:
    made = launch(model=model, **ONE_STAGE)
    assert back("maxtext", made).shape == made.shape


@pytest.mark.parametrize(
    "layout",
    [
        {"zero": 3, **ONE_STAGE},
        {"zero": 1, "recompute": "none", **ONE_STAGE},
        {"zero": 0, "recompute": "full", "sequence_parallel": False, **ONE_STAGE},
        {"pp": 4, "vpp": 2, "dp": 4, "zero": 3, "micro_batch": 2},
        {"pp": 4, "vpp": 1, "dp": 4, "cp": 2, "zero": 1, "schedule": "1f1b"},
        {"model": "mixtral-8x7b", "ep": 8, "zero": 3, **ONE_STAGE},
        {"chip": "tpu-v5p", "precision": "int8", "zero": 3, **ONE_STAGE},
    ],
)
def test_maxtext_layout_and_job(layout: dict[str, Any]) -> None:
    made = launch(**layout)
    same_layout("maxtext", made, tensor_overlap=1.0)
    recipe = back("maxtext", made)
    assert (recipe.chips, recipe.sequence_length) == (made.chips, made.sequence_length)


@pytest.mark.parametrize(
    "layout",
    [
        {"zero": 3, **ONE_STAGE, "recompute": "none", "sequence_parallel": False},
        {"zero": 0, **ONE_STAGE, "recompute": "full", "sequence_parallel": False, "cp": 2},
        {"model": "mixtral-8x7b", "ep": 8, **ONE_STAGE, "recompute": "none", "sequence_parallel": False},
    ],
)
def test_deepspeed_layout_and_batch(layout: dict[str, Any]) -> None:
    same_layout("deepspeed", launch(**layout))
