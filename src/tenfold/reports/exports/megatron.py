"""Megatron-LM: a script for ``torchrun`` with the arguments of ``pretrain_gpt.py``.

Flags as in NVIDIA/Megatron-LM d98e8a64 (2026-08-22): ``arguments.py`` and those generated from ``TransformerConfig``,
``ModelParallelConfig`` and ``training_config.py``.
"""

from __future__ import annotations

import math
import shlex
from collections.abc import Iterator, Mapping

from tenfold.catalog.models import TransformerShape
from tenfold.reports.exports.launch import Launch, comments
from tenfold.reports.exports.refusals import refuse
from tenfold.reports.exports.templates import render

Flag = tuple[str, ...]
"""A flag with its values."""
TOOL = "megatron"
PRECISION: Mapping[str, tuple[Flag, ...]] = {
    "bf16": (("--bf16",),),
    "fp16": (("--fp16",),),
    "fp8": (("--bf16",), ("--fp8-format", "hybrid"), ("--fp8-recipe", "tensorwise")),
    "mxfp8": (("--bf16",), ("--fp8-format", "e4m3"), ("--fp8-recipe", "mxfp8")),
    "nvfp4": (("--bf16",), ("--fp4-format", "e2m1"), ("--fp4-recipe", "nvfp4")),
}
SHARDING = {2: "optim_grads", 3: "optim_grads_params"}
"""ZeRO stage to the strategy of Megatron FSDP."""


def write_megatron(launch: Launch) -> Mapping[str, str]:
    """Write ``pretrain.sh``, to be run once on every node."""
    flags = [*megatron_flags(launch)]
    return {
        "pretrain.sh": render(
            "pretrain.sh.j2",
            head=comments(launch, "Megatron-LM (pretrain_gpt.py)", unexpressed(launch)),
            nodes=launch.nodes,
            chips_per_node=min(launch.chips_per_node, launch.chips),
            flags=[" ".join([flag[0], *(shlex.quote(value) for value in flag[1:])]) for flag in flags],
        )
    }


def megatron_flags(launch: Launch) -> Iterator[Flag]:
    """Arguments of ``pretrain_gpt.py`` that the plan decides."""
    if launch.shape.mamba_layers:
        raise refuse(TOOL, f"pretrain_gpt.py has no state-space layers, and {launch.model} has some", "Use --to slurm")
    if launch.precision not in PRECISION:
        known = ", ".join(PRECISION)
        raise refuse(TOOL, f"Megatron-LM does not train in {launch.precision}", f"Plan with one of {known}")
    yield from model_flags(launch.shape, launch.sequence_length)
    yield from parallel_flags(launch)
    yield from _sharding_flags(launch)
    yield from recompute_flags(launch)
    yield from PRECISION[launch.precision]
    yield from _training_flags(launch)


def model_flags(shape: TransformerShape, sequence_length: int) -> Iterator[Flag]:
    """The model's shape."""
    yield "--num-layers", _int(shape.layers)
    yield "--hidden-size", _int(shape.hidden)
    yield "--num-attention-heads", _int(shape.heads)
    if shape.ffn:
        yield "--ffn-hidden-size", _int(shape.ffn)
    yield from _attention_flags(shape)
    yield from _expert_flags(shape)
    yield "--seq-length", str(sequence_length)
    yield "--max-position-embeddings", str(int(shape.learned_positions) or sequence_length)
    yield "--position-embedding-type", "learned_absolute" if shape.learned_positions else "rope"
    yield "--normalization", "RMSNorm" if shape.norm_vectors_per_layer == 2 else "LayerNorm"
    if shape.gated_mlp:
        yield ("--swiglu",)
    if not shape.mlp_bias:
        yield ("--disable-bias-linear",)
    if shape.attention_bias and not shape.mlp_bias:
        yield ("--add-qkv-bias",)
    if not shape.tied_embeddings:
        yield ("--untie-embeddings-and-output-weights",)
    yield "--vocab-size", _int(shape.vocab)
    yield "--make-vocab-size-divisible-by", "1"
    if shape.mtp_layers:
        yield "--mtp-num-layers", _int(shape.mtp_layers)


def _attention_flags(shape: TransformerShape) -> Iterator[Flag]:
    if shape.kv_lora_rank:
        yield ("--multi-latent-attention",)
        if shape.q_lora_rank:
            yield "--q-lora-rank", _int(shape.q_lora_rank)
        yield "--kv-lora-rank", _int(shape.kv_lora_rank)
        yield "--qk-head-dim", str(int(shape.head_dim) - int(shape.rope_head_dim))
        yield "--qk-pos-emb-head-dim", _int(shape.rope_head_dim)
        yield "--v-head-dim", _int(shape.value_head_dim)
        return
    yield "--kv-channels", _int(shape.head_dim)
    if shape.kv_heads != shape.heads:
        yield ("--group-query-attention",)
        yield "--num-query-groups", _int(shape.kv_heads)
    if shape.windowed_layers and shape.windowed_layers == shape.attention_layers:
        yield "--window-size", f"{int(shape.window)},0"


def _expert_flags(shape: TransformerShape) -> Iterator[Flag]:
    if not shape.moe_layers:
        return
    yield "--num-experts", _int(shape.experts)
    yield "--moe-router-topk", _int(shape.top_k)
    yield "--moe-ffn-hidden-size", _int(shape.expert_ffn)
    if shape.shared_ffn:
        yield "--moe-shared-expert-intermediate-size", _int(shape.shared_ffn)
    if shape.dense_mlp_layers:
        yield "--moe-layer-freq", f"([0]*{int(shape.dense_mlp_layers)}+[1]*{int(shape.moe_layers)})"
    yield ("--moe-grouped-gemm",)
    yield "--moe-token-dispatcher-type", "alltoall"


def parallel_flags(launch: Launch) -> Iterator[Flag]:
    """Degrees of parallelism and the schedule."""
    yield "--tensor-model-parallel-size", str(launch.tp)
    yield "--pipeline-model-parallel-size", str(launch.pp)
    yield "--context-parallel-size", str(launch.cp)
    if launch.shape.moe_layers:
        yield "--expert-model-parallel-size", str(launch.ep)
        yield "--expert-tensor-parallel-size", "1"
    if launch.pp > 1:
        if launch.vpp > 1:
            yield "--num-virtual-stages-per-pipeline-rank", str(launch.vpp)
        if launch.missing_layers:
            yield ("--account-for-loss-in-pipeline-split",)
        if launch.missing_layers > 1:
            yield ("--account-for-embedding-in-pipeline-split",)
    if launch.sequence_parallel and launch.tp > 1:
        yield ("--sequence-parallel",)
        yield ("--tp-comm-overlap",)
    yield "--micro-batch-size", str(launch.micro_batch)
    yield "--global-batch-size", str(launch.global_batch)


def _sharding_flags(launch: Launch) -> Iterator[Flag]:
    yield ("--overlap-grad-reduce",)
    if not launch.zero_stage:
        return
    yield ("--use-distributed-optimizer",)
    yield ("--overlap-param-gather",)
    if launch.zero_stage > 1:
        yield ("--use-megatron-fsdp",)
        yield "--data-parallel-sharding-strategy", SHARDING[min(launch.zero_stage, 3)]


def recompute_flags(launch: Launch) -> Iterator[Flag]:
    """Recomputation; a share of layers becomes whole layers of each chunk, rounded up."""
    if launch.recompute == 1.0:
        yield "--recompute-granularity", "selective"
    elif launch.recompute == 2.0:
        yield "--recompute-granularity", "full"
        yield "--recompute-method", "uniform"
        yield "--recompute-num-layers", "1"
    elif launch.recompute > 1.0:
        yield "--recompute-granularity", "full"
        yield "--recompute-method", "block"
        yield "--recompute-num-layers", str(math.ceil((launch.recompute - 1.0) * launch.layers_per_chunk - 1e-9))


def _training_flags(launch: Launch) -> Iterator[Flag]:
    yield "--train-iters", str(launch.steps)
    yield "--save-interval", str(launch.save_every)
    yield "--ckpt-format", "fsdp_dtensor" if launch.zero_stage > 1 else "torch_dist"
    if launch.zero_stage <= 1:
        yield ("--async-save",)
    yield ("--log-throughput",)


def unexpressed(launch: Launch) -> list[str]:
    """What the plan says and the arguments cannot."""
    shape, lines = launch.shape, ["learning rate, data and tokenizer: the plan does not hold them; give them below"]
    if launch.schedule != "1f1b" and launch.pp > 1:
        lines.append(f"the {launch.schedule} schedule: Megatron-LM core has 1F1B and interleaved 1F1B")
    if 1.0 < launch.recompute < 2.0:
        lines.append("layers not recomputed whole keep all activations; the plan recomputes them selectively")
    if launch.zero_stage > 1:
        lines.append("asynchronous checkpoints: not with the fsdp_dtensor format")
    if not shape.learned_positions:
        lines.append("base and scaling of rotary positions (--rotary-base): the catalog does not hold them")
    if shape.moe_layers and shape.dense_mlp_layers:
        lines.append("the order of dense and expert layers: written with the dense layers first")
    if shape.windowed_layers and shape.windowed_layers != shape.attention_layers:
        lines.append("which layers attend over a window: all are written as full attention")
    if shape.parallel_block:
        lines.append("attention and feed-forward side by side: written one after the other")
    if shape.latent_hidden:
        lines.append("experts that work in a latent width")
    if shape.expert_bias or (shape.output_bias and not shape.mlp_bias):
        lines.append("biases of experts or of the attention output")
    return lines


def _int(value: object) -> str:
    return str(int(value))  # type: ignore[call-overload]
