"""DeepSpeed's JSON configuration, read and written: batch, sharding, degrees; it holds neither model nor length.

Keys as in deepspeedai/DeepSpeed edaa7221 (2026-08-22), ``docs/_pages/config-json.md`` and ``runtime/config.py``.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from tenfold.performance.dialects.names import Names, read_degrees
from tenfold.performance.dialects.recipe import Recipe
from tenfold.performance.dialects.settings import Settings
from tenfold.performance.layout import ParallelLayout
from tenfold.quantities import InputError, Problem, shown
from tenfold.workloads import recompute_value

BATCH, MICRO_BATCH, ACCUMULATION = (
    "train_batch_size", "train_micro_batch_size_per_gpu", "gradient_accumulation_steps",
)  # fmt: skip
DEGREES: Names = {
    "tp": "tensor_parallel.autotp_size",
    "cp": "sequence_parallel_size",
    "ep": "expert_parallel.autoep_size",
}
"""Degrees; a dot stands between a section and its key."""
ENABLED: Names = {"ep": "expert_parallel.enabled"}
"""Switches that have to be on beside a degree."""
STAGE, DATA_OVERLAP = "zero_optimization.stage", "zero_optimization.overlap_comm"
RECOMPUTE = "activation_checkpointing"
NOT_THERE: Mapping[str, Any] = {"sequence_parallel": False, "tensor_overlap": False}
"""What DeepSpeed does not do."""
SECTIONS = ("bf16", "fp16", "zero_optimization", "tensor_parallel", "expert_parallel")
NO_MATTER = frozenset({
    "steps_per_print", "wall_clock_breakdown", "optimizer", "scheduler", "gradient_clipping",
    "zero_allow_untested_optimizer", "tensorboard", "wandb", "csv_monitor", "flops_profiler", "dump_state",
    "bf16.enabled", "fp16.enabled",
    "zero_optimization.contiguous_gradients", "zero_optimization.allgather_bucket_size",
    "zero_optimization.reduce_bucket_size", "zero_optimization.reduce_scatter",
    "zero_optimization.allgather_partitions", "expert_parallel.enabled",
})  # fmt: skip
"""Settings that do not change the estimate."""


def read_deepspeed(text: str, file: str) -> Recipe:
    """Read a configuration. Raises ``InputError`` for what is no JSON object, and for every wrong value."""
    settings = Settings(file=file, values=_flat(_parse(text, file)))
    micro = settings.optional(MICRO_BATCH)
    steps = settings.optional(ACCUMULATION)
    batch = settings.optional(BATCH)
    if micro is None and (batch is None or steps is None):
        settings.report(MICRO_BATCH, "is missing", 'Add it, such as "auto" replaced by 1')
    recipe = Recipe(
        shape=None,
        sequence_length=None,
        global_batch=batch,
        replica_batch=(micro or 1) * steps if steps is not None else None,
        precision="fp16" if settings.flag("fp16.enabled", False) else "bf16",
        chips=None,
        layout=ParallelLayout(
            **read_degrees(settings, DEGREES),
            zero=_stage(settings),
            recompute="full" if settings.present(RECOMPUTE) else "none",
            micro_batch=micro or 1,
            data_overlap=settings.flag(DATA_OVERLAP, True),
            **NOT_THERE,
        ),
        assumed=_assumed(settings),
        not_understood=tuple(sorted(set(settings.values) - settings.asked - NO_MATTER)),
    )
    settings.finish()
    return recipe


def _stage(settings: Settings) -> int:
    stage = settings.whole(STAGE, 0, 0)
    if stage > 3:
        settings.report(STAGE, f"there is no stage {stage}", "Use one of 0, 1, 2, 3")
    return min(stage, 3)


def _assumed(settings: Settings) -> tuple[str, ...]:
    lines = ["no pipeline: DeepSpeed's stages are in the training script, not in its configuration"]
    if settings.present(RECOMPUTE):
        lines.append("every layer is recomputed whole")
    return tuple(lines)


def _parse(text: str, file: str) -> Mapping[str, object]:
    try:
        tree = json.loads(text)
    except (ValueError, RecursionError) as trouble:
        wrong = f"is no JSON ({shown(str(trouble))[1:-1]})"
        raise InputError(Problem(file=file, key="", wrong=wrong, remedy="Give a DeepSpeed configuration")) from None
    if not isinstance(tree, dict):
        raise InputError(Problem(file=file, key="", wrong="is no JSON object", remedy="Give a DeepSpeed configuration"))
    return tree


def _flat(tree: Mapping[str, object]) -> dict[str, object]:
    """Known sections as dotted names; ``auto`` is for a launcher to fill in and says nothing."""
    values: dict[str, object] = {}
    for name, value in tree.items():
        if name in SECTIONS and isinstance(value, dict):
            values |= {f"{name}.{key}": entry for key, entry in value.items()}
        else:
            values[name] = value
    return {name: value for name, value in values.items() if value != "auto"}


def layout_settings(layout: ParallelLayout, layers: int, *, experts: bool) -> dict[str, Any]:
    """A layout of a model of so many ``layers``, as far as the configuration holds one; its batch is apart."""
    values: dict[str, Any] = {
        STAGE: layout.zero,
        DATA_OVERLAP: layout.data_overlap,
        "zero_optimization.contiguous_gradients": True,
    }
    for axis, name in DEGREES.items():
        if getattr(layout, axis) > 1 and (experts or axis != "ep"):
            values |= {ENABLED[axis]: True} if axis in ENABLED else {}
            values[name] = getattr(layout, axis)
    if (recompute_value(layout.recompute) or 0.0) > 1.0:
        values[RECOMPUTE] = {"partition_activations": False, "number_checkpoints": layers}
    return values


def nested(values: Mapping[str, Any]) -> dict[str, Any]:
    """Dotted names as sections; the other way round of how they are read."""
    tree: dict[str, Any] = {}
    for name, value in values.items():
        section, dot, key = name.partition(".")
        if dot:
            tree.setdefault(section, {})[key] = value
        else:
            tree[name] = value
    return tree
