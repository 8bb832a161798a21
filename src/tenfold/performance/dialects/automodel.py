"""NeMo AutoModel's YAML: batch, degrees, precision, what is trained and what the optimizer keeps.

Keys and defaults as in NVIDIA-NeMo/Automodel 36044ad3 (2026-08-22), ``examples`` and ``components/distributed``. The
model is named as on its hub; what FSDP2 keeps is as that repository's guide to mixed precision says.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from tenfold.performance.dialects.adapters import AdapterKeys, tuning_in
from tenfold.performance.dialects.names import Names, read_degrees
from tenfold.performance.dialects.recipe import Recipe
from tenfold.performance.dialects.settings import MEANS_NOTHING, Settings
from tenfold.performance.dialects.stated import NOTHING, Stated
from tenfold.performance.dialects.tables import dotted, yaml_mapping
from tenfold.performance.dialects.torchtitan import PLAIN, SCHEDULES, TWO_CHUNKS
from tenfold.performance.layout import ParallelLayout
from tenfold.quantities import visible

REMEDY = "Give a recipe of NeMo AutoModel"
RECIPES = (
    "TrainFinetuneRecipeForNextTokenPrediction",
    "BenchmarkingRecipeForNextTokenPrediction",
    "FinetuneRecipeForVLM",
)
"""Classes that train a language model by its next token."""
OF_PICTURES = RECIPES[2]
DEGREES: Names = {axis: f"distributed.{axis}_size" for axis in ("tp", "cp", "pp", "ep")}
REPLICAS, COPIES = "distributed.dp_size", "distributed.dp_replicate_size"
STRATEGY, STAGE, RESHARD = "distributed.strategy", "distributed.zero_dp_strategy", "distributed.reshard_after_forward"
SEQUENCE_PARALLEL, TENSOR_OVERLAP = "distributed.sequence_parallel", "distributed.enable_async_tensor_parallel"
RECOMPUTE, DEFERRED = "distributed.activation_checkpointing", "distributed.defer_fsdp_grad_sync"
OFFLOADED = "distributed.offload_policy._target_"
PIPELINE = "distributed.pipeline."
PIECE, SCHEDULE, LAYERS = (f"{PIPELINE}{name}" for name in ("pp_microbatch_size", "pp_schedule", "layers_per_stage"))
BATCH, LOCAL_BATCH = "step_scheduler.global_batch_size", "step_scheduler.local_batch_size"
LENGTHS = (
    "packed_sequence.packed_sequence_size", "packed_sequence.pack_size", "packed_sequence.max_length",
    "dataset.seq_len", "dataset.seq_length",
)  # fmt: skip
"""Where the tokens of a sequence stand, the first that is there and not 0."""
NAMES = (
    "model.pretrained_model_name_or_path", "model.config.pretrained_model_name_or_path", "model.config.name_or_path",
)  # fmt: skip
ADAPTERS = AdapterKeys("peft._target_", "quantization.load_in_4bit", "quantization.load_in_8bit")
FP8, EXPERT_FORMAT = "fp8.enabled", "model.backend.te_fp8.recipe"
FORMATS: Mapping[str, str] = {
    "": "bf16", "mxfp8": "mxfp8", "current": "fp8", "block": "fp8", "delayed": "fp8", "tensorwise": "fp8",
}  # fmt: skip
"""Recipe of Transformer Engine to the precision."""
WIDTH, OPTIMIZER = "model.torch_dtype", "optimizer._target_"
WIDTHS: Mapping[str, float] = {"bf16": 2.0, "bfloat16": 2.0, "auto": 2.0, "float32": 4.0, "fp32": 4.0, "float": 4.0}
"""Bytes of a weight as it is stored, and so of its gradient and of each moment of ``torch.optim`` on it."""
PLAIN_ADAM = re.compile(r"torch\.optim\.AdamW?")
FUSED_ADAM = re.compile(r"transformer_engine\..*FusedAdam")
NO_MATTER = re.compile(
    r"model\.(?:_target_|backend\..*|trust_remote_code|attn_implementation|use_liger_kernel|use_sdpa_patching|force_hf"
    r"|output_hidden_states|load_base_model|mtp_loss_scaling_factor|cache_dir|config\._target_|config\.trust_remote_code"
    r"|config\.use_cache|config\.architectures|text_config\.(?:use_cache|output_hidden_states)|dtype|freeze_router"
    r"|router_aux_loss_coef|config\._attn_implementation|config\.rope_.*|config\.\w*_token_id)"
    r"|distributed\.(?:_target_|mp_policy\..*|autocast_dtype|pipeline\..*|moe\..*|enable_compile|enable_fsdp2_prefetch"
    r"|fsdp2_\w+_prefetch_depth|patch_is_packed_sequence|bucket_cap_mb|static_graph|gradient_as_bucket_view"
    r"|find_unused_parameters|offload_policy|multimodal\..*)"
)
"""Settings of these sections that do not change the estimate."""
CHANGES_MODEL = re.compile(
    r"model\.(?:config\.|text_config\.)?(?:num_|n_|\w*(?:hidden_size|intermediate_size|_rank|_dim|_layers|_heads|experts"
    r"|vocab_size|ratios|sparse_step|first_k_dense|tie_word|window))"
)
"""Settings that change the model that is named."""


def read_automodel(text: str, file: str, stated: Stated = NOTHING) -> Recipe:
    """Read a recipe. Raises ``InputError`` for what is no YAML mapping, and for every wrong value.

    A setting that changes the model it names is wrong, unless the model is named beside the file.
    """
    settings = Settings(file=file, values={**dict(dotted(yaml_mapping(text, file, REMEDY))), **stated.settings})
    _refuse_other_work(settings)
    layout = _layout(settings, stated)
    named = _model(settings)
    replicas = _count(settings, REPLICAS)
    recipe = Recipe(
        shape=None,
        model="" if stated.model else named,
        sequence_length=_length(settings),
        global_batch=stated.global_batch or settings.optional(BATCH),
        precision=stated.precision or _precision(settings),
        chips=layout.ranks * replicas if replicas else None,
        layout=layout,
        layers_per_chunk=settings.optional(LAYERS) if layout.vpp > 1 else None,
        multiple=_count(settings, COPIES) or 1,
        software="automodel",
        gradient_bytes=_width(settings, WIDTH, "bf16"),
        optimizer_bytes=_kept_bytes(settings),
        tuning=tuning_in(settings, ADAPTERS, adapters=settings.present(ADAPTERS.kind)),
        assumed=tuple(_assumed(settings, layout)),
        not_understood=_not_understood(settings),
    )
    for name in recipe.not_understood:
        if CHANGES_MODEL.match(name) and not stated.model:
            remedy = "Name the model with --model, or take the key out if it does not count"
            settings.report(name, "changes the model in a way that is not understood", remedy)
    settings.finish()
    return recipe


def _model(settings: Settings) -> str:
    """Name of the model on its hub; empty where the file has none."""
    return next(filter(None, [settings.text(name, "") for name in NAMES]), "")


def _refuse_other_work(settings: Settings) -> None:
    """Report a recipe that trains something else, and weights that are kept on the host."""
    kind = settings.values.get("recipe", settings.values.get("recipe._target_", RECIPES[0]))
    settings.asked |= {"recipe", "recipe._target_"}
    if str(kind).rpartition(".")[2] not in RECIPES:
        wrong = f"{visible(str(kind)[:60])} does not train a language model by its next token"
        settings.report("recipe", wrong, f"Give one of {', '.join(RECIPES)}")
    if settings.present(OFFLOADED):
        settings.report(OFFLOADED, "weights that are kept on the host are not timed", "Take it out")


def _layout(settings: Settings, stated: Stated) -> ParallelLayout:
    degrees = read_degrees(settings, DEGREES)
    local = settings.whole(LOCAL_BATCH, 1)
    piece = settings.whole(PIECE, 1) if degrees["pp"] > 1 else local
    schedule = _schedule(settings)
    return ParallelLayout(
        **degrees,
        vpp=2 if degrees["pp"] > 1 and schedule in TWO_CHUNKS else 1,
        micro_batch=stated.micro_batch or piece,
        schedule=SCHEDULES[schedule],
        zero=_stage(settings),
        sequence_parallel=settings.flag(SEQUENCE_PARALLEL, False) and degrees["tp"] > 1,
        recompute=_recompute(settings),
        data_overlap=True,
        tensor_overlap=settings.flag(TENSOR_OVERLAP, False),
    )


def _schedule(settings: Settings) -> str:
    """Name of a schedule of PyTorch's, in whatever letters the file has it."""
    known, given = {name.casefold(): name for name in SCHEDULES}, settings.text(SCHEDULE, PLAIN)
    if given.casefold() not in known:
        settings.report(SCHEDULE, f"{visible(given[:40])} is not known here", f"Use one of {', '.join(known)}")
    return known.get(given.casefold(), PLAIN)


def _stage(settings: Settings) -> int:
    """How far weights are sharded: FSDP2 gathers them again for the backward pass unless it is told to keep them."""
    strategy = settings.word(STRATEGY, "fsdp2", ("fsdp2", "megatron_fsdp", "ddp"))
    kept = settings.present(RESHARD) and not settings.flag(RESHARD, True)
    stage = settings.zero_stage(STAGE, 3)
    return {"fsdp2": 2 if kept else 3, "megatron_fsdp": stage, "ddp": 0}[strategy]


def _recompute(settings: Settings) -> str:
    given = settings.values.get(RECOMPUTE)
    if isinstance(given, bool) or given is None:
        return "full" if settings.flag(RECOMPUTE, False) else "none"
    return settings.word(RECOMPUTE, "full", ("full", "selective"))


def _count(settings: Settings, name: str) -> int | None:
    """A whole number; the word none leaves it to the run, as nothing does."""
    settings.asked.add(name)
    return None if str(settings.values.get(name)).casefold() == "none" else settings.whole(name, 1)


def _length(settings: Settings) -> int | None:
    lengths = [settings.whole(name, 0, 0) for name in LENGTHS]
    return next((length for length in lengths if length), None)


def _precision(settings: Settings) -> str:
    experts = FORMATS[settings.word(EXPERT_FORMAT, "", tuple(FORMATS))]
    return "fp8" if settings.flag(FP8, False) else experts


def _width(settings: Settings, name: str, default: str) -> float:
    """Bytes of a format of torch, with or without the name of the library before it."""
    given = settings.text(name, default).removeprefix("torch.")
    if given not in WIDTHS:
        settings.report(name, f"{visible(given[:40])} is not known here", f"Use one of {', '.join(WIDTHS)}")
    return WIDTHS.get(given, WIDTHS[default])


def _kept_bytes(settings: Settings) -> float | None:
    """Bytes per parameter of master weights and moments.

    Those of torch's Adam are as wide as the weights, which are their own master weights where they are stored in 32
    bits; Transformer Engine's are what they are told to be.
    """
    width, optimizer = _width(settings, WIDTH, "bf16"), settings.text(OPTIMIZER, "")
    if PLAIN_ADAM.fullmatch(optimizer):
        return 2.0 * width + (width if width > 2.0 else 0.0)
    if FUSED_ADAM.fullmatch(optimizer):
        short = settings.flag("optimizer.store_param_remainders", False)
        master = (2.0 if short else 4.0) if settings.flag("optimizer.master_weights", False) else 0.0
        return master + sum(
            _width(settings, f"optimizer.{name}_dtype", "float32") for name in ("exp_avg", "exp_avg_sq")
        )
    return None


def _assumed(settings: Settings, layout: ParallelLayout) -> Iterator[str]:
    optimizer = settings.text(OPTIMIZER, "")
    if not PLAIN_ADAM.fullmatch(optimizer) and not FUSED_ADAM.fullmatch(optimizer):
        yield f"the optimizer {visible(optimizer[:60]) or 'that is not named'} is taken to keep what Adam does"
    if settings.text(WIDTH, "auto") == "auto":
        yield "weights are stored in 16 bits, as published ones mostly are"
    if settings.text("recipe", "") == OF_PICTURES:
        yield "only text is counted: pictures, and the tower that reads them, are left out"
    if settings.flag(DEFERRED, True) and layout.zero:
        yield "gradients of several micro-batches are counted as shards, and are whole until the last of them"
    if layout.vpp > 1 and not settings.present(LAYERS):
        yield "two chunks a stage"
    if (_count(settings, COPIES) or 1) > 1:
        yield "shards are over all replicas: a chip holds more, since the file has copies of them"


def _not_understood(settings: Settings) -> tuple[str, ...]:
    """Settings of the model and of its shards that nobody asked for."""
    return tuple(sorted(
        name for name, value in settings.values.items()
        if name.partition(".")[0] in ("model", "distributed") and value not in MEANS_NOTHING
        and name not in settings.asked and not NO_MATTER.fullmatch(name)
    ))  # fmt: skip
