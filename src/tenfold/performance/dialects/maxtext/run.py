"""MaxText's YAML, read and written: mesh axes, batch and policies. A model's sizes are in ``model``.

Keys and defaults as in AI-Hypercomputer/maxtext e591f30c (2026-08-22), ``src/maxtext/configs/base.yml``. What a file
leaves out comes from ``base.yml`` there; sizes of the model are never taken from it, because they are an example.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping
from typing import Any

from tenfold.performance.dialects.maxtext.model import SIZES, read_shape
from tenfold.performance.dialects.mesh import Mesh
from tenfold.performance.dialects.recipe import Recipe
from tenfold.performance.dialects.settings import Settings
from tenfold.performance.layout import ParallelLayout
from tenfold.quantities import InputError, Problem, shown

REMAT: Mapping[str, str] = {"minimal_with_context": "none", "minimal": "selective", "full": "full"}
"""``remat_policy`` to the policy: the first keeps the attention output too, the second matrix products."""
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
SHARDED, REMAT_POLICY, SEQUENCE, PRECISION = (
    "shard_optimizer_over_data", "remat_policy", "max_target_length", "quantization",
)  # fmt: skip
ASSUMED: Mapping[str, Any] = {"tensor_overlap": True, "data_overlap": True}
"""As XLA does by default."""
NO_MATTER = frozenset({
    "base_config", "run_name", "num_slices", "steps", "hardware", "enable_checkpointing", "async_checkpointing",
    "checkpoint_period",
    "dataset_type", "tokenizer_path", "base_output_directory", "decoder_block", "normalization_layer_epsilon",
    "enable_dropout", "rope_max_timescale", "model_name", "scan_layers", "attention", "log_period", "profiler",
})  # fmt: skip
"""Settings that do not change the estimate."""


def read_maxtext(text: str, file: str) -> Recipe:
    """Read a configuration. Raises ``InputError`` for what is no YAML mapping, and for every wrong value."""
    settings = Settings(file=file, values=_parse(text, file))
    degrees = _degrees(settings)
    chips = math.prod(degrees.values())
    recipe = Recipe(
        shape=read_shape(settings) if settings.present(SIZES[0]) else None,
        sequence_length=settings.whole(SEQUENCE, 2048),
        global_batch=_global_batch(settings, chips),
        precision=QUANTIZATION[settings.word(PRECISION, "", tuple(QUANTIZATION))],
        chips=chips,
        layout=_layout(settings, degrees, chips),
        assumed=("traffic overlaps with compute as XLA does by default",),
        not_understood=tuple(sorted(set(settings.values) - settings.asked - NO_MATTER)),
    )
    settings.finish()
    return recipe


def _layout(settings: Settings, degrees: Mapping[str, int], chips: int) -> ParallelLayout:
    """The layout of one replica; replicas are told from the chips."""
    products: dict[str, Any] = {
        name: math.prod(degrees[axis] for axis in axes) for name, axes in DEGREES.items() if name != "dp"
    }
    return ParallelLayout(
        **products,
        vpp=_repeats(settings, degrees["pipeline"]),
        zero=_zero_stage(settings, degrees),
        sequence_parallel=degrees["tensor_sequence"] > 1,
        recompute=REMAT[settings.word(REMAT_POLICY, "full", tuple(REMAT))],
        micro_batch=_micro_batch(settings, degrees, chips),
        **ASSUMED,
    )


def _degrees(settings: Settings) -> dict[str, int]:
    """Degree of each axis, inside a slice times between slices. An automatic axis (-1) has to be given."""
    degrees = dict[str, int]()
    for axis in itertools.chain.from_iterable(DEGREES.values()):
        names = (INSIDE.format(axis), BETWEEN.format(axis))
        for name in names:
            if settings.values.get(name) == -1:
                settings.report(name, "-1 leaves the degree to MaxText", "Write the degree")
        degrees[axis] = math.prod(settings.whole(name, 1, -1) for name in names)
    for name, axis in ((INSIDE.format("fsdp"), "fsdp"), (BETWEEN.format("data"), "data")):
        if not settings.present(name):
            settings.report(name, f"is left to MaxText, so the {axis} degree is unknown", "Write the degree")
    return {axis: max(1, degree) for axis, degree in degrees.items()}


def _zero_stage(settings: Settings, degrees: Mapping[str, int]) -> int:
    sharded = settings.flag(SHARDED, False)
    return 3 if degrees["fsdp"] * degrees["fsdp_transpose"] > 1 else int(sharded)


def _replicas(degrees: Mapping[str, int]) -> int:
    return math.prod(degrees[axis] for axis in (*DEGREES["dp"], *DEGREES["ep"]))


def _global_batch(settings: Settings, chips: int) -> int:
    per_device = settings.number(PER_DEVICE, 12.0)
    batch = per_device * chips * settings.whole(ACCUMULATION, 1)
    if round(batch) < 1 or abs(batch - round(batch)) > 1e-6 * max(1.0, batch):
        settings.report(PER_DEVICE, f"gives {batch:g} sequences a step, no whole number", "Write another")
    return max(1, round(batch))


def _micro_batch(settings: Settings, degrees: Mapping[str, int], chips: int) -> int:
    """Sequences a replica runs through at once: its share of the batch over accumulation and pipeline micro-batches."""
    stages = degrees["pipeline"]
    pieces = settings.whole(MICRO_BATCHES, stages, -1) if stages > 1 else 1
    pieces = stages if pieces < 1 else pieces
    size = settings.number(PER_DEVICE, 12.0) * chips / (_replicas(degrees) * pieces)
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


def _parse(text: str, file: str) -> Mapping[str, object]:
    def refuse(wrong: str) -> InputError:
        return InputError(Problem(file=file, key="", wrong=wrong, remedy="Give a configuration of MaxText"))

    try:
        import yaml
    except ModuleNotFoundError:
        raise InputError(
            Problem(file=file, key="", wrong="YAML cannot be read", remedy="Type: uv add pyyaml")
        ) from None
    try:
        tree = yaml.safe_load(text)
    except (yaml.YAMLError, ValueError, RecursionError, OverflowError) as trouble:
        raise refuse(f"is no YAML ({shown(' '.join(str(trouble).split()))[1:-1]})") from None
    if not isinstance(tree, dict) or not all(isinstance(key, str) for key in tree):
        raise refuse("is no YAML mapping of names to values")
    return tree


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
