"""Results as plain data: every frozen record becomes a dict of its fields, ready for JSON.

The text is byte-identical for equal results: keys are sorted and numbers are the shortest text that reads back as
the same double. JSON has no infinity, so an infinite number (a run that never ends) is the text ``"inf"`` or
``"-inf"``, which ``float`` reads back; NaN is refused, because nothing in a result may be undefined.
"""

from __future__ import annotations

import dataclasses
import datetime
import enum
import json
import math
import pathlib
from collections.abc import Mapping

import numpy as np

from tenfold.quantities import InputError, Problem

Data = None | bool | int | float | str | list["Data"] | dict[str, "Data"]
"""What JSON can hold."""
_ALLOWED = "a result holds only records, mappings, sequences, dates, text and numbers"


def to_data(result: object) -> Data:
    """Turn a result into dicts, lists, text and numbers.

    Frozen dataclasses give their fields, mappings keep their order with keys as text, sets are sorted. Raises
    ``InputError`` naming the place of a NaN, and ``TypeError`` for a kind of object no result may hold.
    """
    return _data(result, "")


def to_json(data: object) -> str:
    """Print data (or a result, which is turned into data first) as JSON: sorted keys, indented, one final newline."""
    return json.dumps(to_data(data), sort_keys=True, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def _data(value: object, place: str) -> Data:
    if isinstance(value, np.ndarray):
        return _data(value.tolist(), place)
    if isinstance(value, np.generic):
        return _data(value.item(), place)
    if isinstance(value, enum.Enum):
        return _data(value.value, place)
    if value is None or isinstance(value, (bool, int, str)):
        return value
    if isinstance(value, float):
        return _number(value, place)
    if isinstance(value, (datetime.date, datetime.time)):
        return value.isoformat()
    if isinstance(value, pathlib.PurePath):
        return value.as_posix()
    return _collection(value, place)


def _collection(value: object, place: str) -> Data:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        names = [field.name for field in dataclasses.fields(value)]
        return {name: _data(getattr(value, name), f"{place}.{name}".lstrip(".")) for name in names}
    if isinstance(value, Mapping):
        return {str(key): _data(entry, f"{place}.{key}".lstrip(".")) for key, entry in value.items()}
    if isinstance(value, (set, frozenset)):
        return _data(sorted(value), place)
    if isinstance(value, (list, tuple)):
        return [_data(entry, f"{place}[{index}]") for index, entry in enumerate(value)]
    raise TypeError(f"{place or 'the result'} is a {type(value).__name__}; {_ALLOWED}")


def _number(value: float, place: str) -> Data:
    if math.isnan(value):
        remedy = "Every number of a result is defined; this is a fault in the room that made it"
        raise InputError(Problem(file="", key=place, wrong="the number is undefined (NaN)", remedy=remedy))
    return value if math.isfinite(value) else str(value)
