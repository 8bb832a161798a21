"""Skeletons: the part of a layout that divisibility decides, before policies and memory.

A skeleton is a choice of degrees, virtual stages, schedule and micro-batch whose tensor × pipeline × context degrees
divide the chips. Choices that mean the same layout (virtual stages without a pipeline, experts over one rank of a
dense model) are generated once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from tenfold.catalog import TransformerShape
from tenfold.performance.layout.columns import Layout
from tenfold.performance.training.space import SearchSpace
from tenfold.quantities import Flags, Indices, Integers
from tenfold.workloads import TrainingJob

UNEVEN_LAYERS = 2
"""Layers that the last stage may lack."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Skeletons:
    """Columns of equal length."""

    tensor: Integers
    pipeline: Integers
    context: Integers
    expert: Integers
    expert_tensor: Integers
    data: Integers
    virtual: Integers
    schedule: Integers
    micro_batch: Integers

    def __len__(self) -> int:
        return len(self.tensor)

    def rows(self, index: Indices | Flags | slice) -> Skeletons:
        """The skeletons at ``index``."""
        return Skeletons(**{name: getattr(self, name)[index] for name in Skeletons.__slots__})

    def layout(self) -> Layout:
        """Degrees as columns."""
        return Layout(**{column: getattr(self, name).astype(np.float64) for name, column in COLUMNS.items()})


COLUMNS: Mapping[str, str] = {
    "tensor": "tensor_parallel",
    "pipeline": "pipeline_parallel",
    "context": "context_parallel",
    "expert": "expert_parallel",
    "expert_tensor": "expert_tensor_parallel",
    "data": "data_parallel",
    "virtual": "virtual_stages",
    "schedule": "schedule",
    "micro_batch": "micro_batch",
}
"""Column of a skeleton to that of the layout."""


def skeleton_of(layout: Layout) -> Skeletons:
    """The skeleton of one layout of numbers, as columns of length one."""
    degrees = {name: round(float(getattr(layout, column))) for name, column in COLUMNS.items()}
    return Skeletons(**{name: np.array([degree], dtype=np.int64) for name, degree in degrees.items()})


def grid(*axes: tuple[float, ...]) -> tuple[Integers, ...]:
    """Every combination of the axes' values, one column per axis."""
    mesh = np.meshgrid(*(np.asarray(axis, dtype=np.int64) for axis in axes), indexing="ij")
    return tuple(axis.ravel() for axis in mesh)


def all_skeletons(chips: int, shape: TransformerShape, space: SearchSpace) -> Skeletons:
    """Every distinct skeleton whose degrees divide ``chips``, whether or not the model and the batch divide too."""
    experts = space.expert_parallel if float(shape.moe_layers) > 0 else (1,)
    degrees = grid(
        space.tensor_parallel,
        space.pipeline_parallel,
        space.context_parallel,
        experts,
        space.expert_tensor_parallel,
    )
    tensor, pipeline, context, _, _ = degrees
    divides = chips % (tensor * pipeline * context) == 0
    tensor, pipeline, context, expert, sharing = (axis[divides] for axis in degrees)
    virtual, schedule, micro = grid(space.virtual_stages, space.schedule, space.micro_batch)
    degree, policy = grid(tuple(range(len(tensor))), tuple(range(len(virtual))))
    distinct = (schedule[policy] == 0) | ((virtual[policy] == 1) & (pipeline[degree] > 1))
    distinct &= (virtual[policy] == 1) | (pipeline[degree] > 1)
    degree, policy = degree[distinct], policy[distinct]
    return Skeletons(
        tensor=tensor[degree],
        pipeline=pipeline[degree],
        context=context[degree],
        expert=expert[degree],
        expert_tensor=sharing[degree],
        data=chips // (tensor * pipeline * context)[degree],
        virtual=virtual[policy],
        schedule=schedule[policy],
        micro_batch=micro[policy],
    )


def layers_deal(layers: int, chunks: Integers) -> Flags:
    """Whether layers can be dealt to pipeline stages × virtual stages.

    Up to two may be missing, which stand for the embedding and the LM head in published layouts.
    """
    return np.asarray((-layers % chunks <= UNEVEN_LAYERS) & (chunks <= layers + UNEVEN_LAYERS))


def rejections(skeletons: Skeletons, shape: TransformerShape, job: TrainingJob) -> dict[str, Flags]:
    """For each reason, which skeletons it rejects; reasons overlap.

    The interleaved schedule needs micro-batches in multiples of the stages [Narayanan et al. 2021, section 2.2].
    """
    layers, heads = int(shape.layers), int(shape.heads)
    experts, batch = int(shape.experts), int(job.global_batch)
    chunks = skeletons.pipeline * skeletons.virtual
    replicas = skeletons.data * skeletons.micro_batch
    count = batch // replicas
    ranks, group = skeletons.data * skeletons.context * skeletons.tensor, skeletons.expert * skeletons.expert_tensor
    return {
        "heads": heads % skeletons.tensor != 0,
        "experts": (max(experts, 1) % skeletons.expert != 0) | (ranks % group != 0),
        "sharing": (skeletons.tensor % skeletons.expert_tensor != 0)
        | (int(shape.expert_ffn) % skeletons.expert_tensor != 0),
        "layers": ~layers_deal(layers, chunks),
        "sequence": (skeletons.context > 1) & (int(job.sequence_length) % (2 * skeletons.context) != 0),
        "batch": batch % replicas != 0,
        "schedule": ((skeletons.virtual > 1) & (count % skeletons.pipeline != 0))
        | ((skeletons.schedule > 0) & (count < skeletons.pipeline))
        | ((skeletons.schedule == 2) & (skeletons.pipeline % 2 != 0)),
    }
