"""Chip-hours by quarter, and the chips that do them."""

from __future__ import annotations

from collections.abc import Sequence

from tenfold.quantities import HOURS_PER_QUARTER, QUARTERS_PER_YEAR, YEAR_S


def quarters_in(horizon_s: float) -> int:
    """Whole quarters of a horizon."""
    return round(horizon_s / YEAR_S * QUARTERS_PER_YEAR)


def hours_by_quarter(listed: Sequence[float], horizon_s: float) -> tuple[float, ...]:
    """Chip-hours of each quarter, the last of the list repeated."""
    return tuple(listed[min(quarter, len(listed) - 1)] for quarter in range(quarters_in(horizon_s)))


def least_chips(hours: Sequence[float]) -> float:
    """Chips that do the busiest quarter when they never rest; at least one."""
    return max(max(hours) / HOURS_PER_QUARTER, 1.0)
