"""The fastest layout that fits, on each of several numbers of chips: what planning asks, without the front.

It is the first of a search's best. The tables of all numbers, and of all batches, are worked on as one, in rounds: the
skeletons with the least lower bounds of their step time first, until no bound is below the best time found.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace

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
    UnitRows,
    Units,
    chunks,
    flat,
    lower_bound_s,
    time_chunk,
    unit_rows,
    units_of,
)
from tenfold.quantities import Floats, Indices

FIRST = 16
"""Skeletons of each table that are looked at in the first round."""
WIDER = 4
"""Times as many are looked at in each round as in the one before."""


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
class Dealt:
    """Tables of one space as one: what is dealt on every number of chips, whatever the chip."""

    tables: tuple[Divided, ...]
    skeletons: Skeletons
    """Of all the tables."""
    table: Indices
    """Number of the table of each skeleton."""
    global_batch: Floats
    """Of each skeleton."""
    units: UnitRows


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
    """The fastest layout that fits, for each of the tables; all of them are of one space.

    ``setup`` holds numbers, not columns; its job is that of every table at the batch that the table deals. Of equally
    fast layouts the smallest counts, then the first of the space. Raises nothing.
    """
    return fastest_of(setup, dealt(tables))


def dealt(tables: Sequence[Divided]) -> Dealt:
    """Join tables of one space."""
    sizes = [len(each.skeletons) for each in tables]
    skeletons = _joined([table.skeletons for table in tables])
    return Dealt(
        tables=tuple(tables),
        skeletons=skeletons,
        table=np.repeat(np.arange(len(tables)), sizes),
        global_batch=np.repeat([each.global_batch for each in tables], sizes),
        units=unit_rows(skeletons),
    )


def fastest_of(setup: TrainingSetup, work: Dealt) -> tuple[Fastest, ...]:
    """What ``fastest_layouts`` gives of the tables that were joined."""
    search = Search(
        shape=setup.shape,
        job=replace(setup.job, global_batch=work.global_batch),
        hardware=setup.hardware,
        kernels=setup.kernels,
        policies=all_policies(work.tables[0].space),
    )
    rounds = _rounds(search, work)
    layouts = dict(_winners(rounds, search, work))
    return tuple(
        Fastest(
            layout=layouts.get(place),
            step_s=float(rounds.step_s[place]),
            least_memory_bytes=0.0 if place in layouts else float(rounds.least_memory_bytes[place]),
            layouts_considered=each.layouts_considered,
            rejected=each.rejected,
        )
        for place, each in enumerate(work.tables)
    )


def _joined(tables: Sequence[Skeletons]) -> Skeletons:
    return Skeletons(
        **{field.name: np.concatenate([getattr(table, field.name) for table in tables]) for field in fields(Skeletons)}
    )


def _rounds(search: Search, work: Dealt) -> _Rounds:
    """Time the skeletons of every table by rising bound, as long as they can be as fast as the fastest."""
    skeletons, table, tables = work.skeletons, work.table, len(work.tables)
    rounds = _Rounds(step_s=np.full(tables, np.inf), least_memory_bytes=np.full(tables, np.inf), found=[])
    units = units_of(search, skeletons, work.units)
    bound_s = lower_bound_s(search, skeletons, units)
    left, count = np.arange(len(skeletons)), FIRST
    while len(left):
        looked = _least_of_each(bound_s[left], table[left], count)
        for rows in chunks(search, left[looked]):
            _look(rounds, search, skeletons, units, table, rows)
        left = np.delete(left, looked)
        left, count = left[~(bound_s[left] > rounds.step_s[table[left]])], count * WIDER
    return rounds


def _least_of_each(bound_s: Floats, table: Indices, count: int) -> Indices:
    """Places of the ``count`` least bounds of each table, in the order of the tables, which rises."""
    ends = np.flatnonzero(np.diff(table, append=-1)) + 1
    starts = np.concatenate([[0], ends[:-1]]) if len(ends) else ends
    chosen = (
        np.arange(start, end) if end - start <= count else start + np.argpartition(bound_s[start:end], count)[:count]
        for start, end in zip(starts.tolist(), ends.tolist(), strict=True)
    )
    return np.concatenate([*chosen])


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


def _winners(rounds: _Rounds, search: Search, work: Dealt) -> Iterator[tuple[int, Layout]]:
    """The fastest layout of each table that has one."""
    step_s, memory_bytes, skeleton, policy = (
        np.concatenate([getattr(best, name) for best in rounds.found] or [np.zeros(0, dtype=np.intp)])
        for name in _Best.__slots__
    )
    order = np.lexsort((skeleton, memory_bytes, step_s, work.table[skeleton]))
    found, first = np.unique(work.table[skeleton[order]], return_index=True)
    fastest = order[first]
    layouts = layouts_of(work.skeletons, search.policies, skeleton[fastest], policy[fastest])
    return ((place, layouts.at(number)) for number, place in enumerate(found.tolist()))
