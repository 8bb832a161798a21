"""Slopes of predictions in the constants to fit, each computed on the rows that it moves.

Most constants are of one chip family or one software stack, so most rows stay as they are when one of them moves.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from tenfold.performance import KernelKey, Kernels, kernel_constants, stacks_of
from tenfold.quantities import Column, Floats, Indices
from tenfold.validation.fit import DERIVATIVE_STEP
from tenfold.validation.training.predict import (
    predicted_tokens_per_s_per_chip,
    regret_of,
    tokens_per_s_per_chip,
)
from tenfold.validation.training.table import RunTable, gather_kernels

Constants = Mapping[str, float]
ROWS_AT_ONCE = 4096
"""Rows that are timed in one go, which stay in cache; those of one constant are never parted."""


@dataclass(frozen=True, slots=True)
class _Moved:
    """A constant a step away, and the rows that it moves."""

    index: int
    rows: Indices
    constants: Constants


def slopes_by_rows(table: RunTable, constants: Callable[[Floats], Constants]) -> Callable[[Floats], Floats]:
    """Forward differences of ln(predicted) in every constant: a function of x giving shape (rows, constants)."""
    readers = _readers(table.keys)

    def moves(x: Floats, base: Constants) -> Iterator[_Moved]:
        for index in range(len(x)):
            moved = x.copy()
            moved[index] += DERIVATIVE_STEP
            there = constants(moved)
            yield _Moved(index, _moved_rows(table, readers, base, there), there)

    def at(x: Floats) -> Floats:
        base = constants(x)
        level = np.log(predicted_tokens_per_s_per_chip(table, base))
        slopes = np.zeros((len(level), len(x)))
        for some in _batches(moves(x, base)):
            rows = np.concatenate([each.rows for each in some])
            columns = np.repeat([each.index for each in some], [len(each.rows) for each in some])
            slopes[rows, columns] = (np.log(_predicted(table, some, rows)) - level[rows]) / DERIVATIVE_STEP
        return slopes

    return at


def _batches(moved: Iterable[_Moved]) -> Iterator[list[_Moved]]:
    """Constants whose rows are timed in one go; a constant that moves no row is left out."""
    batch: list[_Moved] = []
    for each in moved:
        if batch and sum(len(other.rows) for other in batch) + len(each.rows) > ROWS_AT_ONCE:
            yield batch
            batch = []
        if len(each.rows):
            batch.append(each)
    if batch:
        yield batch


def _predicted(table: RunTable, moved: Sequence[_Moved], rows: Indices) -> Floats:
    """Throughput of the rows of several constants one after the other, each row under its own."""
    kernels = [gather_kernels(table.keys, table.key_of_row[each.rows], each.constants) for each in moved]
    regrets = [regret_of(table, each.constants)[each.rows] for each in moved]
    lengths = [len(each.rows) for each in moved]
    columns = {name: _stacked([getattr(each, name) for each in kernels], lengths) for name in Kernels.__slots__}
    return tokens_per_s_per_chip(table.rows(rows), Kernels(**columns), np.concatenate(regrets))


def _stacked(columns: Sequence[Column], lengths: Sequence[int]) -> Floats:
    """Columns one after the other; a number stands for all of its rows."""
    return np.concatenate([np.broadcast_to(each, length) for each, length in zip(columns, lengths, strict=True)])


def _readers(keys: tuple[KernelKey, ...]) -> dict[str, set[int]]:
    """Numbers of the kernel keys that look a constant up, by its name."""
    readers: dict[str, set[int]] = {}
    for number, key in enumerate(keys):
        for each in kernel_constants(key.family, key.weight_bytes, stacks_of(key.software), key.precision):
            for name in (*each.keys, *each.factor_keys, *each.recipe_keys):
                readers.setdefault(name, set()).add(number)
    return readers


def _moved_rows(table: RunTable, readers: Mapping[str, set[int]], base: Constants, there: Constants) -> Indices:
    """Rows that read a constant which is not the same; a constant that no key looks up by name may move all."""
    changed = [name for name, value in there.items() if value != base[name]]
    if any(name not in readers for name in changed):
        return np.arange(len(table.key_of_row))
    moved = sorted(set().union(*(readers[name] for name in changed)))
    return np.flatnonzero(np.isin(table.key_of_row, moved))
