"""How questions about fleets are asked: lists in one word, such as "3250,7200"."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tenfold.quantities import Asks, Place, read_each


@dataclass(frozen=True, slots=True)
class Commas:
    """Several values in one text with commas between them, or a list; kept as a tuple."""

    each: Asks

    def read(self, raw: Any, place: Place) -> tuple[Any, ...]:  # noqa: ANN401  (any TOML value)
        """Read every value."""
        if isinstance(raw, str):
            raw = [part.strip() for part in raw.split(",") if part.strip()]
        listed = raw if isinstance(raw, (list, tuple)) else [raw]
        if not listed:
            raise place.refusal("is empty", "Write one value, or several with commas between them")
        return read_each(lambda numbered: self.each.read(numbered[1], place.at(numbered[0])), enumerate(listed))

    def schema(self) -> dict[str, Any]:
        """Text with commas, one value, or a list."""
        return {"anyOf": [{"type": "string"}, self.each.schema(), {"type": "array", "items": self.each.schema()}]}

    def words(self) -> tuple[str, ...]:
        """Those of each value."""
        return self.each.words()
