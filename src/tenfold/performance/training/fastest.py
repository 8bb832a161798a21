"""The fastest layout that fits, on each of several numbers of chips: what planning asks, without the front.

The tables of all numbers are worked on as one, so the costs of a micro-batch are computed once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from tenfold.catalog.models import TransformerShape
from tenfold.performance.hardware import Hardware, Kernels
from tenfold.performance.training.divided import Divided
from tenfold.performance.training.layout import Layout
from tenfold.performance.training.policies import all_policies
from tenfold.performance.training.search import layouts_of
from tenfold.performance.training.skeletons import Skeletons
from tenfold.performance.training.timed import Search, Timed, chunks, flat, time_chunk, units_of
from tenfold.quantities import Floats, Indices
from tenfold.workloads.job import TrainingJob


@dataclass(frozen=True, slots=True, kw_only=True)
class Fastest:
    """The fastest layout that fits a number of chips."""

    layout: Layout | None
    """Of numbers; None where none fits."""
    step_s: float
    """Infinite where none fits."""
    least_memory_bytes: float
    """Memory of the smallest layout that divides; infinite when none does."""
    layouts_considered: int
    rejected: Mapping[str, int]
    """Layouts by the first reason that they do not divide for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Best:
    """The fastest policy of each skeleton, as columns of equal length."""

    step_s: Floats
    memory_bytes: Floats
    policy: Indices
    least_memory_bytes: Floats
    """Of all policies, whether or not they fit."""


def fastest_layouts(
    shape: TransformerShape, job: TrainingJob, hardware: Hardware, kernels: Kernels, tables: Sequence[Divided]
) -> tuple[Fastest, ...]:
    """The fastest layout that fits, for each of the tables; all of them are of one space and of this job.

    ``shape``, ``job`` and ``hardware`` hold numbers, not columns. Raises nothing.
    """
    policies = all_policies(tables[0].space)
    search = Search(shape=shape, job=job, hardware=hardware, kernels=kernels, policies=policies)
    skeletons = _joined([table.skeletons for table in tables])
    best = _best(search, skeletons)
    ends = np.cumsum([len(table.skeletons) for table in tables]).tolist()
    found = []
    for table, end in zip(tables, ends, strict=True):
        rows = slice(end - len(table.skeletons), end)
        layout = _layout(search, skeletons, best, rows)
        found.append(_fastest(table, best, rows, layout))
    return tuple(found)


def _joined(tables: Sequence[Skeletons]) -> Skeletons:
    return Skeletons(
        **{name: np.concatenate([getattr(table, name) for table in tables]) for name in Skeletons.__slots__}
    )


def _best(search: Search, skeletons: Skeletons) -> _Best:
    best = _Best(
        step_s=np.full(len(skeletons), np.inf),
        memory_bytes=np.full(len(skeletons), np.inf),
        policy=np.zeros(len(skeletons), dtype=np.intp),
        least_memory_bytes=np.zeros(len(skeletons)),
    )
    units = units_of(search, skeletons)
    for rows in chunks(search, len(skeletons)):
        _write(best, time_chunk(search, skeletons, units, rows), rows)
    return best


def _write(best: _Best, chunk: Timed, rows: slice) -> None:
    """Keep the fastest policy of each skeleton; of equally fast ones the smallest, then the first."""
    step_s = flat(np.where(chunk.fits, chunk.step_s, np.inf))
    least_s = step_s.min(axis=0)
    memory_bytes = np.where(step_s == least_s, flat(np.broadcast_to(chunk.memory_bytes, chunk.fits.shape)), np.inf)
    best.step_s[chunk.skeleton] = least_s
    best.memory_bytes[chunk.skeleton] = memory_bytes.min(axis=0)
    best.policy[chunk.skeleton] = memory_bytes.argmin(axis=0)
    best.least_memory_bytes[rows] = chunk.least_memory_bytes


def _fastest(table: Divided, best: _Best, rows: slice, layout: Layout | None) -> Fastest:
    return Fastest(
        layout=layout,
        step_s=float(best.step_s[rows].min(initial=np.inf)),
        least_memory_bytes=float(best.least_memory_bytes[rows].min(initial=np.inf)),
        layouts_considered=table.layouts_considered,
        rejected=table.rejected,
    )


def _layout(search: Search, skeletons: Skeletons, best: _Best, rows: slice) -> Layout | None:
    """The layout of the least time among the skeletons ``rows``; of several the smallest, then the first."""
    least_s = best.step_s[rows].min(initial=np.inf)
    if np.isinf(least_s):
        return None
    memory_bytes = np.where(best.step_s[rows] == least_s, best.memory_bytes[rows], np.inf)
    first = np.array([rows.start + memory_bytes.argmin()])
    return layouts_of(skeletons, search.policies, first, best.policy[first]).at(0)
