"""Terms of rent, and how long each binds the buyer."""

from __future__ import annotations

import re
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
"""Terms that sellers list."""
MONTHS = re.compile(r"reserved-([1-9]\d?)m")
"""Any number of months, as buyers agree on with sellers."""
LONGEST_MONTHS = 99
"""The most that ``MONTHS`` can say."""


def is_term(term: str) -> bool:
    """Whether somebody can rent for it: a term that sellers list, or any number of months."""
    return term in TERM_YEARS or MONTHS.fullmatch(term) is not None


def term_years(term: str) -> float:
    """Years that a term binds for. Raises ``KeyError`` for what ``is_term`` refuses."""
    months = MONTHS.fullmatch(term)
    return int(months[1]) / 12.0 if months else TERM_YEARS[term]


def usual_term(term: str) -> str:
    """The term by the name that sellers list it under, where they do: 12 months are a year."""
    same = (name for name in TERM_YEARS if name.startswith("reserved-") and term_years(name) == term_years(term))
    return term if term in TERM_YEARS else next(same, term)
