"""The space of layouts a search enumerates, and what makes a layout impossible before anything is timed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from tenfold.catalog import Software
from tenfold.performance.layout.layout import ASKED
from tenfold.performance.layout.wishes import LayoutWish
from tenfold.quantities import InputError, Problem, shown
from tenfold.workloads import OPERATIONS, SCHEDULES, recompute_value

_VALUES: Mapping[str, tuple[Any, ...]] = {each.axis.column: each.axis.values for each in ASKED.values()}


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchSpace:
    """Values each column of a layout may take; the data-parallel degree follows from the number of chips."""

    tensor_parallel: tuple[int, ...] = _VALUES["tensor_parallel"]
    pipeline_parallel: tuple[int, ...] = _VALUES["pipeline_parallel"]
    virtual_stages: tuple[int, ...] = _VALUES["virtual_stages"]
    context_parallel: tuple[int, ...] = _VALUES["context_parallel"]
    expert_parallel: tuple[int, ...] = _VALUES["expert_parallel"]
    expert_tensor_parallel: tuple[int, ...] = _VALUES["expert_tensor_parallel"]
    zero_stage: tuple[int, ...] = _VALUES["zero_stage"]
    sequence_parallel: tuple[int, ...] = _VALUES["sequence_parallel"]
    recompute: tuple[float, ...] = _VALUES["recompute"]
    micro_batch: tuple[int, ...] = _VALUES["micro_batch"]
    schedule: tuple[int, ...] = _VALUES["schedule"]
    tensor_overlap: tuple[int, ...] = _VALUES["tensor_overlap"]
    data_overlap: tuple[int, ...] = _VALUES["data_overlap"]
    uneven_layers: int = 2
    """Layers that the last stage may lack."""


FULL_SPACE = SearchSpace()
"""Every axis, every policy."""


def space_of(software: Software) -> SearchSpace:
    """Layouts that training software offers: the one space that every search for the fastest looks through.

    Every degree, sharding and recompute policy of ``FULL_SPACE``; the schedules that the software has, and the sets of
    operations that its recipes recompute. Sequence parallelism and overlap are as it has them, since neither is ever
    worse switched on. Raises ``InputError`` for a schedule or an operation nobody knows.
    """
    return replace(
        FULL_SPACE,
        virtual_stages=FULL_SPACE.virtual_stages if software.interleaved else (1,),
        schedule=tuple(_schedule(name, software) for name in software.schedules),
        recompute=(*FULL_SPACE.recompute, *(_recompute(name, software) for name in software.recomputes)),
        sequence_parallel=(int(software.sequence_parallel),),
        tensor_overlap=(int(software.tensor_overlap),),
        data_overlap=(int(software.data_overlap),),
    )


def _schedule(name: str, software: Software) -> int:
    if name in SCHEDULES:
        return SCHEDULES.index(name)
    remedy = f"Use one of {', '.join(SCHEDULES)}"
    raise InputError(Problem(file=software.file, key="schedules", wrong=f"unknown {shown(name)}", remedy=remedy))


def _recompute(name: str, software: Software) -> float:
    value = recompute_value(name)
    if value is not None:
        return value
    remedy = f"Write operations of {', '.join(OPERATIONS)} with + between them"
    raise InputError(Problem(file=software.file, key="recomputes", wrong=f"unknown {shown(name)}", remedy=remedy))


def held(space: SearchSpace, wish: LayoutWish) -> SearchSpace:
    """Layouts of a space with the given axes held, at values that the space need not have."""
    values: dict[str, Any] = {
        ASKED[name].axis.column: (ASKED[name].axis.terms.number(value),) for name, value in wish.given.items()
    }
    if {"pp", "vpp"} & wish.given.keys():
        values["uneven_layers"] = MOST_UNEVEN
    return replace(space, **values)


MOST_UNEVEN = 10**6
"""Layers that the last stage may lack where stages are given: any number."""


REJECTIONS = {
    "chips": "tensor × pipeline × context degrees do not divide the chips",
    "heads": "attention heads do not divide over the tensor-parallel ranks",
    "experts": "experts do not divide over the expert-parallel ranks, or those do not fit the data-parallel ranks",
    "sharing": "expert tensor parallelism does not divide the tensor-parallel ranks, or the experts' width",
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
