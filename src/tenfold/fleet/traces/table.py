"""A file as columns of raw cells: Parquet and CSV alike, each row with its line."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from tenfold.quantities import InputError, Integers, Problem, csv_rows, text_lines

Cells = np.ndarray[tuple[int], np.dtype[Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Columns by name in lower case, and what is wrong with single rows."""

    file: str
    columns: Mapping[str, Cells]
    line: Integers
    """Line of each row; in Parquet its row, from 1."""
    ragged: tuple[Problem, ...] = ()
    """Rows that are left out because they have not one cell for each column."""

    def __len__(self) -> int:
        """Count the rows."""
        return len(self.line)


def read_table(path: Path) -> Table:
    """Read Parquet, or text with a header and one line a row. Raises ``InputError`` for what is neither."""
    if path.suffix == ".parquet":
        return _parquet(path)
    return _text(path)


def _parquet(path: Path) -> Table:
    import duckdb

    try:
        with duckdb.connect() as store:
            found = store.execute("select * from read_parquet(?)", [str(path)]).fetchnumpy()
    except duckdb.Error as trouble:
        wrong = f"is no Parquet that can be read ({str(trouble).splitlines()[0]})"
        raise InputError(Problem(file=str(path), key="", wrong=wrong, remedy="Check the file")) from None
    columns = {name.lower(): np.asarray(_filled(cells)) for name, cells in found.items()}
    count = len(next(iter(columns.values()), ()))
    return Table(file=str(path), columns=columns, line=np.arange(1, count + 1))


def _filled(cells: Any) -> Cells:  # noqa: ANN401  (masked, or not)
    """The same with nothing for what is masked."""
    if not isinstance(cells, np.ma.MaskedArray):
        return np.asarray(cells)
    if cells.dtype.kind == "f":
        return np.asarray(cells.filled(np.nan))
    if cells.dtype.kind == "M":
        return np.asarray(cells.filled(np.datetime64("NaT")))
    if not np.any(cells.mask):
        return np.asarray(cells.data)
    return np.array(
        [None if gone else cell for cell, gone in zip(cells.data, np.ma.getmaskarray(cells), strict=True)], dtype=object
    )


def _text(path: Path) -> Table:
    lines_of = (text for _, text in text_lines(path, "Give CSV in UTF-8, or Parquet"))
    first = next(lines_of, "")
    reader = csv_rows(itertools.chain((first,), lines_of), str(path), _delimiter(first))
    header = [name.strip().lower() for name in next(reader, (1, list[str]()))[1]]
    rows, lines, ragged = _rows(reader, len(header), str(path))
    if len(set(header)) < len(header):
        raise InputError(Problem(file=str(path), key="1", wrong="a column is named twice", remedy="Name each once"))
    cells: Sequence[Sequence[str]] = list(zip(*rows, strict=True)) if rows else [[] for _ in header]
    columns = {name: np.array(column, dtype=np.object_) for name, column in zip(header, cells, strict=True)}
    return Table(file=str(path), columns=columns, line=np.asarray(lines, dtype=np.int64), ragged=tuple(ragged))


def _delimiter(first: str) -> str:
    return max((",", "|", "\t", ";"), key=first.count)


def _rows(
    reader: Iterator[tuple[int, list[str]]], width: int, file: str
) -> tuple[list[list[str]], list[int], list[Problem]]:
    """Rows with a cell for each column, their lines, and those with more or fewer."""
    rows, lines, ragged = [], [], []
    for number, cells in reader:
        if len(cells) == width:
            rows.append(cells)
            lines.append(number)
        elif cells:
            wrong = f"has {len(cells)} cells under {width} columns"
            ragged.append(Problem(file=file, key=f"line {number}", wrong=wrong, remedy=""))
    return rows, lines, ragged
