"""Kinds of values in a question about a financing network: shares that may be ranges, payments by year."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tenfold.catalog import SCHEDULES
from tenfold.quantities import Amount, InputError, OneOf, Place, placed, read_each, shown

if TYPE_CHECKING:
    from tenfold.quantities import Distribution

USD = Amount("USD", most=1e15)
SHARE = Amount("1", most=1.0)
RANGE = "Write '40 %', { low = '0 %', high = '60 %' } or { low = …, mode = …, high = … }"


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareRange:
    """A share that is drawn: uniform, or triangular where it has a mode."""

    low: float
    high: float
    mode: float | None = None

    def __post_init__(self) -> None:
        drawn_from(self)


def drawn_from(share: float | ShareRange) -> Distribution:
    """Distribution of a share. Raises ``InputError`` for ends out of order."""
    from tenfold.quantities import Fixed, Triangular, Uniform

    if not isinstance(share, ShareRange):
        return Fixed(share)
    return Uniform(share.low, share.high) if share.mode is None else Triangular(share.low, share.mode, share.high)


@dataclass(frozen=True, slots=True)
class DrawnShare:
    """A share, or a range of shares to draw from."""

    def read(self, raw: Any, place: Place) -> float | ShareRange:  # noqa: ANN401  (any TOML value)
        """The share, or its range."""
        if not isinstance(raw, Mapping):
            return SHARE.read(raw, place)
        ends = {key: value for key, value in raw.items() if value is not None}
        if not {"low", "high"} <= ends.keys() <= {"low", "mode", "high"}:
            raise place.refusal("is no share and no range", RANGE)
        values = read_each(lambda end: SHARE.read(end[1], place.at(end[0])), ends.items())
        try:
            return ShareRange(**dict(zip(ends, values, strict=True)))
        except InputError as trouble:
            raise placed(trouble, place) from None

    def schema(self) -> dict[str, Any]:
        """A share, or a table of its ends."""
        ends = {"low": SHARE.schema(), "mode": SHARE.schema(), "high": SHARE.schema()}
        table = {"type": "object", "properties": ends, "required": ["low", "high"], "additionalProperties": False}
        return {"anyOf": [SHARE.schema(), table]}

    def words(self) -> tuple[str, ...]:
        """No list of words."""
        return ()


@dataclass(frozen=True, slots=True)
class Payments:
    """When a contract is paid: a word, or amounts by year."""

    def read(self, raw: Any, place: Place) -> str | Mapping[str, float]:  # noqa: ANN401  (any TOML value)
        """The word, or the amounts."""
        if isinstance(raw, str):
            return OneOf(SCHEDULES, "schedule").read(raw, place)
        if not isinstance(raw, Mapping):
            raise place.refusal("is no schedule", "Write 'level', 'bullet' or { 2026 = '$1B', 2027 = '$2B' }")
        amounts = read_each(lambda due: _payment(str(due[0]), due[1], place), raw.items())
        return dict(zip(map(str, raw), amounts, strict=True))

    def schema(self) -> dict[str, Any]:
        """A word, or a table by year."""
        table = {"type": "object", "patternProperties": {"^[0-9]{4}$": USD.schema()}, "additionalProperties": False}
        return {"anyOf": [OneOf(SCHEDULES).schema(), table]}

    def words(self) -> tuple[str, ...]:
        """The words."""
        return SCHEDULES


def _payment(year: str, usd: object, place: Place) -> float:
    if not (year.isascii() and year.isdecimal() and len(year) == 4):
        raise place.at(year).refusal(f"{shown(year)} is no year", "Write a year such as 2027")
    return USD.read(usd, place.at(year))
