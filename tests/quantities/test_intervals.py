"""Intervals hold the exact result for every pair of members."""

import math
import operator
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenfold.quantities import InputError, Interval

numbers = st.floats(-1e12, 1e12)


@st.composite
def members(draw: st.DrawFn) -> tuple[Interval, float]:
    low, member, high = sorted(draw(st.tuples(numbers, numbers, numbers)))
    return Interval(low, high), member


def holds(interval: Interval, exact: Fraction) -> bool:
    low = interval.low == -math.inf or Fraction(interval.low) <= exact
    return low and (interval.high == math.inf or exact <= Fraction(interval.high))


@given(members(), members())
def test_sums_differences_and_products_hold_their_members(
    first: tuple[Interval, float], second: tuple[Interval, float]
) -> None:
    (left, x), (right, y) = first, second
    for combine in (operator.add, operator.sub, operator.mul):
        assert holds(combine(left, right), combine(Fraction(x), Fraction(y)))
        assert holds(combine(left, y), combine(Fraction(x), Fraction(y)))
        assert holds(combine(x, right), combine(Fraction(x), Fraction(y)))


@given(members(), members().filter(lambda drawn: 0.0 not in drawn[0]))
def test_quotients_hold_their_members(first: tuple[Interval, float], second: tuple[Interval, float]) -> None:
    (left, x), (right, y) = first, second
    assert holds(left / right, Fraction(x) / Fraction(y))
    assert holds(x / right, Fraction(x) / Fraction(y))


def test_infinite_ends_give_no_nan() -> None:
    wide = Interval(0.0, math.inf)
    assert (wide * Interval(0.0, math.inf)).high == math.inf
    assert (Interval(-math.inf, math.inf) - wide).low == -math.inf
    assert 5.0 in Interval(1.0, math.inf) / Interval(1.0, math.inf)


def test_tight_to_one_rounding() -> None:
    total = Interval(1.0, 2.0) + Interval(3.0, 4.0)
    assert (total.low, total.high) == (math.nextafter(4.0, 0), math.nextafter(6.0, 7))


@pytest.mark.parametrize(("low", "high"), [(2.0, 1.0), (math.nan, 1.0), (0.0, math.nan)])
def test_what_is_no_interval_is_refused(low: float, high: float) -> None:
    with pytest.raises(InputError, match="is not an interval"):
        Interval(low, high)


def test_division_by_zero_is_refused() -> None:
    with pytest.raises(InputError, match="which holds zero"):
        Interval(1.0, 2.0) / Interval(-1.0, 1.0)
