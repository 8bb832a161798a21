"""What files of the catalog and of commands are made of: figures, days, names; unknown keys are refused.

Import this module late: pydantic is slow to load.
"""

from __future__ import annotations

import datetime
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, PlainValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

from tenfold.quantities import FigureKind


def _quantity(value: object) -> object:
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        raise PydanticCustomError("quantity", "is not a quantity", {"remedy": "Write text such as '3.35 TB/s'"})
    return value


def _date(value: object) -> object:
    if not isinstance(value, (str, datetime.date)):
        raise PydanticCustomError("date", "is not a date", {"remedy": "Write '2026-03-01', '2026-03' or '2026'"})
    return value


Quantity = Annotated[
    Any,
    PlainValidator(_quantity),
    WithJsonSchema({"type": ["string", "number"], "description": "A quantity such as '3.35 TB/s'"}),
]
Day = Annotated[
    Any,
    PlainValidator(_date),
    WithJsonSchema({"type": "string", "description": "2026-03-01, 2026-03, 2026Q3 or 2026"}),
]
Name = Annotated[str, Field(min_length=1)]


class Strict(BaseModel):
    """A table whose keys are all known."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class ConflictFile(Strict):
    """Another published value of a figure."""

    value: Quantity
    source: Name


class FigureFile(Strict):
    """A figure: ``{ value = "3.35 TB/s", kind = "spec", source = "…", as_of = "2023-03" }``."""

    value: Quantity
    kind: FigureKind
    source: str = ""
    as_of: Day
    low: Quantity | None = None
    high: Quantity | None = None
    note: str = ""
    checked: str = ""
    conflicts: list[ConflictFile] = []


def figure_field(unit: str) -> Any:  # noqa: ANN401  (a pydantic field, like ``pydantic.Field`` itself)
    """Make a field that holds a figure in ``unit``, or nothing."""
    return Field(default=None, json_schema_extra={"unit": unit})


class ThingFile(Strict):
    """What every named thing may have."""

    name: Name
    aliases: list[Name] = []
    notes: list[str] = []
