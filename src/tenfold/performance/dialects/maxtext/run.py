"""MaxText's YAML, read and written: mesh axes, batch and policies. A model's sizes are in ``model``.

Keys and defaults as in AI-Hypercomputer/maxtext e591f30c (2026-08-22), ``src/maxtext/configs/base.yml``. What a file
leaves out comes from ``base.yml`` there; sizes of the model are never taken from it, because they are an example.
"""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from tenfold.performance.dialects.maxtext.model import SIZES, read_shape
from tenfold.performance.dialects.maxtext.pictures import OF_PICTURES, SWITCH
from tenfold.performance.dialects.mesh import Mesh
from tenfold.performance.dialects.recipe import Recipe
from tenfold.performance.dialects.settings import Settings
from tenfold.performance.dialects.stated import NOTHING, OWN_SIZES, Stated
from tenfold.performance.dialects.tables import yaml_mapping
from tenfold.performance.layout import ParallelLayout

REMEDY = "Give a configuration of MaxText"
REMAT: Mapping[str, str] = {"minimal_with_context": "none", "minimal": "selective", "full": "full"}
"""``remat_policy`` to the policy: the first keeps the attention output too, the second matrix products."""
REMAT_LIKE: Mapping[str, str] = {
    "save_dot_with_context_except_mlp": "minimal", "save_dot_except_mlp": "minimal", "save_dot_except_mlpwi": "minimal",
    "save_qkv_proj": "minimal", "save_out_proj": "full", "minimal_offloaded": "minimal", "minimal_flash": "minimal",
    "qkv_proj_offloaded": "full", "custom": "full",
}  # fmt: skip
"""Policies that keep some of the products, or on the host, to the nearest of ``REMAT``."""
QUANTIZATION = {"": "bf16", "int8": "int8", "fp8": "fp8", "nanoo_fp8": "fp8", "fp8_full": "fp8"}
DEGREES: Mapping[str, tuple[str, ...]] = {
    "tp": ("tensor", "tensor_sequence"),
    "cp": ("context",),
    "ep": ("expert",),
    "dp": ("data", "fsdp", "fsdp_transpose"),
    "pp": ("pipeline",),
}
"""Axes of the mesh whose degrees multiply to that of the layout. Those of ``ep`` are replicas too."""
WRITTEN = ("data", "fsdp", "context", "tensor", "tensor_sequence", "expert", "pipeline")
"""Axes that a file sets; all others of the mesh are 1 in ``base.yml``."""
INSIDE, BETWEEN = "ici_{}_parallelism", "dcn_{}_parallelism"
"""An axis inside a slice, whose product is the devices of a slice, and between slices, whose product is the slices."""
PER_DEVICE, ACCUMULATION = "per_device_batch_size", "gradient_accumulation_steps"
MICRO_BATCHES, LAYERS_PER_STAGE, REPEATS = (
    "num_pipeline_microbatches", "num_layers_per_pipeline_stage", "num_pipeline_repeats",
)  # fmt: skip
NAME = "model_name"
"""Setting that names a model whose sizes the tool holds."""
SHARDED, REMAT_POLICY, SEQUENCE, PRECISION = (
    "shard_optimizer_over_data", "remat_policy", "max_target_length", "quantization",
)  # fmt: skip
ASSUMED: Mapping[str, Any] = {"tensor_overlap": True, "data_overlap": True}
"""As XLA does by default."""
OWN = re.compile(
    rf"^(?:base_(?:emb|num|mlp|moe|config|output)|ici_|dcn_)|^(?:{PER_DEVICE}|{SEQUENCE}|{REMAT_POLICY}|decoder_block)$"
)
"""Names that no other tool has."""
NO_MATTER = frozenset({
    "base_config", "run_name", "num_slices", "steps", "hardware", "enable_checkpointing", "async_checkpointing",
    "checkpoint_period", "dataset_type", "tokenizer_path", "base_output_directory", "decoder_block",
    "normalization_layer_epsilon", "mtp_loss_scaling_factor", "enable_dropout", "rope_max_timescale", NAME,
    "use_qk_norm", "attn_logits_soft_cap", "final_logits_soft_cap", "sparse_matmul", "megablox", "capacity_factor",
    "load_balance_loss_weight", "routed_scaling_factor", "routed_score_func", "routed_bias", "rope_type",
    "rope_scaling_factor", "mscale", "beta_fast", "beta_slow", "max_position_embeddings",
    "original_max_position_embeddings", "dtype", "weight_dtype", "compile_topology", "compile_topology_num_slices",
    "reuse_example_batch", "use_iota_embed", "gcs_metrics", "sa_block_q", "sa_block_kv", "sa_block_kv_compute",
    "sa_block_q_dkv", "sa_block_kv_dkv", "sa_block_kv_dkv_compute", "sa_block_q_dq", "sa_block_kv_dq",
    "sa_use_fused_bwd_kernel", "allow_split_physical_axes", "learning_rate", "n_routing_groups",
    "topk_routing_group", "norm_topk_prob", "rope_min_timescale", "fused_qkv", "fused_mlp",
    "skip_first_n_steps_for_profiler", "profiler_steps", "opt_type", "tokenizer_type", "add_bos", "add_eos",
    "local_rope_max_timescale", "temperature_tuning", "query_pre_attn_scalar", "enable_goodput_recording",
    "scan_layers", "mlp_activations_limit", "gdn_chunk_size", "use_mrope", "partial_rotary_factor",
    "attention", "log_period", "profiler", "v_norm_with_scale", "global_rope_max_timescale", "global_rope_proportion",
    "local_rope_proportion", "mrope_section", "normalize_embedding_logits",
})  # fmt: skip
"""Settings that do not change the estimate."""
CHANGES_SIZE = re.compile(r"^base_(?:emb|num|mlp|moe)|^num_experts$|^head_dim$")
"""Names of sizes that a file sets over those of a model that it names."""
CHANGES_MODEL = re.compile(
    r"emb_dim|heads|mlp_dim|layers|experts|vocab|head_dim|lora_rank|window|decoder|gdn_|mamba|indexer|index_|engram|"
    r"cycle_interval|moe_|shared|bias$|vision|audio|mtp_num|attention_type|logits_via|mlp_activations|multimodal|_dim$"
)
"""Names of settings that speak of the model's shape."""


def read_maxtext(text: str, file: str, stated: Stated = NOTHING) -> Recipe:
    """Read a configuration. Raises ``InputError`` for what is no YAML mapping, and for every wrong value.

    One data axis may be left to the number of chips (-1), as ``base.yml`` has it. A setting that changes the model and
    is not known is wrong; others that are not known are listed.
    """
    settings = Settings(file=file, values={**yaml_mapping(text, file, REMEDY), **stated.settings})
    degrees, free = _degrees(settings)
    fixed = math.prod(degrees.values())
    steps = settings.whole(ACCUMULATION, 1)
    layout = _layout(settings, degrees, free)
    if stated.micro_batch is not None:
        layout = replace(layout, micro_batch=stated.micro_batch)
    own = settings.present(SIZES[0])
    recipe = Recipe(
        shape=read_shape(settings) if own and not stated.model else None,
        model="" if own or stated.model else settings.text(NAME, ""),
        sequence_length=settings.whole(SEQUENCE, 2048),
        global_batch=stated.global_batch or (None if free else _global_batch(settings, fixed)),
        chip_batch=settings.number(PER_DEVICE, 12.0) * steps if free else None,
        precision=stated.precision or QUANTIZATION[settings.word(PRECISION, "", tuple(QUANTIZATION))],
        chips=None if free else fixed,
        layout=layout,
        multiple=math.prod(degrees[axis] for axis in DEGREES["dp"]),
        software="maxtext",
        assumed=(
            "traffic overlaps with compute as XLA does by default",
            *_assumed(settings, free),
            *((OWN_SIZES,) if own and stated.model else ()),
        ),
        not_understood=tuple(sorted(set(settings.values) - settings.asked - NO_MATTER)),
    )
    settings.refuse_others("MaxText", OWN.search)
    if recipe.shape is not None or (not own and settings.values.get(NAME)):
        _refuse_unread(settings, recipe.not_understood, whole=recipe.shape is not None)
    settings.finish()
    return recipe


def _refuse_unread(settings: Settings, names: tuple[str, ...], *, whole: bool) -> None:
    """Report settings of the model that are not understood, or that change one size of a model named elsewhere."""
    pictures = settings.flag(SWITCH, False)
    pattern, remedy = CHANGES_MODEL, "Name the model with --model, or take the key out if it does not count"
    if not whole:
        pattern, remedy = CHANGES_SIZE, "Write all sizes of the model, or take the key out if it does not count"
    for name in names:
        value = settings.values[name]
        means_nothing = value is not True and value in (None, False, 0, 1, "", [], -1)
        if not means_nothing and pattern.search(name) and (pictures or not OF_PICTURES.search(name)):
            settings.report(name, "changes the model in a way that is not understood", remedy)


def _assumed(settings: Settings, free: str) -> Iterator[str]:
    policy = settings.text(REMAT_POLICY, "full")
    if policy not in REMAT and policy in REMAT_LIKE:
        yield f"the recompute policy {policy} counts as {REMAT_LIKE[policy]}"
    if free:
        yield f"the {free} axis is as wide as the chips leave it"


def _layout(settings: Settings, degrees: Mapping[str, int], free: str) -> ParallelLayout:
    """The layout of one replica; replicas are told from the chips."""
    products: dict[str, Any] = {
        name: math.prod(degrees[axis] for axis in axes) for name, axes in DEGREES.items() if name != "dp"
    }
    known = {**{name: name for name in REMAT}, **REMAT_LIKE}
    policy = known[settings.word(REMAT_POLICY, "full", tuple(known))]
    return ParallelLayout(
        **products,
        vpp=_repeats(settings, degrees["pipeline"]),
        zero=3 if free == "fsdp" else _zero_stage(settings, degrees),
        sequence_parallel=degrees["tensor_sequence"] > 1,
        recompute=REMAT[policy],
        micro_batch=_micro_batch(settings, degrees),
        **ASSUMED,
    )


def _degrees(settings: Settings) -> tuple[dict[str, int], str]:
    """Degree of each axis, inside a slice times between slices, and the one data axis that the chips decide.

    What is not said is as in ``base.yml``: all 1, but for the automatic axes, ``fsdp`` inside and ``data`` between. Of
    slices there is one unless their number is said, and then the axes between them multiply to it.
    """
    degrees, automatic = dict[str, int](), list[str]()
    for axis in itertools.chain.from_iterable(DEGREES.values()):
        names = (INSIDE.format(axis), BETWEEN.format(axis))
        usual = {INSIDE.format("fsdp"): -1, BETWEEN.format("data"): -1}
        given = [settings.whole(name, usual.get(name, 1), -1) for name in names]
        automatic += [name for name, degree in zip(names, given, strict=True) if degree < 1]
        degrees[axis] = math.prod(degree for degree in given if degree > 0)
    slices = settings.whole("num_slices", 1, -1)
    between = math.prod(settings.whole(BETWEEN.format(axis), 1, -1) for axis in degrees if _said(settings, axis))
    if BETWEEN.format("data") in automatic:
        automatic.remove(BETWEEN.format("data"))
        degrees["data"] *= max(1, slices // max(1, abs(between)))
    return degrees, _free_axis(settings, automatic)


def _said(settings: Settings, axis: str) -> bool:
    value = settings.values.get(BETWEEN.format(axis))
    return isinstance(value, int) and value > 0


def _free_axis(settings: Settings, automatic: list[str]) -> str:
    """The axis that is left to the chips. Reports others than one data axis inside a slice."""
    data = {INSIDE.format(axis): axis for axis in DEGREES["dp"]}
    for name in automatic[1:] if automatic[:1] and automatic[0] in data else automatic:
        if name not in data or len(automatic) > 1:
            settings.report(name, "-1 leaves the degree to MaxText", f"Write the degree, or give --set {name}=…")
    return data.get(automatic[0], "") if automatic else ""


def _zero_stage(settings: Settings, degrees: Mapping[str, int]) -> int:
    sharded = settings.flag(SHARDED, False)
    return 3 if degrees["fsdp"] * degrees["fsdp_transpose"] > 1 else int(sharded)


def _global_batch(settings: Settings, chips: int) -> int:
    per_device = settings.number(PER_DEVICE, 12.0)
    batch = per_device * chips * settings.whole(ACCUMULATION, 1)
    if round(batch) < 1 or abs(batch - round(batch)) > 1e-6 * max(1.0, batch):
        settings.report(PER_DEVICE, f"gives {batch:g} sequences a step, no whole number", "Write another")
    return max(1, round(batch))


def _micro_batch(settings: Settings, degrees: Mapping[str, int]) -> int:
    """Sequences a replica runs through at once: its share of the batch over accumulation and pipeline micro-batches."""
    stages = degrees["pipeline"]
    pieces = settings.whole(MICRO_BATCHES, stages, -1) if stages > 1 else 1
    pieces = stages if pieces < 1 else pieces
    ranks = math.prod(degree for axis, degree in degrees.items() if axis not in (*DEGREES["dp"], *DEGREES["ep"]))
    size = settings.number(PER_DEVICE, 12.0) * ranks / pieces
    if round(size) < 1 or abs(size - round(size)) > 1e-6 * max(1.0, size):
        settings.report(PER_DEVICE, f"gives {size:g} sequences a micro-batch", "Write another")
    return max(1, round(size))


def _repeats(settings: Settings, stages: int) -> int:
    if stages == 1:
        settings.whole(REPEATS, 1, -1)
        settings.whole(LAYERS_PER_STAGE, 1)
        return 1
    given = settings.whole(REPEATS, -1, -1)
    layers = settings.whole("base_num_decoder_layers", stages)
    each = settings.whole(LAYERS_PER_STAGE, 1)
    return given if given > 0 else max(1, layers // (stages * each))


def mesh_degrees(layout: ParallelLayout, *, experts: bool) -> dict[str, int]:
    """Degree of each axis of the mesh, the hungriest for bandwidth first.

    Expert ranks are taken from the replicas, which have to divide by them.
    """
    expert = layout.ep if experts else 1
    plain, sequence = DEGREES["tp"]
    tensor = {plain: 1, sequence: 1} | {sequence if layout.sequence_parallel else plain: layout.tp}
    replicas = {"data": 1, "fsdp": 1} | {"fsdp" if layout.zero == 3 else "data": layout.dp // expert}
    return {**tensor, "context": layout.cp, "expert": expert, **replicas, "pipeline": layout.pp}


def mesh_settings(mesh: Mesh) -> dict[str, int]:
    """Axes between slices, then inside a slice."""
    between = {BETWEEN.format(axis): mesh.between[axis] for axis in WRITTEN}
    slices = {"num_slices": mesh.slices} if mesh.slices > 1 else {}
    return slices | between | {INSIDE.format(axis): mesh.inside[axis] for axis in WRITTEN}


def batch_settings(layout: ParallelLayout, layers: int, global_batch: int) -> dict[str, float]:
    """Batch and pipeline. A pipeline takes the whole batch at once, otherwise micro-batches are accumulated."""
    chips, pieces = layout.ranks * layout.dp, global_batch // (layout.dp * layout.micro_batch)
    if layout.pp == 1:
        return {PER_DEVICE: layout.micro_batch * layout.dp / chips, ACCUMULATION: pieces}
    return {
        PER_DEVICE: global_batch / chips,
        ACCUMULATION: 1,
        MICRO_BATCHES: pieces,
        LAYERS_PER_STAGE: layout.layers_per_chunk(layers),
        REPEATS: layout.vpp,
    }


def policy_settings(layout: ParallelLayout) -> dict[str, bool | str]:
    """Recomputation, a share of the layers being written as all of them, and sharded optimizer states."""
    known = {policy: name for name, policy in REMAT.items()}
    return {
        REMAT_POLICY: known.get(layout.recompute, known["full"]),
        SHARDED: layout.zero in (1, 2),
    }
