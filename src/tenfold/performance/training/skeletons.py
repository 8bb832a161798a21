"""Skeletons: the part of a layout that divisibility decides, before policies and memory.

A skeleton is a choice of degrees, virtual stages, schedule and micro-batch whose tensor × pipeline × context degrees
divide the chips. Choices that mean the same layout (virtual stages without a pipeline, experts over one rank of a
dense model) are generated once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from tenfold.catalog import TransformerShape
from tenfold.performance.layout.columns import Layout
from tenfold.performance.training.space import SearchSpace
from tenfold.quantities import Flags, Indices, Integers
from tenfold.workloads import TrainingJob

UNEVEN_LAYERS = 2
"""Layers that the last stage may lack in a layout that is searched for; in one that is given, all but one."""


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


@dataclass(frozen=True, slots=True, kw_only=True)
class SkeletonGrid:
    """Every skeleton whose degrees divide the chips, each axis as its own: what few decide is worked out on few."""

    skeletons: Skeletons
    """Columns that broadcast to four axes: degrees, virtual stages, schedules, micro-batches."""
    own: Flags
    """Which are layouts of their own, shape of all four axes."""

    def at(self, chosen: Flags) -> Skeletons:
        """The chosen ones as columns of equal length, the last axis changing fastest."""
        degree, *form = np.nonzero(chosen)
        places = dict(zip(FORMS, form, strict=True))
        columns = {name: getattr(self.skeletons, name).ravel() for name in Skeletons.__slots__}
        return Skeletons(**{name: column[places.get(name, degree)] for name, column in columns.items()})


FORMS = ("virtual", "schedule", "micro_batch")
"""Columns with an axis of their own behind that of the degrees."""


def skeleton_grid(chips: int, shape: TransformerShape, space: SearchSpace) -> SkeletonGrid:
    """Every skeleton whose degrees divide ``chips``, whether or not the model and the batch divide too."""
    experts = space.expert_parallel if float(shape.moe_layers) > 0 else (1,)
    degrees = grid(space.tensor_parallel, space.pipeline_parallel, space.context_parallel)
    divides = np.flatnonzero(chips % (degrees[0] * degrees[1] * degrees[2]) == 0)
    dealt = grid(experts, space.expert_tensor_parallel)
    tensor, pipeline, context = (np.repeat(axis[divides], len(dealt[0]))[:, None, None, None] for axis in degrees)
    expert, sharing = (np.tile(axis, len(divides))[:, None, None, None] for axis in dealt)
    virtual, schedule, micro = np.ix_(*(np.asarray(getattr(space, COLUMNS[name]), dtype=np.int64) for name in FORMS))
    plain, whole = schedule == 0, virtual == 1
    own = np.where(pipeline > 1, plain | whole, plain & whole)
    return SkeletonGrid(
        skeletons=Skeletons(
            tensor=tensor,
            pipeline=pipeline,
            context=context,
            expert=expert,
            expert_tensor=sharing,
            data=chips // (tensor * pipeline * context),
            virtual=virtual,
            schedule=schedule,
            micro_batch=micro,
        ),
        own=np.broadcast_to(own, np.broadcast_shapes(own.shape, micro.shape)),
    )


def layers_deal(layers: int, chunks: Integers, uneven: int = UNEVEN_LAYERS) -> Flags:
    """Whether layers can be dealt to pipeline stages × virtual stages with a full share on all but the first and last.

    Up to ``uneven`` may be missing there, which stand for the embedding and the LM head in published layouts: two in
    most, three of 64 in one of 61 layers on 16 stages [DeepSeek-V3 2024], also in 32 chunks of two, of which the first
    holds one and the last none (``Et|(tt|)*30L`` in Megatron-Bridge's recipes). More than two leave a layer in one.
    """
    missing, full = -layers % chunks, -(-layers // chunks)
    dealt = (missing <= UNEVEN_LAYERS) & (chunks <= layers + UNEVEN_LAYERS)
    return np.asarray(dealt | ((missing <= uneven) & (missing < 2 * full)))


def rejections(
    skeletons: Skeletons, shape: TransformerShape, job: TrainingJob, uneven: int = UNEVEN_LAYERS
) -> dict[str, Flags]:
    """For each reason, which skeletons it rejects; reasons overlap. ``uneven`` layers may be missing in a last stage.

    Columns broadcast, and what is said of a reason has the axes that it depends on. The interleaved schedule needs
    micro-batches in multiples of the stages [Narayanan et al. 2021, section 2.2].
    """
    layers, heads = int(shape.layers), int(shape.heads)
    experts, batch = int(shape.experts), int(job.global_batch)
    sequence, width = int(job.sequence_length), int(shape.expert_ffn)
    replicas = skeletons.data * skeletons.micro_batch
    count = batch // replicas
    ranks, group = skeletons.data * skeletons.context * skeletons.tensor, skeletons.expert * skeletons.expert_tensor
    return {
        "heads": _of_each(skeletons.tensor, lambda tensor: heads % tensor != 0),
        "experts": _of_each(skeletons.expert, lambda expert: max(experts, 1) % expert != 0) | _left(ranks, group),
        "sharing": _left(skeletons.tensor, skeletons.expert_tensor)
        | _of_each(skeletons.expert_tensor, lambda sharing: width % sharing != 0),
        "layers": _of_each(skeletons.pipeline * skeletons.virtual, lambda chunks: ~layers_deal(layers, chunks, uneven)),
        "sequence": _of_each(skeletons.context, lambda context: (context > 1) & (sequence % (2 * context) != 0)),
        "batch": count * replicas != batch,
        "schedule": (_left(count, skeletons.pipeline) & (skeletons.virtual > 1))
        | ((skeletons.schedule > 0) & (count < skeletons.pipeline))
        | ((skeletons.schedule == 2) & (skeletons.pipeline % 2 != 0)),
    }


def _of_each(values: Integers, says: Callable[[Integers], Flags]) -> Flags:
    """What is said of each of the values, from 1 on: of few values in many rows, worked out once a value."""
    return np.asarray(says(np.arange(1, values.max(initial=1) + 1))[values - 1])


def _left(values: Integers, divisor: Integers) -> Flags:
    """Whether a division leaves something."""
    return np.asarray(values % divisor != 0)
