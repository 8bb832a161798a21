"""What the parts of a procurement question are judged by: its calendar and its names, as far as they could be read."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from tenfold.catalog import Catalog
from tenfold.planning.procurement.quarters import Calendar
from tenfold.planning.procurement.question import ProcureQuestion
from tenfold.quantities import UNREAD, Problem, known, rows_in


@dataclass(frozen=True, slots=True)
class Seen:
    """A question, what of it could be read."""

    question: ProcureQuestion
    catalog: Catalog

    @property
    def calendar(self) -> Calendar | None:
        """Quarters of the programme; None where they cannot be told."""
        asked = self.question.programme
        if asked is UNREAD or not known(asked.start, asked.quarters):
            return None
        return Calendar(asked.start, asked.quarters)

    @property
    def names(self) -> Mapping[str, tuple[str, ...] | None]:
        """Names of workloads and of what options name, by what they name; None where one of them is not known."""
        options = self.question.options
        chips = values_of(options, "chip")
        vendors = None if chips is None else tuple(self.catalog.chip(chip).vendor for chip in chips)
        return {
            "workloads": values_of(self.question.workloads, "name"),
            "chips": chips,
            "vendors": vendors,
            "suppliers": values_of(options, "supplier"),
            "sites": values_of(options, "site"),
        }

    def lengths(self, key: str, series: Mapping[str, Sequence[object] | None]) -> Iterator[Problem]:
        """A value by quarter is one for all, or one a quarter."""
        asked = self.question.programme
        if asked is UNREAD or not known(asked.quarters):
            return
        for name, values in series.items():
            if values is not None and known(values) and len(values) not in (1, asked.quarters):
                wrong = f"has {len(values)} values for {asked.quarters} quarters"
                yield problem(f"{key}.{name}", wrong, "Write one, or one a quarter")

    def outside(self, key: str, days: Mapping[str, datetime.date | None]) -> Iterator[Problem]:
        """What happens in the programme lies within it."""
        calendar = self.calendar
        if calendar is None:
            return
        for name, day in days.items():
            if day is not None and known(day) and not 0 <= calendar.quarter(day) < calendar.count:
                first, last = calendar.name(0), calendar.name(calendar.count - 1)
                yield problem(f"{key}.{name}", f"'{day}' is outside the programme", f"Write {first} to {last}")


def values_of(tables: Sequence[object], field: str) -> tuple[str, ...] | None:
    """Values of a field in all tables, each once; None where one of them could not be read."""
    values = [getattr(table, field) for _, table in rows_in("", tables)]
    whole = tables is not UNREAD and len(values) == len(tables) and known(*values)
    return tuple(dict.fromkeys(values)) if whole else None


def problem(key: str, wrong: str, remedy: str) -> Problem:
    """Say what is wrong at a key."""
    return Problem(file="", key=key, wrong=wrong, remedy=remedy)
