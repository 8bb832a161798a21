"""What others reached: rows of ``hazards/published_ettr.csv``, which nothing is calculated from.

An overlay's row replaces the earlier row of the same name.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from tenfold.catalog.csv_rows import csv_rows
from tenfold.catalog.reading import Layer
from tenfold.quantities import Figure, InputError, Problem, parse_date, shown

COLUMNS = ("name", "chips", "chip", "ettr", "kind", "as_of", "source", "note")
FILE = "hazards/published_ettr.csv"


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedEttr:
    """Effective training time ratio (or goodput) that a paper or a report states."""

    name: str
    chips: int | None
    """None where it is not published."""
    chip: str
    """As the source calls it; empty where it does not say."""
    figure: Figure
    """A share."""


def read_published_ettr(
    layers: Sequence[Layer], sources: Container[str], problems: list[Problem]
) -> tuple[PublishedEttr, ...]:
    """Read the file of every layer, later rows over earlier ones of the same name."""
    found: dict[str, PublishedEttr] = {}
    for layer in layers:
        path, file = layer.root / FILE, f"{layer.shown}/{FILE}"
        if path.exists():
            found |= {row.name: row for row in _published(path, file, sources, problems)}
    return tuple(found.values())


def _published(path: Path, file: str, sources: Container[str], problems: list[Problem]) -> Iterator[PublishedEttr]:
    for number, cells in csv_rows(path, file, COLUMNS, problems):
        try:
            yield _row(cells, sources)
        except InputError as trouble:
            problems += [replace(each, file=file, key=f"row {number}: {each.key}") for each in trouble.problems]


def _row(cells: Mapping[str, str], sources: Container[str]) -> PublishedEttr:
    """Read one row. Raises ``InputError`` with the column as key."""
    if not cells["name"]:
        raise _wrong("name", "is empty", "Give the name of the run")
    if cells["source"] not in sources:
        remedy = "Add it with title, url and date to a file of sources/"
        raise _wrong("source", f"unknown source {shown(cells['source'])}", remedy)
    return PublishedEttr(
        name=cells["name"],
        chips=round(_number(cells, "chips", 1e9)) if cells["chips"] else None,
        chip=cells["chip"],
        figure=Figure(
            value=_number(cells, "ettr", 1.0),
            unit="1",
            kind=cells["kind"],  # type: ignore[arg-type]  # it refuses what is no kind
            source=cells["source"],
            as_of=parse_date(cells["as_of"], file="", key="as_of"),
            note=cells["note"],
        ),
    )


def _number(cells: Mapping[str, str], column: str, most: float) -> float:
    """Read a number above zero. Raises ``InputError``."""
    try:
        value = float(cells[column])
    except ValueError:
        value = 0.0
    if not 0.0 < value <= most:
        raise _wrong(column, f"{shown(cells[column])} is no {column}", f"Write a number above zero, {most:g} at most")
    return value


def _wrong(column: str, wrong: str, remedy: str) -> InputError:
    return InputError(Problem(file="", key=column, wrong=wrong, remedy=remedy))
