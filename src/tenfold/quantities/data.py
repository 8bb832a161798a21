"""Results as plain data: every frozen record becomes a dict of its fields, ready for JSON, and paths lead into it.

The text is byte-identical for equal results: keys are sorted and numbers are the shortest text that reads back as
the same double. JSON has no infinity, so an infinite number (a run that never ends) is the text ``"inf"`` or
``"-inf"``, which ``float`` reads back; NaN is refused, because nothing in a result may be undefined.
"""

from __future__ import annotations

import dataclasses
import datetime
import enum
import functools
import json
import math
import pathlib
import sys
from collections.abc import Iterator, Mapping
from typing import Any

from tenfold.quantities.errors import InputError, Problem, shown

Data = None | bool | int | float | str | list["Data"] | dict[str, "Data"]
"""What JSON can hold."""
_ALLOWED = "a result holds only records, mappings, sequences, dates, text and numbers"


def to_data(result: object) -> Data:
    """Turn a result into dicts, lists, text and numbers.

    Frozen dataclasses give their fields, mappings keep their order with keys as text, sets are sorted. Raises
    ``InputError`` naming the place of a NaN, and ``TypeError`` for a kind of object no result may hold.
    """
    return _data(result, None)


def to_json(data: object) -> str:
    """Print data (or a result, which is turned into data first) as JSON: sorted keys, indented, one final newline."""
    return json.dumps(to_data(data), sort_keys=True, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


PLAIN = frozenset({type(None), bool, int, str})
"""What is data already; a page holds thousands of them, so they are told by their type alone."""
Place = tuple["Place", str | int] | None
"""Where a value stands: the place of what holds it, and its name or number there; written only for who is wrong."""


def _data(value: Any, place: Place) -> Data:  # noqa: ANN401  (whatever a result holds)
    kind = type(value)
    if kind in PLAIN:
        return value  # type: ignore[no-any-return]
    if kind is float:
        return _number(value, place)
    if kind is tuple or kind is list:
        return [entry if type(entry) in PLAIN else _data(entry, (place, index)) for index, entry in enumerate(value)]
    if kind is dict:
        return {
            str(key): entry if type(entry) in PLAIN else _data(entry, (place, str(key))) for key, entry in value.items()
        }
    if _of_numpy(value):
        return _data(value.tolist(), place)
    if isinstance(value, enum.Enum):
        return _data(value.value, place)
    if isinstance(value, (bool, int, str)):
        return value
    if isinstance(value, float):
        return _number(value, place)
    if isinstance(value, (datetime.date, datetime.time)):
        return value.isoformat()
    if isinstance(value, pathlib.PurePath):
        return value.as_posix()
    return _collection(value, place)


@functools.cache
def _names(record: type[Any]) -> tuple[str, ...]:
    """Names of the fields of a record."""
    return tuple(field.name for field in dataclasses.fields(record))


def _of_numpy(value: object) -> bool:
    """Tell an array or one of its numbers; whoever made one has imported numpy, so it is not imported for this."""
    numpy = sys.modules.get("numpy")
    return numpy is not None and isinstance(value, (numpy.ndarray, numpy.generic))


def _collection(value: object, place: Place) -> Data:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {
            name: entry if type(entry := getattr(value, name)) in PLAIN else _data(entry, (place, name))
            for name in _names(type(value))
        }
    if isinstance(value, Mapping):
        return _data(dict(value), place)
    if isinstance(value, (set, frozenset)):
        return _data(sorted(value), place)
    if isinstance(value, (list, tuple)):
        return _data(list(value), place)
    raise TypeError(f"{_written(place) or 'the result'} is a {type(value).__name__}; {_ALLOWED}")


def _number(value: float, place: Place) -> Data:
    if math.isnan(value):
        remedy = "Every number of a result is defined; this is a fault in the room that made it"
        raise InputError(Problem(file="", key=_written(place), wrong="the number is undefined (NaN)", remedy=remedy))
    return value if math.isfinite(value) else str(value)


def _written(place: Place) -> str:
    """Write a place as a path: ``alternatives[0].cost_usd``."""
    if place is None:
        return ""
    above, step = place
    return f"{_written(above)}[{step}]" if isinstance(step, int) else f"{_written(above)}.{step}".lstrip(".")


def steps_of(path: str) -> list[str]:
    """Split a dotted path; ``alternatives[0].cost_usd`` and ``alternatives.0.cost_usd`` are one."""
    return [step for step in path.replace("[", ".").replace("]", "").split(".") if step]


def value_at(data: Mapping[str, Any], path: str) -> tuple[Any, Any, str]:
    """Give the value at a path, the table it stands in, and its own name there.

    The longest name that a table holds counts, so names with dots in them can be typed. Raises ``InputError``
    naming what there is at the place where the path leaves the data.
    """
    holder, value, name, left = None, data, "", steps_of(path)
    walked: list[str] = []
    while left:
        known = _inside(value)
        taken = next((count for count in range(len(left), 0, -1) if ".".join(left[:count]) in known), 0)
        if not taken:
            raise InputError(_lost(path, walked, left[0], known))
        name = ".".join(left[:taken])
        holder, value = value, known[name]
        walked.append(name)
        left = left[taken:]
    return value, holder, name


def _inside(value: object) -> Mapping[str, Any]:
    if isinstance(value, list):
        return {str(place): entry for place, entry in enumerate(value)}
    return value if isinstance(value, dict) else {}


def _lost(path: str, walked: list[str], step: str, known: Mapping[str, Any]) -> Problem:
    import difflib

    place = ".".join(walked) or "the answer"
    close = difflib.get_close_matches(step, known, n=1)
    if close:
        corrected = ".".join([*walked, close[0]])
        return Problem(file="", key="", wrong=f"no {shown(step)} in {place}: did you mean '{corrected}'?", remedy="")
    listed = ", ".join(list(known)[:12]) or "nothing; it is a single value"
    return Problem(file="", key="", wrong=f"no {shown(step)} in {place}", remedy=f"It holds {listed}")


def leaves_of(value: object, place: str = "") -> Iterator[tuple[str, object]]:
    """Every single value of plain data with its path."""
    if not isinstance(value, (dict, list)):
        yield place, value
    for name, entry in _inside(value).items():
        yield from leaves_of(entry, f"{place}.{name}".lstrip("."))
