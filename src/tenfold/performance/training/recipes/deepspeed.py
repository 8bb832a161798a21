"""DeepSpeed's JSON configuration: batch, sharding and parallel degrees; it holds neither model nor sequence length.

Keys as in deepspeedai/DeepSpeed edaa7221 (2026-08-22), ``docs/_pages/config-json.md`` and ``runtime/config.py``.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from tenfold.performance.training.recipes.recipe import Recipe
from tenfold.performance.training.recipes.settings import Settings
from tenfold.quantities import InputError, Problem, shown

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
    micro = settings.optional("train_micro_batch_size_per_gpu")
    steps = settings.optional("gradient_accumulation_steps")
    batch = settings.optional("train_batch_size")
    if micro is None and (batch is None or steps is None):
        settings.report("train_micro_batch_size_per_gpu", "is missing", 'Add it, such as "auto" replaced by 1')
    recipe = Recipe(
        shape=None,
        sequence_length=None,
        global_batch=batch,
        replica_batch=(micro or 1) * steps if steps is not None else None,
        precision="fp16" if settings.flag("fp16.enabled", False) else "bf16",
        chips=None,
        tp=settings.whole("tensor_parallel.autotp_size", 1),
        cp=settings.whole("sequence_parallel_size", 1),
        ep=settings.whole("expert_parallel.autoep_size", 1),
        zero_stage=_stage(settings),
        recompute=2.0 if settings.present("activation_checkpointing") else 0.0,
        micro_batch=micro or 1,
        data_overlap=settings.flag("zero_optimization.overlap_comm", True),
        assumed=_assumed(settings),
        not_understood=tuple(sorted(set(settings.values) - settings.asked - NO_MATTER)),
    )
    settings.finish()
    return recipe


def _stage(settings: Settings) -> int:
    stage = settings.whole("zero_optimization.stage", 0, 0)
    if stage > 3:
        settings.report("zero_optimization.stage", f"there is no stage {stage}", "Use one of 0, 1, 2, 3")
    return min(stage, 3)


def _assumed(settings: Settings) -> tuple[str, ...]:
    lines = ["no pipeline: DeepSpeed's stages are in the training script, not in its configuration"]
    if settings.present("activation_checkpointing"):
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
