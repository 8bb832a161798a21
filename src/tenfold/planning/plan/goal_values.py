"""Single values of a goal file: text to numbers within sane limits. Every function raises ``InputError``."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from tenfold.quantities import DAY_S, InputError, Problem, format_quantity, parse_date, parse_quantity, shown

BATCH_TOLERANCE = 0.05
"""How far a global batch given in tokens may be moved to a count of sequences that divides well."""


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
    "global_batch": Limits("sequences", 1, 1e8, whole=True),
    "confidence": Limits("1", 0.01, 0.99),
    "budget": Limits("USD", 1, 1e15),
    "max_chips": Limits("1", 1, 1e8, whole=True),
    "power": Limits("W", 100, 1e12),
    "deadline": Limits("s", 3600, 100 * 366 * DAY_S),
    "wait": Limits("s", 0, 100 * 366 * DAY_S),
}
"""Of each key; wide enough for anything that could be meant, narrow enough to catch a slip of the unit."""


def sane_value(text: str | int | float, name: str, *, file: str, key: str) -> float:
    """Read a quantity in the unit of ``name`` and check it against its limits."""
    unit = LIMITS[name].unit
    return within_limits(parse_quantity(text, unit, file=file, key=key), text, name, file=file, key=key)


def within_limits(value: float, text: object, name: str, *, file: str, key: str) -> float:
    """Give the value back if it is sane; name the limits otherwise."""
    limits = LIMITS[name]
    if limits.whole and value != round(value):
        raise InputError(
            Problem(file=file, key=key, wrong=f"{shown(text)} is not whole", remedy="Write a whole number")
        )
    if not limits.least <= value <= limits.most:
        wrong = f"{shown(text)} is too {'small' if value < limits.least else 'large'}"
        low, high = (format_quantity(end, limits.unit) for end in (limits.least, limits.most))
        raise InputError(Problem(file=file, key=key, wrong=wrong, remedy=f"Write a value from {low} to {high}"))
    return value


def global_batch_sequences(text: str | int | float, sequence_length: int, *, file: str, key: str) -> tuple[int, str]:
    """Sequences of a batch given as sequences or as tokens, and a note when tokens had to be rounded.

    Tokens that are whole sequences are kept. Others become the count within 5 % that the largest power of two
    divides, because data-parallel replicas and micro-batches have to divide it: 16M tokens of 8,192 are 2,048.
    """
    unit = _batch_unit(text, file, key)
    if unit == "sequences":
        return int(sane_value(text, "global_batch", file=file, key=key)), ""
    exact = parse_quantity(text, "tokens", file=file, key=key) / sequence_length
    within_limits(float(round(exact)), text, "global_batch", file=file, key=key)
    if exact == round(exact):
        return int(exact), ""
    count = _divisible_near(exact)
    note = (
        f"global_batch: {shown(text)} is not a whole number of sequences of {sequence_length:,} tokens; "
        f"planned with {count:,} sequences ({format_quantity(count * sequence_length, 'tokens')})"
    )
    return count, note


def _batch_unit(text: str | int | float, file: str, key: str) -> str:
    """Unit a batch is given in; plain numbers are sequences, "16M" could be either and is refused."""
    if not isinstance(text, str) or text.strip().replace(",", "").isdigit():
        return "sequences"
    for word, unit in (("tok", "tokens"), ("seq", "sequences")):
        if word in text.lower():
            return unit
    wrong, remedy = f"{shown(text)} has no unit", "Write it like '16M tokens' or '2048 sequences'"
    raise InputError(Problem(file=file, key=key, wrong=wrong, remedy=remedy))


def _divisible_near(exact: float) -> int:
    """Count within 5 % of ``exact`` that the largest power of two divides; the nearest whole number failing that."""
    power = 1 << int(exact).bit_length()
    while power > 1:
        count = round(exact / power) * power
        if count > 0 and abs(count / exact - 1.0) <= BATCH_TOLERANCE:
            return count
        power //= 2
    return max(round(exact), 1)


def deadline_s(value: object, start: datetime.date, *, file: str, key: str) -> tuple[float, str]:
    """Seconds from the start to a deadline given as a time or as a date (whose day counts in full), and a note."""
    if isinstance(value, str):
        try:
            return sane_value(value, "deadline", file=file, key=key), ""
        except InputError as trouble:
            if not value.strip()[:4].isdigit() or len(value.strip()) < 4 or " " in value.strip():
                raise trouble from None
    end = parse_date(value, file=file, key=key, end=True)
    seconds = ((end - start).days + 1) * DAY_S
    if seconds <= DAY_S:
        wrong = f"{end.isoformat()} is not after the start, {start.isoformat()}"
        raise InputError(Problem(file=file, key=key, wrong=wrong, remedy="Write a later date, or an earlier start"))
    within_limits(seconds, end.isoformat(), "deadline", file=file, key=key)
    return seconds, f"deadline: {end.isoformat()} is {(end - start).days + 1:,} days from {start.isoformat()}"
