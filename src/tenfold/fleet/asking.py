"""How questions about fleets are asked: lists in one word, such as "3250,7200"."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tenfold.quantities import Amount, Asks, Place, Text, Whole, read_each, shown


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


@dataclass(frozen=True, slots=True)
class Counts:
    """Whole numbers by name: a table, or text such as "v100=8,k80=24"; kept as a table."""

    def read(self, raw: Any, place: Place) -> dict[str, int]:  # noqa: ANN401
        """Read every count."""
        if isinstance(raw, str):
            parts = [part.partition("=") for part in raw.split(",") if part.strip()]
            raw = {name.strip(): count.strip() for name, _, count in parts}
        if not isinstance(raw, Mapping):
            raise place.refusal(f"{shown(raw)} is no table of counts", "Write a table, or text such as 'v100=8,k80=24'")
        names = read_each(lambda name: Text(longest=200).read(name, place), raw)
        counts = read_each(lambda pair: Whole().read(pair[1], place.at(pair[0])), raw.items())
        return dict(zip(names, counts, strict=True))

    def schema(self) -> dict[str, Any]:
        """A table, or text."""
        return {"anyOf": [{"type": "string"}, {"type": "object", "additionalProperties": {"type": "integer"}}]}

    def words(self) -> tuple[str, ...]:
        """No list of words."""
        return ()


@dataclass(frozen=True, slots=True)
class Shares:
    """Shares above 0 and at most 1 by name: a table, or text such as "site=0.02,pod=50 %"; kept as a table."""

    def read(self, raw: Any, place: Place) -> dict[str, float]:  # noqa: ANN401
        """Read every share."""
        if isinstance(raw, str):
            parts = [part.partition("=") for part in raw.split(",") if part.strip()]
            raw = {name.strip(): share.strip() for name, _, share in parts}
        if not isinstance(raw, Mapping):
            raise place.refusal(f"{shown(raw)} is no table of shares", "Write a table, or text such as 'site=0.02'")
        shares = read_each(lambda pair: Amount("1", above=0.0, most=1.0).read(pair[1], place.at(pair[0])), raw.items())
        return dict(zip(raw, shares, strict=True))

    def schema(self) -> dict[str, Any]:
        """A table, or text."""
        return {"anyOf": [{"type": "string"}, {"type": "object", "additionalProperties": {"type": "number"}}]}

    def words(self) -> tuple[str, ...]:
        """No list of words."""
        return ()
