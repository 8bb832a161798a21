"""A layout as columns of numbers, and the numbers that follow from it."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any, TypeVar

import numpy as np

from tenfold.performance.layout.layout import AXES, ParallelLayout
from tenfold.quantities import Column, Indices

T = TypeVar("T")

_DEFAULTS = {each.axis.column: each.axis.terms.number(each.default) for each in AXES.values()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """The axes of ``ParallelLayout`` for formulas; every field is a number or a column, defaults are the axes' own.

    ``data_parallel`` counts all replicas, so chips = tensor × pipeline × context × data. Experts are spread over
    ``expert_parallel`` × ``expert_tensor_parallel`` of the chips that share a pipeline stage.
    """

    tensor_parallel: Column = _DEFAULTS["tensor_parallel"]
    pipeline_parallel: Column = _DEFAULTS["pipeline_parallel"]
    virtual_stages: Column = _DEFAULTS["virtual_stages"]
    context_parallel: Column = _DEFAULTS["context_parallel"]
    expert_parallel: Column = _DEFAULTS["expert_parallel"]
    expert_tensor_parallel: Column = _DEFAULTS["expert_tensor_parallel"]
    data_parallel: Column = _DEFAULTS["data_parallel"]
    zero_stage: Column = _DEFAULTS["zero_stage"]
    sequence_parallel: Column = _DEFAULTS["sequence_parallel"]
    recompute: Column = _DEFAULTS["recompute"]
    """Index into ``RECOMPUTE``; between 1 and 2 the share of layers recomputed whole, the others selectively; above 2
    a set of ``OPERATIONS``."""
    micro_batch: Column = _DEFAULTS["micro_batch"]
    schedule: Column = _DEFAULTS["schedule"]
    """Index into ``SCHEDULES``."""
    tensor_overlap: Column = _DEFAULTS["tensor_overlap"]
    data_overlap: Column = _DEFAULTS["data_overlap"]

    @property
    def chips(self) -> Column:
        """Chips the layout uses."""
        return self.tensor_parallel * self.pipeline_parallel * self.context_parallel * self.data_parallel

    @property
    def expert_ranks(self) -> Column:
        """Chips of a pipeline stage that hold one set of the experts."""
        return self.expert_parallel * self.expert_tensor_parallel

    def take(self, index: Indices) -> Layout:
        """The layouts at ``index``, of columns that all have the same length."""
        return take_columns(self, index)

    def at(self, place: int) -> Layout:
        """The layout at ``place`` as numbers, of columns that all have the same length."""
        return Layout(**{name: float(getattr(self, name)[place]) for name in Layout.__slots__})


def in_numbers(layout: ParallelLayout) -> Layout:
    """Columns of one layout: a number each."""
    return Layout(**{each.axis.column: each.axis.terms.number(getattr(layout, name)) for name, each in AXES.items()})


def in_terms(layout: Layout) -> ParallelLayout:
    """Say a layout of numbers in the field's terms; ``in_numbers`` the other way round."""
    values: dict[str, Any] = {
        name: each.axis.terms.term(float(getattr(layout, each.axis.column))) for name, each in AXES.items()
    }
    return ParallelLayout(**values)


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
