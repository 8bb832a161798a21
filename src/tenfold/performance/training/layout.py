"""A parallel layout as columns, and the numbers that follow from it."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TypeVar

import numpy as np

from tenfold.quantities import Column, Indices

T = TypeVar("T")

RECOMPUTE = ("none", "selective", "full")
"""What is recomputed in the backward pass: nothing; norms, activations and unfused scores; whole layers."""
SCHEDULES = ("1f1b", "zero-bubble", "dualpipe")
"""Pipeline schedules; 1f1b with more than one virtual stage is the interleaved schedule."""


def recompute_name(value: float) -> str:
    """Name of a recompute policy: none, selective, full, or ``full:0.50`` for half of the layers recomputed whole."""
    if 1.0 < value < 2.0:
        return f"full:{value - 1.0:.2f}"
    return RECOMPUTE[round(value)]


def recompute_value(name: str) -> float | None:
    """Value of a name that ``recompute_name`` gives; None for a name that means no policy."""
    if name in RECOMPUTE:
        return float(RECOMPUTE.index(name))
    word, _, share = name.partition(":")
    try:
        value = 1.0 + float(share)
    except ValueError:
        return None
    return value if word == "full" and 1.0 < value <= 2.0 else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """Degrees of parallelism and policies; every field is a number or a column.

    ``data_parallel`` counts all replicas, so chips = tensor × pipeline × context × data. Experts are spread over
    ``expert_parallel`` × ``expert_tensor_parallel`` of the chips that share a pipeline stage.
    """

    tensor_parallel: Column = 1.0
    pipeline_parallel: Column = 1.0
    virtual_stages: Column = 1.0
    """Chunks of layers held by each pipeline stage."""
    context_parallel: Column = 1.0
    expert_parallel: Column = 1.0
    expert_tensor_parallel: Column = 1.0
    """Chips that share one expert: 1, or the tensor-parallel degree."""
    data_parallel: Column = 1.0
    zero_stage: Column = 1.0
    """0: replicated; 1: optimizer sharded; 2: and gradients; 3: and weights (FSDP)."""
    sequence_parallel: Column = 1.0
    recompute: Column = 0.0
    """Index into ``RECOMPUTE``; between 1 and 2 the share of layers recomputed whole, the others selectively."""
    micro_batch: Column = 1.0
    schedule: Column = 0.0
    """Index into ``SCHEDULES``."""
    tensor_overlap: Column = 1.0
    """1 when tensor-parallel traffic is overlapped with matrix products."""
    data_overlap: Column = 1.0
    """1 when gradients and weights travel while the chips compute."""

    @property
    def chips(self) -> Column:
        """Chips the layout uses."""
        return self.tensor_parallel * self.pipeline_parallel * self.context_parallel * self.data_parallel

    def take(self, index: Indices) -> Layout:
        """The layouts at ``index``, of columns that all have the same length."""
        return take_columns(self, index)

    def at(self, place: int) -> Layout:
        """The layout at ``place`` as numbers, of columns that all have the same length."""
        return Layout(**{name: float(getattr(self, name)[place]) for name in Layout.__slots__})


def take_columns(record: T, index: Indices) -> T:
    """A record of columns with every array field indexed and every number left alone."""
    taken = {
        field.name: value[index]
        if isinstance(value := getattr(record, field.name), np.ndarray) and value.ndim
        else value
        for field in fields(record)  # type: ignore[arg-type]
    }
    return type(record)(**taken)


def micro_batches(layout: Layout, global_batch: Column) -> Column:
    """Micro-batches each replica runs per step."""
    return global_batch / (layout.data_parallel * layout.micro_batch)
