"""Megatron-LM's arguments: a file of flags, or the shell script that holds them, read and written.

Flags and defaults as in NVIDIA/Megatron-LM d98e8a64 (2026-08-22): ``arguments.py``, ``TransformerConfig``,
``ModelParallelConfig`` and ``training_config.py``. A model's sizes are in ``model``.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping

from tenfold.performance.dialects.megatron.model import EXPERTS, SEQUENCE, SIZES, Flag, read_shape
from tenfold.performance.dialects.names import Names, read_degrees, read_switches, written
from tenfold.performance.dialects.recipe import Recipe
from tenfold.performance.dialects.settings import Settings
from tenfold.performance.dialects.shell import flags_of
from tenfold.performance.layout import ParallelLayout
from tenfold.workloads import RECOMPUTE, recompute_name, recompute_value

DEGREES: Names = {
    "tp": "--tensor-model-parallel-size",
    "pp": "--pipeline-model-parallel-size",
    "cp": "--context-parallel-size",
    "micro_batch": "--micro-batch-size",
}
EXPERT_DEGREES: Names = {"ep": "--expert-model-parallel-size", "etp": "--expert-tensor-parallel-size"}
"""Degrees that mean something only for a model with experts."""
CHUNKS = "--num-virtual-stages-per-pipeline-rank"
LAYERS_PER_CHUNK = "--num-layers-per-virtual-pipeline-stage"
"""The other way to say the chunks of a stage."""
TENSOR_SWITCHES: Names = {"sequence_parallel": "--sequence-parallel", "tensor_overlap": "--tp-comm-overlap"}
"""Switches that mean something only with tensor parallelism; the second only with the first."""
DATA_SWITCHES: Names = {"data_overlap": "--overlap-grad-reduce"}
OVERLAPPED_GATHER = "--overlap-param-gather"
"""Goes with ``data_overlap`` and a sharded optimizer."""
SHARDED, FULLY_SHARDED = "--use-distributed-optimizer", "--use-megatron-fsdp"
STRATEGY = "--data-parallel-sharding-strategy"
STAGES = {"no_shard": 0, "optim": 1, "optim_grads": 2, "optim_grads_params": 3}
"""Strategy of Megatron FSDP to ZeRO stage."""
GRANULARITY, METHOD, RECOMPUTED_LAYERS = "--recompute-granularity", "--recompute-method", "--recompute-num-layers"
SELECTIVE = "--recompute-activations"
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
NO_SUCH_FLAG = {"--virtual-pipeline-model-parallel-size": CHUNKS}
NO_MATTER = frozenset({
    "--lr", "--min-lr", "--lr-decay-style", "--lr-decay-iters", "--lr-warmup-iters", "--weight-decay", "--clip-grad",
    "--adam-beta1", "--adam-beta2", "--init-method-std", "--attention-dropout", "--hidden-dropout", "--seed",
    "--data-path", "--split", "--tokenizer-type", "--tokenizer-model", "--mock-data", "--data-cache-path",
    "--save", "--load", "--train-samples", STEPS, SAVE_EVERY, FORMAT, ASYNC, LOG_RATE,
    "--eval-iters", "--eval-interval", "--log-interval", "--tensorboard-dir", "--wandb-project",
    "--wandb-exp-name", "--bf16", "--normalization", "--norm-epsilon", "--rotary-base", "--rotary-percent",
    "--position-embedding-type", "--make-vocab-size-divisible-by", "--use-mcore-models", "--transformer-impl",
    "--moe-grouped-gemm", "--moe-token-dispatcher-type", *UNEVEN, "--node-rank", "--node_rank", "--master-addr",
    "--master_addr", "--master-port", "--master_port", "--no-masked-softmax-fusion", OVERLAPPED_GATHER,
    "--use-flash-attn",
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


def read_megatron(text: str, file: str) -> Recipe:
    """Read arguments. Raises ``InputError`` with every wrong one; flags that are not known are listed, not refused."""
    flags = flags_of(text, file)
    settings = Settings(file=file, values={name: _value(values) for name, values in flags.items()})
    for name, instead in NO_SUCH_FLAG.items():
        if settings.present(name):
            settings.report(name, "Megatron-LM has no such flag", f"Use {instead}")
    settings.require(DEGREES["micro_batch"], BATCH)
    recipe = Recipe(
        shape=read_shape(settings) if settings.present(SIZES["hidden"]) else None,
        sequence_length=settings.optional(SEQUENCE),
        global_batch=settings.whole(BATCH, 1),
        precision=_precision(settings),
        chips=_chips(settings),
        layout=_layout(settings),
        not_understood=tuple(sorted(set(flags) - settings.asked - NO_MATTER)),
    )
    settings.finish()
    return recipe


def _value(values: tuple[str, ...]) -> object:
    """The first value; a flag without one is True."""
    return values[0] if values else True


def _layout(settings: Settings) -> ParallelLayout:
    """The layout of one replica. Experts are as tensor-parallel as the rest, unless it is said."""
    degrees = read_degrees(settings, DEGREES)
    experts = read_degrees(settings, EXPERT_DEGREES, etp=degrees["tp"] if settings.present(EXPERTS) else 1)
    chunks = _chunks(settings, degrees["pp"])
    return ParallelLayout(
        **degrees | experts | read_switches(settings, {**TENSOR_SWITCHES, **DATA_SWITCHES}),
        vpp=chunks,
        zero=_zero_stage(settings),
        recompute=_recompute(settings, degrees["pp"] * chunks),
    )


def _chips(settings: Settings) -> int | None:
    """Processes of ``torchrun``, when the script says them in numbers."""
    given = (next((name for name in names if settings.present(name)), "") for names in (PER_NODE, NODES))
    texts = [str(settings.values[name]) for name in given if name]
    if len(texts) < 2 or not all(re.fullmatch(r"[1-9]\d{0,6}", text) for text in texts):
        return None
    return int(texts[0]) * int(texts[1])


def _chunks(settings: Settings, stages: int) -> int:
    per_rank, per_chunk = settings.optional(CHUNKS), settings.optional(LAYERS_PER_CHUNK)
    if per_rank is not None or per_chunk is None:
        return per_rank or 1
    return max(1, settings.whole(SIZES["layers"], stages * per_chunk) // (stages * per_chunk))


def _zero_stage(settings: Settings) -> int:
    strategy = settings.word(STRATEGY, "optim_grads_params", tuple(STAGES))
    sharded = settings.present(SHARDED)
    return STAGES[strategy] if settings.present(FULLY_SHARDED) else int(sharded)


def _recompute(settings: Settings, chunks: int) -> str:
    """Whole layers of each chunk become a share of its layers."""
    whole = settings.optional(RECOMPUTED_LAYERS)
    method = settings.word(METHOD, "", ("", "uniform", "block"))
    granularity = settings.word(GRANULARITY, "", ("", *RECOMPUTE[1:]))
    if settings.present(SELECTIVE):
        return "selective"
    if granularity != "full":
        return granularity or "none"
    if method != "block" or whole is None:
        return "full"
    layers = settings.whole(SIZES["layers"], chunks * whole)
    return recompute_name(1.0 + min(1.0, whole / math.ceil(layers / chunks)))


def _precision(settings: Settings) -> str:
    if settings.present(FP4):
        return settings.word(FP4_RECIPE, "nvfp4", ("nvfp4",))
    recipe = settings.word(FP8_RECIPE, "delayed", ("tensorwise", "delayed", "mxfp8", "blockwise", "custom"))
    if settings.present(FP8):
        return "mxfp8" if recipe == "mxfp8" else "fp8"
    return "fp16" if settings.present(FP16) else "bf16"


def layout_flags(layout: ParallelLayout, layers: int, *, experts: bool) -> Iterator[Flag]:
    """A layout of a model of so many ``layers``: degrees and schedule, sharding, recomputation."""
    yield from _degree_flags(layout, experts=experts)
    yield from _stage_flags(layout, layers)
    yield from _sharding_flags(layout)
    yield from _recompute_flags(layout, layers)


def _degree_flags(layout: ParallelLayout, *, experts: bool) -> Iterator[Flag]:
    for flag, degree in written(layout, {**DEGREES, **EXPERT_DEGREES} if experts else DEGREES):
        yield flag, str(degree)
    if layout.sequence_parallel and layout.tp > 1:
        yield from ((flag,) for axis, flag in TENSOR_SWITCHES.items() if getattr(layout, axis))


def _stage_flags(layout: ParallelLayout, layers: int) -> Iterator[Flag]:
    if layout.pp == 1:
        return
    if layout.vpp > 1:
        yield CHUNKS, str(layout.vpp)
    yield from ((flag,) for flag in UNEVEN[: layout.missing_layers(layers)])


def _sharding_flags(layout: ParallelLayout) -> Iterator[Flag]:
    yield from ((flag,) for axis, flag in DATA_SWITCHES.items() if getattr(layout, axis))
    if not layout.zero:
        return
    yield (SHARDED,)
    if layout.data_overlap:
        yield (OVERLAPPED_GATHER,)
    if layout.zero > 1:
        yield (FULLY_SHARDED,)
        yield STRATEGY, next(name for name, stage in STAGES.items() if stage == layout.zero)


def _recompute_flags(layout: ParallelLayout, layers: int) -> Iterator[Flag]:
    """Recomputation; a share of layers becomes whole layers of each chunk, rounded up."""
    share = (recompute_value(layout.recompute) or 0.0) - 1.0
    if layout.recompute in RECOMPUTE[1:]:
        yield GRANULARITY, layout.recompute
    if layout.recompute == "full":
        yield METHOD, "uniform"
        yield RECOMPUTED_LAYERS, "1"
    elif share > 0.0:
        yield GRANULARITY, "full"
        yield METHOD, "block"
        yield RECOMPUTED_LAYERS, str(math.ceil(share * layout.layers_per_chunk(layers) - 1e-9))


def run_flags(layout: ParallelLayout, *, steps: int, save_every: int) -> Iterator[Flag]:
    """How long to train and how to save."""
    yield STEPS, str(steps)
    yield SAVE_EVERY, str(save_every)
    yield FORMAT, "fsdp_dtensor" if layout.zero > 1 else "torch_dist"
    if layout.zero <= 1:
        yield (ASYNC,)
    yield (LOG_RATE,)
