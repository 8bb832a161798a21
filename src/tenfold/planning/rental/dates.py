"""Dates of a rental question on the grid of quarters. A quarter is 4·year + quarter − 1, counted from year 0."""

from __future__ import annotations

import datetime
from collections.abc import Iterator

from tenfold.quantities import DAYS_PER_YEAR, QUARTERS_PER_YEAR, YEAR_S, Problem

LONGEST_CONTRACT_YEARS = 40
MONTHS = 12
ROUNDING = 0.05
"""Of a quarter: a term of 3.33 years is no whole number of quarters, one of 3.2499 years is."""


def quarter_of(day: datetime.date) -> int:
    """Quarter that a day falls in."""
    return QUARTERS_PER_YEAR * day.year + (day.month - 1) // 3


def quarter_name(quarter: int) -> str:
    """Print a quarter: "2026Q3"."""
    return f"{quarter // QUARTERS_PER_YEAR}Q{quarter % QUARTERS_PER_YEAR + 1}"


def years_of(day: datetime.date) -> float:
    """Years since year 0 of a day."""
    return day.year + (day.timetuple().tm_yday - 1) / DAYS_PER_YEAR


def quarters_in(term_s: float) -> int:
    """Quarters of a term."""
    return round(QUARTERS_PER_YEAR * term_s / YEAR_S)


def is_whole_quarters(term_s: float) -> bool:
    """Tell whether a term is a whole number of quarters."""
    return abs(QUARTERS_PER_YEAR * term_s / YEAR_S - quarters_in(term_s)) <= ROUNDING


def contract_problems(start: object, end: object, term_s: object) -> Iterator[Problem]:
    """Say when a contract has no end or two, when it ends before it starts, and when it is without end.

    Takes what was said, which need not be readable.
    """
    if (end is None) == (term_s is None):
        wrong = "has neither an end nor a term" if end is None else "has both an end and a term"
        yield Problem(file="", key="end", wrong=wrong, remedy="Give one of end and term")
    elif isinstance(start, datetime.date) and isinstance(end, datetime.date):
        if end < start:
            wrong = f"ends on {end.isoformat()}, before it starts on {start.isoformat()}"
            yield Problem(file="", key="end", wrong=wrong, remedy="Write a later end")
        elif (end - start).days > LONGEST_CONTRACT_YEARS * 366:
            wrong = f"runs for more than {LONGEST_CONTRACT_YEARS} years"
            yield Problem(file="", key="end", wrong=wrong, remedy="Write an earlier end")


def contract_quarters(start: datetime.date, end: datetime.date | None, term_s: float | None) -> dict[int, float]:
    """Share of each quarter that a contract runs, from its start to its end or through its term, whole months."""
    last = end if end is not None else _last_day(start, term_s or 0.0)
    return {quarter: _share(quarter, start, last) for quarter in range(quarter_of(start), quarter_of(last) + 1)}


def _last_day(start: datetime.date, term_s: float) -> datetime.date:
    after = start.year * MONTHS + start.month - 1 + round(MONTHS * term_s / YEAR_S)
    return datetime.date(after // MONTHS, after % MONTHS + 1, min(start.day, 28)) - datetime.timedelta(days=1)


def _share(quarter: int, start: datetime.date, end: datetime.date) -> float:
    """Share of the quarter's days between two days, both counted."""
    first, after = _first_day(quarter), _first_day(quarter + 1)
    days = (min(end + datetime.timedelta(days=1), after) - max(start, first)).days
    return days / (after - first).days


def _first_day(quarter: int) -> datetime.date:
    return datetime.date(quarter // QUARTERS_PER_YEAR, 3 * (quarter % QUARTERS_PER_YEAR) + 1, 1)
