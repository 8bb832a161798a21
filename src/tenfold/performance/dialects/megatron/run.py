"""Megatron-LM's arguments: a file of flags, or the shell script that holds them, read and written.

Flags and defaults as in NVIDIA/Megatron-LM d98e8a64 (2026-08-22): ``arguments.py``, ``TransformerConfig``,
``ModelParallelConfig`` and ``training_config.py``. A model's sizes are in ``model``.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping

from tenfold.performance.dialects.megatron.model import EXPERTS, SEQUENCE, SIZES, Flag, read_shape
from tenfold.performance.dialects.megatron.optimizer import kept_bytes
from tenfold.performance.dialects.names import Names, read_degrees, read_switches, written
from tenfold.performance.dialects.recipe import Recipe
from tenfold.performance.dialects.settings import Settings
from tenfold.performance.dialects.shell import flags_of
from tenfold.performance.dialects.stated import NOTHING, Stated, how_to_give
from tenfold.performance.layout import ParallelLayout
from tenfold.quantities import Expansion, InputError, Problem, visible, yaml_tree
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
STAGE_LAYOUT = "--pipeline-model-parallel-layout"
UNEVEN_STAGES = ("--decoder-first-pipeline-num-layers", "--decoder-last-pipeline-num-layers", STAGE_LAYOUT)
"""What gives stages their own numbers of layers."""
OWN_SIZES = "the model is the one named: the file's own sizes are left out of account"
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


def read_megatron(text: str, file: str, stated: Stated = NOTHING) -> Recipe:
    """Read arguments: flags, the shell script that holds them, or the YAML that lists them.

    Raises ``InputError`` with every wrong one. A flag that changes the model and is not known is wrong; others that are
    not known are listed.
    """
    flags, undecided = _flags(text, file, stated)
    values: dict[str, object] = {name: _value(values) for name, values in flags.items()}
    settings = Settings(file=file, values=values | _given_flags(stated))
    for name, instead in NO_SUCH_FLAG.items():
        if settings.present(name):
            settings.report(name, "Megatron-LM has no such flag", f"Use {instead}")
    if stated.micro_batch is None:
        settings.require_or(DEGREES["micro_batch"], "Add it, or give --micro-batch")
    batch = stated.global_batch or settings.optional(BATCH)
    layout = _layout(settings, stated)
    kept = kept_bytes(settings)
    own = settings.present(SIZES["hidden"])
    if stated.model:
        settings.asked |= _asked_of_shape(settings)
    recipe = Recipe(
        shape=None if stated.model or not own else read_shape(settings),
        sequence_length=settings.optional(SEQUENCE),
        global_batch=batch,
        replica_batch=layout.micro_batch,
        precision=_precision(settings, stated),
        chips=_chips(settings),
        layout=layout,
        software="megatron-lm",
        gradient_bytes=kept.gradients,
        optimizer_bytes=kept.optimizer,
        assumed=(*_assumed(settings, batch), *kept.assumed, *((OWN_SIZES,) if own and stated.model else ())),
        not_understood=tuple(sorted(set(settings.values) - settings.asked - NO_MATTER)),
    )
    _refuse_unread(settings, recipe.not_understood if recipe.shape is not None else (), undecided)
    settings.finish()
    return recipe


def _flags(text: str, file: str, stated: Stated) -> tuple[Mapping[str, tuple[str, ...]], Mapping[str, tuple[str, ...]]]:
    """Flags of a script, and those of commands that may not run; of a YAML its ``MODEL_ARGS``."""
    if not re.search(rf"^{YAML_ARGUMENTS}\s*:", text, re.MULTILINE):
        found = flags_of(text, file, stated.settings)
        return found, found.undecided
    tree = yaml_tree(text, file, "Give arguments of Megatron-LM")
    table = tree.get(YAML_ARGUMENTS) if isinstance(tree, dict) else None
    if not isinstance(table, dict):
        remedy = "Write flags and their values below it"
        raise InputError(Problem(file=file, key=YAML_ARGUMENTS, wrong="is no table", remedy=remedy))
    rows = {str(name): value for name, value in table.items() if value not in (None, False)}
    return {name: () if value is True else (str(value),) for name, value in rows.items()}, {}


def _given_flags(stated: Stated) -> dict[str, object]:
    """Flags among what is stated: ``vocab_size=128256`` is ``--vocab-size``; names in capitals are variables."""
    return {
        f"--{name.lstrip('-').replace('_', '-')}": value
        for name, value in stated.settings.items()
        if name == name.lower() and not name.isdecimal()
    }


def _asked_of_shape(settings: Settings) -> set[str]:
    """Flags of the model's sizes, which the model named beside the file stands for."""
    scratch = Settings(file=settings.file, values=settings.values)
    read_shape(scratch)
    return scratch.asked


def _assumed(settings: Settings, batch: int | None) -> Iterator[str]:
    if batch is None:
        yield "the global batch is a micro-batch for each replica, as Megatron-LM has it where it is not said"
    uneven = [name for name in UNEVEN_STAGES if settings.present(name)]
    if uneven:
        yield f"stages hold the same number of layers: {', '.join(uneven)} left out of account"


def _refuse_unread(
    settings: Settings, not_understood: tuple[str, ...], undecided: Mapping[str, tuple[str, ...]]
) -> None:
    """Report flags that change the model and are not understood, and those that may or may not be there."""
    for name in not_understood:
        if CHANGES_MODEL.search(name):
            remedy = "Name the model with --model, or take the flag out if it does not count"
            settings.report(name, "changes the model in a way that is not understood", remedy)
    for name, names in undecided.items():
        if name not in NO_MATTER and (name in settings.asked or CHANGES_MODEL.search(name)):
            said = " and ".join(f"${visible(each)}" for each in names)
            settings.report(name, f"is there or not by {said}, which nothing sets", how_to_give(names))


def _value(values: tuple[str, ...]) -> object:
    """The first value; a flag without one is True."""
    return values[0] if values else True


def _layout(settings: Settings, stated: Stated) -> ParallelLayout:
    """The layout of one replica. Experts are as tensor-parallel as the rest, unless it is said."""
    degrees = read_degrees(settings, DEGREES)
    degrees["micro_batch"] = stated.micro_batch or degrees["micro_batch"]
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
    if settings.present(STAGE_LAYOUT):
        return max(1, _stages_of(settings.text(STAGE_LAYOUT, ""), settings.file) // stages)
    per_rank, per_chunk = settings.optional(CHUNKS), settings.optional(LAYERS_PER_CHUNK)
    if per_rank is not None or per_chunk is None:
        return per_rank or 1
    return max(1, settings.whole(SIZES["layers"], stages * per_chunk) // (stages * per_chunk))


def _stages_of(pattern: str, file: str) -> int:
    """Chunks of a pipeline layout such as ``Et*3|(tt|)*29|L``: each bar ends one."""
    bound = Expansion(file=file, most=100_000, what="patterns")

    def repeated(found: re.Match[str]) -> str:
        times = min(int(found[2][:6]), 100_000)
        bound.add(len(found[1]) * times)
        return found[1] * times

    spread = re.sub(r"\(([^()]*)\)\*([0-9]+)", repeated, pattern[:10_000])
    return len([each for each in spread.split("|") if each]) or 1


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


def _precision(settings: Settings, stated: Stated) -> str:
    """The recipe; Megatron-LM trains in 32 bits unless told otherwise, which is not known here."""
    narrow = settings.present(FP16), settings.present("--bf16")
    recipe = settings.word(FP8_RECIPE, "delayed", ("tensorwise", "delayed", "mxfp8", "blockwise", "custom"))
    found = "fp16" if narrow[0] else "bf16"
    if settings.present(FP4):
        found = settings.word(FP4_RECIPE, "nvfp4", ("nvfp4",))
    elif settings.present(FP8):
        found = "mxfp8" if recipe == "mxfp8" else "fp8"
    elif stated.precision is None and not any(narrow):
        wrong = "neither --bf16 nor --fp16: Megatron-LM then trains in 32 bits, which is not known here"
        settings.report("", wrong, "Add one, or give --precision")
    return stated.precision or found


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
