"""A layout and a run as arguments of Megatron-LM; the names are in ``flags``, a model's sizes in ``model``."""

from __future__ import annotations

import math
from collections.abc import Iterator

from tenfold.performance.dialects.megatron.flags import (
    ASYNC,
    CHUNKS,
    DATA_SWITCHES,
    DEGREES,
    EXPERT_DEGREES,
    FORMAT,
    FULLY_SHARDED,
    GRANULARITY,
    LOG_RATE,
    METHOD,
    MODULES,
    OVERLAPPED_GATHER,
    RECOMPUTED_LAYERS,
    RECOMPUTED_MODULES,
    SAVE_EVERY,
    SHARDED,
    STAGES,
    STEPS,
    STRATEGY,
    TENSOR_SWITCHES,
    UNEVEN,
)
from tenfold.performance.dialects.megatron.model import Flag
from tenfold.performance.dialects.names import written
from tenfold.performance.layout import ParallelLayout
from tenfold.workloads import RECOMPUTE, operations_of, whole_share


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
    """Recomputation; a share of layers becomes whole layers of each chunk, rounded up, operations become modules."""
    share = whole_share(layout.recompute)
    if operations := operations_of(layout.recompute):
        yield GRANULARITY, "selective"
        yield MODULES, *(RECOMPUTED_MODULES[each] for each in operations)
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
