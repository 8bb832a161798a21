"""What was observed of the race, dated: rows of ``observations/*.csv``, such as a quarter's capex of a firm.

A row holds at its date and was not known before it, so ``known_at`` is all that a look back may use. Later layers win
over rows of the same series, entity and date.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from tenfold.catalog.csv_rows import csv_rows
from tenfold.catalog.reading import Layer
from tenfold.quantities import (
    FIGURE_KINDS,
    UNITS,
    CatalogError,
    Figure,
    FigureKind,
    InputError,
    Problem,
    csv_table,
    parse_date,
    shown,
)

OBSERVATION_COLUMNS = ("series", "entity", "date", "value", "unit", "kind", "source", "note")
PLAIN_COLUMNS = ("series", "entity", "date", "value", "unit", "source")
"""Columns of a file of later observations, in the units of its own; see ``read_actuals``."""
SCALES: Mapping[str, tuple[str, float]] = {
    "USD_bn_per_quarter": ("USD", 1e9),
    "USD_bn_per_year": ("USD", 1e9),
    "H100e": ("1", 1.0),
    "chips": ("1", 1.0),
    "MW": ("W", 1e6),
    "FLOP": ("FLOP", 1.0),
}
"""Units of such files, and what they are here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """One value of one series of one firm, maker or country."""

    series: str
    entity: str
    date: datetime.date
    """End of the quarter, or the day of an event."""
    value: float
    unit: str
    kind: FigureKind
    source: str
    note: str = ""
    file: str = ""

    @property
    def name(self) -> str:
        """Name as ``figure_of`` knows it."""
        return f"observations/{self.series}/{self.entity}/{self.date.isoformat()}"

    @property
    def figure(self) -> Figure:
        """The value as a figure."""
        return Figure(
            value=self.value, unit=self.unit, kind=self.kind, source=self.source, as_of=self.date, note=self.note
        )


def known_at(rows: Iterable[Observation], day: datetime.date) -> tuple[Observation, ...]:
    """Rows dated at or before a day, in the order of their dates."""
    return tuple(sorted((row for row in rows if row.date <= day), key=lambda row: row.date))


def read_observations(layers: Sequence[Layer], problems: list[Problem]) -> dict[str, Observation]:
    """Read ``observations/*.csv`` of all layers by name. Adds what is wrong to ``problems``."""
    found: dict[str, Observation] = {}
    for layer in layers:
        for path, file in layer.files("observations", ".csv"):
            for number, cells in csv_rows(path, file, OBSERVATION_COLUMNS, problems, "Split it", optional=("note",)):
                row = _observation(cells, file, number, problems)
                if row is not None:
                    found[row.name] = row
    return found


def read_actuals(path: str, named: Callable[[str], str], series: Mapping[str, str]) -> tuple[Observation, ...]:
    """Read later observations in their file's own units and names; other series than those of ``series`` are passed.

    ``named`` gives the entity of the catalog for an entity of the file. Raises one ``InputError`` with every problem of
    the rows that count.
    """
    problems: list[Problem] = []
    found = []
    remedy = f"Write {','.join(PLAIN_COLUMNS)}"
    header, rows = csv_table(Path(path), "Give a CSV of later observations")
    if header != PLAIN_COLUMNS:
        raise InputError(Problem(file=path, key="row 1", wrong="the header is not that of the file", remedy=remedy))
    for number, cells in rows:
        known = series.get(cells["series"])
        if known is None:
            continue
        row = _actual(cells, known, named, path, number, problems)
        if row is not None:
            found.append(row)
    if problems:
        raise InputError(problems)
    return tuple(found)


def _actual(
    cells: Mapping[str, str],
    series: str,
    named: Callable[[str], str],
    path: str,
    number: int,
    problems: list[Problem],
) -> Observation | None:
    unit, scale = SCALES.get(cells["unit"], (cells["unit"], 1.0))
    entity = named(cells["entity"] or "")
    try:
        value = repr(float(cells["value"]) * scale)
    except (TypeError, ValueError):
        value = cells["value"] or ""
    whole = {**cells, "series": series, "entity": entity, "value": value, "unit": unit, "kind": "measured", "note": ""}
    return _observation(whole, path, number, problems, dated_loosely=True)


def _observation(
    cells: Mapping[str, str], file: str, number: int, problems: list[Problem], *, dated_loosely: bool = False
) -> Observation | None:
    """Make one row; None where something is wrong with it."""
    before = len(problems)

    def say(column: str, wrong: str, remedy: str) -> None:
        problems.append(Problem(file=file, key=f"row {number}: {column}", wrong=wrong, remedy=remedy))

    for column in ("series", "entity", "source"):
        if not cells[column]:
            say(column, "is empty", f"Give the {column}")
    if cells["kind"] not in FIGURE_KINDS:
        say("kind", f"{shown(cells['kind'])} is no kind of figure", f"Use one of {', '.join(FIGURE_KINDS)}")
    if cells["unit"] not in UNITS:
        say("unit", f"{shown(cells['unit'])} is no unit of figures", "Write USD, FLOP, W or 1")
    date, value = datetime.date.min, 0.0
    try:
        date = parse_date(cells["date"], end=dated_loosely)
    except InputError as error:
        say("date", error.problems[0].wrong, error.problems[0].remedy)
    try:
        value = float(cells["value"])
    except ValueError:
        say("value", f"{shown(cells['value'])} is not a number", "Write a plain number such as 3.75e9")
    if not 0.0 <= value < float("inf"):
        say("value", f"{value:g} is not a number of zero or more", "Write one")
    if len(problems) > before:
        return None
    return Observation(
        series=cells["series"],
        entity=cells["entity"],
        date=date,
        value=value,
        unit=cells["unit"],
        kind=cast("FigureKind", cells["kind"]),
        source=cells["source"],
        note=cells["note"],
        file=file,
    )


def observation_figure(rows: Mapping[str, Observation], name: str) -> Figure:
    """Give the figure of a row by its name. Raises ``CatalogError`` with the nearest when unknown."""
    from tenfold.catalog.names import unknown_key

    if name not in rows:
        raise CatalogError(unknown_key("observation", "observations", name, rows))
    return rows[name].figure
