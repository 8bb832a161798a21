"""Slopes of predictions in the constants to fit, each computed on the rows that it moves.

Most constants are of one chip family or one software stack, so most rows stay as they are when one of them moves.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from tenfold.performance import KernelKey, kernel_constants, stacks_of
from tenfold.quantities import Floats, Indices
from tenfold.validation.fit import DERIVATIVE_STEP
from tenfold.validation.training.predict import predicted_tokens_per_s_per_chip
from tenfold.validation.training.table import RunTable

Constants = Mapping[str, float]


def slopes_by_rows(table: RunTable, constants: Callable[[Floats], Constants]) -> Callable[[Floats], Floats]:
    """Forward differences of ln(predicted) in every constant: a function of x giving shape (rows, constants)."""
    readers = _readers(table.keys)

    def at(x: Floats) -> Floats:
        base = constants(x)
        level = np.log(predicted_tokens_per_s_per_chip(table, base))
        slopes = np.zeros((len(level), len(x)))
        for index in range(len(x)):
            moved = x.copy()
            moved[index] += DERIVATIVE_STEP
            there = constants(moved)
            rows = _moved_rows(table, readers, base, there)
            if len(rows):
                found = np.log(predicted_tokens_per_s_per_chip(table.rows(rows), there))
                slopes[rows, index] = (found - level[rows]) / DERIVATIVE_STEP
        return slopes

    return at


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
