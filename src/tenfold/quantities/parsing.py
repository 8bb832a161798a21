"""Text to number: "3.35 TB/s", "$1.99/h", "15.6T tokens", "60 days", "6.5 per 1000 node-days", "2026Q3".

A quantity is a number and a unit; a unit is factors joined by ``/`` (or ``per``), a factor an optional
count ("1000", "M") and words joined by spaces or hyphens ("node-days"). The words and their sizes are the tables
of ``tenfold.quantities.units``. Arithmetic is exact (fractions) and rounds once, to the nearest double.
"""

from __future__ import annotations

import difflib
import functools
import itertools
import math
import re
import unicodedata
from dataclasses import dataclass
from fractions import Fraction
from typing import NoReturn

from tenfold.quantities.errors import InputError, Problem, shown
from tenfold.quantities.units import COUNTS, SYMBOLS, UNIT_OF_DIMENSION, UNITS, WORDS, Dimension, Symbol, Unit, combine

LONGEST_TEXT = 100
"""Characters a quantity may have."""
KEPT_TEXTS = 4096
"""Texts whose meaning is kept: files, sweeps and questions that are asked again say the same over and over."""

_NUMBER = re.compile(r"((?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]*)?|\.[0-9]+)(?:[eE]([+-]?[0-9]{1,3})(?![0-9]))?")
_CURRENCY = re.compile(r"^([+-]?) ?(?:US\$|\$|USD ?)([+-]?) ?(?=[0-9.])")
_NOTHING: Dimension = frozenset()


@dataclass(frozen=True, slots=True)
class _Reading:
    """One meaning of a text: exact value in base units and its dimension."""

    value: Fraction
    dimension: Dimension


class _Unreadable(Exception):  # noqa: N818  (internal signal, turned into InputError with file and key)
    """What is wrong with the text, and a hint; caught by the public functions."""

    def __init__(self, wrong: str, hint: str = "") -> None:
        super().__init__(wrong)
        self.hint = hint


class _UnknownWord(_Unreadable):
    """A word that is no unit."""


def parse_quantity(
    text: str | int | float, unit: str, *, file: str = "", key: str = "", negative: bool = False
) -> float:
    """Value of ``text`` in the canonical ``unit``.

    A number is taken to be in ``unit`` already; text must name its unit, except for shares and counts.
    ``file`` and ``key`` say in an error where the text stands; ``negative`` admits values below zero.
    Raises ``InputError`` for text that is no quantity, has another dimension, or is not finite.
    """
    target = UNITS.get(unit)
    if target is None:
        raise InputError(_unknown_unit_problem(unit, file, key))
    try:
        value = _number(text) if not isinstance(text, str) else _value_of(text, unit)
        if not math.isfinite(value):
            raise _Unreadable(f"{shown(text)} is not finite")
        if value < 0 and not negative:
            raise _Unreadable(f"{shown(text)} is negative")
    except _Unreadable as trouble:
        if isinstance(trouble, _UnknownWord) and not trouble.hint:
            trouble.hint = f"Units are {', '.join(target.words)}."
        _refuse(trouble, target.example, file, key)
    return value


def parse_any_quantity(
    text: str | int | float, *, file: str = "", key: str = "", negative: bool = False
) -> tuple[float, str]:
    """Value and canonical unit of ``text``, the unit told from the text; a number is in unit "1".

    Raises ``InputError`` as ``parse_quantity`` does, and for text with two meanings ("405B").
    """
    try:
        unit = _inferred_unit(text) if isinstance(text, str) else "1"
    except _Unreadable as trouble:
        _refuse(trouble, "3.35 TB/s", file, key)
    return parse_quantity(text, unit, file=file, key=key, negative=negative), unit


def _inferred_unit(text: str) -> str:
    readings = _readings(text)
    units = {unit.name for reading in readings if (unit := _unit_of(reading.dimension)) is not None}
    if not units:
        raise _Unreadable(f"{shown(text)} has a unit that no figure is kept in")
    if len(units) > 1:
        raise _Unreadable(f"{shown(text)} may mean {' or '.join(sorted(units))}", "Name the unit in full.")
    return units.pop()


def _unit_of(dimension: Dimension) -> Unit | None:
    """Find the unit of a dimension; "per chip" and the like are said by the key, so they may be dropped."""
    found = UNIT_OF_DIMENSION.get(dimension) or UNIT_OF_DIMENSION.get(_without_per_thing(dimension))
    return UNITS["1"] if found is None and dimension == {("thing", 1)} else found


def _without_per_thing(dimension: Dimension) -> Dimension:
    return frozenset(part for part in dimension if part[0] != "thing" or part[1] > 0)


def _number(value: float) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise _Unreadable(f"{shown(value)} is not a quantity")
    try:
        return float(value)
    except OverflowError:
        raise _Unreadable("the number is too large") from None


@functools.lru_cache(maxsize=KEPT_TEXTS)
def _value_of(text: str, unit: str) -> float:
    return _value_in(_readings(text), UNITS[unit], text)


def _value_in(readings: list[_Reading], target: Unit, text: str) -> float:
    """Take the reading that has the target's dimension, in the target's unit."""
    for reading in readings:
        bare = reading.dimension == _NOTHING and target.bare
        thing = reading.dimension == {("thing", 1)} and target.name == "1"
        if bare or thing or target.dimension in (reading.dimension, _without_per_thing(reading.dimension)):
            try:
                return float(reading.value / target.scale)
            except OverflowError:
                raise _Unreadable(f"{shown(text)} is too large") from None
    if all(reading.dimension == _NOTHING for reading in readings):
        raise _Unreadable(f"{shown(text)} has no unit")
    raise _Unreadable(f"{shown(text)} is not a quantity in {target.name}")


def _readings(text: str) -> list[_Reading]:
    """Every meaning of the text: "405B" is 405 bytes or 405 billion."""
    if len(text) > LONGEST_TEXT:
        raise _Unreadable(f"a text of {len(text)} characters is too long for a quantity")
    plain = " ".join(unicodedata.normalize("NFKC", text).replace("μ", "u").replace("−", "-").split())
    currency = _CURRENCY.match(plain)
    sign, rest = "", plain
    if currency is not None:
        sign, rest = currency[1] + currency[2], plain[currency.end() :]
    elif plain[:1] in ("+", "-"):
        sign, rest = plain[0], plain[1:].lstrip()
    if plain.lstrip("+-").lower() in ("nan", "inf", "infinity"):
        raise _Unreadable(f"{shown(text)} is not finite")
    number, rest = _leading_number(rest)
    if number is None:
        raise _Unreadable(f"{shown(text)} does not begin with a number")
    dollar = [SYMBOLS["USD"]] if currency is not None else []
    signed = -number if sign.count("-") == 1 else number
    return _unit_readings(signed, rest, dollar, text)


def _leading_number(text: str) -> tuple[Fraction | None, str]:
    found = _NUMBER.match(text)
    if found is None:
        return None, text
    digits, exponent = found[1].replace(",", ""), int(found[2] or 0)
    rest = text[found.end() :]
    if rest[:1] in (",", ".") or (rest[:1] in ("e", "E") and rest[1:2].isdigit()):
        return None, text
    return Fraction(digits if digits[-1] != "." else digits[:-1]) * Fraction(10) ** exponent, rest.strip()


def _unit_readings(number: Fraction, rest: str, given: list[Symbol], text: str) -> list[_Reading]:
    """All combinations of the meanings of each factor of ``rest``."""
    top, *bottoms = re.split(r"\s*/\s*|(?:^|\s+)per\s+", rest)
    choices = [_factor_readings(top.strip(), text)] if top.strip() else [[_Reading(Fraction(1), _NOTHING)]]
    choices += [_denominator_readings(bottom.strip(), text) for bottom in bottoms]
    out = []
    for parts in itertools.product(*choices):
        value = number
        exponents = [pair for symbol in given for pair in symbol.dimension]
        for place, part in enumerate(parts):
            value = value * part.value if place == 0 else value / part.value
            exponents += [(base, power if place == 0 else -power) for base, power in part.dimension]
        out.append(_Reading(value, combine(exponents)))
    return out


def _denominator_readings(factor: str, text: str) -> list[_Reading]:
    count, words = _leading_number(factor)
    if count == 0:
        raise _Unreadable(f"{shown(text)} divides by zero")
    if not words:
        if count is None:
            raise _Unreadable(f"{shown(text)} ends in the middle of its unit")
        return [_Reading(count, _NOTHING)]
    return [
        _Reading(reading.value * (1 if count is None else count), reading.dimension)
        for reading in _factor_readings(words, text)
    ]


def _factor_readings(factor: str, text: str) -> list[_Reading]:
    """Meanings of words such as ``GB``, ``T tokens``, ``node-days``; a lone ``B`` has two."""
    words = re.split(r"[ -]", factor)
    count = COUNTS.get(words[0])
    out = []
    if count is not None:
        out.append(_product([_symbol(word, text) for word in words[1:]], count))
    if count is None or (len(words) == 1 and words[0] in SYMBOLS):
        out.append(_product([_symbol(word, text) for word in words], Fraction(1)))
    return out


def _product(symbols: list[Symbol], scale: Fraction) -> _Reading:
    for symbol in symbols:
        scale *= symbol.scale
    return _Reading(scale, combine([pair for symbol in symbols for pair in symbol.dimension]))


def _symbol(word: str, text: str) -> Symbol:
    found = SYMBOLS.get(word) or SYMBOLS.get(WORDS.get(word.lower(), ""))
    if found is not None:
        return found
    by_case = [name for name in SYMBOLS if name.lower() == word.lower()]
    close = by_case or difflib.get_close_matches(word, SYMBOLS, n=1)
    hint = f"Did you mean '{close[0]}'?" if close else ""
    raise _UnknownWord(f"{shown(text)} has an unknown unit '{word}'", hint)


def _refuse(trouble: _Unreadable, example: str, file: str, key: str) -> NoReturn:
    remedy = f"{trouble.hint} " if trouble.hint else ""
    raise InputError(
        Problem(file=file, key=key, wrong=str(trouble), remedy=f"{remedy}Write it like '{example}'")
    ) from None


def _unknown_unit_problem(unit: str, file: str, key: str) -> Problem:
    return Problem(
        file=file,
        key=key,
        wrong=f"'{unit}' is no unit that figures are kept in",
        remedy=f"Use one of {', '.join(UNITS)}",
    )
