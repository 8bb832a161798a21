"""Number to text that a person reads and ``parse_quantity`` reads back."""

from __future__ import annotations

import math
from decimal import Context, Decimal
from fractions import Fraction
from functools import cache, lru_cache

from tenfold.quantities.errors import InputError, Problem
from tenfold.quantities.units import UNITS, Display, Unit

LOSSLESS = 17
"""Significant digits that carry a double without loss."""

_WHOLE_BELOW = {"1": 10**15}
"""Whole numbers of a counting unit below this are printed in full; of the others below 100,000."""


@lru_cache(maxsize=1 << 15)  # a report prints hundreds of numbers, most of them again in the next one
def format_quantity(value: float, unit: str, digits: int = 3) -> str:
    """``value``, given in the canonical ``unit``, as text with ``digits`` significant digits.

    ``parse_quantity(format_quantity(x, unit, digits), unit)`` equals ``x`` to the digits printed, and exactly
    when ``digits`` is ``LOSSLESS``. Infinity and NaN print as ``inf`` and ``nan`` with the unit, and do not
    parse back. Raises ``InputError`` for a unit no figure is kept in.
    """
    known = _unit(unit)
    if not math.isfinite(value):
        return f"{value} {unit}" if unit != "1" else f"{value}"
    exact = abs(Fraction(value)).as_integer_ratio()
    sign = "-" if value < 0 else ""
    if whole := _whole(*exact, known):
        return sign + whole
    for display in known.displays:
        number = _in_display(exact, unit, display, digits)
        if number >= display.least:
            return sign + _text(number, display)
    smallest = min(known.displays, key=lambda display: display.scale)
    if value == 0:
        smallest = next(display for display in known.displays if display.scale == _plainest(known))
    return sign + _text(_in_display(exact, unit, smallest, digits), smallest)


def format_enough(value: float, unit: str) -> str:
    """Print an amount that is enough for ``value``, at least 0: rounded up to three digits."""
    step = 10.0 ** (math.floor(math.log10(value)) - 2) if 0.0 < value < math.inf else 1.0
    return format_quantity(math.ceil(value / step) * step if math.isfinite(value) else value, unit)


@lru_cache(maxsize=1 << 15)  # for the same reason
def format_share(value: float, digits: int = 3) -> str:
    """Print a dimensionless number as a percentage: 0.412 prints as ``41.2 %``. Non-finite values print as they are."""
    if not math.isfinite(value):
        return f"{value}"
    above, below = abs(Fraction(value)).as_integer_ratio()
    number = _plain_number(_rounded(100 * above, below, digits))
    return f"{'-' if value < 0 else ''}{number} %"


def _unit(name: str) -> Unit:
    known = UNITS.get(name)
    if known is None:
        wrong = f"'{name}' is no unit that figures are kept in"
        raise InputError(Problem(file="", key="", wrong=wrong, remedy=f"Use one of {', '.join(UNITS)}"))
    return known


def _plainest(unit: Unit) -> Fraction:
    """Scale of the display nearest to the canonical unit itself; zero prints in it."""
    return min((display.scale for display in unit.displays), key=lambda scale: abs(math.log(scale / unit.scale)))


def _whole(above: int, below: int, unit: Unit) -> str:
    if not unit.bare or below != 1 or above >= _WHOLE_BELOW.get(unit.name, 100_000):
        return ""
    return f"{above:,}" if unit.name == "1" else f"{above:,} {unit.name}"


@cache
def _times(unit: str, scale: Fraction) -> tuple[int, int]:
    """What a canonical unit is multiplied and divided by to be in a display of this scale."""
    return (UNITS[unit].scale / scale).as_integer_ratio()


def _in_display(exact: tuple[int, int], unit: str, display: Display, digits: int) -> Decimal:
    """A fraction of a canonical unit in a display, rounded once."""
    up, down = _times(unit, display.scale)
    return _rounded(exact[0] * up, exact[1] * down, digits)


def _rounded(above: int, below: int, digits: int) -> Decimal:
    """Round a fraction to so many significant digits; 17 give the shortest text that is the same double."""
    if digits >= LOSSLESS:
        value = Fraction(above, below)
        digits = next((few for few in (15, 16) if _same(_divide(above, below, few), value)), digits)
    return _divide(above, below, digits)


def _divide(above: int, below: int, digits: int) -> Decimal:
    return Context(prec=max(digits, 1)).divide(Decimal(above), Decimal(below)).normalize()


def _same(text: Decimal, value: Fraction) -> bool:
    """Nearer to the value than a quarter of a double's spacing, so that the same double is read back."""
    return abs(Fraction(text) - value) * 2**54 <= value


def _text(number: Decimal, display: Display) -> str:
    text = _plain_number(number)
    whole, _, decimals = text.partition(".")
    if display.before and len(decimals) == 1 and "e" not in text and not display.after[:1].isalpha():
        text = f"{whole}.{decimals}0"
    return f"{display.before}{text}{display.after}"


def _plain_number(number: Decimal) -> str:
    """Decimal notation between 0.0001 and 10 million, powers of ten outside."""
    if number == 0:
        return "0"
    if -5 < number.adjusted() < 7:
        return f"{number:f}"
    digits = "".join(map(str, number.as_tuple().digits))
    mantissa = f"{digits[0]}.{digits[1:]}" if digits[1:] else digits
    return f"{mantissa}e{number.adjusted()}"
