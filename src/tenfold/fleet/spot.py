"""Spot chips that their seller takes back for a time, after a notice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from tenfold.fleet.reservations import FROM, UNTIL
from tenfold.fleet.traces.columns import named, numbers, times_s
from tenfold.fleet.traces.formats import CHIPS
from tenfold.fleet.traces.table import read_table
from tenfold.quantities import InputError, Problem, shown

SPOT, NOTICE = ("spot", *CHIPS), ("notice_s", "notice")


@dataclass(frozen=True, slots=True, kw_only=True)
class SpotTerm:
    """Chips that are not there from one time on the clock of the trace until another."""

    chips: int
    from_s: float
    until_s: float
    notice_s: float
    """Between being told and being gone."""


def read_spot(path: Path, chips: int) -> tuple[SpotTerm, ...]:
    """Read rows of chips, from, until and notice, for a fleet of so many chips.

    Raises ``InputError`` for what means nothing, and for more spot chips at a time than the fleet has.
    """
    table = read_table(path)
    columns = [named(table, *names) for names in (SPOT, FROM, UNTIL, NOTICE)]
    if None in columns or not len(table):
        wrong = f"has the columns {shown(', '.join(table.columns))} and {len(table)} rows"
        remedy = "Give rows of chips, from_s, until_s and notice_s"
        raise InputError(Problem(file=str(path), key="", wrong=wrong, remedy=remedy))
    many, begins, ends, notices = (table.columns[name or ""] for name in columns)
    found, problems = [], list(table.ragged)
    rows = zip(table.line.tolist(), numbers(many), times_s(begins), times_s(ends), numbers(notices), strict=True)
    for line, count, from_s, until_s, notice_s in rows:
        wrong = ""
        if not (count >= 1 and count % 1 == 0):
            wrong = "has no whole number of chips"
        elif not (from_s < until_s and np.isfinite(until_s)):
            wrong = "has no time from which on the chips are gone, and a later one at which they are back"
        elif not notice_s >= 0:
            wrong = "has no notice of 0 or more seconds"
        if wrong:
            problems.append(Problem(file=str(path), key=f"line {line}", wrong=wrong, remedy="Mend the row"))
        else:
            found.append(
                SpotTerm(chips=int(count), from_s=float(from_s), until_s=float(until_s), notice_s=float(notice_s))
            )
    most = most_gone(found)
    if most > chips:
        wrong = f"takes back {most:,} chips at a time of {chips:,}"
        problems.append(Problem(file=str(path), key="chips", wrong=wrong, remedy="Take back no more than there are"))
    if problems:
        raise InputError(problems)
    return tuple(found)


def most_gone(terms: Sequence[SpotTerm]) -> int:
    """Most chips that are gone at a time."""
    return max((_gone(terms, each.from_s) for each in terms), default=0)


def _gone(terms: Sequence[SpotTerm], at_s: float) -> int:
    """Chips that are gone at a time."""
    return sum(each.chips for each in terms if each.from_s <= at_s < each.until_s)
