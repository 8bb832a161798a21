"""DeepSpeed's JSON configuration, read and written: batch, sharding, degrees; it holds neither model nor length.

Keys as in deepspeedai/DeepSpeed edaa7221 (2026-08-22), ``docs/_pages/config-json.md`` and ``runtime/config.py``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from tenfold.performance.dialects.names import Names, read_degrees
from tenfold.performance.dialects.recipe import Recipe
from tenfold.performance.dialects.settings import Settings
from tenfold.performance.dialects.stated import NOTHING, Stated
from tenfold.performance.layout import ParallelLayout
from tenfold.quantities import InputError, Problem, json_tree
from tenfold.workloads import whole_share

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
WHOLE_STAGE = "zero_optimization"
PARTS_OF_CHIPS, SECOND_SHARDS = "zero_optimization.mics_shard_size", "zero_optimization.zero_hpz_partition_size"
GRADIENTS = "data_types.grad_accum_dtype"
GRADIENT_BYTES: Mapping[str, float] = {"fp32": 4.0, "bf16": 2.0, "fp16": 2.0}
AUTOCAST: Mapping[str, str] = {"bfloat16": "bf16", "float16": "fp16"}
STAGE, DATA_OVERLAP = "zero_optimization.stage", "zero_optimization.overlap_comm"
RECOMPUTE = "activation_checkpointing"
NOT_THERE: Mapping[str, Any] = {"sequence_parallel": False, "tensor_overlap": False}
"""What DeepSpeed does not do."""
SECTIONS = ("bf16", "fp16", "zero_optimization", "tensor_parallel", "expert_parallel", "optimizer", "data_types",
            "torch_autocast")  # fmt: skip
OFFLOADED_STATES, OFFLOADED_WEIGHTS = (
    "zero_optimization.offload_optimizer.device", "zero_optimization.offload_param.device",
)  # fmt: skip
DEEPER = ("zero_optimization.offload_optimizer", "zero_optimization.offload_param")
"""Tables within sections that are read."""
MOVING = "the time to move them is left out, so a step takes longer than said"
STATES: Mapping[str, tuple[float, float]] = {
    "adam": (4.0, 8.0), "adamw": (4.0, 8.0), "fusedadam": (4.0, 8.0), "cpuadam": (4.0, 8.0), "lamb": (4.0, 8.0),
    "onebitadam": (4.0, 8.0), "lion": (4.0, 4.0), "fusedlion": (4.0, 4.0), "sgd": (4.0, 4.0), "adagrad": (4.0, 4.0),
    "muon": (4.0, 4.0), "adam8bit": (4.0, 2.0), "adamw8bit": (4.0, 2.0), "pagedadamw8bit": (4.0, 2.0),
}  # fmt: skip
"""Bytes of the master weight and of all moments, by ``optimizer.type`` without underscores."""
NO_MATTER = frozenset({
    "steps_per_print", "wall_clock_breakdown", "optimizer", "optimizer.params", "fp16.loss_scale",
    "fp16.loss_scale_window", "fp16.initial_scale_power", "fp16.hysteresis", "fp16.min_loss_scale",
    "fp16.auto_cast", "zero_optimization.offload_optimizer.pin_memory",
    "zero_optimization.offload_param.pin_memory", "zero_optimization.offload_optimizer.nvme_path",
    "zero_optimization.offload_param.nvme_path", "zero_optimization.offload_optimizer.buffer_count",
    "zero_optimization.offload_optimizer.fast_init", "zero_optimization.sub_group_size",
    "zero_optimization.stage3_gather_16bit_weights_on_model_save", "zero_optimization.stage3_max_live_parameters",
    "zero_optimization.stage3_max_reuse_distance", "zero_optimization.stage3_prefetch_bucket_size",
    "zero_optimization.stage3_param_persistence_threshold", "zero_optimization.round_robin_gradients",
    "comms_logger", "gradient_predivide_factor", "prescale_gradients", "scheduler", "gradient_clipping",
    "zero_allow_untested_optimizer", "tensorboard", "wandb", "csv_monitor", "flops_profiler", "dump_state",
    "bf16.enabled", "fp16.enabled", "zero_optimization.contiguous_gradients",
    "zero_optimization.allgather_bucket_size", "zero_optimization.reduce_bucket_size",
    "zero_optimization.reduce_scatter", "zero_optimization.allgather_partitions", "expert_parallel.enabled",
})  # fmt: skip
"""Settings that do not change the estimate."""


OWN = re.compile(r"^(?:zero_optimization|bf16|fp16|torch_autocast|train_\w*batch_size\w*)(?:\.|$)")
"""Names by which a file is DeepSpeed's."""
AUTO = "auto"
"""For a launcher to fill in: it says nothing."""


def read_deepspeed(text: str, file: str, stated: Stated = NOTHING) -> Recipe:
    """Read a configuration. Raises ``InputError`` for what is no JSON object, and for every wrong value.

    ``auto`` is for a launcher to fill in and has to be stated beside the file, as what it needs and does not say.
    """
    written = _flat(_parse(text, file))
    given = {name: value for name, value in written.items() if value != AUTO}
    settings = Settings(file=file, values={**given, **stated.settings})
    batch = stated.global_batch or settings.optional(BATCH)
    micro = stated.micro_batch or settings.optional(MICRO_BATCH)
    steps = settings.optional(ACCUMULATION)
    if micro is None and (batch is None or steps is None):
        settings.report(MICRO_BATCH, "is missing, or left to a launcher", "Give --micro-batch")
    kept, degrees = _kept_bytes(settings), read_degrees(settings, DEGREES)
    ranks = _ranks(settings, batch, micro, steps) if stated == NOTHING else None
    if settings.present(PARTS_OF_CHIPS):
        settings.report(PARTS_OF_CHIPS, "keeps shards over some of the chips, which is not known here", "Take it out")
    recipe = Recipe(
        shape=None,
        sequence_length=None,
        global_batch=batch,
        replica_batch=(micro or 1) * (steps or 1),
        precision=_precision(settings, stated),
        chips=None if ranks is None else ranks * degrees["tp"] * degrees["cp"],
        layout=ParallelLayout(
            **degrees,
            zero=_stage(settings),
            recompute="full" if settings.present(RECOMPUTE) else "none",
            micro_batch=micro or 1,
            data_overlap=settings.flag(DATA_OVERLAP, True),
            **NOT_THERE,
        ),
        software="accelerate",
        gradient_bytes=_gradient_bytes(settings),
        optimizer_bytes=kept[0],
        assumed=(*_assumed(settings, batch, micro, steps), *kept[1]),
        not_understood=tuple(sorted(set(settings.values) - settings.asked - NO_MATTER)),
    )
    settings.refuse_others("DeepSpeed", OWN.search, written)
    settings.finish()
    return recipe


def _ranks(settings: Settings, batch: int | None, micro: int | None, steps: int | None) -> int | None:
    """Replicas that a batch, a micro-batch and steps between them leave; None where one is not said."""
    if batch is None or micro is None or steps is None:
        return None
    if batch % (micro * steps):
        wrong = f"{batch} sequences are no whole number of {micro} × {steps} a replica"
        settings.report(BATCH, wrong, "Make them agree, or leave one out")
    return max(1, batch // (micro * steps))


def _gradient_bytes(settings: Settings) -> float | None:
    """Bytes of a gradient that is kept, where the file says its format."""
    said = settings.text(GRADIENTS, "")
    return GRADIENT_BYTES[settings.word(GRADIENTS, "fp32", tuple(GRADIENT_BYTES))] if said else None


def _precision(settings: Settings, stated: Stated) -> str:
    """The format that is switched on; without one DeepSpeed trains in 32 bits, which is not known here."""
    switched = [name for name in ("bf16", "fp16") if settings.flag(f"{name}.enabled", False)]
    if settings.flag("torch_autocast.enabled", False):
        switched.append(AUTOCAST[settings.word("torch_autocast.dtype", "bfloat16", tuple(AUTOCAST))])
    if stated.precision is not None:
        return stated.precision
    if not switched:
        wrong = "neither bf16 nor fp16 is switched on: DeepSpeed then trains in 32 bits, which is not known here"
        settings.report("bf16.enabled", wrong, "Switch one on, or give --precision if a launcher does")
    return switched[0] if switched else "bf16"


def _kept_bytes(settings: Settings) -> tuple[float | None, tuple[str, ...]]:
    """Bytes per parameter of master weights and moments on the chip, and what to say of those that are not there."""
    kind = settings.text("optimizer.type", "adamw").casefold().replace("_", "")
    states = STATES.get(kind)
    said = [] if states is not None else [f"the optimizer '{kind[:40]}' is taken to keep what Adam does"]
    master, moments = states or STATES["adamw"]
    master = 2.0 if settings.flag("bf16.bf16_master_weights_and_grads", False) else master
    moments = moments / 2.0 if settings.flag("bf16.bf16_optimizer_states", False) else moments
    kept = master + moments
    if settings.text(OFFLOADED_STATES, "none") != "none":
        share = min(1.0, settings.number("zero_optimization.offload_optimizer.ratio", 1.0))
        kept *= 1.0 - share
        said.append(f"{share:.0%} of the optimizer states are on the host; {MOVING}")
    if settings.text(OFFLOADED_WEIGHTS, "none") != "none":
        said.append("weights are on the host too: they are counted as if they stayed on the chip")
    return (None if kept == sum(STATES["adamw"]) else kept), tuple(said)


def _stage(settings: Settings) -> int:
    """The stage; configurations of 2020 write ``true`` for the first."""
    settings.asked.add(WHOLE_STAGE)
    return settings.zero_stage(STAGE, int(settings.values.get(WHOLE_STAGE) is True))


def _assumed(settings: Settings, batch: int | None, micro: int | None, steps: int | None) -> tuple[str, ...]:
    lines = [
        "no pipeline: DeepSpeed's stages are in the training script, not in its configuration",
        "kernels and buffers are those of PyTorch FSDP, unless --software says another stack",
    ]
    if not settings.present(RECOMPUTE):
        lines.append("nothing is recomputed: a script that does has to be said with --recompute")
    if batch is None and steps is None:
        lines.append("one micro-batch a step, as DeepSpeed accumulates where it is not said")
    if micro is None:
        lines.append(f"a micro-batch of 1: the file says {steps} of them a step, and --micro-batch how large they are")
    if settings.present(SECOND_SHARDS):
        lines.append("the second copy of the weights on every node is left out of the memory")
    if settings.present(RECOMPUTE):
        lines.append("every layer is recomputed whole")
    return tuple(lines)


def _parse(text: str, file: str) -> Mapping[str, object]:
    tree = json_tree(text, file, "Give a DeepSpeed configuration")
    if not isinstance(tree, dict):
        raise InputError(Problem(file=file, key="", wrong="is no JSON object", remedy="Give a DeepSpeed configuration"))
    return tree


def _flat(tree: Mapping[str, object]) -> dict[str, object]:
    """Known sections as dotted names."""
    values: dict[str, object] = {}
    for name, value in tree.items():
        if name in SECTIONS and isinstance(value, dict):
            for key, entry in value.items():
                below = entry if isinstance(entry, dict) and f"{name}.{key}" in DEEPER else None
                inner = {f"{name}.{key}.{last}": each for last, each in below.items()} if below is not None else {}
                values |= inner or {f"{name}.{key}": entry}
        else:
            values[name] = value
    return values


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
    if whole_share(layout.recompute) > 0.0:
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
