"""Megatron-LM's arguments: a file of flags, or the shell script that holds them.

Flags and defaults as in NVIDIA/Megatron-LM d98e8a64 (2026-08-22): ``arguments.py``, ``TransformerConfig``,
``ModelParallelConfig`` and ``training_config.py``.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping

from tenfold.catalog.models import TransformerShape
from tenfold.performance.training.recipes.recipe import Recipe
from tenfold.performance.training.recipes.settings import Settings
from tenfold.performance.training.recipes.shell import flags_of

SIZES = ("--num-layers", "--hidden-size", "--num-attention-heads", "--vocab-size")
"""Sizes without which there is no model."""
SHARDING = {"no_shard": 0, "optim": 1, "optim_grads": 2, "optim_grads_params": 3}
NO_SUCH_FLAG = {"--virtual-pipeline-model-parallel-size": "--num-virtual-stages-per-pipeline-rank"}
NO_MATTER = frozenset({
    "--lr", "--min-lr", "--lr-decay-style", "--lr-decay-iters", "--lr-warmup-iters", "--weight-decay", "--clip-grad",
    "--adam-beta1", "--adam-beta2", "--init-method-std", "--attention-dropout", "--hidden-dropout", "--seed",
    "--data-path", "--split", "--tokenizer-type", "--tokenizer-model", "--mock-data", "--data-cache-path",
    "--save", "--load", "--save-interval", "--async-save", "--ckpt-format", "--train-iters", "--train-samples",
    "--eval-iters", "--eval-interval", "--log-interval", "--log-throughput", "--tensorboard-dir", "--wandb-project",
    "--wandb-exp-name", "--bf16", "--normalization", "--norm-epsilon", "--rotary-base", "--rotary-percent",
    "--position-embedding-type", "--make-vocab-size-divisible-by", "--use-mcore-models", "--transformer-impl",
    "--moe-grouped-gemm", "--moe-token-dispatcher-type", "--account-for-loss-in-pipeline-split",
    "--account-for-embedding-in-pipeline-split", "--node-rank", "--node_rank", "--master-addr", "--master_addr",
    "--master-port", "--master_port", "--no-masked-softmax-fusion", "--overlap-param-gather", "--use-flash-attn",
})  # fmt: skip
"""Flags that do not change the estimate, or only together with one that is read."""


def read_megatron(text: str, file: str) -> Recipe:
    """Read arguments. Raises ``InputError`` with every wrong one; flags that are not known are listed, not refused."""
    flags = flags_of(text, file)
    settings = Settings(file=file, values={name: _value(values) for name, values in flags.items()})
    for name, instead in NO_SUCH_FLAG.items():
        if settings.present(name):
            settings.report(name, "Megatron-LM has no such flag", f"Use {instead}")
    settings.require("--micro-batch-size", "--global-batch-size")
    tp, pp = (settings.whole(f"--{name}-model-parallel-size", 1) for name in ("tensor", "pipeline"))
    vpp = _chunks(settings, pp)
    recipe = Recipe(
        shape=_shape(settings) if settings.present("--hidden-size") else None,
        sequence_length=settings.optional("--seq-length"),
        global_batch=settings.whole("--global-batch-size", 1),
        precision=_precision(settings),
        chips=_chips(settings),
        tp=tp,
        pp=pp,
        vpp=vpp,
        cp=settings.whole("--context-parallel-size", 1),
        ep=settings.whole("--expert-model-parallel-size", 1),
        expert_tp=settings.whole("--expert-tensor-parallel-size", tp if settings.present("--num-experts") else 1),
        zero_stage=_zero_stage(settings),
        sequence_parallel=settings.present("--sequence-parallel"),
        recompute=_recompute(settings, pp * vpp),
        micro_batch=settings.whole("--micro-batch-size", 1),
        tensor_overlap=settings.present("--tp-comm-overlap"),
        data_overlap=settings.present("--overlap-grad-reduce"),
        not_understood=tuple(sorted(set(flags) - settings.asked - NO_MATTER)),
    )
    settings.finish()
    return recipe


def _value(values: tuple[str, ...]) -> object:
    """The first value; a flag without one is True."""
    return values[0] if values else True


def _chips(settings: Settings) -> int | None:
    """Processes of ``torchrun``, when the script says them in numbers."""
    per_node, nodes = (
        next((name for name in names if settings.present(name)), "")
        for names in (("--nproc-per-node", "--nproc_per_node"), ("--nnodes",))
    )
    texts = [str(settings.values[name]) for name in (per_node, nodes) if name]
    if len(texts) < 2 or not all(re.fullmatch(r"[1-9]\d{0,6}", text) for text in texts):
        return None
    return int(texts[0]) * int(texts[1])


def _chunks(settings: Settings, stages: int) -> int:
    per_rank = settings.optional("--num-virtual-stages-per-pipeline-rank")
    per_chunk = settings.optional("--num-layers-per-virtual-pipeline-stage")
    if per_rank is not None or per_chunk is None:
        return per_rank or 1
    return max(1, settings.whole("--num-layers", stages * per_chunk) // (stages * per_chunk))


def _zero_stage(settings: Settings) -> int:
    strategy = settings.word("--data-parallel-sharding-strategy", "optim_grads_params", tuple(SHARDING))
    sharded = settings.present("--use-distributed-optimizer")
    return SHARDING[strategy] if settings.present("--use-megatron-fsdp") else int(sharded)


def _recompute(settings: Settings, chunks: int) -> float:
    """Whole layers of each chunk become a share of its layers."""
    whole = settings.optional("--recompute-num-layers")
    method = settings.word("--recompute-method", "", ("", "uniform", "block"))
    granularity = settings.word("--recompute-granularity", "", ("", "selective", "full"))
    if settings.present("--recompute-activations"):
        return 1.0
    if granularity != "full":
        return float(granularity == "selective")
    if method != "block" or whole is None:
        return 2.0
    layers = settings.whole("--num-layers", chunks * whole)
    return 1.0 + min(1.0, whole / math.ceil(layers / chunks))


def _precision(settings: Settings) -> str:
    if settings.present("--fp4-format"):
        return settings.word("--fp4-recipe", "nvfp4", ("nvfp4",))
    recipe = settings.word("--fp8-recipe", "delayed", ("tensorwise", "delayed", "mxfp8", "blockwise", "custom"))
    if settings.present("--fp8-format"):
        return "mxfp8" if recipe == "mxfp8" else "fp8"
    return "fp16" if settings.present("--fp16") else "bf16"


def _shape(settings: Settings) -> TransformerShape:
    settings.require(*SIZES)
    layers, hidden, heads = (settings.whole(name, 1) for name in SIZES[:3])
    moe = _expert_layers(settings, layers)
    gated = settings.present("--swiglu")
    biased = not settings.present("--disable-bias-linear")
    learned = settings.text("--position-embedding-type", "learned_absolute") == "learned_absolute"
    plain_norm = settings.text("--normalization", "LayerNorm") == "LayerNorm"
    positions = settings.whole("--max-position-embeddings", 0, 0)
    grouped, groups = settings.present("--group-query-attention"), settings.whole("--num-query-groups", 1)
    return TransformerShape(
        hidden=float(hidden),
        vocab=float(settings.whole("--vocab-size", 1)),
        attention_layers=float(layers),
        dense_mlp_layers=float(layers - moe),
        heads=float(heads),
        kv_heads=float(groups if grouped else heads),
        ffn=float(_ffn(settings, hidden, gated)) if layers > moe else 0.0,
        gated_mlp=float(gated),
        tied_embeddings=float(not settings.present("--untie-embeddings-and-output-weights")),
        attention_bias=float(biased or settings.present("--add-qkv-bias")),
        output_bias=float(biased),
        mlp_bias=float(biased),
        norm_vectors_per_layer=4.0 if plain_norm else 2.0,
        learned_positions=float(positions) if learned else 0.0,
        mtp_layers=float(settings.whole("--mtp-num-layers", 0, 0)),
        **_heads(settings, hidden, heads),
        **_experts(settings, moe, hidden, gated),
        **_window(settings, layers),
    )


def _ffn(settings: Settings, hidden: int, gated: bool) -> int:
    """Megatron's default: 4·h, and for gated blocks two thirds of it in multiples of 64."""
    plain = int(4 * hidden * 2 / 3 / 64) * 64 if gated else 4 * hidden
    return settings.whole("--ffn-hidden-size", plain)


def _heads(settings: Settings, hidden: int, heads: int) -> dict[str, float]:
    plain = settings.whole("--kv-channels", max(1, hidden // heads))
    if not settings.present("--multi-latent-attention"):
        return {"head_dim": float(plain), "value_head_dim": float(plain)}
    rope = settings.whole("--qk-pos-emb-head-dim", 64)
    return {
        "head_dim": float(settings.whole("--qk-head-dim", 128) + rope),
        "value_head_dim": float(settings.whole("--v-head-dim", 128)),
        "q_lora_rank": float(settings.whole("--q-lora-rank", 0, 0)),
        "kv_lora_rank": float(settings.whole("--kv-lora-rank", 512)),
        "rope_head_dim": float(rope),
    }


def _experts(settings: Settings, moe: int, hidden: int, gated: bool) -> Mapping[str, float]:
    if not moe:
        return {}
    return {
        "moe_layers": float(moe),
        "experts": float(settings.whole("--num-experts", 1)),
        "top_k": float(settings.whole("--moe-router-topk", 2)),
        "expert_ffn": float(settings.whole("--moe-ffn-hidden-size", _ffn(settings, hidden, gated))),
        "shared_ffn": float(settings.whole("--moe-shared-expert-intermediate-size", 0, 0)),
    }


def _expert_layers(settings: Settings, layers: int) -> int:
    """Layers with experts: all, one of every N, or those of a pattern such as ``([0]*3+[1]*58)``."""
    pattern = settings.text("--moe-layer-freq", "1").replace(" ", "")
    if not settings.present("--num-experts"):
        return 0
    if re.fullmatch(r"[1-9]\d{0,5}", pattern):
        return layers // int(pattern)
    runs = re.findall(r"\[([01])\](?:\*(\d{1,6}))?", pattern)
    whole = re.fullmatch(r"\(?\[[01]\](\*\d{1,6})?(\+\[[01]\](\*\d{1,6})?)*\)?", pattern)
    counts = {kind: sum(int(times or 1) for of, times in runs if of == kind) for kind in "01"}
    if whole is None or counts["0"] + counts["1"] != layers:
        remedy = f"Write a number, or a pattern of {layers} layers such as ([0]*1+[1]*{max(1, layers - 1)})"
        settings.report("--moe-layer-freq", f"'{pattern[:40]}' is not understood", remedy)
        return layers
    return counts["1"]


def _window(settings: Settings, layers: int) -> Mapping[str, float]:
    text = settings.text("--window-size", "")
    match = re.fullmatch(r"\(?(\d{1,9}),\s*-?\d+\)?", text)
    if match is None:
        return {}
    return {"windowed_layers": float(layers), "window": float(match[1])}
