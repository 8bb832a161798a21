"""Terms of rent, and how long each binds the buyer."""

from __future__ import annotations

from collections.abc import Mapping

ON_DEMAND, SPOT = "on-demand", "spot"
TERM_YEARS: Mapping[str, float] = {
    ON_DEMAND: 0.0,
    "reserved-1m": 1 / 12,
    "reserved-3m": 1 / 4,
    "reserved-6m": 1 / 2,
    "reserved-1y": 1.0,
    "reserved-2y": 2.0,
    "reserved-3y": 3.0,
    "reserved-4y": 4.0,
    "reserved-5y": 5.0,
    "reserved-6y": 6.0,
    "reserved": 2.0,
    SPOT: 0.0,
}
"""Years that a term binds for. "reserved" is a price "from" a figure whose term the seller does not state; it is taken
as two years, the middle of the one to three that contracts are usual for."""
RENTAL_TERMS: tuple[str, ...] = tuple(TERM_YEARS)
