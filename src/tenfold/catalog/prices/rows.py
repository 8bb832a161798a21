"""Rows of the catalog's price files, and which of them count where an overlay has some too."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from tenfold.catalog.csv_rows import csv_rows
from tenfold.catalog.reading import Layer
from tenfold.quantities import InputError, Problem, parse_date, parse_quantity, shown

Price = TypeVar("Price")
LONGEST_COUNT = 9
"""Digits of the largest count of chips or days."""


@dataclass(frozen=True, slots=True)
class PriceRow:
    """One row of a price file with its place, for messages; what is wrong with a cell is added to ``problems``."""

    file: str
    line: int
    cells: Mapping[str, str]

    def key(self, column: str) -> str:
        """Where a cell stands."""
        return f"row {self.line}: {column}"

    def money(self, column: str, unit: str, problems: list[Problem]) -> float | None:
        """Read a cell of plain dollars; the unit is in the name of the column."""
        text = self.cells[column]
        try:
            return parse_quantity(float(text), unit, file=self.file, key=self.key(column))
        except ValueError:
            wrong, remedy = f"{shown(text)} is not a number", "Write dollars such as 1.99"
            problems.append(Problem(file=self.file, key=self.key(column), wrong=wrong, remedy=remedy))
        except InputError as error:
            problems.extend(error.problems)
        return None

    def count(self, column: str, problems: list[Problem]) -> int | None:
        """Read a cell of a whole number, None where it is empty."""
        text = self.cells[column]
        if not text:
            return None
        if text.isascii() and text.isdigit() and len(text) <= LONGEST_COUNT:
            return int(text)
        wrong = f"{shown(text)} is not a whole number"
        problems.append(Problem(file=self.file, key=self.key(column), wrong=wrong, remedy="Write digits, or nothing"))
        return None

    def day(self, column: str, problems: list[Problem]) -> datetime.date | None:
        """Read a cell of a day, month or year."""
        try:
            return parse_date(self.cells[column], file=self.file, key=self.key(column))
        except InputError as error:
            problems.extend(error.problems)
        return None

    def one_of(self, column: str, known: tuple[str, ...], problems: list[Problem]) -> None:
        """Refuse a cell that is none of the words known."""
        if self.cells[column] not in known:
            wrong = f"{shown(self.cells[column])} is no {column} of a price"
            remedy = f"Use one of {', '.join(known)}"
            problems.append(Problem(file=self.file, key=self.key(column), wrong=wrong, remedy=remedy))

    def filled(self, columns: tuple[str, ...], problems: list[Problem]) -> None:
        """Refuse empty cells."""
        problems.extend(
            Problem(file=self.file, key=self.key(column), wrong="is empty", remedy=f"Give the {column}")
            for column in columns
            if not self.cells[column]
        )


def price_rows(
    layer: Layer, name: str, columns: tuple[str, ...], problems: list[Problem], *, optional: tuple[str, ...] = ()
) -> Iterator[PriceRow]:
    """Give the rows of ``prices/NAME.csv`` of a layer; nothing where it has none."""
    path = layer.root / "prices" / f"{name}.csv"
    file = f"{layer.shown}/prices/{name}.csv"
    if not path.exists():
        return
    for number, cells in csv_rows(path, file, columns, problems, optional=optional):
        yield PriceRow(file, number, cells)


def top_rows(layers: Sequence[Sequence[Price]], of: Callable[[Price], Hashable]) -> tuple[Price, ...]:
    """Take the rows of all layers, where a later layer has any rows of ``of`` none of the earlier ones."""
    rows: list[Price] = []
    for layer in layers:
        given = {of(row) for row in layer}
        rows = [row for row in rows if of(row) not in given] + list(layer)
    return tuple(rows)
