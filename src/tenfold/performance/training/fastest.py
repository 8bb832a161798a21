"""The fastest layout that fits, on each of several numbers of chips: what planning asks, without the front.

It is the first of a search's best. The tables of all numbers are worked on as one, in rounds: skeletons in the order
of a lower bound of their step time, until no bound is below the best time found.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields

import numpy as np

from tenfold.performance.layout.columns import Layout
from tenfold.performance.training.divided import Divided, divided
from tenfold.performance.training.estimate import TrainingSetup
from tenfold.performance.training.policies import all_policies
from tenfold.performance.training.search import layouts_of
from tenfold.performance.training.skeletons import Skeletons
from tenfold.performance.training.space import SearchSpace
from tenfold.performance.training.timed import (
    Search,
    Timed,
    Units,
    chunk_skeletons,
    chunks,
    flat,
    lower_bound_s,
    time_chunk,
    units_of,
)
from tenfold.quantities import Floats, Indices

WIDER = 4
"""Times as many skeletons are looked at in each round as in the one before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fastest:
    """The fastest layout that fits a number of chips."""

    layout: Layout | None
    """Of numbers; None where none fits."""
    step_s: float
    """Infinite where none fits."""
    least_memory_bytes: float
    """Where none fits, memory of the smallest layout that divides, infinite when none does; 0 where one fits."""
    layouts_considered: int
    rejected: Mapping[str, int]
    """Layouts by the first reason that they do not divide for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Best:
    """The fastest policies of skeletons, as columns of equal length."""

    step_s: Floats
    memory_bytes: Floats
    skeleton: Indices
    policy: Indices


@dataclass(slots=True, kw_only=True)
class _Rounds:
    """What the rounds have found so far, by table."""

    step_s: Floats
    least_memory_bytes: Floats
    found: list[_Best]


def fastest_layout(setup: TrainingSetup, chips: int, space: SearchSpace) -> Fastest:
    """The fastest layout of a space on ``chips`` chips; ``setup`` holds numbers, not columns. Raises nothing."""
    (found,) = fastest_layouts(setup, [divided(chips, setup.shape, setup.job, space)])
    return found


def fastest_layouts(setup: TrainingSetup, tables: Sequence[Divided]) -> tuple[Fastest, ...]:
    """The fastest layout that fits, for each of the tables; all of them are of one space and of this job.

    ``setup`` holds numbers, not columns. Of equally fast layouts the smallest counts, then the first of the
    space. Raises nothing.
    """
    search = Search(
        shape=setup.shape,
        job=setup.job,
        hardware=setup.hardware,
        kernels=setup.kernels,
        policies=all_policies(tables[0].space),
    )
    skeletons = _joined([table.skeletons for table in tables])
    table = np.repeat(np.arange(len(tables)), [len(each.skeletons) for each in tables])
    rounds = _rounds(search, skeletons, table, len(tables))
    winners = _winners(rounds, table, len(tables))
    return tuple(
        Fastest(
            layout=layouts_of(skeletons, search.policies, *winners[place]).at(0) if place in winners else None,
            step_s=float(rounds.step_s[place]),
            least_memory_bytes=0.0 if place in winners else float(rounds.least_memory_bytes[place]),
            layouts_considered=each.layouts_considered,
            rejected=each.rejected,
        )
        for place, each in enumerate(tables)
    )


def _joined(tables: Sequence[Skeletons]) -> Skeletons:
    return Skeletons(
        **{field.name: np.concatenate([getattr(table, field.name) for table in tables]) for field in fields(Skeletons)}
    )


def _rounds(search: Search, skeletons: Skeletons, table: Indices, tables: int) -> _Rounds:
    """Time the skeletons of every table by rising bound, as long as they can be as fast as the fastest."""
    rounds = _Rounds(step_s=np.full(tables, np.inf), least_memory_bytes=np.full(tables, np.inf), found=[])
    units = units_of(search, skeletons)
    bound_s = lower_bound_s(search, skeletons, units)
    rank = _rank(bound_s, table, tables)
    start, end = 0, max(1, chunk_skeletons(search) // tables)
    while True:
        left = (rank >= start) & ~(bound_s > rounds.step_s[table])
        if not left.any():
            return rounds
        for rows in chunks(search, np.flatnonzero(left & (rank < end))):
            _look(rounds, search, skeletons, units, table, rows)
        start, end = end, end * WIDER


def _rank(bound_s: Floats, table: Indices, tables: int) -> Indices:
    """Place of each skeleton in its table by rising bound."""
    order = np.lexsort((bound_s, table))
    starts = np.searchsorted(table, np.arange(tables))
    rank = np.empty_like(order)
    rank[order] = np.arange(len(order)) - starts[table[order]]
    return rank


def _look(rounds: _Rounds, search: Search, skeletons: Skeletons, units: Units, table: Indices, rows: Indices) -> None:
    chunk = time_chunk(search, skeletons, units, rows)
    best = _best(chunk)
    rounds.found.append(best)
    np.minimum.at(rounds.step_s, table[best.skeleton], best.step_s)
    np.minimum.at(rounds.least_memory_bytes, table[rows], chunk.least_memory_bytes)


def _best(chunk: Timed) -> _Best:
    """The fastest policy of each skeleton that some policy fits; of equally fast ones the smallest, then the first."""
    step_s = flat(np.where(chunk.fits, chunk.step_s, np.inf))
    least_s = step_s.min(axis=0)
    memory_bytes = np.where(step_s == least_s, flat(np.broadcast_to(chunk.memory_bytes, chunk.fits.shape)), np.inf)
    return _Best(
        step_s=least_s,
        memory_bytes=memory_bytes.min(axis=0),
        skeleton=chunk.skeleton,
        policy=memory_bytes.argmin(axis=0),
    )


def _winners(rounds: _Rounds, table: Indices, tables: int) -> dict[int, tuple[Indices, Indices]]:
    """Skeleton and policy of the fastest of each table that has one."""
    step_s, memory_bytes, skeleton, policy = (
        np.concatenate([getattr(best, name) for best in rounds.found] or [np.zeros(0, dtype=np.intp)])
        for name in _Best.__slots__
    )
    order = np.lexsort((skeleton, memory_bytes, step_s, table[skeleton]))
    found, first = np.unique(table[skeleton[order]], return_index=True)
    return {int(place): (skeleton[order[[at]]], policy[order[[at]]]) for place, at in zip(found, first, strict=True)}
