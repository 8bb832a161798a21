"""The names of Megatron-LM's arguments for a run: layout, precision, recomputation, what changes nothing.

Flags and defaults as in NVIDIA/Megatron-LM d98e8a64 (2026-08-22): ``arguments.py``, ``TransformerConfig``,
``ModelParallelConfig`` and ``training_config.py``. Names of a model's sizes are in ``model``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from tenfold.performance.dialects.megatron.model import Flag
from tenfold.performance.dialects.names import Names

DEGREES: Names = {
    "tp": "--tensor-model-parallel-size",
    "pp": "--pipeline-model-parallel-size",
    "cp": "--context-parallel-size",
    "micro_batch": "--micro-batch-size",
}
EXPERT_DEGREES: Names = {"ep": "--expert-model-parallel-size", "etp": "--expert-tensor-parallel-size"}
"""Degrees that mean something only for a model with experts."""
UNSAID_AS: Names = {"etp": "tp"}
"""Degrees that, in a model with experts, are as another where they are not said."""
CHUNKS = "--num-virtual-stages-per-pipeline-rank"
LAYERS_PER_CHUNK = "--num-layers-per-virtual-pipeline-stage"
"""The other way to say the chunks of a stage."""
TENSOR_SWITCHES: Names = {"sequence_parallel": "--sequence-parallel", "tensor_overlap": "--tp-comm-overlap"}
"""Switches that mean something only with tensor parallelism; the second only with the first."""
DATA_SWITCHES: Names = {"data_overlap": "--overlap-grad-reduce"}
OVERLAPPED_GATHER = "--overlap-param-gather"
"""Goes with ``data_overlap`` and a sharded optimizer."""
SHARDED, FULLY_SHARDED = "--use-distributed-optimizer", "--use-megatron-fsdp"
TORCH_FSDP = "--use-torch-fsdp2"
ZERO_STAGE = "--zero-stage"
"""In Megatron-DeepSpeed."""
STRATEGY = "--data-parallel-sharding-strategy"
STAGES = {"no_shard": 0, "optim": 1, "optim_grads": 2, "optim_grads_params": 3}
"""Strategy of Megatron FSDP to ZeRO stage."""
GRANULARITY, METHOD, RECOMPUTED_LAYERS = "--recompute-granularity", "--recompute-method", "--recompute-num-layers"
WHOLE_LAYERS = (
    "--checkpoint-activations", "--activations-checkpoint-method", "--deepspeed-activation-checkpointing",
)  # fmt: skip
"""Spellings of 2020 to 2022, and of Megatron-DeepSpeed, that recompute whole layers."""
SELECTIVE = "--recompute-activations"
MODULES = "--recompute-modules"
RECOMPUTED_MODULES = {
    "norms": "layernorm",
    "activations": "moe_act",
    "attention": "core_attn",
    "up-projections": "mla_up_proj",
    "experts": "moe",
}
"""Modules that stand for operations recomputed singly; gates of dense layers have none."""
"""Short for the selective granularity."""
UNEVEN = ("--account-for-loss-in-pipeline-split", "--account-for-embedding-in-pipeline-split")
"""The last stage, and the first, hold a layer less."""
BATCH = "--global-batch-size"
PER_NODE, NODES = ("--nproc-per-node", "--nproc_per_node"), ("--nnodes",)
"""Spellings of torchrun's processes of a node, and of its nodes."""
STEPS, SAVE_EVERY, FORMAT, ASYNC, LOG_RATE = (
    "--train-iters", "--save-interval", "--ckpt-format", "--async-save", "--log-throughput",
)  # fmt: skip
FP8, FP8_RECIPE, FP4, FP4_RECIPE, FP16 = "--fp8-format", "--fp8-recipe", "--fp4-format", "--fp4-recipe", "--fp16"
PRECISION: Mapping[str, tuple[Flag, ...]] = {
    "bf16": (("--bf16",),),
    "fp16": ((FP16,),),
    "fp8": (("--bf16",), (FP8, "hybrid"), (FP8_RECIPE, "tensorwise")),
    "mxfp8": (("--bf16",), (FP8, "e4m3"), (FP8_RECIPE, "mxfp8")),
    "nvfp4": (("--bf16",), (FP4, "e2m1"), (FP4_RECIPE, "nvfp4")),
}
STAGE_LAYOUT = "--pipeline-model-parallel-layout"
UNEVEN_STAGES = ("--decoder-first-pipeline-num-layers", "--decoder-last-pipeline-num-layers", STAGE_LAYOUT)
"""What gives stages their own numbers of layers."""
YAML_ARGUMENTS = "MODEL_ARGS"
CHANGES_MODEL = re.compile(
    r"mamba|hybrid-(?:layer|override|attention-ratio|mlp)|is-hybrid|linear-attention|heterogeneous|attention-variant|dsa|"
    r"index-|encoder-|decoder-num|cross-attention|vision|retro|moe-latent|moe-layer-(?!recompute)|ffn-|kv-channels|"
    r"hidden-size|num-(?:layers|attention|query|experts)(?!.*-(?:pipeline|stage))|vocab-size(?!-)|lora|t5|bert|expert-ffn|"
    r"squared-relu|geglu|gated|shared-expert|engram|attention-(?:output-)?gate|window|mtp-"
)
"""Names of flags that speak of the model's shape."""
NO_SUCH_FLAG = {"--virtual-pipeline-model-parallel-size": CHUNKS}
NO_MATTER = frozenset({
    "--lr", "--min-lr", "--lr-decay-style", "--lr-decay-iters", "--lr-warmup-iters", "--weight-decay",
    "--clip-grad", "--adam-beta1", "--adam-beta2", "--init-method-std", "--attention-dropout", "--hidden-dropout",
    "--seed", "--data-path", "--split", "--tokenizer-type", "--tokenizer-model", "--mock-data", "--data-cache-path",
    "--save", "--load", "--train-samples", STEPS, SAVE_EVERY, FORMAT, ASYNC, LOG_RATE, "--eval-iters",
    "--eval-interval", "--log-interval", "--tensorboard-dir", "--wandb-project", "--wandb-exp-name", "--bf16",
    "--normalization", "--norm-epsilon", "--rotary-base", "--rotary-percent", "--position-embedding-type",
    "--make-vocab-size-divisible-by", "--use-mcore-models", "--transformer-impl", "--moe-grouped-gemm",
    "--moe-token-dispatcher-type", *UNEVEN, "--node-rank", "--node_rank", "--master-addr", "--master_addr",
    "--master-port", "--master_port", "--no-masked-softmax-fusion", OVERLAPPED_GATHER, "--use-flash-attn",
    "--qk-layernorm", "--moe-aux-loss-coeff", "--moe-router-load-balancing-type", "--moe-router-group-topk",
    "--moe-router-num-groups", "--moe-router-score-function", "--moe-router-pre-softmax",
    "--moe-router-topk-scaling-factor", "--moe-router-enable-expert-bias", "--moe-router-bias-update-rate",
    "--moe-router-dtype", "--moe-permute-fusion", "--moe-z-loss-coeff", "--moe-expert-capacity-factor",
    "--moe-shared-expert-overlap", "--mtp-loss-scaling-factor", "--rotary-scaling-factor", "--use-rope-scaling",
    "--window-attn-skip-freq", "--moe-layer-recompute", "--exit-duration-in-mins", "--distributed-timeout-minutes",
    "--distributed-backend", "--attention-backend", "--num-workers", "--log-params-norm", "--log-num-zeros-in-grad",
    "--log-timers-to-tensorboard", "--tensorboard-queue-size", "--lr-warmup-samples", "--lr-decay-samples",
    "--lr-warmup-fraction", "--eod-mask-loss", "--reset-position-ids", "--reset-attention-mask", "--vocab-file",
    "--merge-file", "--no-load-optim", "--no-load-rng", "--no-save-optim", "--no-save-rng", "--finetune",
    "--initial-loss-scale", "--dist-ckpt-strictness", "--rdzv-id", "--rdzv-backend", "--rdzv-endpoint", "--rdzv_id",
    "--rdzv_backend", "--rdzv_endpoint", "--max-restarts", "--tee", "--log-dir", "--weight-decay-incr-style",
    "--start-weight-decay", "--end-weight-decay", "--no-gradient-accumulation-fusion", "--no-bias-gelu-fusion",
    "--encoder-seq-length", "--is-hybrid-model", "--mamba-inference-conv-states-dtype",
    "--mamba-inference-ssm-states-dtype", "--num-layers-at-start-in-bf16", "--num-layers-at-end-in-bf16",
    "--mup-base-hidden-size", "--apply-layernorm-1p",
    "--use-fused-weighted-squared-relu", "--moe-shared-expert-gate", "--log-memory-to-tensorboard",
    "--attention-softmax-in-fp32",
    "--log-validation-ppl-to-tensorboard", "--deterministic-mode", "--use-persistent-ckpt-worker", "--adam-eps",
    "--use-checkpoint-opt_param-scheduler", "--dist-ckpt-optim-fully-reshardable", "--auto-detect-ckpt-format",
    "--ckpt-fully-parallel-load", "--ckpt-fully-parallel-save", "--exit-interval", "--logging-level",
    "--ckpt-assume-constant-structure", "--calculate-per-token-loss", "--no-create-attention-mask-in-dataloader",
    "--patch-tokenizer-type", "--wandb-entity", "--wandb-save-dir", "--DDP-impl", "--apply-query-key-layer-scaling",
    "--no-check-for-nan-in-loss-and-grad", "--no-mmap-bin-files", "--train-data", "--valid-data", "--test-data",
    "--no-bias-swiglu-fusion", "--no-rope-fusion", "--disable-bias-linear", "--manual-gc", "--manual-gc-interval",
})  # fmt: skip
"""Flags that do not change the estimate, or only together with one that is read."""


def argument(flag: str) -> str:
    """Name of a flag's argument, as Megatron-LM logs it."""
    return flag.removeprefix("--").replace("-", "_")


LOGGED: Names = {axis: argument(flag) for axis, flag in {**DEGREES, **EXPERT_DEGREES}.items()} | {
    "vpp": "virtual_pipeline_model_parallel_size",
    "dp": "data_parallel_size",
}
"""Axes in the dump of arguments at the start of a log, where two have names of their own."""
