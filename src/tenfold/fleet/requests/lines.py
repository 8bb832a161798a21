"""JSON lines as a table: one object a line, each key a column."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from tenfold.fleet.traces.table import Table
from tenfold.quantities import InputError, Problem, json_tree, text_lines

REMEDY = "Give one JSON object a line"
MOST = 2**63
"""Beyond it a whole number is no count of anything."""


def read_lines(path: Path) -> Table:
    """Read a file of JSON lines. Raises ``InputError`` for a line that is no object; a key left out is damage."""
    rows, lines = list[dict[str, Any]](), list[int]()
    for number, text in text_lines(path, REMEDY):
        if not text.strip():
            continue
        place = f"{path} line {number}"
        row = json_tree(text, place, REMEDY)
        if not isinstance(row, dict):
            raise InputError(Problem(file=place, key="", wrong="is no JSON object", remedy=REMEDY))
        rows.append({name.lower(): cell for name, cell in row.items()})
        lines.append(number)
    names = dict.fromkeys(name for row in rows for name in row)
    return Table(
        file=str(path),
        columns={name: _cells([row.get(name) for row in rows]) for name in names},
        line=np.asarray(lines, dtype=np.int64),
    )


def _cells(values: list[Any]) -> np.ndarray[tuple[int], np.dtype[Any]]:
    """One cell a row, whatever it holds; numbers as numbers."""
    if all(_is_number(each) for each in values):
        return np.asarray(values, dtype=np.float64)
    found = np.empty(len(values), dtype=np.object_)
    found[:] = [None if type(each) is bool else each for each in values]
    return found


def _is_number(cell: object) -> bool:
    """Whether a cell is a number that a column of them holds."""
    return type(cell) is float or (type(cell) is int and abs(cell) < MOST)
