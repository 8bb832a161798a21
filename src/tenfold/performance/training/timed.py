"""Memory, then time: skeletons crossed with policies, in chunks that stay in cache.

What depends on few axes is computed on few axes: a micro-batch's cost on (tensor, context, expert, micro-batch) ×
policies, weights and gathers on the skeletons, sharding on the ZeRO stages; sums broadcast. Every number comes from
the functions that time one layout.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from math import prod
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from tenfold.catalog import TransformerShape
from tenfold.performance.hardware import Hardware
from tenfold.performance.kernels import Kernels
from tenfold.performance.training.footprint import UnitFootprint, assemble_footprint, unit_footprint
from tenfold.performance.training.micro_batch import MicroBatchSummary, micro_batch_time
from tenfold.performance.training.pipelined import pipelined_time
from tenfold.performance.training.policies import POLICY_AXES, Policies, distinct
from tenfold.performance.training.skeletons import Skeletons
from tenfold.performance.training.step import assemble_step, step_losses
from tenfold.quantities import Column, Flags, Floats, Indices, Integers
from tenfold.workloads import TrainingJob

T = TypeVar("T")

CHUNK_LAYOUTS = 65536
"""Layouts that are timed at once: most terms depend on few policies, so that their columns fit the second-level cache
of a core, and on fewer layouts a call costs more than its work."""
CHUNK_SKELETONS = 16384
"""Skeletons that are bounded at once: a column of them fits the cache."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """What is searched: a job on a kind of hardware, and the policies that every skeleton is crossed with.

    ``shape``, ``job``, ``hardware`` and ``kernels`` hold numbers, not columns, except that each skeleton may have a
    global batch of its own.
    """

    shape: TransformerShape
    job: TrainingJob
    hardware: Hardware
    kernels: Kernels
    policies: Policies


@dataclass(frozen=True, slots=True, kw_only=True)
class Units:
    """Costs of a micro-batch: policies' axes, then a row for each distinct unit.

    A unit is a combination of tensor, context, expert, micro-batch and schedule.
    """

    row: Indices
    """Row of each skeleton."""
    summary: MicroBatchSummary
    footprint: UnitFootprint


@dataclass(frozen=True, slots=True, kw_only=True)
class Timed:
    """A chunk of skeletons; columns have the policies' axes, then one of skeletons that some policy fits."""

    skeleton: Indices
    """Number of each skeleton that some policy fits."""
    fits: Flags
    """False too for layouts that equal another."""
    step_s: Floats
    memory_bytes: Floats
    """Broadcasts to ``fits``."""
    layouts: int
    """Distinct layouts of the chunk, whether or not they fit."""
    least_memory_bytes: Floats
    """Of every skeleton of the chunk."""

    def of_fitting(self, column: Floats) -> Floats:
        """Values of the layouts that fit, skeleton by skeleton."""
        values: Floats = self._by_skeleton(column)[self._by_skeleton(self.fits)]
        return values

    def numbers(self) -> tuple[Indices, Indices]:
        """Skeleton and policy of each layout that fits, in the order of ``of_fitting``."""
        place, policy = np.nonzero(self._by_skeleton(self.fits))
        return self.skeleton[place], policy

    def _by_skeleton(self, column: npt.NDArray[Any]) -> npt.NDArray[Any]:
        """A row for each skeleton, a column for each policy."""
        return np.ascontiguousarray(flat(np.broadcast_to(column, self.fits.shape)).T)


def flat(column: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """The policies' axes as one, the last policy changing fastest."""
    *policies, skeletons = column.shape
    return column.reshape(prod(policies), skeletons)


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitRows:
    """Which skeletons share a unit, whatever they run on; units by rising axes, the first axis first."""

    first: Indices
    """The first skeleton of each unit."""
    row: Indices
    """The unit of each skeleton."""


def units_of(search: Search, skeletons: Skeletons, shared: UnitRows) -> Units:
    """Time and memory of one micro-batch for every distinct (tensor, context, expert, micro-batch)."""
    layout = search.policies.on(skeletons.rows(shared.first).layout())
    shape, job, kernels = search.shape, search.job, search.kernels
    return Units(
        row=shared.row,
        summary=micro_batch_time(shape, job, layout, search.hardware, kernels).summary(kernels.overlap_tax),
        footprint=unit_footprint(shape, job, layout, kernels),
    )


def unit_rows(skeletons: Skeletons) -> UnitRows:
    """Tell the units of skeletons apart."""
    key: Integers = np.zeros(len(skeletons), dtype=np.int64)
    for axis in (skeletons.tensor, skeletons.context, skeletons.expert, skeletons.micro_batch, skeletons.schedule):
        taken = np.bincount(axis) > 0
        key = key * np.count_nonzero(taken) + (np.cumsum(taken) - 1)[axis]
    taken = np.bincount(key) > 0
    row = (np.cumsum(taken) - 1)[key]
    first = np.zeros(np.count_nonzero(taken), dtype=np.intp)
    first[row[::-1]] = np.arange(len(skeletons))[::-1]
    return UnitRows(first=first, row=row)


def chunk_skeletons(search: Search) -> int:
    """Skeletons that are worked on at once."""
    return max(1, CHUNK_LAYOUTS // len(search.policies))


def chunks(search: Search, rows: Indices) -> Iterator[Indices]:
    """Parts of some skeletons that are worked on at once."""
    size = chunk_skeletons(search)
    return (rows[start : start + size] for start in range(0, len(rows), size))


def time_chunk(search: Search, skeletons: Skeletons, units: Units, rows: Indices) -> Timed:
    """Reject what does not fit the memory, and time the rest of the skeletons ``rows``."""
    shape, kernels, policies = search.shape, search.kernels, search.policies
    part, unit, job = skeletons.rows(rows), units.row[rows], _of_skeletons(search.job, rows)
    layout = policies.on(part.layout())
    memory = np.asarray(assemble_footprint(shape, job, layout, _of_units(units.footprint, unit), kernels).total)
    own = np.broadcast_to(distinct(part, policies), (*policies.shape, len(part)))
    fits = own & (memory <= search.hardware.hbm_bytes)
    alive = np.flatnonzero(fits.any(axis=POLICY_AXES))
    survivors, timed = policies.on(part.rows(alive).layout()), _of_skeletons(job, alive)
    summary = _of_units(units.summary, unit[alive])
    return Timed(
        skeleton=rows[alive],
        fits=fits.take(alive, axis=-1),
        step_s=np.asarray(assemble_step(shape, timed, survivors, summary, search.hardware, kernels).step_s),
        memory_bytes=memory.take(alive, axis=-1),
        layouts=int(np.count_nonzero(own)),
        least_memory_bytes=memory.min(axis=POLICY_AXES),
    )


def lower_bound_s(search: Search, skeletons: Skeletons, units: Units) -> Floats:
    """Step time that no policy on a skeleton can beat, s.

    That of its cheapest micro-batch without traffic of the data-parallel ranks and without an optimizer; never above
    what ``time_chunk`` gives, to the last bit, since each term only ever adds to the others.
    """
    cheapest = MicroBatchSummary(**{name: _least(getattr(units.summary, name)) for name in MicroBatchSummary.__slots__})
    parts = (
        _bound_s(search, skeletons, units, cheapest, slice(start, start + CHUNK_SKELETONS))
        for start in range(0, len(skeletons), CHUNK_SKELETONS)
    )
    return np.concatenate([np.zeros(0), *parts])


def _bound_s(search: Search, skeletons: Skeletons, units: Units, cheapest: MicroBatchSummary, rows: slice) -> Floats:
    """The same of some skeletons, from the cheapest micro-batch of each unit."""
    layout, summary = skeletons.rows(rows).layout(), _of_units(cheapest, units.row[rows])
    piped = pipelined_time(
        search.shape, _of_skeletons(search.job, rows), layout, summary, search.hardware, search.kernels
    )
    return np.asarray(step_losses(piped.working_s, layout, search.kernels).step_s)


def _of_skeletons(job: TrainingJob, rows: Indices | slice) -> TrainingJob:
    """The job of some of the skeletons."""
    batch = np.asarray(job.global_batch)
    return replace(job, global_batch=batch[rows]) if batch.ndim else job


def _least(column: Column) -> Floats:
    """Least over the policies, by unit."""
    values = np.asarray(column)
    least: Floats = values.min(axis=tuple(range(values.ndim - 1)))
    return least


def _of_units(record: T, units: Indices) -> T:
    """The costs of a micro-batch at ``units``, the last axis of every column."""
    taken = {field.name: np.take(getattr(record, field.name), units, axis=-1) for field in fields(record)}  # type: ignore[arg-type]
    return type(record)(**taken)
