"""Records of columns: rows of them, and one row as plain numbers."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from typing import TypeVar

import numpy as np

from tenfold.quantities import Flags, Indices

T = TypeVar("T")


def taken(record: T, index: Indices | Flags) -> T:
    """Rows of a record whose fields are columns, numbers for all rows, or records of such."""
    values = {field.name: getattr(record, field.name) for field in fields(record)}  # type: ignore[arg-type]
    rows = {name: taken(each, index) if is_dataclass(each) else _rows(each, index) for name, each in values.items()}
    return type(record)(**rows)


def _rows(value: object, index: Indices | Flags) -> object:
    column = np.asarray(value)
    return value if column.ndim == 0 else column[index]


def row_of(record: T, row: int) -> T:
    """One row of a record of columns as a record of numbers."""
    values = {field.name: getattr(record, field.name) for field in fields(record)}  # type: ignore[arg-type]
    found = {name: row_of(each, row) if is_dataclass(each) else _number(each, row) for name, each in values.items()}
    return type(record)(**found)


def _number(value: object, row: int) -> float:
    column = np.asarray(value, dtype=np.float64)
    return float(column if column.ndim == 0 else column[row])
