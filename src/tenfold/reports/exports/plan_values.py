"""Values of a plan's plain data, read strictly: a wrong one is named by its place."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from tenfold.quantities import Asks, InputError, Place, Problem, shown

REMEDY = "Write the plan anew with: tenfold plan GOAL.toml --json > plan.json"
MOST = 10**12


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanValues:
    """One part of a plan. Every reader raises ``InputError`` with the dotted key of what is wrong."""

    file: str
    tree: Mapping[str, Any]
    at: str
    """Dotted key of the part; empty for the whole plan."""

    def value(self, key: str) -> Any:  # noqa: ANN401  (any JSON value)
        """Give the raw value at a dotted key under this part; None when it is absent."""
        value: Any = self.tree
        for step in filter(None, f"{self.at}.{key}".split(".")):
            value = value.get(step) if isinstance(value, Mapping) else None
        return value

    def refuse(self, key: str, wrong: str) -> InputError:
        """Make the error for a value of this part."""
        return InputError(Problem(file=self.file, key=f"{self.at}.{key}".strip("."), wrong=wrong, remedy=REMEDY))

    def require(self, holds: bool, wrong: str) -> None:
        """Raise when something that holds in every plan does not."""
        if not holds:
            raise self.refuse("", wrong)

    def number(self, key: str, least: float = 0.0, most: float = 1e30) -> float:
        """A finite number."""
        value = self.value(key)
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            raise self.refuse(key, f"{shown(value)} is no number" if value is not None else "is missing")
        if not least <= value <= most:  # NaN as well
            raise self.refuse(key, f"{shown(value)} is out of range")
        return float(value)

    def whole(self, key: str, least: int = 1) -> int:
        """A whole number."""
        value = self.number(key, least, MOST)
        if not math.isclose(value, round(value)):
            raise self.refuse(key, f"{shown(value)} is no whole number")
        return round(value)

    def text(self, key: str) -> str:
        """A text."""
        value = self.value(key)
        if not isinstance(value, str):
            raise self.refuse(key, f"{shown(value)} is no text" if value is not None else "is missing")
        return value

    def word(self, key: str, words: Sequence[str]) -> str:
        """One of some words."""
        value = self.text(key)
        if value not in words:
            raise self.refuse(key, f"{shown(value)} is none of {', '.join(words)}")
        return value

    def flag(self, key: str) -> bool:
        """True or false."""
        value = self.value(key)
        if not isinstance(value, bool):
            raise self.refuse(key, f"{shown(value)} is neither true nor false" if value is not None else "is missing")
        return value

    def asked(self, key: str, asks: Asks, default: Any) -> Any:  # noqa: ANN401  (any kept value)
        """What a marker asks for; ``default`` where it is absent."""
        value = self.value(key)
        if value is None:
            return default
        try:
            return asks.read(value, Place(file=self.file, key=f"{self.at}.{key}"))
        except InputError as trouble:
            raise InputError(replace(problem, remedy=REMEDY) for problem in trouble.problems) from None

    def spread(self, key: str) -> tuple[float, float, float]:
        """P10, P50 and P90."""
        low, middle, high = (self.number(f"{key}.{name}") for name in ("p10", "p50", "p90"))
        return low, middle, high
