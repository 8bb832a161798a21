"""Cells as numbers, times and words. What is none of these becomes NaN: damage that the reader names."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

import numpy as np

from tenfold.fleet.traces.table import Cells, Table
from tenfold.quantities import Floats

Words = np.ndarray[tuple[int], np.dtype[np.object_]]


def named(table: Table, *names: str) -> str | None:
    """First of several names that is a column."""
    return next((name for name in names if name in table.columns), None)


def numbers(cells: Cells) -> Floats:
    """Numbers; NaN for anything else, and for what is infinite."""
    if cells.dtype.kind in "iufb":
        found = cells.astype(np.float64)
    else:
        try:
            found = cells.astype(np.float64)
        except (ValueError, TypeError):
            found = np.array([_number(cell) for cell in cells.tolist()], dtype=np.float64)
    return np.where(np.isfinite(found), found, np.nan)


def _number(cell: object) -> float:
    try:
        return float(str(cell))
    except ValueError:
        return float("nan")


def times_s(cells: Cells) -> Floats:
    """Seconds on the clock of the trace: numbers as they are, dates since 1970 in UTC where they name no zone."""
    if cells.dtype.kind == "M":
        found = cells.astype("datetime64[us]").astype(np.int64) / 1e6
        return np.where(np.isnat(cells), np.nan, found)
    found = numbers(cells)
    if cells.dtype.kind in "iuf" or not np.all(np.isnan(found)):
        return found
    return np.array([_time_s(str(cell)) for cell in cells.tolist()], dtype=np.float64)


def _time_s(text: str) -> float:
    try:
        found = datetime.datetime.fromisoformat(text.strip())
    except ValueError:
        return float("nan")
    return (found if found.tzinfo else found.replace(tzinfo=datetime.UTC)).timestamp()


def words(cells: Cells) -> Words:
    """Words, as text."""
    return np.array(["" if cell is None else str(cell) for cell in cells.tolist()], dtype=np.object_)


def first_of(table: Table, names: Sequence[str]) -> Words | None:
    """Words of the first column of several that there is."""
    name = named(table, *names)
    return None if name is None else words(table.columns[name])
