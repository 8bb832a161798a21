"""Lengths of time in one another.

Spans of calendar time use the Julian year of 365.25 days, as the units do. Books use a year of 8,760 hours in twelve
months or four equal quarters, the convention of operators and lenders; the two differ by 0.07 %.
"""

from __future__ import annotations

HOUR_S = 3600.0
DAY_S = 86_400.0
YEAR_S = 365.25 * DAY_S
"""Julian year."""
HOURS_PER_DAY = 24.0
DAYS_PER_YEAR = 365.25
"""Of the Julian year."""

HOURS_PER_YEAR = 8760.0
"""Of the books."""
DAYS_PER_BOOK_YEAR = HOURS_PER_YEAR / HOURS_PER_DAY
MONTHS_PER_YEAR = 12.0
QUARTERS_PER_YEAR = 4
HOURS_PER_QUARTER = HOURS_PER_YEAR / QUARTERS_PER_YEAR
DAYS_PER_QUARTER = HOURS_PER_QUARTER / HOURS_PER_DAY
MONTHS_PER_QUARTER = 3
