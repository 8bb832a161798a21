"""DeepSpeed: the JSON configuration, and a text beside it, because JSON holds no comments.

Keys as in deepspeedai/DeepSpeed edaa7221 (2026-08-22), ``docs/_pages/config-json.md`` and ``runtime/config.py``.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from tenfold.performance.dialects import deepspeed
from tenfold.reports.exports.launch import Launch, comments
from tenfold.reports.exports.refusals import refuse
from tenfold.workloads import operations_of, whole_share

TOOL = "deepspeed"


def write_deepspeed(launch: Launch) -> Mapping[str, str]:
    """Write ``ds_config.json`` and ``ds_config.about.txt``."""
    _refuse_what_cannot_run(launch)
    body = json.dumps(_config(launch), indent=2) + "\n"
    return {"ds_config.json": body, "ds_config.about.txt": comments(launch, "DeepSpeed", _unexpressed(launch))}


def _refuse_what_cannot_run(launch: Launch) -> None:
    if launch.layout.pp > 1 and launch.layout.zero > 1:
        wrong = f"DeepSpeed's pipeline does not go with ZeRO-{launch.layout.zero}"
        raise refuse(TOOL, wrong, "Use --to megatron")
    if launch.precision not in ("bf16", "fp16"):
        wrong = f"DeepSpeed's configuration has no training in {launch.precision}"
        raise refuse(TOOL, wrong, "Use --to megatron, or plan with bf16")


def _config(launch: Launch) -> dict[str, Any]:
    values = {
        deepspeed.BATCH: launch.global_batch,
        deepspeed.MICRO_BATCH: launch.layout.micro_batch,
        deepspeed.ACCUMULATION: launch.micro_batches,
        f"{launch.precision}.enabled": True,
    }
    layout = deepspeed.layout_settings(launch.layout, launch.layers, experts=launch.experts)
    return deepspeed.nested(values | layout)


def _unexpressed(launch: Launch) -> list[str]:
    layout = launch.layout
    lines = [
        f"the model, {launch.steps:,} steps of sequences of {launch.sequence_length:,} tokens, a checkpoint every "
        f"{launch.save_every:,} steps: they belong to the training script",
        f"{launch.nodes:,} nodes of {launch.chips_per_node}: give them to the deepspeed launcher",
    ]
    if layout.pp > 1:
        lines.append(f"{layout.pp} pipeline stages: PipelineModule(num_stages={layout.pp}) in the training script")
    if layout.vpp > 1 or (layout.schedule != "1f1b" and layout.pp > 1):
        lines.append("the interleaved, zero-bubble or DualPipe schedule: DeepSpeed's pipeline is 1F1B")
    if layout.cp > 1:
        lines.append("context parallelism is written as Ulysses sequence parallelism, which needs as many heads")
    if layout.sequence_parallel and layout.tp > 1:
        lines.append("sequence parallelism of norms beside tensor parallelism")
    if layout.recompute == "selective":
        lines.append("selective recompute: belongs to the training script")
    if operations_of(layout.recompute):
        lines.append(f"recompute of {layout.recompute}: belongs to the training script")
    if whole_share(layout.recompute) > 0.0:
        lines.append("which layers are recomputed: deepspeed.checkpointing.checkpoint(...) in the training script")
    return lines
