"""When a measured run was: dates, ranges of years and releases, as sources write them."""

from __future__ import annotations

import datetime
import re

MONTH = re.compile(r"\b(20\d\d)-(0[1-9]|1[0-2])(?!\d)")
RANGE = re.compile(r"\b(20\d\d)\s*(?:-|–|to)\s*(20\d\d)\b")
YEAR = re.compile(r"\b(20\d\d)\b")
RELEASE = re.compile(r"\b(2[0-9])\.(0[1-9]|1[0-2])(?:\.\d+)?\b")
"""Releases numbered by year and month, such as 26.02.01 and 24.09."""
MIDDLE = 7
"""Month that a year stands for."""


def day_of(text: str) -> datetime.date | None:
    """The day a source's date stands for; None when it holds none.

    A month is its first day, a range of years the turn in its middle, a year its middle, a release its month.
    """
    if found := MONTH.search(text):
        return datetime.date(int(found[1]), int(found[2]), 1)
    if found := RELEASE.search(text):
        return datetime.date(2000 + int(found[1]), int(found[2]), 1)
    if found := RANGE.search(text):
        months = 12 * (int(found[1]) + int(found[2]) + 1) // 2
        return datetime.date(months // 12, months % 12 + 1, 1)
    if found := YEAR.search(text):
        return datetime.date(int(found[1]), MIDDLE, 1)
    return None


def release_of(text: str) -> datetime.date | None:
    """The month of a release in a framework's name, the latest where there are several; None without one."""
    found = [datetime.date(2000 + int(year), int(month), 1) for year, month in RELEASE.findall(text)]
    return max(found, default=None)
