"""Arrays of the race: single precision, the draws on the last axis, so that a world's number broadcasts over players.

NumPy's own types cannot say that an equation takes a number, a column or a cube alike, so they are not said here;
shapes stand in the docstrings.
"""

from __future__ import annotations

from functools import cache
from typing import Any, TypeAlias

import numpy as np

Array: TypeAlias = Any
"""Numbers, columns or cubes; single precision in the kernel, double in tests."""
Draws: TypeAlias = Any
"""An array in single precision."""


def at_least(values: Array, least: float, out: Array | None = None) -> Array:
    """max(values, a number), the same bits as ``np.maximum``; written over ``out`` where one is given.

    NumPy compares with a row in a third of the time that it takes with a single number (2.4: no vector instructions
    where an operand has no stride), so the number is met as a row along the draws.
    """
    return np.maximum(values, _along(values, least), out=out)


def at_most(values: Array, most: float, out: Array | None = None) -> Array:
    """min(values, a number), as ``at_least`` is for max."""
    return np.minimum(values, _along(values, most), out=out)


def _along(values: Array, number: float) -> Array:
    """A number as a row as long as the last axis; itself where there is none."""
    return _row(number, values.shape[-1], values.dtype.char) if getattr(values, "ndim", 0) else number


@cache
def _row(number: float, count: int, kind: str) -> Array:
    row = np.full(count, number, dtype=kind)
    row.flags.writeable = False
    return row
