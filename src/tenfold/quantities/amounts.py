"""Numbers that a field may hold: an amount in a unit, a whole number."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from tenfold.quantities.asking import Place
from tenfold.quantities.errors import shown
from tenfold.quantities.parsing import parse_quantity
from tenfold.quantities.printing import LOSSLESS, format_quantity

MOST = 10**8
"""Beyond any count of chips, sequences or replicas that could be meant."""


@dataclass(frozen=True, slots=True)
class Amount:
    """A number in a unit: text such as "60 days", or a number that is in the unit already."""

    unit: str
    least: float = 0.0
    most: float = math.inf
    above: float | None = None
    """A lower end that is not itself allowed."""

    def read(self, raw: Any, place: Place) -> float:  # noqa: ANN401
        """Value in the unit, within the ends."""
        if isinstance(raw, bool) or not isinstance(raw, (str, int, float)):
            raise place.refusal(f"{shown(raw)} is not a quantity", f"Write {self._example()}")
        text = float(raw) if isinstance(raw, str) and self._is_bare(raw, place) else raw
        value = parse_quantity(text, self.unit, file=place.file, key=place.key, negative=self.least < 0)
        if self.above is not None and value <= self.above:
            low = format_quantity(self.above, self.unit)
            raise place.refusal(f"{shown(raw)} is too small", f"Write a value above {low}")
        if not self.least <= value <= self.most:
            raise place.refusal(f"{shown(raw)} is too {'small' if value < self.least else 'large'}", self._ends())
        return value

    def _is_bare(self, raw: str, place: Place) -> bool:
        """Whether an option is a number of dollars, which need no sign there: ``--taxes-per-year 1e5``."""
        if place.file or not self.unit.startswith("USD"):
            return False
        try:
            return math.isfinite(float(raw)) and raw.isascii()
        except ValueError:
            return False

    def _ends(self) -> str:
        low, high = (self._end(end) for end in (self.least, self.most))
        return f"Write a value from {low} to {high}" if math.isfinite(self.most) else f"Write at least {low}"

    def _end(self, end: float) -> str:
        """An end in as few digits as say what is allowed: 0.99999 is not 1."""
        texts = (format_quantity(end, self.unit, digits) for digits in range(3, LOSSLESS + 1))
        exact = (
            text for text in texts if not math.isfinite(end) or parse_quantity(text, self.unit, negative=True) == end
        )
        return next(exact, format_quantity(end, self.unit))

    def _example(self) -> str:
        from tenfold.quantities.units import UNITS

        return f"text such as '{UNITS[self.unit].example}'"

    def schema(self) -> dict[str, Any]:
        """Text with a unit, or a number."""
        from tenfold.quantities.units import UNITS

        stated = {"minimum": self.least, "maximum": self.most}
        ends = {name: end for name, end in stated.items() if math.isfinite(end)}
        if self.above is not None:
            ends = {"exclusiveMinimum": self.above, **{name: end for name, end in ends.items() if name != "minimum"}}
        return {"type": ["string", "number"], "unit": self.unit, "examples": [UNITS[self.unit].example], **ends}

    def words(self) -> tuple[str, ...]:
        """No list of words."""
        return ()


@dataclass(frozen=True, slots=True)
class Whole:
    """A whole number, which text may give with a suffix ("16K") or its unit ("2048 sequences")."""

    least: int = 1
    most: int = MOST
    unit: str = "1"

    def read(self, raw: Any, place: Place) -> int:  # noqa: ANN401
        """Whole number within the ends."""
        value = self._value(raw, place)
        if self.least <= value <= self.most:
            return value
        wrong = f"{shown(raw)} is too {'small' if value < self.least else 'large'}"
        raise place.refusal(wrong, f"Give a whole number from {self.least:,} to {self.most:,}")

    def _value(self, raw: Any, place: Place) -> int:  # noqa: ANN401
        if isinstance(raw, int) and not isinstance(raw, bool):
            return raw
        if isinstance(raw, bool) or not isinstance(raw, (str, float)):
            raise place.refusal(f"{shown(raw)} is not a whole number", "Write a whole number without quotes")
        if isinstance(raw, str) and raw.strip().lstrip("+-").isdecimal() and raw.strip().isascii():
            digits = raw.strip()
            return int(digits) if len(digits) < 400 else self.most + 1
        if self.unit == "1" and isinstance(raw, str) and not any(character.isdigit() for character in raw):
            raise place.refusal(f"{shown(raw)} is not a whole number", "Write one, such as 8 or '16K'")
        value = parse_quantity(raw, self.unit, file=place.file, key=place.key, negative=True)
        if value != round(value):
            raise place.refusal(f"{shown(raw)} is not whole", "Write a whole number")
        return round(value)

    def schema(self) -> dict[str, Any]:
        """Whole number, or text that means one."""
        return {"type": ["integer", "string"], "minimum": self.least, "maximum": self.most}

    def words(self) -> tuple[str, ...]:
        """No list of words."""
        return ()
