"""Key numbers at the head of a page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tenfold.quantities import Percentiles


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A key number: P50 large, P10 and P90 below it, and where P50 lies between them."""

    name: str
    value: str
    low: str = ""
    """P10; empty for a number without a range."""
    high: str = ""
    middle_percent: float | None = None
    path: str = ""
    """Path of the number in the answer's JSON, which ``explain`` follows."""


def spread_card(name: str, spread: Percentiles, show: Callable[[float], str], path: str = "") -> Card:
    """Card of a number with its range."""
    width = spread.p90 - spread.p10
    middle = 100 * (spread.p50 - spread.p10) / width if 0 < width < float("inf") else None
    low, value, high = (show(end) for end in (spread.p10, spread.p50, spread.p90))
    return Card(name=name, value=value, low=low, high=high, middle_percent=middle, path=path)
