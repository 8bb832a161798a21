"""Lengths of time agree with the units that people write."""

from __future__ import annotations

import pytest

from tenfold import quantities
from tenfold.quantities import parse_quantity


@pytest.mark.parametrize(("written", "name"), [("1 h", "HOUR_S"), ("1 day", "DAY_S"), ("1 year", "YEAR_S")])
def test_times_are_those_of_the_units(written: str, name: str) -> None:
    assert parse_quantity(written, "s") == getattr(quantities, name)


def test_the_year_of_the_books_is_four_equal_quarters_of_whole_hours() -> None:
    assert quantities.HOURS_PER_QUARTER * quantities.QUARTERS_PER_YEAR == quantities.HOURS_PER_YEAR == 365 * 24
    assert quantities.DAYS_PER_QUARTER * quantities.HOURS_PER_DAY == quantities.HOURS_PER_QUARTER == 2190
    assert quantities.MONTHS_PER_QUARTER * quantities.QUARTERS_PER_YEAR == quantities.MONTHS_PER_YEAR
