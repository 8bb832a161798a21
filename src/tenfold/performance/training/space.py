"""The space of layouts a search enumerates, and what makes a layout impossible before anything is timed."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from tenfold.catalog import Software
from tenfold.quantities import InputError, Problem, shown
from tenfold.workloads.recipe import SCHEDULES, ZERO_STAGES


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchSpace:
    """Values each axis of a layout may take; the data-parallel degree follows from the number of chips."""

    tensor_parallel: tuple[int, ...] = (1, 2, 4, 8, 16, 32, 64)
    pipeline_parallel: tuple[int, ...] = tuple(range(1, 129))
    virtual_stages: tuple[int, ...] = (1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 14, 16)
    context_parallel: tuple[int, ...] = (1, 2, 4, 8, 16, 32, 64)
    expert_parallel: tuple[int, ...] = (1, 2, 4, 8, 16, 32, 64, 128, 256)
    micro_batch: tuple[int, ...] = (1, 2, 4, 8, 16, 32, 64)
    zero_stage: tuple[int, ...] = ZERO_STAGES
    sequence_parallel: tuple[int, ...] = (0, 1)
    recompute: tuple[float, ...] = (0.0, 1.0, 1.25, 1.5, 1.75, 2.0)
    schedule: tuple[int, ...] = (0, 1, 2)
    tensor_overlap: tuple[int, ...] = (0, 1)
    data_overlap: tuple[int, ...] = (0, 1)


FULL_SPACE = SearchSpace()
"""Every axis, every policy."""


def space_of(software: Software) -> SearchSpace:
    """Layouts that training software offers: the one space that every search for the fastest looks through.

    Every degree, sharding and recompute policy of ``FULL_SPACE``; the schedules that the software has. Sequence
    parallelism and overlap are as it has them, since neither is ever worse switched on. Raises ``InputError`` for a
    schedule nobody knows.
    """
    return replace(
        FULL_SPACE,
        virtual_stages=FULL_SPACE.virtual_stages if software.interleaved else (1,),
        schedule=tuple(_schedule(name, software) for name in software.schedules),
        sequence_parallel=(int(software.sequence_parallel),),
        tensor_overlap=(int(software.tensor_overlap),),
        data_overlap=(int(software.data_overlap),),
    )


def _schedule(name: str, software: Software) -> int:
    if name in SCHEDULES:
        return SCHEDULES.index(name)
    remedy = f"Use one of {', '.join(SCHEDULES)}"
    raise InputError(Problem(file=software.file, key="schedules", wrong=f"unknown {shown(name)}", remedy=remedy))


REJECTIONS = {
    "chips": "tensor × pipeline × context degrees do not divide the chips",
    "heads": "attention heads do not divide over the tensor-parallel ranks",
    "experts": "experts do not divide over the expert-parallel ranks, or those do not fit the data-parallel ranks",
    "layers": "layers cannot be dealt evenly to stages and chunks",
    "sequence": "the sequence does not divide over the context-parallel ranks",
    "batch": "the global batch does not divide into micro-batches over the replicas",
    "schedule": "the schedule needs more micro-batches or another number of chunks",
    "memory": "the fullest chip runs out of memory",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchCounts:
    """How many distinct layouts were considered, rejected by reason, and timed."""

    layouts_considered: int
    timed: int
    rejected: dict[str, int] = field(default_factory=dict)
