"""Values of a procurement file: each text read once, every problem kept with its key."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

import numpy as np

from tenfold.planning.procurement.programme import NEVER
from tenfold.quantities import (
    MONTHS_PER_QUARTER,
    YEAR_S,
    Floats,
    InputError,
    Problem,
    format_quantity,
    parse_date,
    parse_quantity,
    shown,
)

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Span:
    """Unit of a value and what makes sense, both ends included."""

    unit: str
    least: float = 0.0
    most: float = 1e15


SPANS = {
    "discount_rate": Span("1", 0.0, 1.0),
    "risk_aversion": Span("1", 0.0, 1000.0),
    "cvar_level": Span("1", 0.0, 0.999),
    "max_vendor_share": Span("1", 0.01, 1.0),
    "max_revenue_share": Span("1", 0.0, 1e6),
    "revenue": Span("USD"),
    "capital": Span("USD"),
    "useful_life": Span("s", YEAR_S, 50 * YEAR_S),
    "demand": Span("1", 0.0, 1e9),
    "work": Span("chip-h", 0.0, 1e15),
    "tokens": Span("tokens", 1e6, 1e18),
    "sequence_length": Span("tokens", 1, 2**24),
    "cluster_chips": Span("1", 1, 1e7),
    "max_h100e": Span("1", 1e-6, 1e9),
    "unserved": Span("USD/h", 0.0, 1e6),
    "h100e_per_chip": Span("1", 0.0, 1e4),
    "power": Span("W", 0.0, 1e12),
    "colocation": Span("1", 0.0, 1e5),
    "own": Span("USD", 0.01, 1e9),
    "rent": Span("USD/h", 1e-6, 1e6),
    "chips": Span("1", 0.0, 1e9),
    "share": Span("1", 0.0, 1.0),
    "factor": Span("1", 0.0, 1e3),
}
"""Wide enough for anything that could be meant, narrow enough to catch a slip of the unit."""


@dataclass(slots=True)
class Values:
    """Reads texts and collects what is wrong."""

    file: str
    start: datetime.date
    quarters: int
    problems: list[Problem] = field(default_factory=list)

    def wrong(self, key: str, wrong: str, remedy: str) -> None:
        """Keep a problem."""
        self.problems.append(Problem(file=self.file, key=key, wrong=wrong, remedy=remedy))

    def kept(self, key: str, read: Callable[[], Value], default: Value) -> Value:
        """Read, and keep what is wrong under a key."""
        try:
            return read()
        except InputError as trouble:
            self.problems.extend(
                replace(problem, file=self.file, key=problem.key or key) for problem in trouble.problems
            )
            return default

    def number(self, key: str, text: str | int | float | None, span: str, default: float) -> float:
        """Read a quantity within its span; the default when absent."""
        if text is None:
            return default
        limits = SPANS[span]
        value = self.kept(key, lambda: parse_quantity(text, limits.unit, file=self.file, key=key), None)
        if value is None:
            return default
        if limits.least <= value <= limits.most:
            return value
        low, high = (format_quantity(end, limits.unit) for end in (limits.least, limits.most))
        wrong = f"{shown(text)} is too {'small' if value < limits.least else 'large'}"
        self.wrong(key, wrong, f"Write a value from {low} to {high}")
        return default

    def series(self, key: str, text: object, span: str, default: float) -> Floats:
        """Read one quantity for all quarters, or a list of one a quarter."""
        entries: list[Any] = text if isinstance(text, list) else [text]
        values = [self.number(key, entry, span, default) for entry in entries]
        if len(values) not in (1, self.quarters):
            self.wrong(key, f"has {len(values)} values for {self.quarters} quarters", "Write one, or one a quarter")
            values = [default]
        return np.broadcast_to(np.array(values, dtype=np.float64), (self.quarters,)).copy()

    def quarter(self, key: str, text: object, default: int, *, end: bool = False) -> int:
        """Read a date as the number of its quarter, 0 the first; with ``end`` the quarter of its last day."""
        if text is None:
            return default
        day = self.kept(key, lambda: parse_date(text, file=self.file, key=key, end=end), None)
        return default if day is None else quarters_between(self.start, day)

    def within(self, key: str, text: object, default: int, *, end: bool = False) -> int:
        """Read a date as the number of a quarter of the programme."""
        found = self.quarter(key, text, default, end=end)
        if text is not None and not 0 <= found < self.quarters:
            last = quarter_name(self.start, self.quarters - 1)
            self.wrong(key, f"{shown(text)} is outside the programme", f"Write {quarter_name(self.start, 0)} to {last}")
            return default
        return found

    def end_quarter(self, key: str, text: object) -> int:
        """Read the first quarter after an effect; never when absent."""
        return self.quarter(key, text, NEVER)


def quarters_between(start: datetime.date, day: datetime.date) -> int:
    """Count quarters from the one of ``start`` to the one of ``day``."""
    return (day.year - start.year) * 4 + (day.month - 1) // 3 - (start.month - 1) // 3


def quarter_name(start: datetime.date, quarter: int) -> str:
    """Name the quarter so many after the start: "2027Q2"."""
    place = start.year * 4 + (start.month - 1) // MONTHS_PER_QUARTER + quarter
    return f"{place // 4}Q{place % 4 + 1}"
