"""Deals as dated rows of ``deals/*.csv``. An overlay's row replaces the row with the same key."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import cast

from tenfold.catalog.csv_rows import csv_rows
from tenfold.catalog.deals import Deal, contract_problems
from tenfold.catalog.names import normal
from tenfold.catalog.reading import Layer
from tenfold.quantities import FIGURE_KINDS, FigureKind, InputError, Problem, parse_date, parse_quantity, shown

DEAL_COLUMNS = (
    "key", "from", "to", "kind", "amount_usd", "signed", "starts", "ends", "term_years", "status", "cancelable",
    "cancelable_from", "schedule", "rate_per_year", "shares", "price_usd_per_share", "part_of", "figure_kind",
    "source", "note",
)  # fmt: skip
NEEDED = ("key", "from", "to", "source")


def read_deal_layers(
    layers: Sequence[Layer], players: Mapping[str, str], problems: list[Problem]
) -> tuple[Mapping[str, Deal], ...]:
    """Read the deals of each layer by key, their ``players`` by name made keys. Adds what is wrong to ``problems``."""
    return tuple(
        {
            key: replace(
                row,
                payer=players.get(normal(row.payer), row.payer),
                payee=players.get(normal(row.payee), row.payee),
            )
            for key, row in read_deals(layer, problems).items()
        }
        for layer in layers
    )


def read_deals(layer: Layer, problems: list[Problem]) -> dict[str, Deal]:
    """Read every deal of a layer by key. Adds what is wrong to ``problems``."""
    found: dict[str, Deal] = {}
    for row in _rows(layer, problems):
        deal = row.deal()
        if deal is not None and deal.key in found:
            row.say("key", f"'{deal.key}' is also in {found[deal.key].file}", "Keep one of them")
        elif deal is not None and (twin := next((one for one in found.values() if _same(one, deal)), None)):
            row.say("key", f"repeats '{twin.key}': the same players, kind and amount", "Keep one, or name part_of")
        elif deal is not None:
            found[deal.key] = deal
        problems += row.problems
    return found


def _same(one: Deal, other: Deal) -> bool:
    """The same money told twice, if neither says that it is part of another deal."""
    if one.amount_usd is None or one.part_of or other.part_of:
        return False
    return (one.payer, one.payee, one.kind, one.amount_usd) == (other.payer, other.payee, other.kind, other.amount_usd)


@dataclass(slots=True)
class _Row:
    """One row with its place, and what is wrong with it."""

    file: str
    line: int
    cells: Mapping[str, str]
    problems: list[Problem]

    def say(self, column: str, wrong: str, remedy: str) -> None:
        self.problems.append(Problem(file=self.file, key=f"row {self.line}: {column}", wrong=wrong, remedy=remedy))

    def number(self, column: str, *, negative: bool = False) -> float | None:
        text = self.cells[column]
        if not text:
            return None
        try:
            return parse_quantity(float(text), "1", negative=negative)
        except ValueError:
            self.say(column, f"{shown(text)} is not a number", "Write a plain number such as 6.3e9")
        except InputError as error:
            self.say(column, error.problems[0].wrong, "Write a number of zero or more")
        return None

    def date(self, column: str, *, end: bool = False) -> datetime.date | None:
        text = self.cells[column]
        try:
            return parse_date(text, end=end) if text else None
        except InputError as error:
            self.say(column, error.problems[0].wrong, error.problems[0].remedy)
        return None

    def schedule(self) -> tuple[str, dict[int, float]]:
        """Name of the schedule, or amounts by year."""
        text = self.cells["schedule"]
        if ":" not in text:
            return text, {}
        years = {}
        for part in text.split():
            year, _, amount = part.partition(":")
            try:
                years[int(year)] = parse_quantity(float(amount), "USD")
            except (ValueError, InputError):
                self.say("schedule", f"{shown(part)} is no year with its amount", "Write 2026:6.7e9 2027:4e9")
        return "", years

    def deal(self) -> Deal | None:
        """Make the deal; None where something is wrong with the row."""
        for column in NEEDED:
            if not self.cells[column]:
                self.say(column, "is empty", f"Give the {column}")
        if self.cells["figure_kind"] not in FIGURE_KINDS:
            wrong = f"{shown(self.cells['figure_kind'])} is no kind of figure"
            self.say("figure_kind", wrong, f"Use one of {', '.join(FIGURE_KINDS)}")
        signed = self.date("signed")
        if not self.cells["signed"]:
            self.say("signed", "is empty", "Give the date")
        schedule, years = self.schedule()
        made = self._made(signed or datetime.date.min, schedule, years)
        for key, wrong, remedy in contract_problems(made):
            self.say({"payer": "from", "payee": "to"}.get(key, key), wrong, remedy)
        return None if self.problems else made

    def _made(self, signed: datetime.date, schedule: str, years: dict[int, float]) -> Deal:
        cells = self.cells
        return Deal(
            key=cells["key"],
            payer=cells["from"],
            payee=cells["to"],
            kind=cells["kind"],
            amount_usd=self.number("amount_usd"),
            signed=signed,
            status=cells["status"],
            source=cells["source"],
            starts=self.date("starts"),
            ends=self.date("ends", end=True),
            term_years=self.number("term_years", negative=True),
            cancelable=cells["cancelable"],
            cancelable_from=self.date("cancelable_from"),
            schedule=schedule,
            due_by_year_usd=years,
            rate_per_year=self.number("rate_per_year"),
            shares=self.number("shares"),
            price_usd_per_share=self.number("price_usd_per_share"),
            part_of=cells["part_of"],
            figure_kind=cast("FigureKind", cells["figure_kind"]),
            note=cells["note"],
            file=self.file,
        )


def _rows(layer: Layer, problems: list[Problem]) -> Iterator[_Row]:
    for path, file in layer.files("deals", ".csv"):
        for number, cells in csv_rows(path, file, DEAL_COLUMNS, problems, "Split it"):
            yield _Row(file, number, cells, [])
