"""A question as a form: what its record says of each field, and what was said as numbers that a slider can stand at."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from typing import Any

from tenfold.quantities import (
    SUFFIXES,
    UNITS,
    Amount,
    Asks,
    ByName,
    Day,
    Field,
    InputError,
    Kinds,
    Many,
    One,
    Place,
    Series,
    Shape,
    Switch,
    Table,
    Whole,
    fields_of,
    format_quantity,
    to_data,
)
from tenfold.reports import label

ACRONYMS = (
    *("MFU", "SLO", "E2E", "KV", "LAS", "ASIC", "TP", "PP", "VPP", "DP", "CP", "EP", "ETP", "USD", "PUE"),
    *("RTT", "ISL", "OSL", "TTFT", "TPOT"),
)
"""Words of keys that are written large."""


def form_of(record: type, above: tuple[type, ...] = ()) -> list[dict[str, Any]]:
    """Fields of a record in their order; a record that holds itself is not opened again."""
    return [_field(field, (*above, record)) for field in fields_of(record)]


def _field(field: Field, above: tuple[type, ...]) -> dict[str, Any]:
    found = {
        "key": field.key,
        "label": words_of(field.key),
        "help": field.help,
        "required": field.required,
        **_shape(field.shape, above),
        **_amount_like(field),
    }
    plain = not field.required and field.default is not None and not _holds_records(field.default)
    if plain and field.default not in ("", ()):
        found["default"] = to_data(field.default)
        found["usual"] = _printed(field)
    return found


def _amount_like(field: Field) -> dict[str, Any]:
    """A marker of its own that reads numbers too, of a field whose name says the unit, slides like an amount."""
    unit = _unit_named(field)
    if not isinstance(field.shape, One) or isinstance(field.shape.asks, (Amount, Whole)) or not unit:
        return {}
    return {"kind": "amount", "unit": unit, "least": 0.0, "most": None, "example": UNITS[unit].example}


def _unit_named(field: Field) -> str:
    """Unit that the name of a field says, where its marker has none: ``deadline_s``."""
    takes = field.each.schema().get("type", "") if field.each is not None else ""
    ending = field.name.removeprefix(field.key) if "number" in takes else ""
    return next((unit for unit, suffix in SUFFIXES.items() if suffix == ending), "") if ending else ""


def words_of(key: str) -> str:
    """Name a field for people: ``goal.global_batch`` is "Global batch"."""
    words = label(key.rpartition(".")[2]).split()
    named = [word.upper() if word.upper() in ACRONYMS else word for word in words]
    return " ".join([named[0][:1].upper() + named[0][1:], *named[1:]]) if named else key


def _holds_records(value: object) -> bool:
    if isinstance(value, (tuple, list)):
        return any(_holds_records(each) for each in value)
    return dataclasses.is_dataclass(value) or isinstance(value, Mapping)


def _printed(field: Field) -> str:
    asks, value = field.each, field.default
    if isinstance(asks, Amount) and isinstance(value, (int, float)):
        return format_quantity(value, asks.unit)
    return ", ".join(str(each) for each in value) if isinstance(value, tuple) else str(value)


def _shape(shape: Shape, above: tuple[type, ...]) -> dict[str, Any]:
    match shape:
        case One(asks):
            return _single(asks)
        case Table(record):
            return {"kind": "table", "fields": [] if record in above else form_of(record, above)}
        case Kinds(records):
            opened = {name: [] if each in above else form_of(each, above) for name, each in records.items()}
            return {"kind": "kinds", "kinds": opened}
        case Many(One(asks)):
            return {**_single(asks), "many": True}
        case Many(_) | ByName(_, _):
            return {"kind": "rows"}


def _single(asks: Asks) -> dict[str, Any]:
    """What a single value may be."""
    each = asks.each if isinstance(asks, Series) else asks
    found: dict[str, Any] = {"kind": "text", "words": list(each.words())}
    folder = getattr(each, "folder", "")
    if isinstance(each, Amount):
        found |= {"kind": "amount", "unit": each.unit, "least": each.least if each.above is None else each.above}
        found |= {"most": each.most if each.most < float("inf") else None, "example": UNITS[each.unit].example}
    elif isinstance(each, Whole):
        found |= {"kind": "whole", "unit": "1", "least": each.least, "most": each.most}
    elif isinstance(each, Switch):
        found |= {"kind": "switch"}
    elif isinstance(each, Day):
        found |= {"kind": "day"}
    elif folder:
        found |= {"kind": "named", "folder": folder}
    elif each.words():
        found |= {"kind": "choice"}
    else:
        examples = each.schema().get("examples", [])
        found |= {"example": str(examples[0])} if examples else {}
    return found | ({"many": True} if isinstance(asks, Series) else {})


def numbers_of(record: type, tree: Mapping[str, Any]) -> dict[str, float]:
    """Single amounts and counts by path, in their unit: those given that can be read, and the defaults of the rest."""
    return dict(_numbers(record, tree, "", ()))


def _numbers(
    record: type, tree: Mapping[str, Any], prefix: str, above: tuple[type, ...]
) -> Iterator[tuple[str, float]]:
    for field in fields_of(record):
        path, raw = f"{prefix}{field.key}", _at(tree, field.key)
        shape = field.shape
        if isinstance(shape, Table) and shape.record not in above:
            below = raw if isinstance(raw, Mapping) else {}
            yield from _numbers(shape.record, below, f"{path}.", (*above, record))
        elif isinstance(shape, Kinds) and isinstance(raw, Mapping) and raw.get("kind") in shape.records:
            yield from _numbers(shape.records[str(raw["kind"])], raw, f"{path}.", (*above, record))
        elif isinstance(shape, One) and (isinstance(shape.asks, (Amount, Whole)) or _unit_named(field)):
            value = _number(shape.asks, raw, field)
            if value is not None:
                yield path, value


def _number(asks: Asks, raw: object, field: Field) -> float | None:
    if raw is None:
        default = field.default
        return float(default) if isinstance(default, (int, float)) and not isinstance(default, bool) else None
    try:
        found = asks.read(raw, Place(file="question", key=field.key))
    except InputError:
        return None
    return float(found) if isinstance(found, (int, float)) else None


def _at(tree: Mapping[str, Any], key: str) -> Any:  # noqa: ANN401  (any JSON value)
    value: Any = tree
    for part in key.split("."):
        value = value.get(part) if isinstance(value, Mapping) else None
    return value


def units_data() -> dict[str, list[dict[str, Any]]]:
    """How each unit prints: before and after the number, how many of the canonical unit one is, from how many on."""
    return {
        name: [
            {"before": each.before, "after": each.after, "size": float(each.scale / unit.scale), "least": each.least}
            for each in unit.displays
        ]
        for name, unit in UNITS.items()
    }
