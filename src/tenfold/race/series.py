"""Observed series of the race: by name and entity, in the order of their dates, and what follows from them."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tenfold.catalog import Observation, known_at

OWNED, SOLD, CAPEX, REVENUE = "h100e-owned", "h100e-sold", "capex", "datacentre-revenue"
ALL_REVENUE, GUIDED, CASH_FLOW, RUN = "revenue", "guided-revenue", "operating-cash-flow", "largest-run"
RATE, POWER = "revenue-rate", "chip-power-sold"
QUARTER_DAYS = 92
SCORED = (OWNED, SOLD, CAPEX, REVENUE, RUN)
"""Series that forecasts are scored against."""


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """All that is known at a day, rows by series and entity."""

    day: datetime.date
    rows: Mapping[tuple[str, str], tuple[Observation, ...]]

    def of(self, series: str, entity: str) -> tuple[Observation, ...]:
        """Rows of one series, oldest first; none where there is none."""
        return self.rows.get((series, entity), ())

    def entities(self, series: str) -> tuple[str, ...]:
        """Entities of a series, in the order of their first row."""
        return tuple(entity for name, entity in self.rows if name == series)

    def last(self, series: str, entity: str) -> Observation | None:
        """The latest row, or None."""
        found = self.of(series, entity)
        return found[-1] if found else None


def history_at(rows: Iterable[Observation], day: datetime.date) -> History:
    """Rows dated at or before a day."""
    found: dict[tuple[str, str], list[Observation]] = {}
    for row in known_at(rows, day):
        found.setdefault((row.series, row.entity), []).append(row)
    return History(day=day, rows={key: tuple(each) for key, each in found.items()})


def flows(rows: tuple[Observation, ...]) -> tuple[tuple[datetime.date, float], ...]:
    """What was added in each quarter of a cumulative series; the first row is its own first quarter."""
    before = [0.0, *(row.value for row in rows[:-1])]
    return tuple((row.date, row.value - last) for row, last in zip(rows, before, strict=True))


def quarter_end(day: datetime.date, quarters: int = 0) -> datetime.date:
    """Last day of the calendar quarter of a day, so many quarters later."""
    place = day.year * 4 + (day.month - 1) // 3 + quarters
    year, quarter = divmod(place + 1, 4)
    return datetime.date(year, quarter * 3 + 1, 1) - datetime.timedelta(days=1)


def quarters_between(start: datetime.date, end: datetime.date) -> int:
    """Calendar quarters from one day to another, by the quarters they lie in."""
    return (end.year - start.year) * 4 + (end.month - 1) // 3 - (start.month - 1) // 3


def observed_until(rows: Iterable[Observation]) -> datetime.date:
    """Day of the last observation that a forecast can be scored against."""
    return max(row.date for row in rows if row.series in SCORED)


def covered_until(rows: Iterable[Observation]) -> datetime.date:
    """Day until which records are known: the last quarter end that chips are counted to."""
    return max(row.date for row in rows if row.series == SOLD)
