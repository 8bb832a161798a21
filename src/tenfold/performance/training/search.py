"""Exhaustive search over layouts: reject by divisibility, then by memory, then time what is left.

Every distinct layout of the space is considered; the fastest and the front of time and memory are kept.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from time import perf_counter

import numpy as np

from tenfold.catalog import TransformerShape
from tenfold.performance.hardware import Hardware
from tenfold.performance.kernels import Kernels
from tenfold.performance.layout.columns import Layout
from tenfold.performance.training.divided import Divided, divided
from tenfold.performance.training.front import pareto_front
from tenfold.performance.training.policies import Policies, all_policies
from tenfold.performance.training.skeletons import Skeletons
from tenfold.performance.training.space import FULL_SPACE, SearchCounts, SearchSpace
from tenfold.performance.training.timed import Search, Units, chunks, time_chunk, unit_rows, units_of
from tenfold.quantities import Floats, Indices
from tenfold.workloads import TrainingJob


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
    """Fastest first; of equals the smallest, then the first of the space."""
    pareto: Found
    """No other layout is both faster and smaller; fastest first."""
    counts: SearchCounts
    seconds: float
    least_memory_bytes: float
    """Memory of the smallest layout that divides; infinite when none does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kept:
    """What is kept of a chunk."""

    found: Found
    timed: int
    short_of_memory: int
    least_memory_bytes: float


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
    search = Search(shape=shape, job=job, hardware=hardware, kernels=kernels, policies=all_policies(space))
    table = divided(chips, shape, job, space)
    kept = _kept_chunks(search, table.skeletons, keep, progress)
    found = _merged([chunk.found for chunk in kept], keep)
    return SearchResult(
        best=found.rows(np.arange(min(keep, len(found)))),
        pareto=found.rows(pareto_front(found.step_s, found.memory_bytes)),
        counts=_counts(table, kept),
        seconds=perf_counter() - started,
        least_memory_bytes=min((chunk.least_memory_bytes for chunk in kept), default=float("inf")),
    )


def _kept_chunks(
    search: Search, skeletons: Skeletons, keep: int, progress: Callable[[float], None] | None
) -> list[_Kept]:
    units = units_of(search, skeletons, unit_rows(skeletons))
    parts = list(chunks(search, np.arange(len(skeletons))))
    kept = []
    for done, rows in enumerate(parts, start=1):
        kept.append(_kept(search, skeletons, units, rows, keep))
        if progress is not None:
            progress(done / len(parts))
    return kept


def _kept(search: Search, skeletons: Skeletons, units: Units, rows: Indices, keep: int) -> _Kept:
    """Keep the fastest of a chunk and its front; only they become layouts."""
    chunk = time_chunk(search, skeletons, units, rows)
    step_s, memory_bytes = chunk.of_fitting(chunk.step_s), chunk.of_fitting(chunk.memory_bytes)
    skeleton, policy = chunk.numbers()
    index = _fronted(step_s, memory_bytes, keep)
    return _Kept(
        found=Found(
            layout=layouts_of(skeletons, search.policies, skeleton[index], policy[index]),
            step_s=step_s[index],
            memory_bytes=memory_bytes[index],
        ),
        timed=len(step_s),
        short_of_memory=chunk.layouts - len(step_s),
        least_memory_bytes=float(chunk.least_memory_bytes.min(initial=np.inf)),
    )


def layouts_of(skeletons: Skeletons, policies: Policies, skeleton: Indices, policy: Indices) -> Layout:
    """Layouts of pairs of a skeleton and a policy, by their numbers, as columns of equal length."""
    degrees = skeletons.rows(skeleton).layout()
    columns = {field.name: getattr(degrees, field.name) for field in fields(Layout)} | policies.at(policy)
    return Layout(**{name: np.broadcast_to(column, skeleton.shape) for name, column in columns.items()})


def _fronted(step_s: Floats, memory_bytes: Floats, keep: int) -> Indices:
    """The ``keep`` fastest and the Pareto front, fastest first; of equally fast ones the smallest, then the first."""
    index = np.union1d(_fastest(step_s, memory_bytes, keep), pareto_front(step_s, memory_bytes))
    return index[np.lexsort((memory_bytes[index], step_s[index]))]


def _fastest(step_s: Floats, memory_bytes: Floats, keep: int) -> Indices:
    if len(step_s) <= keep:
        return np.arange(len(step_s))
    near = np.flatnonzero(step_s <= np.partition(step_s, keep - 1)[keep - 1])
    return near[np.lexsort((memory_bytes[near], step_s[near]))[:keep]]


def _merged(chunks: Sequence[Found], keep: int) -> Found:
    nothing = np.zeros(0)
    columns = {
        field.name: np.concatenate([nothing, *(getattr(chunk.layout, field.name) for chunk in chunks)])
        for field in fields(Layout)
    }
    found = Found(
        layout=Layout(**columns),
        step_s=np.concatenate([nothing, *(chunk.step_s for chunk in chunks)]),
        memory_bytes=np.concatenate([nothing, *(chunk.memory_bytes for chunk in chunks)]),
    )
    return found.rows(_fronted(found.step_s, found.memory_bytes, keep))


def _counts(table: Divided, kept: Sequence[_Kept]) -> SearchCounts:
    return SearchCounts(
        layouts_considered=table.layouts_considered,
        timed=sum(chunk.timed for chunk in kept),
        rejected=dict(table.rejected) | {"memory": sum(chunk.short_of_memory for chunk in kept)},
    )
