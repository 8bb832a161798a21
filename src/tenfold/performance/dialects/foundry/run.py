"""A run of llm-foundry: batch, shards, precision and recompute of its YAML.

Keys as in mosaicml/llm-foundry v0.22, ``scripts/train/yamls``, and of ``fsdp_config`` as Composer takes them.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping

from tenfold.performance.dialects.adapters import AdapterKeys, tuning_in
from tenfold.performance.dialects.foundry.model import MODEL, QUERY_NORM, read_shape
from tenfold.performance.dialects.foundry.tree import values_of
from tenfold.performance.dialects.recipe import Recipe
from tenfold.performance.dialects.settings import MEANS_NOTHING, MOST, Settings
from tenfold.performance.dialects.stated import NOTHING, OWN_SIZES, Stated
from tenfold.performance.layout import ParallelLayout
from tenfold.quantities import shown, visible

KIND = f"{MODEL}name"
NAME = f"{MODEL}pretrained_model_name_or_path"
OWN = ("mpt_causal_lm", "mosaic_gpt")
ELSEWHERE = ("hf_causal_lm",)
"""Models whose sizes are with their weights, and not in the file."""
LENGTH, BATCH, MICRO_BATCH = "max_seq_len", "global_train_batch_size", "device_train_microbatch_size"
AUTO = "auto"
PRECISION: Mapping[str, str] = {"amp_bf16": "bf16", "bf16": "bf16", "amp_fp16": "fp16", "amp_fp8": "fp8"}
FSDP = "fsdp_config."
STRATEGY, MESH = f"{FSDP}sharding_strategy", f"{FSDP}device_mesh"
RECOMPUTE, OFFLOADED = f"{FSDP}activation_checkpointing", f"{FSDP}activation_cpu_offload"
STAGES: Mapping[str, int] = {
    "FULL_SHARD": 3,
    "HYBRID_SHARD": 3,
    "SHARD_GRAD_OP": 2,
    "_HYBRID_SHARD_ZERO2": 2,
    "NO_SHARD": 0,
}
MIXED = f"{FSDP}mixed_precision"
GRADIENT_BYTES: Mapping[str, float | None] = {"PURE": None, "DEFAULT": 4.0}
"""Bytes of a gradient by how FSDP mixes formats; None is what the stack keeps, 16 bits."""
IN_NODES = ("HYBRID_SHARD", "_HYBRID_SHARD_ZERO2")
"""Strategies that shard within a node and copy between them."""
TENSOR, OPTIMIZER, CHIPS, OTHER_SHARDS = (
    "tp_config.tensor_parallel_degree", "optimizer.name", "compute.gpus", "parallelism_config",
)  # fmt: skip
OF_ADAPTERS = f"{MODEL}peft_config."
ADAPTERS = AdapterKeys(f"{OF_ADAPTERS}peft_type", f"{MODEL}load_in_4bit", f"{MODEL}load_in_8bit")
STATES: Mapping[str, float] = {"decoupled_adamw": 12.0, "adamw": 12.0, "decoupled_lionw": 8.0, "clip_lion": 8.0}
"""Bytes per parameter of a master weight in 32 bits and of all moments, by the optimizer."""
USUAL_OPTIMIZER = "decoupled_adamw"
NO_MATTER = re.compile(
    r"model\.(?:init_device|loss_fn|tokenizer_name|resid_pdrop|emb_pdrop|embedding_fraction|logit_scale|use_cache|verbose"
    r"|init_config.*|use_pad_tok_in_ffn|fc_type.*|norm_eps|max_seq_len|pretrained|pretrained_model_name_or_path"
    r"|use_auth_token|trust_remote_code|use_train_metrics|use_flash_attention_2|should_save_peft_only"
    r"|attn_config\.(?:attn_impl|attn_pdrop|clip_qkv|softmax_scale|attn_uses_sequence_id|alibi_bias_max|prefix_lm|rope_.*)"
    r"|ffn_config\.(?:fc_type.*|ffn_act_fn.*))"
    r"|fsdp_config\.(?:activation_checkpointing_reentrant|limit_all_gathers|verbose|state_dict_type|use_orig_params"
    r"|forward_prefetch|backward_prefetch|sync_module_states|load_monolith_rank0_only|load_planner|save_planner)"
    r"|optimizer\..*|compute\..*"
)
"""Settings of these sections that do not change the estimate."""
SECTIONS = ("model", "fsdp_config", "tp_config")
"""Of which every setting is understood, or said not to be."""


def read_foundry(text: str, file: str, stated: Stated = NOTHING) -> Recipe:
    """Read a configuration. Raises ``InputError`` for what is no YAML mapping, and for every wrong value.

    A setting of the model that is not understood is wrong, unless the model is named beside the file.
    """
    settings = Settings(file=file, values=values_of(text, file, stated.settings))
    own = settings.word(KIND, OWN[0], (*OWN, *ELSEWHERE)) in OWN
    mesh, tensor = _mesh(settings), settings.whole(TENSOR, 1)
    recipe = Recipe(
        shape=read_shape(settings) if own and not stated.model else None,
        model="" if own or stated.model else settings.text(NAME, ""),
        sequence_length=settings.optional(LENGTH),
        global_batch=stated.global_batch or settings.optional(BATCH),
        precision=_precision(settings, stated),
        chips=settings.optional(CHIPS) or (math.prod(mesh) * tensor if mesh else None),
        layout=ParallelLayout(
            tp=tensor,
            micro_batch=_micro_batch(settings, stated),
            zero=_stage(settings),
            recompute="full" if settings.flag(RECOMPUTE, False) else "none",
            sequence_parallel=False,
            data_overlap=True,
            tensor_overlap=False,
        ),
        multiple=mesh[0] if len(mesh) > 1 else 1,
        software="llm-foundry",
        gradient_bytes=_gradient_bytes(settings),
        optimizer_bytes=_kept_bytes(settings),
        tuning=_tuning(settings),
        assumed=tuple(_assumed(settings, mesh, own=own and stated.model)),
        not_understood=_not_understood(settings),
    )
    _refuse_unread(settings, recipe.not_understood, sizes=own and not stated.model)
    settings.finish()
    return recipe


def _stage(settings: Settings) -> int:
    """How far shards go; without a table of FSDP every chip holds the whole model."""
    if not _has(settings, FSDP):
        return 0
    return STAGES[settings.word(STRATEGY, "FULL_SHARD", tuple(STAGES))]


def _mesh(settings: Settings) -> tuple[int, ...]:
    """Copies and shards of a mesh that is written out; nothing where it is not."""
    if not settings.present(MESH):
        return ()
    given = settings.values[MESH]
    sizes = tuple(given) if isinstance(given, list) else (given,)
    if not 1 <= len(sizes) <= 2 or not all(isinstance(size, int) and 1 <= size <= MOST for size in sizes):
        settings.report(
            MESH, f"{shown(given)} is no mesh of shards, or of copies and shards", "Write one or two counts"
        )
        return ()
    return sizes


def _micro_batch(settings: Settings, stated: Stated) -> int:
    if stated.micro_batch is not None:
        settings.present(MICRO_BATCH)
        return stated.micro_batch
    if not settings.present(MICRO_BATCH) or settings.values[MICRO_BATCH] == AUTO:
        settings.report(MICRO_BATCH, "is left to the run, which tries sizes until one fits", "Give --micro-batch")
        return 1
    return settings.whole(MICRO_BATCH, 1)


def _precision(settings: Settings, stated: Stated) -> str:
    if stated.precision is None:
        settings.require_or("precision", "Give --precision")
    found = PRECISION[settings.word("precision", "amp_bf16", tuple(PRECISION))] if stated.precision is None else ""
    return stated.precision or found


def _gradient_bytes(settings: Settings) -> float | None:
    if not _has(settings, FSDP) or _has(settings, f"{MIXED}."):
        return None
    return GRADIENT_BYTES[settings.word(MIXED, "DEFAULT", tuple(GRADIENT_BYTES))]


def _kept_bytes(settings: Settings) -> float | None:
    """Bytes per parameter of master weights and moments, where they are not those of Adam."""
    kept = STATES.get(settings.text(OPTIMIZER, USUAL_OPTIMIZER).casefold(), STATES[USUAL_OPTIMIZER])
    return None if kept == STATES[USUAL_OPTIMIZER] else kept


def _assumed(settings: Settings, mesh: tuple[int, ...], *, own: bool) -> Iterator[str]:
    optimizer = settings.text(OPTIMIZER, USUAL_OPTIMIZER).casefold()
    if optimizer not in STATES:
        yield f"the optimizer {visible(optimizer[:40])} is taken to keep what Adam does"
    if not _has(settings, FSDP):
        yield "no FSDP is set up: every chip holds the whole model"
    elif settings.text(STRATEGY, "FULL_SHARD") in IN_NODES or len(mesh) > 1:
        yield "shards are over all replicas: a chip holds more, since the file has copies of them"
    if settings.flag(OFFLOADED, False):
        yield "activations on the host are counted as if they stayed on the chip"
    if settings.present(QUERY_NORM):
        yield "norms of queries and keys are left out: they hold a vector each"
    if own:
        yield OWN_SIZES


def _tuning(settings: Settings) -> str:
    adapters = _has(settings, OF_ADAPTERS)
    found = tuning_in(settings, ADAPTERS, adapters=adapters)
    settings.asked |= {name for name in settings.values if adapters and name.startswith(OF_ADAPTERS)}
    return found


def _has(settings: Settings, prefix: str) -> bool:
    return any(name.startswith(prefix) and value is not None for name, value in settings.values.items())


def _not_understood(settings: Settings) -> tuple[str, ...]:
    """Settings of the sections that are read which nobody asked for, and shards that are told in another way."""
    return tuple(sorted(
        name for name, value in settings.values.items()
        if name.partition(".")[0] in (*SECTIONS, OTHER_SHARDS) and value not in MEANS_NOTHING
        and name not in settings.asked and not NO_MATTER.fullmatch(name)
    ))  # fmt: skip


def _refuse_unread(settings: Settings, names: tuple[str, ...], *, sizes: bool) -> None:
    """Report other ways to shard, and settings that are not understood of a model whose sizes are read."""
    for name in names:
        if name.startswith(OTHER_SHARDS):
            settings.report(name, "shards in a way that is not read", f"Give --set {STRATEGY}=FULL_SHARD, or another")
        elif sizes and name.startswith(MODEL):
            remedy = "Name the model with --model, or take the key out if it does not count"
            settings.report(name, "changes the model in a way that is not understood", remedy)
