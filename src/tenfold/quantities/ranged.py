"""An amount that may not be known exactly: one value, or a table of a value with its range and where it is from.

price = "$1.99/h"
price = { value = "$1.99/h", low = "$1.60/h", high = "$2.40/h", source = "three offers of last month" }

price_usd_per_chip_hour: Annotated[Ranged, RangedAmount(Amount("USD/h", most=1e4)), Key("price")]
"""

from __future__ import annotations

import dataclasses
import datetime
import functools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from tenfold.quantities.amounts import Amount
from tenfold.quantities.asking import Place
from tenfold.quantities.documents import read_fields
from tenfold.quantities.errors import Problem
from tenfold.quantities.fields import Field, One, fields_of
from tenfold.quantities.figure import Figure, FigureKind

if TYPE_CHECKING:
    from tenfold.quantities.distributions import Distribution

ENDS = ("value", "low", "high")
STATED = "stated in the question"
"""Source of a value that names none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranged:
    """A value in the unit of its field, with its range where it has one."""

    value: float
    """P50, or the most likely value of a triangle."""
    low: float | None = None
    """P10, or the lower end of the other distributions."""
    high: float | None = None
    """P90, or the upper end of the other distributions."""
    distribution: Literal["percentiles", "uniform", "triangular"] = "percentiles"
    """What low and high are: P10 and P90 of 'percentiles', the ends of the others."""
    kind: FigureKind = "assumption"
    """How the value is known."""
    source: str = ""
    """Where it is from."""
    note: str = ""
    """Why it is so."""

    @staticmethod
    def contradictions(said: Mapping[str, Any]) -> Iterator[Problem]:
        """Say when a range has one end, and when it does not hold the value."""
        low, value, high = (said.get(end) for end in ("low", "value", "high"))
        if (low is None) != (high is None):
            yield Problem(file="", key="", wrong="has only one end of its range", remedy="Give low and high")
        elif (
            isinstance(low, float) and isinstance(value, float) and isinstance(high, float) and not low <= value <= high
        ):
            wrong = "the value is not between low and high"
            yield Problem(file="", key="", wrong=wrong, remedy="Order them low ≤ value ≤ high")

    def figure(self, unit: str, as_of: datetime.date) -> Figure:
        """Figure of the value in the unit of its field."""
        return Figure(
            value=self.value,
            unit=unit,
            kind=self.kind,
            source=self.source or STATED,
            as_of=as_of,
            low=self.low,
            high=self.high,
            note=self.note,
        )

    def spread(self, figure: Figure) -> Distribution:
        """Distribution of its ``figure``."""
        from tenfold.quantities.distributions import Triangular, Uniform, distribution_of

        low, high = figure.range
        if self.distribution == "uniform":
            return Uniform(low, high)
        return Triangular(low, self.value, high) if self.distribution == "triangular" else distribution_of(figure)


@dataclass(frozen=True, slots=True)
class RangedAmount:
    """Reads an amount, or a table of its value and range, each within the ends of the amount."""

    amount: Amount

    @property
    def unit(self) -> str:
        """Unit of the value and its range."""
        return self.amount.unit

    def read(self, raw: Any, place: Place) -> Ranged:  # noqa: ANN401  (any TOML value)
        """Read text, a number or a table."""
        if isinstance(raw, Mapping):
            return read_fields(Ranged, _fields_in(self.amount), raw, place)
        return Ranged(value=self.amount.read(raw, place))

    def schema(self) -> dict[str, Any]:
        """Either of the two."""
        fields = ((field, field.shape) for field in _fields_in(self.amount))
        keys = {
            field.key: {**shape.asks.schema(), "description": field.help}
            for field, shape in fields
            if isinstance(shape, One)
        }
        table = {"type": "object", "properties": keys, "required": ["value"], "additionalProperties": False}
        return {"anyOf": [self.amount.schema(), table]}

    def words(self) -> tuple[str, ...]:
        """No list of words."""
        return ()


@functools.cache
def _fields_in(amount: Amount) -> tuple[Field, ...]:
    """Fields of the table, those of the range in the unit of the amount."""
    return tuple(
        dataclasses.replace(field, shape=One(amount)) if field.name in ENDS else field for field in fields_of(Ranged)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundAmount:
    """A ranged amount inside a record."""

    key: str
    """Dotted key in the file, such as ``fleets.0.market.price``."""
    path: str
    """Dotted path in the record's JSON, such as ``fleets.0.market.price_usd_per_chip_hour``."""
    asks: RangedAmount
    stated: Ranged


def ranged_in(record: object, place: str = "") -> Iterator[FoundAmount]:
    """Every ranged amount of a record and of the records below it, in the order of their fields.

    ``place`` is the dotted key of the record itself, which must be its path too.
    """
    yield from _found(record, place, place)


def _found(value: object, key: str, path: str) -> Iterator[FoundAmount]:
    if isinstance(value, tuple):
        for number, each in enumerate(value):
            yield from _found(each, f"{key}.{number}", f"{path}.{number}")
    if not dataclasses.is_dataclass(value) or isinstance(value, type):
        return
    for field in fields_of(type(value)):
        inner = getattr(value, field.name)
        below = (f"{key}.{field.key}".lstrip("."), f"{path}.{field.name}".lstrip("."))
        if isinstance(inner, Ranged) and isinstance(field.shape, One) and isinstance(field.shape.asks, RangedAmount):
            yield FoundAmount(key=below[0], path=below[1], asks=field.shape.asks, stated=inner)
        else:
            yield from _found(inner, *below)
