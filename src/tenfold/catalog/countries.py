"""Countries, by their two letters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tenfold.quantities import Place, Text, shown


@dataclass(frozen=True, slots=True)
class Country:
    """A country by its two letters, ISO 3166-1 alpha-2."""

    def read(self, raw: Any, place: Place) -> str:  # noqa: ANN401  (any TOML value)
        """Give the letters back."""
        text = Text(longest=200).read(raw, place)
        if len(text) == 2 and text.isascii() and text.isalpha() and text.isupper():
            return text
        raise place.refusal(f"{shown(text)} is not a country code", "Write two capital letters, such as 'US'")

    def schema(self) -> dict[str, Any]:
        """Two capital letters."""
        return {"type": "string", "pattern": "^[A-Z]{2}$"}

    def words(self) -> tuple[str, ...]:
        """No list of words."""
        return ()
