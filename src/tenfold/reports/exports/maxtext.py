"""MaxText: a YAML file on top of its ``base.yml``."""

from __future__ import annotations

import json
from collections.abc import Mapping

from tenfold.performance.dialects import Mesh, deal, maxtext
from tenfold.performance.dialects.maxtext import shape_settings
from tenfold.reports.exports.launch import Launch, comments
from tenfold.reports.exports.refusals import refuse
from tenfold.workloads import operations_of, whole_share

TOOL = "maxtext"
Value = bool | int | float | str | list[str]
DECODERS: Mapping[str, str] = {
    "llama": "llama2",
    "maxtext": "llama2",
    "mistral": "mistral",
    "mixtral": "mixtral",
    "deepseek": "deepseek",
    "gpt": "gpt3",
    "qwen3": "qwen3",
    "qwen3-moe": "qwen3_moe",
}
"""Family of a model to MaxText's ``decoder_block``."""
HARDWARE: Mapping[tuple[str, str], str] = {("Google", "training-asic"): "tpu", ("Google", "inference-asic"): "tpu"}
"""Vendor and kind to ``hardware``; every other GPU is ``gpu_multiprocess``."""
QUANTIZATION: Mapping[tuple[str, str], str] = {
    ("fp8", "NVIDIA"): "fp8",
    ("fp8", "AMD"): "nanoo_fp8",
    ("fp8", "Google"): "fp8_full",
}
WITHOUT_ACCUMULATION = ("fp8", "nanoo_fp8")
"""Quantizations that MaxText refuses together with gradient accumulation (``configs/types.py``, 0.2.5)."""


def write_maxtext(launch: Launch) -> Mapping[str, str]:
    """Write ``tenfold.yml``: start it with ``python3 -m maxtext.trainers.pre_train.train tenfold.yml``."""
    mesh = _mesh(launch)
    values: dict[str, Value] = {"base_config": "base.yml", "run_name": "tenfold"}
    parts = (_hardware(launch), _model(launch), maxtext.mesh_settings(mesh), _batch(launch), _training(launch))
    for part in parts:
        values |= part
    body = "".join(f"{key}: {json.dumps(value)}\n" for key, value in values.items())
    return {"tenfold.yml": comments(launch, "MaxText", _unexpressed(launch)) + "\n" + body}


def _hardware(launch: Launch) -> dict[str, Value]:
    hardware = HARDWARE.get((launch.vendor, launch.chip_kind)) or ("gpu_multiprocess" * (launch.chip_kind == "gpu"))
    if not hardware:
        raise refuse(TOOL, f"MaxText does not run on {launch.chip}", "Use --to megatron")
    return {"hardware": hardware}


def _model(launch: Launch) -> dict[str, Value]:
    shape = launch.shape
    if launch.family not in DECODERS or shape.mamba_layers:
        known = ", ".join(DECODERS)
        raise refuse(
            TOOL, f"no decoder block for the family {launch.family} is known; {known} are", "Use --to megatron"
        )
    shared = float(shape.shared_ffn) / max(float(shape.expert_ffn), 1.0)
    if shape.moe_layers and shared % 1:
        raise refuse(TOOL, f"the shared experts of {launch.model} are {shared:.3g} experts wide", "Use --to megatron")
    return {"decoder_block": DECODERS[launch.family], **shape_settings(shape)}


def _mesh(launch: Launch) -> Mesh:
    """Deal the degrees. MaxText's expert axis is part of the batch, so it takes its ranks from the replicas."""
    layout = launch.layout
    if launch.experts and layout.dp % layout.ep:
        wrong = (
            f"{layout.ep} expert-parallel ranks do not divide the {layout.dp} replicas, which MaxText takes them from"
        )
        raise refuse(TOOL, wrong, "Use --to megatron")
    degrees = maxtext.mesh_degrees(layout, experts=launch.experts)
    mesh = deal(degrees, launch.chips, launch.domain_chips)
    if mesh is None or any(mesh.between[axis] > 1 for axis in maxtext.DEGREES["tp"]):
        wrong = f"TP {layout.tp}, CP {layout.cp}, PP {layout.pp} and DP {layout.dp} do not fill slices of "
        wrong += f"{launch.domain_chips} chips without tensor parallelism between them"
        raise refuse(TOOL, wrong, "Use --to megatron, or plan with a power of two of chips")
    return mesh


def _batch(launch: Launch) -> Mapping[str, Value]:
    layout, chunks = launch.layout, launch.layout.pp * launch.layout.vpp
    if layout.pp > 1 and (layout.missing_layers(launch.layers) or (launch.experts and launch.shape.dense_mlp_layers)):
        wrong = f"MaxText cannot deal the {launch.layers} layers of {launch.model} to {chunks} equal chunks"
        raise refuse(TOOL, wrong, "Use --to megatron")
    if launch.micro_batches % layout.pp:
        wrong = f"{launch.micro_batches} micro-batches are no multiple of the {layout.pp} stages, as MaxText wants"
        raise refuse(TOOL, wrong, "Use --to megatron, or plan with another global batch")
    return maxtext.batch_settings(layout, launch.layers, launch.global_batch)


def _training(launch: Launch) -> dict[str, Value]:
    return {
        maxtext.SEQUENCE: launch.sequence_length,
        "steps": launch.steps,
        maxtext.PRECISION: _quantization(launch),
        **maxtext.policy_settings(launch.layout),
        "enable_checkpointing": True,
        "async_checkpointing": True,
        "checkpoint_period": launch.save_every,
    }


def _quantization(launch: Launch) -> str:
    if launch.precision == "bf16":
        return ""
    if launch.precision == "int8":
        return "int8"
    found = QUANTIZATION.get((launch.precision, launch.vendor))
    if found is None:
        raise refuse(TOOL, f"MaxText does not train in {launch.precision} on {launch.chip}", "Plan with bf16")
    if found in WITHOUT_ACCUMULATION and launch.layout.pp == 1 and launch.micro_batches > 1:
        wrong = f"MaxText's {found} does not go with the {launch.micro_batches} micro-batches that a step accumulates"
        raise refuse(TOOL, wrong, "Use --to megatron, or plan with bf16")
    return found


def _unexpressed(launch: Launch) -> list[str]:
    layout = launch.layout
    lines = [
        "data, tokenizer and base_output_directory: give them on the command line",
        "base and scaling of rotary positions: the catalog does not hold them",
    ]
    if layout.recompute == "none":
        lines.append("no recompute at all: written as the policy that keeps the most (minimal_with_context)")
    if operations_of(layout.recompute):
        lines.append(f"recompute of {layout.recompute}: written as whole layers (full)")
    if 0.0 < (share := whole_share(layout.recompute)) < 1.0:
        lines.append(f"recompute of {share:.0%} of the layers: written as all of them (full)")
    if layout.schedule != "1f1b" and layout.pp > 1:
        lines.append(f"the {layout.schedule} schedule: MaxText has its own circular pipeline")
    if layout.zero == 2:
        lines.append("ZeRO-2: written as sharded optimizer states with whole gradients")
    if launch.shape.windowed_layers:
        lines.append("which layers attend over a window: all are written as full attention")
    return lines
