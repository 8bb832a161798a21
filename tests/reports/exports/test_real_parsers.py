"""Files for DeepSpeed and MaxText against the packages' own parsers; skipped where they are not installed."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any

import pytest
from launches import launch

from tenfold.reports.exports import WRITERS

ONE_STAGE: dict[str, Any] = {"pp": 1, "vpp": 1, "dp": 16, "schedule": "1f1b"}


class Ranks:
    """Stands for DeepSpeed's model-parallel unit."""

    def __init__(self, replicas: int) -> None:
        self.replicas = replicas

    def get_data_parallel_world_size(self) -> int:
        return self.replicas


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(
    "layout",
    [
        {},
        {**ONE_STAGE, "zero": 3},
        {**ONE_STAGE, "zero": 0, "recompute": "full", "cp": 2},
        {**ONE_STAGE, "model": "mixtral-8x7b", "ep": 8},
    ],
)
def test_deepspeed_parses_its_configuration(
    layout: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("deepspeed", reason="deepspeed is not installed")
    config = importlib.import_module("deepspeed.runtime.config")
    monkeypatch.setattr(config.dist, "get_rank", lambda: 0)
    made = launch(**layout)
    file = tmp_path / "ds_config.json"
    file.write_text(WRITERS["deepspeed"](made)["ds_config.json"])
    parsed = config.DeepSpeedConfig(str(file), mpu=Ranks(made.layout.dp))
    assert parsed.train_batch_size == made.global_batch
    assert parsed.train_micro_batch_size_per_gpu == made.layout.micro_batch
    assert parsed.gradient_accumulation_steps == made.micro_batches
    assert parsed.zero_optimization_stage == made.layout.zero
    assert parsed.bfloat16_config.enabled
    assert parsed.tensor_parallel_config.autotp_size == made.layout.tp
    assert parsed.expert_parallel_config.autoep_size == made.layout.ep


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(
    "layout",
    [
        {**ONE_STAGE, "zero": 3},
        {**ONE_STAGE, "zero": 1, "recompute": "none"},
        {"pp": 4, "vpp": 2, "dp": 4, "zero": 3, "micro_batch": 2},
        {**ONE_STAGE, "model": "mixtral-8x7b", "ep": 8, "zero": 3},
        {**ONE_STAGE, "model": "deepseek-v3", "ep": 16, "zero": 3},
        {**ONE_STAGE, "model": "qwen3-32b"},
        {**ONE_STAGE, "model": "gpt3-175b"},
        {**ONE_STAGE, "chip": "tpu-v5p", "precision": "int8", "zero": 3},
        {**ONE_STAGE, "precision": "fp8", "batch": 16},
    ],
)
def test_maxtext_parses_its_configuration(
    layout: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DECOUPLE_GCLOUD", "TRUE")
    monkeypatch.setenv("JAX_PLATFORMS", "cpu")
    monkeypatch.setenv("XLA_FLAGS", "--xla_force_host_platform_device_count=64")
    pytest.importorskip("maxtext", reason="maxtext is not installed")
    pyconfig = importlib.import_module("maxtext.configs.pyconfig")
    made = launch(**layout)
    assert made.chips == 64, "as many as the devices that stand for them"
    file = tmp_path / "tenfold.yml"
    file.write_text(WRITERS["maxtext"](made)["tenfold.yml"])
    options = [f"base_output_directory={tmp_path}", "dataset_type=synthetic", "skip_jax_distributed_system=True"]
    parsed = pyconfig.initialize(["train", str(file), *options])
    assert parsed.global_batch_size_to_train_on == made.global_batch
    assert parsed.num_decoder_layers == made.layers
    assert parsed.steps == made.steps
    assert parsed.max_target_length == made.sequence_length
    assert made.layout.pp == 1 or parsed.num_pipeline_repeats == made.layout.vpp
