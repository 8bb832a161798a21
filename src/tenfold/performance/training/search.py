"""Exhaustive search over layouts: reject by divisibility, then by memory, then time what is left.

Every distinct layout of the space is considered. What depends on few axes is computed on few axes: a micro-batch's
cost on (tensor, context, expert, micro-batch) × policies, weights and gathers on the skeletons; the table of layouts
gathers and adds. Chunks of columns stay in cache, and every number comes from the functions that time one layout.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from time import perf_counter
from typing import TypeVar

import numpy as np

from tenfold.catalog.models import TransformerShape
from tenfold.performance.hardware import Hardware, Kernels
from tenfold.performance.training.footprint import UnitFootprint, assemble_footprint, unit_footprint
from tenfold.performance.training.front import pareto_front
from tenfold.performance.training.layout import Layout
from tenfold.performance.training.policies import Policies, all_policies, distinct, policies_per_skeleton
from tenfold.performance.training.skeletons import Skeletons, all_skeletons, rejections
from tenfold.performance.training.space import FULL_SPACE, SearchCounts, SearchSpace
from tenfold.performance.training.step import MicroBatchSummary, assemble_step, micro_batch_time
from tenfold.quantities import Floats, Indices
from tenfold.workloads.job import TrainingJob

T = TypeVar("T")

CHUNK_LAYOUTS = 16384
"""Layouts worked on at once: a column of them fits the second-level cache of a core."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Layouts that fit, as columns of equal length."""

    layout: Layout
    step_s: Floats
    memory_bytes: Floats

    def __len__(self) -> int:
        return len(self.step_s)

    def rows(self, index: Indices) -> Found:
        """The layouts at ``index``."""
        return Found(layout=self.layout.take(index), step_s=self.step_s[index], memory_bytes=self.memory_bytes[index])


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchResult:
    """What a search found."""

    best: Found
    """Fastest first."""
    pareto: Found
    """No other layout is both faster and smaller; fastest first."""
    counts: SearchCounts
    seconds: float
    least_memory_bytes: float
    """Memory of the smallest layout that divides; infinite when none does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Units:
    """Costs of a micro-batch: a row per distinct (tensor, context, expert, micro-batch), a column per policy."""

    row: Indices
    """Row of each skeleton."""
    summary: MicroBatchSummary
    footprint: UnitFootprint
    """Columns are policies without overlap."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Problem:
    shape: TransformerShape
    job: TrainingJob
    hardware: Hardware
    kernels: Kernels
    policies: Policies
    stored: Policies
    """Policies that differ in memory."""
    stored_column: Indices
    """Column of each policy among ``stored``."""
    keep: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Chunk:
    found: Found
    timed: int
    short_of_memory: int
    least_memory_bytes: float


def _full_columns(record: T, shape: tuple[int, int]) -> T:
    columns = {field.name: np.broadcast_to(getattr(record, field.name), shape) for field in fields(record)}  # type: ignore[arg-type]
    return type(record)(**columns)


def _take_rows(record: T, rows: Indices) -> T:
    return type(record)(**{field.name: getattr(record, field.name)[rows] for field in fields(record)})  # type: ignore[arg-type]


def _units(problem: _Problem, skeletons: Skeletons) -> _Units:
    keys = np.stack([skeletons.tensor, skeletons.context, skeletons.expert, skeletons.micro_batch])
    _, first, inverse = np.unique(keys, axis=1, return_index=True, return_inverse=True)
    degrees = skeletons.rows(first).layout()
    shape, job, kernels = problem.shape, problem.job, problem.kernels
    time = micro_batch_time(shape, job, problem.policies.on(degrees), problem.hardware, kernels)
    memory = unit_footprint(shape, job, problem.stored.on(degrees))
    return _Units(
        row=inverse.ravel(),
        summary=_full_columns(time.summary(kernels.overlap_tax), (len(first), len(problem.policies))),
        footprint=_full_columns(memory, (len(first), len(problem.stored))),
    )


def _fronted(found: Found, keep: int) -> Found:
    """The ``keep`` fastest and the Pareto front, fastest first."""
    fastest = np.argpartition(found.step_s, keep)[:keep] if len(found) > keep else np.arange(len(found))
    index = np.union1d(fastest, pareto_front(found.step_s, found.memory_bytes))
    return found.rows(index[np.argsort(found.step_s[index], kind="stable")])


def _search_chunk(problem: _Problem, skeletons: Skeletons, units: _Units, rows: slice) -> _Chunk:
    shape, job, kernels = problem.shape, problem.job, problem.kernels
    part, unit = skeletons.rows(rows), units.row[rows]
    degrees = part.layout()
    stored = assemble_footprint(shape, job, problem.stored.on(degrees), _take_rows(units.footprint, unit), kernels)
    memory = np.asarray(stored.total)
    own = distinct(part, problem.policies)
    fits = own & (memory <= problem.hardware.hbm_bytes)[:, problem.stored_column]
    alive = np.flatnonzero(fits.any(axis=1))
    survivors, fits = problem.policies.on(part.rows(alive).layout()), fits[alive]
    summary = _take_rows(units.summary, unit[alive])
    step = assemble_step(shape, job, survivors, summary, problem.hardware, kernels).step_s
    layout = _full_columns(survivors, fits.shape)
    found = Found(
        layout=Layout(**{field.name: getattr(layout, field.name)[fits] for field in fields(layout)}),
        step_s=np.broadcast_to(step, fits.shape)[fits],
        memory_bytes=memory[alive][:, problem.stored_column][fits],
    )
    timed = int(np.count_nonzero(fits))
    return _Chunk(
        found=_fronted(found, problem.keep),
        timed=timed,
        short_of_memory=int(np.count_nonzero(own)) - timed,
        least_memory_bytes=float(memory.min(initial=np.inf)),
    )


def _merge(chunks: Sequence[Found], keep: int) -> Found:
    columns = {
        field.name: np.concatenate([getattr(chunk.layout, field.name) for chunk in chunks]) for field in fields(Layout)
    }
    found = Found(
        layout=Layout(**columns),
        step_s=np.concatenate([chunk.step_s for chunk in chunks]),
        memory_bytes=np.concatenate([chunk.memory_bytes for chunk in chunks]),
    )
    return _fronted(found, keep)


def _divisible(problem: _Problem, chips: int, space: SearchSpace) -> tuple[Skeletons, int, dict[str, int]]:
    """Skeletons that divide, how many layouts were considered, and how many were rejected by the first reason."""
    skeletons = all_skeletons(chips, problem.shape, space)
    weights = policies_per_skeleton(skeletons, problem.policies)
    rejected: dict[str, int] = {}
    left = np.ones(len(skeletons), dtype=bool)
    for reason, rejects in rejections(skeletons, problem.shape, problem.job).items():
        rejected[reason] = int(weights[left & rejects].sum())
        left &= ~rejects
    return skeletons.rows(left), int(weights.sum()), rejected


def search_layouts(
    shape: TransformerShape,
    job: TrainingJob,
    hardware: Hardware,
    kernels: Kernels,
    *,
    chips: int,
    space: SearchSpace = FULL_SPACE,
    keep: int = 10,
    progress: Callable[[float], None] | None = None,
) -> SearchResult:
    """Every distinct layout of ``space`` on ``chips`` chips: the fastest that fit, and the front of time and memory.

    ``shape``, ``job`` and ``hardware`` hold numbers, not columns. ``progress`` is told the share done.
    """
    started = perf_counter()
    policies = all_policies(space)
    stored, column = policies.without_overlap()
    problem = _Problem(
        shape=shape,
        job=job,
        hardware=hardware,
        kernels=kernels,
        policies=policies,
        stored=stored,
        stored_column=column,
        keep=keep,
    )
    skeletons, considered, rejected = _divisible(problem, chips, space)
    units = _units(problem, skeletons)
    size = max(1, CHUNK_LAYOUTS // len(policies))
    slices = [slice(start, start + size) for start in range(0, len(skeletons), size)]
    chunks: list[_Chunk] = []

    for done, rows in enumerate(slices, start=1):
        chunks.append(_search_chunk(problem, skeletons, units, rows))
        if progress is not None:
            progress(done / len(slices))
    found = _merge([chunk.found for chunk in chunks], keep) if chunks else _nothing()
    front = pareto_front(found.step_s, found.memory_bytes)
    return SearchResult(
        best=found.rows(np.arange(min(keep, len(found)))),
        pareto=found.rows(front),
        counts=SearchCounts(
            layouts_considered=considered,
            timed=sum(chunk.timed for chunk in chunks),
            rejected=rejected | {"memory": sum(chunk.short_of_memory for chunk in chunks)},
        ),
        seconds=perf_counter() - started,
        least_memory_bytes=min((chunk.least_memory_bytes for chunk in chunks), default=float("inf")),
    )


def _nothing() -> Found:
    empty = np.zeros(0)
    return Found(layout=Layout(**{field.name: empty for field in fields(Layout)}), step_s=empty, memory_bytes=empty)
