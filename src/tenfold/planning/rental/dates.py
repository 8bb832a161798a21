"""Dates of a rental file on the grid of quarters. A quarter is 4·year + quarter − 1, counted from year 0."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

from tenfold.planning.rental.values import LIMITS
from tenfold.quantities import (
    DAYS_PER_YEAR,
    QUARTERS_PER_YEAR,
    YEAR_S,
    InputError,
    Problem,
    format_quantity,
    parse_date,
    parse_quantity,
    shown,
)

LONGEST_CONTRACT_YEARS = 40


def quarter_of(value: object, file: str, key: str) -> int:
    """Quarter of a date, of which "2026Q3" is one."""
    return _quarter(parse_date(value, file=file, key=key))


def years_of(value: object, file: str, key: str) -> float:
    """Years since year 0 of a date."""
    day = parse_date(value, file=file, key=key)
    return day.year + (day.timetuple().tm_yday - 1) / DAYS_PER_YEAR


def quarters_in(text: Any, file: str, key: str) -> int:  # noqa: ANN401  (any TOML value)
    """Whole quarters of a term such as "5 years"."""
    years = _term_years(text, file, key)
    quarters = round(QUARTERS_PER_YEAR * years)
    if abs(QUARTERS_PER_YEAR * years - quarters) > 0.05:
        wrong, remedy = f"{shown(text)} is not a whole number of quarters", "Write quarters of years: '3.25 years'"
        raise InputError(Problem(file=file, key=key, wrong=wrong, remedy=remedy))
    return quarters


def contract_quarters(table: Mapping[str, Any], file: str, place: str) -> dict[int, float]:
    """Share of each quarter a contract runs, from its start to its end or through its term.

    Raises ``InputError`` for a contract with neither or both, one that ends before it starts, and one without end.
    """
    start = parse_date(table["start"], file=file, key=f"{place}.start")
    end = _end(table, start, file, place)
    if end < start:
        wrong = f"ends on {end.isoformat()}, before it starts on {start.isoformat()}"
        raise InputError(Problem(file=file, key=f"{place}.end", wrong=wrong, remedy="Write a later end"))
    if (end - start).days > LONGEST_CONTRACT_YEARS * 366:
        wrong = f"runs for more than {LONGEST_CONTRACT_YEARS} years"
        raise InputError(Problem(file=file, key=f"{place}.end", wrong=wrong, remedy="Write an earlier end"))
    return {quarter: _share(quarter, start, end) for quarter in range(_quarter(start), _quarter(end) + 1)}


def quarter_name(quarter: int) -> str:
    """Print a quarter: "2026Q3"."""
    return f"{quarter // QUARTERS_PER_YEAR}Q{quarter % QUARTERS_PER_YEAR + 1}"


def _end(table: Mapping[str, Any], start: datetime.date, file: str, place: str) -> datetime.date:
    if (table.get("end") is None) == (table.get("term") is None):
        wrong = "has neither an end nor a term" if table.get("end") is None else "has both an end and a term"
        raise InputError(Problem(file=file, key=f"{place}.end", wrong=wrong, remedy="Give one of end and term"))
    if table.get("end") is not None:
        return parse_date(table["end"], file=file, key=f"{place}.end", end=True)
    years = _term_years(table["term"], file, f"{place}.term")
    months = round(12 * years)
    after = start.year * 12 + start.month - 1 + months
    return datetime.date(after // 12, after % 12 + 1, min(start.day, 28)) - datetime.timedelta(days=1)


def _term_years(text: Any, file: str, key: str) -> float:  # noqa: ANN401  (any TOML value)
    limits = LIMITS["term"]
    seconds = parse_quantity(text, "s", file=file, key=key)
    if not limits.least <= seconds <= limits.most:
        low, high = (format_quantity(end, "s") for end in (limits.least, limits.most))
        wrong = f"{shown(text)} is too {'short' if seconds < limits.least else 'long'}"
        raise InputError(Problem(file=file, key=key, wrong=wrong, remedy=f"Write a time from {low} to {high}"))
    return seconds / YEAR_S


def _quarter(day: datetime.date) -> int:
    return QUARTERS_PER_YEAR * day.year + (day.month - 1) // 3


def _share(quarter: int, start: datetime.date, end: datetime.date) -> float:
    """Share of the quarter's days between two days, both counted."""
    first, after = _first_day(quarter), _first_day(quarter + 1)
    days = (min(end + datetime.timedelta(days=1), after) - max(start, first)).days
    return days / (after - first).days


def _first_day(quarter: int) -> datetime.date:
    return datetime.date(quarter // QUARTERS_PER_YEAR, 3 * (quarter % QUARTERS_PER_YEAR) + 1, 1)
