"""A figure: a number that knows its unit, its kind, its source and its date."""

from __future__ import annotations

import datetime
import math
from dataclasses import dataclass
from typing import Literal, get_args

from tenfold.quantities.errors import InputError, Problem

FigureKind = Literal["spec", "measured", "quote", "filing", "estimate", "assumption"]
FIGURE_KINDS: tuple[str, ...] = get_args(FigureKind)


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """Another published value of the same figure, kept beside it rather than overwritten."""

    value: float
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A number in an SI-based unit with where it comes from.

    ``low`` and ``high`` are the P10 and P90 of what is known about it, in the same unit; both are
    absent when no range is recorded. Raises ``InputError`` for a value that is not finite or a range
    that does not hold the value.
    """

    value: float
    unit: str
    kind: FigureKind
    source: str
    as_of: datetime.date
    low: float | None = None
    high: float | None = None
    note: str = ""
    checked: str = ""
    """Second source that agrees; empty when none was found."""
    conflicts: tuple[Conflict, ...] = ()
    published: tuple[Conflict, ...] = ()
    """What others went through: published values at the ends of the range or beyond, which a stress line takes."""

    def __post_init__(self) -> None:
        if not math.isfinite(self.value):
            raise InputError(Problem(file="", key="value", wrong=f"{self.value} is not finite", remedy="give a number"))
        if self.kind not in FIGURE_KINDS:
            kinds = ", ".join(FIGURE_KINDS)
            raise InputError(
                Problem(file="", key="kind", wrong=f"'{self.kind}' is no kind of figure", remedy=f"Use one of {kinds}")
            )
        if (self.low is None) != (self.high is None):
            raise InputError(
                Problem(file="", key="low, high", wrong="only one end of the range is given", remedy="Give both ends")
            )
        if self.low is not None and self.high is not None and not self.low <= self.value <= self.high:
            wrong = f"the range {self.low:g} … {self.high:g} does not hold the value {self.value:g}"
            raise InputError(Problem(file="", key="low, high", wrong=wrong, remedy="Order them low ≤ value ≤ high"))

    @property
    def range(self) -> tuple[float, float]:
        """P10 and P90; the value twice when no range is recorded."""
        if self.low is None or self.high is None:
            return self.value, self.value
        return self.low, self.high
