"""Spending on the leading maker's chips in the quarter of the start, from what leads and what lags.

Three rows say something: the last revenue, which is a quarter old; chips sold, which are dated to the quarter; and what
the maker told of its next quarter. The last two are joined by their precision.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from tenfold.race.reader import Reader
from tenfold.race.series import ALL_REVENUE, GUIDED, REVENUE, SOLD, History, flows

MAKER = "nvidia"
CLOSE_DAYS = 46


@dataclass(frozen=True, slots=True, kw_only=True)
class Nowcast:
    """A maker's revenue of the fiscal quarter that ends nearest to the start."""

    usd: float
    spread: float
    """Standard deviation of what it may be, in logs."""
    from_last_usd: float
    """Without what leads: the last revenue as it stands."""
    is_next: bool
    """Whether it is of a quarter after the last reported one."""


def nowcast(history: History, reader: Reader) -> Nowcast:
    """Revenue now, from the rows of a history."""
    rows = history.of(REVENUE, MAKER)
    last = rows[-1]
    if (history.day - last.date).days < CLOSE_DAYS:
        return Nowcast(usd=last.value, spread=0.0, from_last_usd=last.value, is_next=False)
    said = [(math.log(usd), 1.0 / spread**2) for usd, spread in _said(history, reader) if usd > 0.0]
    usd = math.exp(_weighted(said)) if said else last.value
    weight = sum(each for _, each in said) or reader.assumed("hindcast.sold_spread") ** -2.0
    return Nowcast(usd=usd, spread=weight**-0.5, from_last_usd=last.value, is_next=True)


def _said(history: History, reader: Reader) -> list[tuple[float, float]]:
    """What each leading row says the revenue is, USD, with its spread."""
    last = history.of(REVENUE, MAKER)[-1]
    found = []
    guided = history.last(GUIDED, MAKER)
    whole = history.last(ALL_REVENUE, MAKER)
    if guided is not None and whole is not None and guided.date > last.date:
        found.append(
            (guided.value * beaten(history) - (whole.value - last.value), reader.assumed("hindcast.guided_spread"))
        )
    sold = [h100e for date, h100e in flows(history.of(SOLD, MAKER)) if (date - last.date).days > -CLOSE_DAYS]
    if len(sold) >= 2 and min(sold[0], sold[-1]) > 0.0:
        learning = reader.assumed("supply.learning_per_year") ** (0.25 * (len(sold) - 1))
        found.append((last.value * sold[-1] / sold[0] / learning, reader.assumed("hindcast.sold_spread")))
    return found


def beaten(history: History) -> float:
    """Revenue over what was told of it before, geometric mean of what is known, drawn to 1 by two quarters."""
    told = history.of(GUIDED, MAKER)
    logs = []
    for row in history.of(ALL_REVENUE, MAKER):
        before = [each for each in told if 0 < (row.date - each.date).days <= 100]
        if before:
            logs.append(math.log(row.value / before[0].value))
    return math.exp(sum(logs) / (len(logs) + 2))


def _weighted(said: Sequence[tuple[float, float]]) -> float:
    return sum(value * weight for value, weight in said) / sum(weight for _, weight in said)
