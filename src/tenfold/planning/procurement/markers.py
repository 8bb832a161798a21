"""What single fields of a procurement question may hold beside amounts, names and dates."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from tenfold.quantities import Amount, Place, Text, shown

FORBIDDEN = "forbidden"
"""Demand that must be served, whatever it costs."""
PENALTY = Amount("USD/h", most=1e6)
OWNED = Amount("USD", least=0.01, most=1e9)
RENTED = Amount("USD/h", least=1e-6, most=1e6)


@dataclass(frozen=True, slots=True)
class Penalty:
    """What an H100e-hour unserved costs, or that there may be none."""

    def read(self, raw: Any, place: Place) -> float | str:  # noqa: ANN401  (any TOML value)
        """USD for each H100e-hour, or ``forbidden``."""
        return FORBIDDEN if raw == FORBIDDEN else PENALTY.read(raw, place)

    def schema(self) -> dict[str, Any]:
        """Text with a unit, a number, or the word."""
        return {**PENALTY.schema(), "examples": ["$6/h", FORBIDDEN]}

    def words(self) -> tuple[str, ...]:
        """The one word there is."""
        return (FORBIDDEN,)


@dataclass(frozen=True, slots=True)
class Price:
    """A price, kept as it is stated: its unit is that of the option's supply."""

    def read(self, raw: Any, place: Place) -> float | str:  # noqa: ANN401
        """Text or number."""
        if isinstance(raw, bool) or not isinstance(raw, (str, int, float)):
            raise place.refusal(f"{shown(raw)} is not a quantity", "Write text such as '$30,000' or '$2.35/h'")
        return raw

    def schema(self) -> dict[str, Any]:
        """Text with a unit, or a number."""
        return {"type": ["string", "number"], "examples": ["$30,000", "$2.35/h"]}

    def words(self) -> tuple[str, ...]:
        """No list of words."""
        return ()


def price_amount(supply: str) -> Amount:
    """Unit and ends of a price: USD a chip owned, USD a chip-hour rented."""
    return OWNED if supply == "own" else RENTED


@dataclass(frozen=True, slots=True)
class Country:
    """A country by its two letters."""

    def read(self, raw: Any, place: Place) -> str:  # noqa: ANN401
        """Give the letters back."""
        text = Text(longest=100).read(raw, place)
        if re.fullmatch("[A-Z]{2}", text) is None:
            raise place.refusal(f"{shown(text)} is no country", "Write two capital letters, such as 'CN' (ISO 3166-1)")
        return text

    def schema(self) -> dict[str, Any]:
        """Two capital letters."""
        return {"type": "string", "pattern": "^[A-Z]{2}$"}

    def words(self) -> tuple[str, ...]:
        """No list of words."""
        return ()
