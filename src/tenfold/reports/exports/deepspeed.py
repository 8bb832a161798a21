"""DeepSpeed: the JSON configuration, and a text beside it, because JSON holds no comments.

Keys as in deepspeedai/DeepSpeed edaa7221 (2026-08-22), ``docs/_pages/config-json.md`` and ``runtime/config.py``.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from tenfold.reports.exports.launch import Launch, comments
from tenfold.reports.exports.refusals import refuse

TOOL = "deepspeed"


def write_deepspeed(launch: Launch) -> Mapping[str, str]:
    """Write ``ds_config.json`` and ``ds_config.about.txt``."""
    _refuse_what_cannot_run(launch)
    body = json.dumps(_config(launch), indent=2) + "\n"
    return {"ds_config.json": body, "ds_config.about.txt": comments(launch, "DeepSpeed", _unexpressed(launch))}


def _refuse_what_cannot_run(launch: Launch) -> None:
    if launch.pp > 1 and launch.zero_stage > 1:
        wrong = f"DeepSpeed's pipeline does not go with ZeRO-{launch.zero_stage}"
        raise refuse(TOOL, wrong, "Use --to megatron")
    if launch.precision not in ("bf16", "fp16"):
        wrong = f"DeepSpeed's configuration has no training in {launch.precision}"
        raise refuse(TOOL, wrong, "Use --to megatron, or plan with bf16")


def _config(launch: Launch) -> dict[str, Any]:
    config: dict[str, Any] = {
        "train_batch_size": launch.global_batch,
        "train_micro_batch_size_per_gpu": launch.micro_batch,
        "gradient_accumulation_steps": launch.micro_batches,
        launch.precision: {"enabled": True},
        "zero_optimization": {"stage": launch.zero_stage, "overlap_comm": True, "contiguous_gradients": True},
    }
    if launch.tp > 1:
        config["tensor_parallel"] = {"autotp_size": launch.tp}
    if launch.shape.moe_layers and launch.ep > 1:
        config["expert_parallel"] = {"enabled": True, "autoep_size": launch.ep}
    if launch.cp > 1:
        config["sequence_parallel_size"] = launch.cp
    if launch.recompute > 1.0:
        config["activation_checkpointing"] = {"partition_activations": False, "number_checkpoints": launch.layers}
    return config


def _unexpressed(launch: Launch) -> list[str]:
    lines = [
        f"the model, {launch.steps:,} steps of sequences of {launch.sequence_length:,} tokens, a checkpoint every "
        f"{launch.save_every:,} steps: they belong to the training script",
        f"{launch.nodes:,} nodes of {launch.chips_per_node}: give them to the deepspeed launcher",
    ]
    if launch.pp > 1:
        lines.append(f"{launch.pp} pipeline stages: PipelineModule(num_stages={launch.pp}) in the training script")
    if launch.vpp > 1 or (launch.schedule != "1f1b" and launch.pp > 1):
        lines.append("the interleaved, zero-bubble or DualPipe schedule: DeepSpeed's pipeline is 1F1B")
    if launch.cp > 1:
        lines.append("context parallelism is written as Ulysses sequence parallelism, which needs as many heads")
    if launch.sequence_parallel and launch.tp > 1:
        lines.append("sequence parallelism of norms beside tensor parallelism")
    if launch.recompute == 1.0:
        lines.append("selective recompute: belongs to the training script")
    if launch.recompute > 1.0:
        lines.append("which layers are recomputed: deepspeed.checkpointing.checkpoint(...) in the training script")
    return lines
