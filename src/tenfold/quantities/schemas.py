"""JSON schemas (draft 2020-12): of what a document may hold, and of what an answer holds."""

from __future__ import annotations

import dataclasses
import datetime
import types
import typing
from collections.abc import Mapping
from typing import Any, Literal

from tenfold.quantities.fields import ByName, Field, Kinds, Many, One, Shape, Table, fields_of, flat_records

DRAFT = "https://json-schema.org/draft/2020-12/schema"
_NUMBER = {"type": ["number", "string"], "description": "A number; 'inf' and '-inf' where it has no end"}
_PLAIN: Mapping[object, dict[str, Any]] = {
    str: {"type": "string"},
    bool: {"type": "boolean"},
    int: {"type": "integer"},
    float: _NUMBER,
    datetime.date: {"type": "string", "format": "date"},
}


def document_schema(record: type) -> dict[str, Any]:
    """Describe a file that is read into a record."""
    tables: dict[str, Any] = {}
    top = _document(record, tables)
    return {"$schema": DRAFT, "title": record.__name__, **top, "$defs": tables}


def _document(record: type, tables: dict[str, Any]) -> dict[str, Any]:
    nested = _nested([(field.key.split("."), field) for field in fields_of(record)], tables)
    nested["properties"] |= {name: _named(flat, tables) for name, flat in flat_records(record).items()}
    return {"type": "object", "description": (record.__doc__ or "").strip(), **nested}


def _nested(fields: list[tuple[list[str], Field]], tables: dict[str, Any]) -> dict[str, Any]:
    """Properties of a table: fields by their key, tables for keys with dots."""
    found: dict[str, Any] = {}
    for path, field in fields:
        if len(path) == 1:
            found[path[0]] = _property(field, tables)
        elif path[0] not in found:
            below = [(other[1:], each) for other, each in fields if other[0] == path[0] and len(other) > 1]
            found[path[0]] = {"type": "object", **_nested(below, tables)}
    required = [path[0] for path, field in fields if len(path) == 1 and field.required]
    return {"properties": found, "required": required, "additionalProperties": False}


def _property(field: Field, tables: dict[str, Any]) -> dict[str, Any]:
    from tenfold.quantities.data import to_data

    found = dict(_shape(field.shape, tables))
    found |= {"description": field.help} if field.help else {}
    plain = not field.required and field.default is not None and not dataclasses.is_dataclass(field.default)
    return found | ({"default": to_data(field.default)} if plain else {})


def _shape(shape: Shape, tables: dict[str, Any]) -> dict[str, Any]:
    match shape:
        case One(asks):
            return asks.schema()
        case Table(record):
            return _named(record, tables)
        case Kinds(records):
            return {"oneOf": [_named(record, tables) for record in dict.fromkeys(records.values())]}
        case Many(each):
            return {"type": "array", "items": _shape(each, tables)}
        case ByName(each, _):
            return {"type": "object", "additionalProperties": _shape(each, tables)}


def _named(record: type, tables: dict[str, Any]) -> dict[str, Any]:
    if record.__name__ not in tables:
        tables[record.__name__] = {}  # a place held, for records that hold themselves
        tables[record.__name__] = _document(record, tables)
    return {"$ref": f"#/$defs/{record.__name__}"}


def answer_schema(record: type) -> dict[str, Any]:
    """Describe the JSON of a frozen result, as ``to_data`` writes it."""
    tables: dict[str, Any] = {}
    top = _result(record, tables)
    return {"$schema": DRAFT, "title": record.__name__, **top, "$defs": tables}


def _result(record: type, tables: dict[str, Any]) -> dict[str, Any]:
    hints = typing.get_type_hints(record)
    names = [field.name for field in dataclasses.fields(record)]
    return {
        "type": "object",
        "description": (record.__doc__ or "").strip(),
        "properties": {name: _value(hints[name], tables) for name in names},
        "required": names,
    }


def _value(hint: Any, tables: dict[str, Any]) -> dict[str, Any]:  # noqa: ANN401  (a type, or a typing form)
    origin, parts = typing.get_origin(hint), typing.get_args(hint)
    if hint in _PLAIN:
        return _PLAIN[hint]
    if origin in (typing.Union, types.UnionType):
        return {"anyOf": [{"type": "null"} if part is types.NoneType else _value(part, tables) for part in parts]}
    if origin is Literal:
        return {"enum": list(parts)}
    if origin in (tuple, list):
        kinds = list(dict.fromkeys(part for part in parts if part is not Ellipsis))
        return {"type": "array", "items": _value(kinds[0], tables) if len(kinds) == 1 else {}}
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return {"type": "object", "additionalProperties": _value(parts[1], tables)}
    if dataclasses.is_dataclass(hint) and isinstance(hint, type):
        if hint.__name__ not in tables:
            tables[hint.__name__] = {}
            tables[hint.__name__] = _result(hint, tables)
        return {"$ref": f"#/$defs/{hint.__name__}"}
    return {}
