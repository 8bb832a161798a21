"""Several values in one field, each read by the marker of one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tenfold.quantities.asking import Asks, Place, read_each


@dataclass(frozen=True, slots=True)
class Series:
    """One value for all, or a list of one for each; kept as a tuple."""

    each: Asks

    @property
    def unit(self) -> str:
        """Unit of each value; empty where they have none."""
        return str(getattr(self.each, "unit", ""))

    def read(self, raw: Any, place: Place) -> tuple[Any, ...]:  # noqa: ANN401
        """Read the value, or every value of the list."""
        if not isinstance(raw, (list, tuple)):
            return (self.each.read(raw, place),)
        if not raw:
            raise place.refusal("is empty", "Write one value, or a list of them")
        return read_each(lambda numbered: self.each.read(numbered[1], place.at(numbered[0])), enumerate(raw))

    def schema(self) -> dict[str, Any]:
        """Either of the two."""
        return {"anyOf": [self.each.schema(), {"type": "array", "items": self.each.schema(), "minItems": 1}]}

    def words(self) -> tuple[str, ...]:
        """Those of each value."""
        return self.each.words()


@dataclass(frozen=True, slots=True)
class Listed:
    """A list, which text may give with commas: '2024-06-30,2024-12-31'; kept as a tuple."""

    each: Asks

    def read(self, raw: Any, place: Place) -> tuple[Any, ...]:  # noqa: ANN401
        """Read every value; an empty list is none."""
        parts = [part.strip() for part in raw.split(",")] if isinstance(raw, str) else raw
        if not isinstance(parts, (list, tuple)):
            parts = [parts]
        return read_each(lambda numbered: self.each.read(numbered[1], place.at(numbered[0])), enumerate(parts))

    def schema(self) -> dict[str, Any]:
        """Either of the two."""
        return {"anyOf": [{"type": "string"}, {"type": "array", "items": self.each.schema()}]}

    def words(self) -> tuple[str, ...]:
        """Those of each value."""
        return self.each.words()
