"""torchtitan's ``Trainer.Config``: the names of the axes in Python, read and written.

Fields as in pytorch/torchtitan b5bcd76c (2026-08-21), which configures runs in Python; its TOML files are gone. A
configuration is read as text: what it sets is looked up in its syntax tree, and nothing of it is run.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from pathlib import PurePath
from typing import Any

from tenfold.performance.dialects.assigned import python_tree
from tenfold.performance.dialects.names import Names, read_degrees, written
from tenfold.performance.dialects.recipe import Recipe
from tenfold.performance.dialects.settings import Settings
from tenfold.performance.dialects.stated import NOTHING, Stated
from tenfold.performance.dialects.tables import dotted
from tenfold.performance.layout import ParallelLayout
from tenfold.quantities import toml_tree
from tenfold.workloads import whole_share

DEGREES: Names = {
    "tp": "tensor_parallel_degree",
    "cp": "context_parallel_degree",
    "ep": "expert_parallel_degree",
    "pp": "pipeline_parallel_degree",
}
"""Arguments of ``ParallelismConfig``."""
REPLICATE, SHARD, RESHARD = (
    "data_parallel_replicate_degree", "data_parallel_shard_degree", "fsdp_reshard_after_forward",
)  # fmt: skip
SEQUENCE_PARALLEL = "enable_sequence_parallel"
SCHEDULE = "pipeline_parallel_schedule"
LAYERS_PER_STAGE = "pipeline_parallel_layers_per_stage"
FIRST_LESS, LAST_LESS = (
    "pipeline_parallel_first_stage_less_layers", "pipeline_parallel_last_stage_less_layers",
)  # fmt: skip
MICRO_BATCHES = "num_pp_microbatches"
INTERLEAVED, PLAIN = "Interleaved1F1B", "1F1B"
TENSOR_OVERLAP = "enable_async_tensor_parallel"
"""Argument of ``CompileConfig``."""
RECOMPUTE: Mapping[str, str] = {"selective": "SelectiveAC", "full": "FullAC"}
"""Policy to the class of ``config.activation_checkpoint``."""
LENGTH, STEP_TOKENS, MICRO_TOKENS = (
    "training.max_context_length", "training.num_tokens_per_train_step",
    "training.num_tokens_per_microbatch_per_dp_rank",
)  # fmt: skip
CLASSES = ("ParallelismConfig", "CompileConfig")
"""Classes whose arguments are settings."""
OWN = re.compile(r"_parallel_|^(?:training|parallelism|parallel_dims|activation_checkpoint)\.|^num_tokens_per_")
"""Names by which a file is torchtitan's."""
NO_MATTER = frozenset({
    "training.steps", "training.disable_cuda_graphs", "checkpoint.interval", "model_spec", "parallelism", "compile",
    "enable", FIRST_LESS, LAST_LESS, MICRO_BATCHES, "activation_checkpoint",
})  # fmt: skip
"""Settings that do not change the estimate, or follow from those that do."""


def read_torchtitan(text: str, file: str, stated: Stated = NOTHING) -> Recipe:
    """Read a module of configurations. Raises ``InputError`` for what is no Python, and for every wrong value.

    The model is in code that is not read, so it has to be named; without its layers the chunks of a stage are one.
    """
    if PurePath(file).suffix.lower() == ".toml":
        return _read_toml(text, file, stated)
    tree = python_tree(text, file, "Give a module of torchtitan's config registry")
    settings = Settings(file=file, values={**dict(_settings(tree)), **stated.settings})
    length = settings.whole(LENGTH, 2048)
    shards, copies = settings.whole(SHARD, 1), settings.whole(REPLICATE, 1)
    degrees = read_degrees(settings, DEGREES)
    gathered = settings.text(RESHARD, "default") == "never"
    interleaved = settings.word(SCHEDULE, PLAIN, (PLAIN, INTERLEAVED)) == INTERLEAVED
    layout = ParallelLayout(
        **degrees,
        vpp=2 if interleaved else 1,
        micro_batch=stated.micro_batch or max(1, settings.whole(MICRO_TOKENS, length) // length),
        zero=(2 if gathered else 3) if shards > 1 else 0,
        sequence_parallel=settings.flag(SEQUENCE_PARALLEL, True),
        recompute=_recompute(tree),
        tensor_overlap=settings.flag(TENSOR_OVERLAP, False),
    )
    settings.present(LAYERS_PER_STAGE)
    recipe = Recipe(
        shape=None,
        sequence_length=length,
        global_batch=stated.global_batch or settings.whole(STEP_TOKENS, length) // length,
        software="torchtitan",
        precision="mxfp8" if "MXFP8LinearConverter" in text else "fp8" if "Float8LinearConverter" in text else "bf16",
        chips=layout.ranks * shards * copies,
        layout=layout,
        assumed=("two chunks a stage: torchtitan counts layers, not chunks",) if interleaved else (),
        not_understood=tuple(sorted(set(settings.values) - settings.asked - NO_MATTER)),
    )
    settings.refuse_others("torchtitan", OWN.search)
    settings.finish()
    return recipe


OLD_DEGREES: Names = {axis: f"parallelism.{name}" for axis, name in DEGREES.items()}
OLDEST_SECTIONS = ("training", "experimental")
"""Where the degrees stood in 2024."""
OLD_PIECE, OLD_PIECES = "parallelism.pipeline_parallel_microbatch_size", "parallelism.pipeline_parallel_microbatches"
"""Sequences of a micro-batch of a pipeline, and, before, how many there are of them."""
OLD_LENGTH, OLD_STEPS = "training.seq_len", "training.steps"
OLD_BATCH, OLD_GLOBAL = ("training.local_batch_size", "training.batch_size"), "training.global_batch_size"
OLD_RECOMPUTE = "activation_checkpoint.mode"
OLD_FLOAT8 = ("float8.enable_float8_linear", "float8.enable_fsdp_float8_all_gather")
SCHEDULES: Mapping[str, str] = {
    PLAIN: "1f1b", INTERLEAVED: "1f1b", "GPipe": "1f1b", "LoopedBFS": "1f1b", "1f1b": "1f1b", "gpipe": "1f1b",
    "interleaved_1f1b": "1f1b", "ZBVZeroBubble": "zero-bubble", "InterleavedZeroBubble": "zero-bubble",
    "DualPipeV": "dualpipe",
}  # fmt: skip
"""Schedules of PyTorch's pipelines by what they are here."""
TWO_CHUNKS = (INTERLEAVED, "interleaved_1f1b")
"""Those that give every stage two chunks, where their layers are not said."""


def _read_toml(text: str, file: str, stated: Stated) -> Recipe:
    """The TOML that configured runs before 2026-02: sections of the same names, a batch for each replica."""
    tree = toml_tree(text, file, "Give a configuration of torchtitan")
    settings = Settings(file=file, values={**dict(_moved(dict(dotted(tree)))), **stated.settings})
    length = settings.whole(OLD_LENGTH, 2048)
    shards, copies = (settings.whole(f"parallelism.{name}", usual, -1) for name, usual in ((SHARD, -1), (REPLICATE, 1)))
    local = next((settings.whole(name, 1) for name in OLD_BATCH if settings.present(name)), 8)
    total = settings.whole(OLD_GLOBAL, -1, -1)
    gathered = settings.text(f"parallelism.{RESHARD}", "default") == "never"
    schedule = settings.word(f"parallelism.{SCHEDULE}", PLAIN, tuple(SCHEDULES))
    interleaved = schedule in TWO_CHUNKS
    degrees = read_degrees(settings, OLD_DEGREES)
    layout = ParallelLayout(
        **degrees,
        vpp=2 if interleaved else 1,
        micro_batch=stated.micro_batch or _piece(settings, local, degrees["pp"]),
        schedule=SCHEDULES[schedule],
        zero=(2 if gathered else 3) if shards != 1 else 0,
        sequence_parallel=True,
        recompute=settings.word(OLD_RECOMPUTE, "selective", ("none", "selective", "full")),
        tensor_overlap=settings.flag(f"parallelism.{TENSOR_OVERLAP}", False),
    )
    settings.asked.update(name for name in settings.values if name.partition(".")[0] in OLD_NO_MATTER)
    recipe = Recipe(
        shape=None,
        sequence_length=length,
        global_batch=stated.global_batch or (total if total > 0 else None),
        replica_batch=local,
        precision=stated.precision or _old_precision(settings),
        chips=layout.ranks * shards * copies if shards > 0 and copies > 0 else None,
        layout=layout,
        software="torchtitan",
        multiple=max(1, copies),
        assumed=tuple(_old_assumed(interleaved, copies if shards != 1 else 1)),
        not_understood=tuple(sorted(set(settings.values) - settings.asked - {OLD_STEPS})),
    )
    settings.refuse_others("torchtitan", OWN.search)
    settings.finish()
    return recipe


def _moved(values: Mapping[str, object]) -> Iterator[tuple[str, object]]:
    """Values with the degrees of 2024 under the section where they stand since; empty sections say nothing."""
    for name, value in values.items():
        if value == {}:
            continue
        section, _, key = name.partition(".")
        moves = section in OLDEST_SECTIONS and "_parallel_" in key
        yield f"parallelism.{key}" if moves else name, value


def _piece(settings: Settings, local: int, stages: int) -> int:
    """Sequences of a micro-batch: all of a replica, or in a pipeline as many as are said, one where nothing is."""
    size, pieces = settings.whole(OLD_PIECE, 1), settings.optional(OLD_PIECES)
    if stages == 1:
        return local
    return max(1, local // pieces) if pieces is not None else min(size, local)


def _old_precision(settings: Settings) -> str:
    """What the converters of the model make of its products, or the switches of 2024."""
    converters = str(settings.values.get("model.converters", ""))
    switched = [settings.flag(name, False) for name in OLD_FLOAT8]
    if "mx" in converters:
        return "mxfp8"
    return "fp8" if any(switched) or "float8" in converters else "bf16"


def _old_assumed(interleaved: bool, copies: int) -> Iterator[str]:
    if interleaved:
        yield "two chunks a stage: torchtitan counts layers, not chunks"
    if copies > 1:
        yield f"shards are over all replicas: a chip holds more, since the file has {copies} copies of them"


OLD_NO_MATTER = frozenset(("job", "profiling", "metrics", "optimizer", "lr_scheduler", "checkpoint", "comm", "model",
                           "validation", "fault_tolerance", "memory_estimation"))  # fmt: skip


def _settings(tree: ast.Module) -> Iterator[tuple[str, object]]:
    """What is set on ``config``, by its path, and the arguments of ``CLASSES``; only values written out count."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and len(node.targets) == 1:
            path = ast.unparse(node.targets[0])
            if path.startswith("config."):
                yield path.removeprefix("config."), _constant(node.value)
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in CLASSES:
            yield from ((each.arg, _constant(each.value)) for each in node.keywords if each.arg)


def _constant(node: ast.expr) -> Any:  # noqa: ANN401  (any value of Python)
    return node.value if isinstance(node, ast.Constant) else None


def _recompute(tree: ast.Module) -> str:
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    return next((policy for policy, name in RECOMPUTE.items() if name in names), "none")


def parallelism(layout: ParallelLayout, layers: int, *, experts: bool, micro_batches: int) -> dict[str, object]:
    """Arguments of ``ParallelismConfig`` for a layout of a model of so many ``layers``.

    Replicas are copies under ZeRO-0 and shards under the rest; ZeRO-1 and ZeRO-2 keep the gathered weights.
    """
    arguments: dict[str, object] = {
        REPLICATE: 1 if layout.zero else layout.dp,
        SHARD: layout.dp if layout.zero else 1,
        RESHARD: "always" if layout.zero == 3 else "never",
        SEQUENCE_PARALLEL: layout.sequence_parallel and layout.tp > 1,
    }
    arguments |= {name: degree for name, degree in written(layout, DEGREES) if experts or name != DEGREES["ep"]}
    return arguments | (_stages(layout, layers, micro_batches) if layout.pp > 1 else {})


def _stages(layout: ParallelLayout, layers: int, micro_batches: int) -> dict[str, object]:
    missing = layout.missing_layers(layers)
    return {
        SCHEDULE: INTERLEAVED if layout.vpp > 1 else PLAIN,
        LAYERS_PER_STAGE: layout.layers_per_chunk(layers),
        FIRST_LESS: int(missing > 1),
        LAST_LESS: int(missing > 0),
        MICRO_BATCHES: micro_batches,
    }


def recompute_class(layout: ParallelLayout) -> str:
    """Class of the recompute policy: no recompute is written as selective, a share of the layers as all of them."""
    return RECOMPUTE["full" if whole_share(layout.recompute) > 0.0 else "selective"]


def async_tensor_parallel(layout: ParallelLayout) -> bool:
    """Value of ``TENSOR_OVERLAP``."""
    return layout.tensor_overlap and layout.sequence_parallel and layout.tp > 1
