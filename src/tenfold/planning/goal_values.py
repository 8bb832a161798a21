"""Single values of the files that are not yet read against a record (multisite, rental); goes with the last of them."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass

from tenfold.quantities import DAY_S, InputError, Problem, format_quantity, parse_quantity, shown


@dataclass(frozen=True, slots=True)
class Limits:
    """Unit of a value and the least and most that make sense."""

    unit: str
    least: float
    most: float
    whole: bool = False


LIMITS = {
    "tokens": Limits("tokens", 1e6, 1e18),
    "sequence_length": Limits("tokens", 1, 2**24, whole=True),
    "max_chips": Limits("1", 1, 1e8, whole=True),
    "power": Limits("W", 100, 1e12),
    "wait": Limits("s", 0, 100 * 366 * DAY_S),
}


def sane_value(text: str | int | float, name: str, *, file: str, key: str) -> float:
    """Read a quantity in the unit of ``name`` and check it against its limits. Raises ``InputError``."""
    limits = LIMITS[name]
    value = parse_quantity(text, limits.unit, file=file, key=key)
    if limits.whole and value != round(value):
        raise InputError(
            Problem(file=file, key=key, wrong=f"{shown(text)} is not whole", remedy="Write a whole number")
        )
    if not limits.least <= value <= limits.most:
        wrong = f"{shown(text)} is too {'small' if value < limits.least else 'large'}"
        low, high = (format_quantity(end, limits.unit) for end in (limits.least, limits.most))
        raise InputError(Problem(file=file, key=key, wrong=wrong, remedy=f"Write a value from {low} to {high}"))
    return value


def one_of(name: str, known: Sequence[str], what: str) -> str:
    """Give back a name that is known. Raises ``InputError`` with the nearest otherwise."""
    if name in known:
        return name
    close = difflib.get_close_matches(name, known, n=1)
    wrong = f"unknown {what} {shown(name)}" + (f": did you mean '{close[0]}'?" if close else "")
    raise InputError(Problem(file="", key="", wrong=wrong, remedy="" if close else f"Use one of {', '.join(known)}"))
