"""Intervals: bounds that stay bounds through + − × ÷.

Each end is rounded outward by one step of the floating-point grid (directed rounding, IEEE 1788-2015 in
spirit), so the exact result for any members lies inside. Ends may be infinite.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from tenfold.quantities.errors import InputError, Problem


@dataclass(frozen=True, slots=True)
class Interval:
    """All numbers from ``low`` to ``high``. Raises ``InputError`` for NaN or for ends in the wrong order."""

    low: float
    high: float

    def __post_init__(self) -> None:
        if not self.low <= self.high:
            wrong = f"{self.low:g} … {self.high:g} is not an interval"
            raise InputError(Problem(file="", key="low, high", wrong=wrong, remedy="Order them low ≤ high"))

    def __contains__(self, value: float) -> bool:
        return self.low <= value <= self.high

    @property
    def width(self) -> float:
        """High − low."""
        return self.high - self.low

    def __add__(self, other: Interval | float) -> Interval:
        that = _interval(other)
        return _outward([self.low + that.low], [self.high + that.high])

    __radd__ = __add__

    def __neg__(self) -> Interval:
        return Interval(-self.high, -self.low)

    def __sub__(self, other: Interval | float) -> Interval:
        return self + (-_interval(other))

    def __rsub__(self, other: float) -> Interval:
        return -self + other

    def __mul__(self, other: Interval | float) -> Interval:
        that = _interval(other)
        products = [_product(a, b) for a in (self.low, self.high) for b in (that.low, that.high)]
        return _outward(products, products)

    __rmul__ = __mul__

    def __truediv__(self, other: Interval | float) -> Interval:
        """Quotient. Raises ``InputError`` when the divisor holds zero."""
        that = _interval(other)
        if 0.0 in that:
            wrong = f"division by {that.low:g} … {that.high:g}, which holds zero"
            raise InputError(Problem(file="", key="", wrong=wrong, remedy="Divide by an interval on one side of zero"))
        quotients = [_quotient(a, b) for a in (self.low, self.high) for b in (that.low, that.high)]
        return _outward(quotients, quotients)

    def __rtruediv__(self, other: float) -> Interval:
        return Interval(other, other) / self


def _interval(value: Interval | float) -> Interval:
    return value if isinstance(value, Interval) else Interval(value, value)


def _product(a: float, b: float) -> float:
    """Zero times anything is zero: an infinite end stands for numbers as large as you like, not for infinity."""
    return 0.0 if a == 0.0 or b == 0.0 else a * b


def _quotient(a: float, b: float) -> float:
    """Infinite over infinite has zero among its limits, and the other ends give the rest."""
    return 0.0 if math.isinf(b) else a / b


def _outward(lows: list[float], highs: list[float]) -> Interval:
    low, high = min(lows), max(highs)
    return Interval(math.nextafter(low, -math.inf), math.nextafter(high, math.inf))
