"""Megatron-Bridge's options of ``scripts/performance``: a layout over one of its recipes, read and written.

Options as in NVIDIA-NeMo/Megatron-Bridge 067f987d (2026-08-22), ``scripts/performance/argument_parser.py``; here the
virtual stages are ``--virtual_pipeline_model_parallel_size``, unlike in Megatron-LM. What is not said stays as the
recipe has it: sharded optimizer states, sequence parallelism beside tensor parallelism, overlapped traffic.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import PurePath

from tenfold.performance.dialects.bridge_recipe import read_bridge_recipe
from tenfold.performance.dialects.megatron.flags import RECOMPUTED_MODULES
from tenfold.performance.dialects.names import Names, read_degrees, written
from tenfold.performance.dialects.recipe import Recipe
from tenfold.performance.dialects.settings import Settings
from tenfold.performance.dialects.shell import flags_of
from tenfold.performance.dialects.stated import NOTHING, Stated
from tenfold.performance.layout import ParallelLayout
from tenfold.workloads import operations_of, whole_share

DEGREES: Names = {
    "tp": "--tensor_model_parallel_size",
    "pp": "--pipeline_model_parallel_size",
    "cp": "--context_parallel_size",
    "micro_batch": "--micro_batch_size",
}
EXPERT_DEGREES: Names = {"ep": "--expert_model_parallel_size", "etp": "--expert_tensor_parallel_size"}
IN_PYTHON: Names = {
    axis: f"{'train' if axis == 'micro_batch' else 'model'}.{option.removeprefix('--')}"
    for axis, option in {**DEGREES, **EXPERT_DEGREES}.items()
}
"""The same in recipes in Python, below tables of the configuration."""
CHUNKS = "--virtual_pipeline_model_parallel_size"
"""``None`` for one."""
FULLY_SHARDED = "--use_megatron_fsdp"
MODULES = "--recompute_modules"
RECOMPUTED_LAYERS = "--recompute_num_layers"
"""Layers of each chunk that are recomputed whole."""
CHIPS, CHIPS_PER_NODE = "--num_gpus", "--gpus_per_node"
BATCH, SEQUENCE, DTYPE = "--global_batch_size", "--seq_length", "--compute_dtype"
STEPS, SAVE_EVERY = "--max_steps", "--save_interval"
FAMILY, RECIPE, TASK, CHIP = "--model_family_name", "--model_recipe_name", "--task", "--gpu"
PRECISION: Mapping[str, str] = {"bf16": "bf16", "fp8": "fp8_cs", "mxfp8": "fp8_mx", "nvfp4": "nvfp4"}
"""Precision to its name; ``DTYPE`` says it."""
NO_MATTER = frozenset({STEPS, SAVE_EVERY, FAMILY, RECIPE, TASK, CHIP, CHIPS_PER_NODE})
"""Options that do not change the estimate, or name the recipe."""


def read_bridge(text: str, file: str, stated: Stated = NOTHING) -> Recipe:
    """Read options, or a recipe in Python. The model is the recipe's, so it has to be named.

    Raises ``InputError`` with every wrong setting.
    """
    if PurePath(file).suffix.lower() == ".py":
        return read_bridge_recipe(text, file, IN_PYTHON, stated)
    flags = flags_of(text, file, stated.settings)
    values = {name: value[0] if value else True for name, value in flags.items() if value != ("None",)}
    settings = Settings(file=file, values=values)
    degrees = read_degrees(settings, {**DEGREES, **EXPERT_DEGREES})
    dtypes = {name: precision for precision, name in PRECISION.items()}
    recipe = Recipe(
        shape=None,
        sequence_length=settings.optional(SEQUENCE),
        global_batch=stated.global_batch or settings.optional(BATCH),
        precision=stated.precision or dtypes[settings.word(DTYPE, "bf16", tuple(dtypes))],
        software="megatron-bridge",
        chips=settings.optional(CHIPS),
        layout=ParallelLayout(
            **degrees,
            vpp=settings.whole(CHUNKS, 1),
            zero=3 if settings.text(FULLY_SHARDED, "false") == "true" else 1,
            recompute=_recompute(settings),
        ),
        assumed=("sharding, overlap and sequence parallelism are as the recipes of Megatron-Bridge have them",),
        not_understood=tuple(sorted(set(values) - settings.asked - NO_MATTER)),
    )
    settings.finish()
    return recipe


def _recompute(settings: Settings) -> str:
    """Layers of a chunk that the file cannot count become all of them."""
    return "full" if settings.optional(RECOMPUTED_LAYERS) else "none"


def layout_options(layout: ParallelLayout, *, experts: bool) -> Iterator[tuple[str, str]]:
    """Degrees and sharding."""
    for option, degree in written(layout, {**DEGREES, **EXPERT_DEGREES} if experts else DEGREES):
        yield option, str(degree)
    yield CHUNKS, str(layout.vpp) if layout.vpp > 1 else "None"
    if layout.zero > 1:
        yield FULLY_SHARDED, "true"


def recompute_options(layout: ParallelLayout, layers: int) -> Iterator[tuple[str, str]]:
    """Layers of a chunk that are recomputed whole, of a model of so many ``layers``; or modules recomputed singly."""
    if operations := operations_of(layout.recompute):
        yield MODULES, ",".join(RECOMPUTED_MODULES[each] for each in operations)
    share = whole_share(layout.recompute)
    if share > 0.0:
        yield RECOMPUTED_LAYERS, str(max(1, round(layout.layers_per_chunk(layers) * share)))
