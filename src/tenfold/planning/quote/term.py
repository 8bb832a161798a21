"""A term of rent as buyers say it: the name that sellers list it under, or a time such as 7 months."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tenfold.catalog import LONGEST_MONTHS, RENTAL_TERMS, is_term, usual_term
from tenfold.quantities import DAY_S, DAYS_PER_BOOK_YEAR, Amount, InputError, Place, shown

MONTH_S = DAYS_PER_BOOK_YEAR * DAY_S / 12.0
LIKE_MONTHS = 0.06
"""Part of a month by which a time may miss whole ones: 30 and 31 days are one."""


@dataclass(frozen=True, slots=True)
class TermName:
    """What a term may be called."""

    def read(self, raw: Any, place: Place) -> str:  # noqa: ANN401  (any TOML value)
        """Name of the term."""
        if isinstance(raw, str) and is_term(raw):
            return usual_term(raw)
        remedy = f"Write a number of months such as '7 months', or one of {', '.join(RENTAL_TERMS)}"
        try:
            months = Amount("s").read(raw, place) / MONTH_S
        except InputError:
            raise place.refusal(f"{shown(raw)} is no term", remedy) from None
        whole = round(months)
        name = f"reserved-{whole}m"
        if not is_term(name) or abs(months - whole) > LIKE_MONTHS * whole:
            raise place.refusal(f"{shown(raw)} is no number of months from 1 to {LONGEST_MONTHS}", remedy)
        return usual_term(name)

    def schema(self) -> dict[str, Any]:
        """Text."""
        return {"type": "string", "examples": [*RENTAL_TERMS, "reserved-9m", "7 months"]}

    def words(self) -> tuple[str, ...]:
        """Terms that sellers list."""
        return RENTAL_TERMS
