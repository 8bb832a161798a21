"""What is known of a document that is wrong in places: ``documents`` reads it in part.

A field that cannot be read is ``UNREAD``, whatever its type says; so is an entry of a list or a table, which keeps its
place. Relations between fields are judged over such a record as far as they are ``known``.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from typing import TypeVar

<<<<<<< HEAD
from tenfold.quantities.asking import UNREAD, Place
from tenfold.quantities.documents import read_value
from tenfold.quantities.errors import InputError
from tenfold.quantities.fields import ByName, Field, Kinds, Many, One, Shape, Table, fields_of, flat_records
=======
from tenfold.quantities.asking import UNREAD
>>>>>>> a

Record = TypeVar("Record")


def known(*values: object) -> bool:
    """Whether all of these could be read; records, lists and tables with everything in them."""
    return all(_wholly(value) for value in values)


def _wholly(value: object) -> bool:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return all(_wholly(getattr(value, field.name)) for field in dataclasses.fields(value))
    if isinstance(value, Mapping):
        return all(_wholly(each) for each in value.values())
    return all(_wholly(each) for each in value) if isinstance(value, tuple) else value is not UNREAD


def rows_in(key: str, rows: Sequence[Record] | Mapping[str, Record]) -> Iterator[tuple[str, Record]]:
    """Tables of a list or by name, with their keys; what is in a table may be unread."""
    if rows is not UNREAD:
        pairs = rows.items() if isinstance(rows, Mapping) else enumerate(rows)
        yield from ((f"{key}.{place}", row) for place, row in pairs if row is not UNREAD)
<<<<<<< HEAD


def read_in_part(record: type[Record], tree: Mapping[str, Any], place: Place) -> Record:
    """Read what can be read of a table; nothing is said of the rest."""
    kind: type = record
    flat = flat_records(kind)
    values: dict[str, Any] = {name: {} for name in flat}
    for field in fields_of(kind):
        (values[field.within] if field.within else values)[field.name] = _field(field, _said(tree, field.within), place)
    return record(**{name: flat[name](**each) if name in flat else each for name, each in values.items()})


def _said(tree: Mapping[str, Any], within: str) -> Mapping[str, Any]:
    """Keys of a flat record, which stand among the others or in a table of their own."""
    own = tree.get(within) if within else None
    return {**tree, **own} if isinstance(own, Mapping) else tree


def _field(field: Field, tree: Mapping[str, Any], place: Place) -> Any:  # noqa: ANN401  (any kept value)
    raw = tree.get(field.key, tree.get(field.name))
    if raw is None:
        return UNREAD if field.required else field.default
    return _value(field.shape, raw, place.at(field.key))


def _value(shape: Shape, raw: Any, place: Place) -> Any:  # noqa: ANN401
    match shape:
        case Table(record) if isinstance(raw, Mapping):
            return read_in_part(record, raw, place)
        case Kinds(records) if isinstance(raw, Mapping) and str(raw.get("kind")) in records:
            return read_in_part(records[str(raw["kind"])], raw, place)
        case Many(each) if isinstance(raw, (list, tuple)):
            return tuple(_value(each, entry, place.at(number)) for number, entry in enumerate(raw))
        case ByName(each, _) if isinstance(raw, Mapping):
            return {str(key): _value(each, entry, place.at(key)) for key, entry in raw.items()}
        case One(_) | Many(_):
            try:
                return read_value(shape, raw, place)
            except InputError:
                return UNREAD
    return UNREAD
=======
>>>>>>> a
