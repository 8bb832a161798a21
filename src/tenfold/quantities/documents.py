"""Documents: a TOML, JSON or CSV file becomes a record; ``toml_text`` makes such a file of a record again.

A record is a frozen dataclass whose fields say what they hold (``asking``). Everything wrong with a document is found
in one reading and raised as one ``InputError``: unknown keys with the nearest known one, missing keys, values that
cannot be meant. Reading is ours and not a library's because a message names the user's own key, unit and remedy, all
of them at once, and because a command must start in no time: pydantic gives the one, msgspec the other.
"""

from __future__ import annotations

import dataclasses
import difflib
import functools
import typing
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, TypeVar

from tenfold.quantities.asking import UNREAD, Asks, Place, placed, read_each
from tenfold.quantities.boundary import file_name, json_tree, read_text, toml_tree
from tenfold.quantities.data import to_data
from tenfold.quantities.errors import InputError, Problem, shown
from tenfold.quantities.fields import ByName, Field, Kinds, Many, One, Shape, Table, fields_of, flat_records
from tenfold.quantities.words import Named, OneOf

Record = TypeVar("Record")
Tree = dict[str, Any]

MISSING = dataclasses.MISSING
LONGEST_NAME = 200
"""Characters a free key may have."""


def read_record(
    record: type[Record], tree: Mapping[str, Any], place: Place, over: Mapping[str, Any] | None = None
) -> Record:
    """Read a table into a record. Raises one ``InputError`` with everything that is wrong with it.

    ``over`` are values that stand over those of the table and in no file: options, or arguments in Python. What cannot
    be between fields a record says itself, in a static method ``contradictions(said)``, which gives problems keyed from
    the record. ``said`` holds what was given, by field; what could not be read stands there as ``UNREAD``,
    an entry of a list in its place.
    """
    return read_fields(record, fields_of(record), tree, place, over)


def read_fields(
    record: type[Record],
    fields: tuple[Field, ...],
    tree: Mapping[str, Any],
    place: Place,
    over: Mapping[str, Any] | None = None,
) -> Record:
    """Read a table into a record by fields that know more than the record's own, such as a unit."""
    beside = Place(names=place.names)
    tree, above = _spread(record, tree, place), _spread(record, over or {}, beside)
    keys, names = keys_of(record), names_of(record)
    problems = [
        problem
        for raw, where in ((tree, place), (above, beside))
        for problem in _unknown_keys({key: raw[key] for key in raw if key not in names}, keys, where)
    ]
    said: dict[str, Any] = {}
    for field in fields:
        where, raw = (beside, above) if field.key in above or field.name in above else (place, tree)
        try:
            given = _given(field, raw, where, names)
            if given is not None:
                said[field.name] = UNREAD
                said[field.name] = read_value(field.shape, given, where.at(field.key))
        except InputError as trouble:
            problems += trouble.problems
            if field.name in said:
                said[field.name] = _value_in_part(field.shape, given, where.at(field.key))
    problems += _contradictions(record, said, place, {problem.key for problem in problems})
    if problems:
        raise InputError(dict.fromkeys(problems))
    try:
        return record(**gathered(record, said))
    except InputError as trouble:
        raise placed(trouble, place) from None


def keys_of(record: type) -> Mapping[str, Any]:
    """Keys a table of this record may hold; those with dots as tables within tables."""
    return _keys_of(record)


@functools.cache
def _keys_of(record: type) -> Mapping[str, Any]:
    found: dict[str, Any] = {}
    for field in fields_of(record):
        *tables, last = field.key.split(".")
        below = found
        for table in tables:
            inner = below.get(table)
            below[table] = below = inner if isinstance(inner, dict) else {}
        below.setdefault(last, None)
    return found


def names_of(record: type) -> frozenset[str]:
    """Names of fields that may stand for their keys, as in an answer's echo of its question."""
    return _names_of(record)


@functools.cache
def _names_of(record: type) -> frozenset[str]:
    return frozenset(field.name for field in fields_of(record)) - frozenset(keys_of(record))


def _unknown_keys(tree: Mapping[str, Any], known: Mapping[str, Any], place: Place) -> Iterator[Problem]:
    """Say which keys no field has, and which tables of keys are none."""
    for key, value in tree.items():
        below = known.get(str(key), MISSING)
        if below is MISSING:
            yield _unknown(place, str(key), list(known))
        elif below is not None and isinstance(value, Mapping):
            yield from _unknown_keys(value, below, place.at(str(key)))
        elif below is not None:
            remedy = f"Write [{place.at(str(key)).key}] and keys below it"
            yield place.at(str(key)).problem(f"{shown(value)} is not a table", remedy)


def _spread(record: type, tree: Mapping[str, Any], place: Place) -> Mapping[str, Any]:
    """The same values, with those in tables of flat records beside the others."""
    flat = flat_records(record).keys() & tree.keys()
    if not flat:
        return tree
    found = {key: raw for key, raw in tree.items() if key not in flat}
    for name in flat:
        raw = {} if tree[name] is None else tree[name]
        below = to_data(raw) if dataclasses.is_dataclass(raw) else _table(raw, place.at(name))
        for key, value in typing.cast("Mapping[str, Any]", below).items():
            if found.get(key) is not None and value is not None:
                raise place.at(key).refusal(f"is said twice, as '{key}' and in '{name}'", "Keep one of them")
            found[key] = value if value is not None else found.get(key)
    return found


def gathered(record: type, values: Mapping[str, Any]) -> dict[str, Any]:
    """Give the same values, with those of flat records in them."""
    found = dict(values)
    for name, flat in flat_records(record).items():
        found[name] = flat(**{each.name: found.pop(each.name) for each in fields_of(flat) if each.name in found})
    return found


def _contradictions(record: type, said: Tree, place: Place, known: set[str]) -> list[Problem]:
    """What a record says cannot be between its fields, but for keys that are known to be wrong already."""
    look = getattr(record, "contradictions", None)
    found = [] if look is None else list(look(said))
    keyed = [(place.at(each.key) if each.key else place).problem(each.wrong, each.remedy) for each in found]
    return [problem for problem in keyed if problem.key not in known]


def _given(field: Field, tree: Mapping[str, Any], place: Place, names: frozenset[str]) -> Any:  # noqa: ANN401
    """Raw value of a field under its key or its name; None where its default stands."""
    found = _at(tree, field.key)
    named = _at(tree, field.name) if field.name in names else None
    if found is not None and named is not None:
        raise place.at(field.key).refusal(f"is said twice, as '{field.key}' and as '{field.name}'", "Keep one of them")
    found = named if found is None else found
    if found is None and field.required:
        raise place.at(field.key).refusal("is missing", _how_to_add(field))
    return found


def _at(tree: Mapping[str, Any], key: str) -> Any:  # noqa: ANN401
    """Raw value at a dotted key; None where there is none."""
    first, *below = key.split(".") if "." in key else (key,)
    value: Any = tree.get(first)
    for part in below:
        value = value.get(part) if isinstance(value, Mapping) else None
    return value


def _how_to_add(field: Field) -> str:
    return f"Add it: {field.help.rstrip('.')}" if field.help else "Add it"


def read_in_part(record: type[Record], tree: Mapping[str, Any], place: Place) -> Record:
    """Read what can be read of a table, the rest being ``UNREAD``; nothing is said of that."""
    return typing.cast("Record", _held_in_part(record, _said_in_part(record, tree, place)))


def _held_in_part(record: type[Any], said: Tree) -> Any:  # noqa: ANN401  (a record)
    left = {field.name: UNREAD if field.required else field.default for field in fields_of(record)}
    return record(**gathered(record, left | said))


def _said_in_part(record: type, tree: Mapping[str, Any], place: Place) -> Tree:
    for inner in [tree.get(name) for name in flat_records(record)]:
        tree = {**tree, **inner} if isinstance(inner, Mapping) else tree
    raw = ((field, tree.get(field.key, tree.get(field.name))) for field in fields_of(record))
    return {each.name: _value_in_part(each.shape, said, place.at(each.key)) for each, said in raw if said is not None}


def _table_in_part(record: type, tree: Mapping[str, Any], place: Place) -> Any:  # noqa: ANN401  (a record, or UNREAD)
    """A table in part; one that contradicts itself cannot be read."""
    said = _said_in_part(record, tree, place)
    return UNREAD if _contradictions(record, said, place, set()) else _held_in_part(record, said)


def _value_in_part(shape: Shape, raw: Any, place: Place) -> Any:  # noqa: ANN401
    match shape:
        case Table(record) if isinstance(raw, Mapping):
            return _table_in_part(record, raw, place)
        case Kinds(records) if isinstance(raw, Mapping) and str(raw.get("kind")) in records:
            return _table_in_part(records[str(raw["kind"])], raw, place)
        case Many(each) if isinstance(raw, (list, tuple)):
            return tuple(_value_in_part(each, entry, place.at(number)) for number, entry in enumerate(raw))
        case ByName(each, _) if isinstance(raw, Mapping):
            return {str(key): _value_in_part(each, entry, place.at(key)) for key, entry in raw.items()}
        case One(_) | Many(_):
            try:
                return read_value(shape, raw, place)
            except InputError:
                return UNREAD
    return UNREAD


def read_value(shape: Shape, raw: Any, place: Place) -> Any:  # noqa: ANN401  (any TOML value, any kept value)
    """Read a raw value of any shape. Raises ``InputError``."""
    match shape:
        case One(asks):
            return asks.read(raw, place)
        case Table(record):
            return read_record(record, _table(raw, place), place)
        case Kinds(records):
            table = _table(raw, place)
            if "kind" not in table:
                raise place.at("kind").refusal("is missing", f"Write one of {', '.join(records)}")
            kind = OneOf(tuple(records), "kind").read(table["kind"], place.at("kind"))
            return read_record(records[kind], table, place)
        case Many(each):
            return _list(each, raw, place)
        case ByName(each, asks):
            table = _table(raw, place)
            names = read_each(lambda key: _name(key, asks, place), table)
            values = read_each(lambda key: read_value(each, table[key], place.at(key)), names)
            return dict(zip(names, values, strict=True))


def _list(each: Shape, raw: Any, place: Place) -> tuple[Any, ...]:  # noqa: ANN401
    if place.file == "" and isinstance(each, One):
        raw = _parts(each.asks, raw)
    if not isinstance(raw, (list, tuple)):
        raise place.refusal(f"{shown(raw)} is not a list", "Write a list, such as ['…']")
    return read_each(lambda numbered: read_value(each, numbered[1], place.at(numbered[0])), enumerate(raw))


def _parts(asks: Asks, raw: Any) -> Any:  # noqa: ANN401  (any value)
    """What an option gives, once or several times; names may have commas between them: --supply own,spot."""
    given = [raw] if isinstance(raw, str) else raw
    if not isinstance(given, (list, tuple)) or not isinstance(asks, (Named, OneOf)):
        return given
    return [part for each in given for part in (_names_in(each) if isinstance(each, str) else [each])]


def _names_in(text: str) -> list[str]:
    return [name.strip() for name in text.split(",")]


def _table(raw: Any, place: Place) -> Mapping[str, Any]:  # noqa: ANN401
    if isinstance(raw, Mapping):
        return raw
    raise place.refusal(f"{shown(raw)} is not a table", f"Write [{place.key}] and keys below it")


def _name(key: object, asks: Asks | None, place: Place) -> str:
    name = str(key)
    if asks is not None:
        asks.read(name, place.at(name))
    if 0 < len(name) <= LONGEST_NAME and name.isprintable():
        return name
    raise place.refusal(f"{shown(name)} is no name", f"Write a name of 1 to {LONGEST_NAME} printable characters")


def _unknown(place: Place, key: str, known: list[str]) -> Problem:
    close = difflib.get_close_matches(key, known, n=1)
    hint = f"Did you mean '{close[0]}'? " if close else ""
    return place.at(key if len(key) <= LONGEST_NAME else shown(key)[1:-1]).problem(
        "unknown key", f"{hint}Known: {', '.join(known)}"
    )


def read_tree(path: Path, remedy: str) -> Tree:
    """Parse a TOML or JSON file into its table.

    Raises ``InputError`` for what is no regular file, too large, nested too deep, or not UTF-8 TOML or JSON; ``remedy``
    says where to get such a file.
    """
    file, text = file_name(path), read_text(path, remedy)
    if path.suffix != ".json":
        return toml_tree(text, file, "Write TOML, see https://toml.io")
    tree = json_tree(text, file, remedy)
    if not isinstance(tree, dict):
        raise InputError(Problem(file=file, key="", wrong="is no table of keys and values", remedy=remedy))
    return tree
