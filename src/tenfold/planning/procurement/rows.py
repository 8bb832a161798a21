"""Families of rows of the linear programme, and collecting their entries from arrays that broadcast."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tenfold.quantities import Floats, Indices


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """A family of rows: low ≤ matrix · columns ≤ high."""

    name: str
    shape: tuple[int, ...]
    row: Indices
    column: Indices
    value: Floats
    low: Floats
    high: Floats


class Entries:
    """Entries of one family of rows. A column below zero is absent, and its entry is left out."""

    def __init__(self, name: str, shape: tuple[int, ...]) -> None:
        self.name, self.shape = name, shape
        self.index = np.arange(int(np.prod(shape))).reshape(shape)
        self._parts: list[tuple[Indices, Indices, Floats]] = []

    def add(self, row: npt.ArrayLike, column: npt.ArrayLike, value: npt.ArrayLike) -> Entries:
        """Add entries; the three broadcast against each other."""
        rows, columns, values = (part.ravel() for part in np.broadcast_arrays(row, column, value))
        kept = (columns >= 0) & (values != 0.0)
        self._parts.append((rows[kept], columns[kept], values[kept].astype(np.float64)))
        return self

    def rows(self, low: npt.ArrayLike, high: npt.ArrayLike) -> Rows:
        """Make the family with these bounds, which broadcast to its shape."""
        row, column, value = (np.concatenate(part) for part in zip(*self._parts, strict=True))
        return Rows(
            name=self.name,
            shape=self.shape,
            row=row,
            column=column,
            value=value,
            low=np.broadcast_to(np.asarray(low, dtype=np.float64), self.shape).ravel(),
            high=np.broadcast_to(np.asarray(high, dtype=np.float64), self.shape).ravel(),
        )
