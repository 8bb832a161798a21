"""MaxText: a YAML file on top of its ``base.yml``.

Keys as in AI-Hypercomputer/maxtext e591f30c (2026-08-22), ``src/maxtext/configs/base.yml``: the product of the
``ici_*`` axes is the devices of a slice, the product of the ``dcn_*`` axes is the slices.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from tenfold.reports.exports.launch import Launch, comments
from tenfold.reports.exports.mesh import Mesh, deal
from tenfold.reports.exports.refusals import refuse

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
AXES = ("data", "fsdp", "context", "tensor", "tensor_sequence", "expert", "pipeline")
"""Axes this file sets; all others of the mesh are 1 in ``base.yml``."""


def write_maxtext(launch: Launch) -> Mapping[str, str]:
    """Write ``tenfold.yml``: start it with ``python3 -m maxtext.trainers.pre_train.train tenfold.yml``."""
    mesh = _mesh(launch)
    values: dict[str, Value] = {"base_config": "base.yml", "run_name": "tenfold"}
    values |= _hardware(launch) | _model(launch) | _axes(mesh) | _batch(launch) | _training(launch)
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
    values: dict[str, Value] = {
        "decoder_block": DECODERS[launch.family],
        "base_emb_dim": int(shape.hidden),
        "base_num_query_heads": int(shape.heads),
        "base_num_kv_heads": int(shape.kv_heads),
        "base_mlp_dim": int(shape.ffn or shape.expert_ffn),
        "base_num_decoder_layers": launch.layers,
        "head_dim": int(shape.head_dim),
        "vocab_size": int(shape.vocab),
        "logits_via_embedding": bool(shape.tied_embeddings),
        "mlp_activations": ["silu", "linear"] if shape.gated_mlp else ["gelu"],
        "attention_bias": bool(shape.attention_bias),
    }
    return values | _experts(launch) | _latent(launch)


def _experts(launch: Launch) -> dict[str, Value]:
    shape = launch.shape
    if not shape.moe_layers:
        return {}
    values: dict[str, Value] = {
        "num_experts": int(shape.experts),
        "num_experts_per_tok": int(shape.top_k),
        "base_moe_mlp_dim": int(shape.expert_ffn),
    }
    if shape.shared_ffn:
        shared = int(shape.shared_ffn) / int(shape.expert_ffn)
        if shared % 1:
            raise refuse(
                TOOL, f"the shared experts of {launch.model} are {shared:.3g} experts wide", "Use --to megatron"
            )
        values["shared_experts"] = int(shared)
    if shape.dense_mlp_layers:
        values["first_num_dense_layers"] = int(shape.dense_mlp_layers)
    if shape.mtp_layers:
        values["mtp_num_layers"] = int(shape.mtp_layers)
    return values


def _latent(launch: Launch) -> dict[str, Value]:
    shape = launch.shape
    if not shape.kv_lora_rank:
        return {}
    values: dict[str, Value] = {
        "attention_type": "mla",
        "q_lora_rank": int(shape.q_lora_rank),
        "kv_lora_rank": int(shape.kv_lora_rank),
        "qk_nope_head_dim": int(shape.head_dim) - int(shape.rope_head_dim),
        "qk_rope_head_dim": int(shape.rope_head_dim),
        "v_head_dim": int(shape.value_head_dim),
    }
    return values


def _mesh(launch: Launch) -> Mesh:
    """Deal the degrees. MaxText's expert axis is part of the batch, so it takes its ranks from the replicas."""
    expert = launch.ep if launch.shape.moe_layers else 1
    if launch.dp % expert:
        wrong = f"{expert} expert-parallel ranks do not divide the {launch.dp} replicas, which MaxText takes them from"
        raise refuse(TOOL, wrong, "Use --to megatron")
    replicas = {"data": 1, "fsdp": 1} | {"fsdp" if launch.zero_stage == 3 else "data": launch.dp // expert}
    tensor = {"tensor": 1, "tensor_sequence": 1} | {
        "tensor_sequence" if launch.sequence_parallel else "tensor": launch.tp
    }
    degrees = {**tensor, "context": launch.cp, "expert": expert, **replicas, "pipeline": launch.pp}
    mesh = deal(degrees, launch.chips, launch.domain_chips)
    if mesh is None or any(mesh.between[axis] > 1 for axis in tensor):
        wrong = f"TP {launch.tp}, CP {launch.cp}, PP {launch.pp} and DP {launch.dp} do not fill slices of "
        wrong += f"{launch.domain_chips} chips without tensor parallelism between them"
        raise refuse(TOOL, wrong, "Use --to megatron, or plan with a power of two of chips")
    return mesh


def _axes(mesh: Mesh) -> dict[str, Value]:
    between: dict[str, Value] = {f"dcn_{axis}_parallelism": mesh.between[axis] for axis in AXES}
    slices: dict[str, Value] = {"num_slices": mesh.slices} if mesh.slices > 1 else {}
    return slices | between | {f"ici_{axis}_parallelism": mesh.inside[axis] for axis in AXES}


def _batch(launch: Launch) -> dict[str, Value]:
    """Batch and pipeline. A pipeline takes the whole batch at once, otherwise micro-batches are accumulated."""
    if launch.pp == 1:
        per_device = launch.micro_batch * launch.dp / launch.chips
        return {"per_device_batch_size": per_device, "gradient_accumulation_steps": launch.micro_batches}
    chunks = launch.pp * launch.vpp
    if launch.missing_layers or (launch.shape.moe_layers and launch.shape.dense_mlp_layers):
        wrong = f"MaxText cannot deal the {launch.layers} layers of {launch.model} to {chunks} equal chunks"
        raise refuse(TOOL, wrong, "Use --to megatron")
    if launch.micro_batches % launch.pp:
        wrong = f"{launch.micro_batches} micro-batches are no multiple of the {launch.pp} stages, as MaxText wants"
        raise refuse(TOOL, wrong, "Use --to megatron, or plan with another global batch")
    return {
        "per_device_batch_size": launch.global_batch / launch.chips,
        "gradient_accumulation_steps": 1,
        "num_pipeline_microbatches": launch.micro_batches,
        "num_layers_per_pipeline_stage": launch.layers_per_chunk,
        "num_pipeline_repeats": launch.vpp,
    }


def _training(launch: Launch) -> dict[str, Value]:
    return {
        "max_target_length": launch.sequence_length,
        "steps": launch.steps,
        "remat_policy": _remat(launch.recompute),
        "quantization": _quantization(launch),
        "shard_optimizer_over_data": launch.zero_stage in (1, 2),
        "enable_checkpointing": True,
        "async_checkpointing": True,
        "checkpoint_period": launch.save_every,
    }


def _remat(recompute: float) -> str:
    """``minimal`` keeps matrix products, ``minimal_with_context`` the attention output too, ``full`` layer inputs."""
    if recompute > 1.0:
        return "full"
    return "minimal" if recompute == 1.0 else "minimal_with_context"


def _quantization(launch: Launch) -> str:
    if launch.precision == "bf16":
        return ""
    if launch.precision == "int8":
        return "int8"
    found = QUANTIZATION.get((launch.precision, launch.vendor))
    if found is None:
        raise refuse(TOOL, f"MaxText does not train in {launch.precision} on {launch.chip}", "Plan with bf16")
    if found in WITHOUT_ACCUMULATION and launch.pp == 1 and launch.micro_batches > 1:
        wrong = f"MaxText's {found} does not go with the {launch.micro_batches} micro-batches that a step accumulates"
        raise refuse(TOOL, wrong, "Use --to megatron, or plan with bf16")
    return found


def _unexpressed(launch: Launch) -> list[str]:
    lines = [
        "data, tokenizer and base_output_directory: give them on the command line",
        "base and scaling of rotary positions: the catalog does not hold them",
    ]
    if launch.recompute == 0.0:
        lines.append("no recompute at all: written as the policy that keeps the most (minimal_with_context)")
    if 1.0 < launch.recompute < 2.0:
        lines.append(f"recompute of {launch.recompute - 1.0:.0%} of the layers: written as all of them (full)")
    if launch.schedule != "1f1b" and launch.pp > 1:
        lines.append(f"the {launch.schedule} schedule: MaxText has its own circular pipeline")
    if launch.zero_stage == 2:
        lines.append("ZeRO-2: written as sharded optimizer states with whole gradients")
    if launch.shape.windowed_layers:
        lines.append("which layers attend over a window: all are written as full attention")
    return lines
