"""Dates as people write them: "2026-03-01", "2026-03", "2026Q3", "2026"."""

from __future__ import annotations

import datetime
import re

from tenfold.quantities.errors import InputError, Problem, shown

_DATE = re.compile(r"([0-9]{4})(?:-?Q([1-4])|-([0-9]{2})(?:-([0-9]{2}))?)?")


def parse_date(text: object, *, file: str = "", key: str = "", end: bool = False) -> datetime.date:
    """Read a date; of a month, quarter or year the first day, or the last with ``end``.

    ``text`` is a text or a date already. Raises ``InputError`` for anything else.
    """
    if isinstance(text, datetime.datetime):
        return text.date()
    if isinstance(text, datetime.date):
        return text
    found = _DATE.fullmatch(text.strip() if isinstance(text, str) else "")
    try:
        if found is not None:
            return _day(*(int(part) if part else None for part in found.groups()), end=end)  # type: ignore[arg-type]
    except (ValueError, OverflowError):
        pass
    wrong = f"{shown(text)} is not a date"
    raise InputError(
        Problem(file=file, key=key, wrong=wrong, remedy="Write '2026-03-01', '2026-03', '2026Q3' or '2026'")
    )


def _day(year: int, quarter: int | None, month: int | None, day: int | None, *, end: bool) -> datetime.date:
    """First or last day of the period; raises ``ValueError`` for a month or day that does not exist."""
    if day is not None and month is not None:
        return datetime.date(year, month, day)
    months = 12 if quarter is None and month is None else 3 if quarter is not None else 1
    first = month if month is not None else 3 * (quarter or 1) - 2
    begins = datetime.date(year, first, 1)
    if not end:
        return begins
    after = first + months
    following = datetime.date(year + (after > 12), after - 12 * (after > 12), 1)
    return following - datetime.timedelta(days=1)
