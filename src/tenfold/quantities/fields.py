"""The fields of a record as files, options and forms know them: key, help, default, and what each may hold.

A record is a frozen dataclass. The help of a field is the text below it, or, of a record that is
made from another, its ``help`` in the metadata; its key is its name without the unit
("restart_s" is ``restart``), unless a ``Key`` beside its marker says otherwise.
"""

from __future__ import annotations

import dataclasses
import datetime
import functools
import itertools
import types
import typing
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from tenfold.quantities.amounts import Amount, Whole
from tenfold.quantities.asking import Argument, Asks, Flat, InNoFile, Key
from tenfold.quantities.words import DataFile, Day, OneOf, Switch, Text

BARE: Mapping[type, Asks] = {
    str: Text(empty=True),
    int: Whole(least=0),
    float: Amount("1"),
    bool: Switch(),
    datetime.date: Day(),
}
"""What a field without a marker may hold, by its type."""

SUFFIXES: Mapping[str, str] = {
    "s": "_s",
    "USD": "_usd",
    "W": "_w",
    "B": "_bytes",
    "m": "_m",
    "USD/h": "_usd_per_h",
    "USD/kWh": "_usd_per_kwh",
    "USD/W": "_usd_per_w",
    "B/s": "_bytes_per_s",
    "L/kWh": "_l_per_kwh",
}
"""What the name of a field in this unit ends with, and its key leaves out."""


@dataclass(frozen=True, slots=True)
class One:
    """A single value."""

    asks: Asks


@dataclass(frozen=True, slots=True)
class Table:
    """A table that is read into a record."""

    record: type


@dataclass(frozen=True, slots=True)
class Kinds:
    """A table that is read into one of several records, told apart by the word at its ``kind``."""

    records: Mapping[str, type]


@dataclass(frozen=True, slots=True)
class Many:
    """A list."""

    each: Shape


@dataclass(frozen=True, slots=True)
class ByName:
    """A table whose keys are free, or hold what ``names`` asks."""

    each: Shape
    names: Asks | None = None


Shape = One | Table | Kinds | Many | ByName


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field of a record."""

    record: type
    """Whose field it is."""
    name: str
    key: str
    shape: Shape
    default: Any
    """``dataclasses.MISSING`` where it must be given."""
    within: str = ""
    """Field that holds the flat record it belongs to; empty for one of the record itself."""

    argument: bool = False
    """Whether it stands bare after the command: files of data do, and what ``Argument`` marks."""

    @property
    def help(self) -> str:
        """Text below it in the source of its record: read when it is asked for, as commands and problems do."""
        stated = next(each.metadata for each in dataclasses.fields(self.record) if each.name == self.name)
        return str(stated.get("help") or help_of(self.record).get(self.name, ""))

    @property
    def each(self) -> Asks | None:
        """Marker of a single value, or of each value of a list; None for tables."""
        shape = self.shape.each if isinstance(self.shape, Many) else self.shape
        return shape.asks if isinstance(shape, One) else None

    @property
    def data(self) -> bool:
        """Whether it holds files of data."""
        return isinstance(self.each, DataFile)

    def value_in(self, record: object) -> Any:  # noqa: ANN401  (any kept value)
        """Its value in a record."""
        return getattr(getattr(record, self.within) if self.within else record, self.name)

    @property
    def required(self) -> bool:
        """Whether it must be given."""
        return self.default is dataclasses.MISSING

    @property
    def option(self) -> str:
        """Its option on the command line."""
        return f"--{self.key.replace('_', '-')}"


def fields_of(record: type) -> tuple[Field, ...]:
    """Fields of a record in their order, those of flat records among them.

    Raises ``TypeError`` for a type that no file can hold.
    """
    return _fields_of(record)


@functools.cache
def _fields_of(record: type) -> tuple[Field, ...]:
    hints = typing.get_type_hints(record, include_extras=True)
    flat = flat_records(record)
    found: list[Field] = []
    for each in dataclasses.fields(record):
        if each.name in flat:
            found += (dataclasses.replace(field, within=each.name) for field in fields_of(flat[each.name]))
        elif InNoFile not in getattr(hints[each.name], "__metadata__", ()):
            found.append(_field(record, each, hints[each.name]))
    return tuple(found)


@functools.cache
def flat_records(record: type) -> Mapping[str, type]:
    """Records in a record whose fields stand among its own, by the field that holds them."""
    hints = typing.get_type_hints(record, include_extras=True)
    return {
        name: typing.get_args(hint)[0]
        for name, hint in hints.items()
        if any(isinstance(part, Flat) for part in getattr(hint, "__metadata__", ()))
    }


def _field(record: type, each: dataclasses.Field[Any], hint: object) -> Field:
    default = each.default
    if default is dataclasses.MISSING and each.default_factory is not dataclasses.MISSING:
        default = each.default_factory()
    shape = shape_of(hint)
    if isinstance(shape, One) and isinstance(shape.asks, OneOf) and len(shape.asks.choices) == 1:
        default = dataclasses.MISSING  # what kind of table this is, is always said: other kinds may join
    found = Field(record=record, name=each.name, key=_key(each.name, hint, shape), shape=shape, default=default)
    return dataclasses.replace(found, argument=found.data or Argument in getattr(hint, "__metadata__", ()))


def _key(name: str, hint: object, shape: Shape) -> str:
    named = [part.name for part in getattr(hint, "__metadata__", ()) if isinstance(part, Key)]
    if named:
        return named[0]
    asks = getattr(shape.asks, "amount", shape.asks) if isinstance(shape, One) else None  # of a marker around an amount
    unit = getattr(asks, "unit", "")
    return name.removesuffix(SUFFIXES.get(unit, ""))


def shape_of(hint: Any) -> Shape:  # noqa: ANN401  (a type, or a typing form)
    """Say what a type hint lets a file hold. Raises ``TypeError`` for one that no file can hold."""
    extra = getattr(hint, "__metadata__", ())
    marked = [part for part in extra if isinstance(part, Asks) and not isinstance(part, type)]
    if marked:
        return One(marked[0])
    origin = typing.get_origin(hint)
    if origin is Annotated:
        return shape_of(typing.get_args(hint)[0])
    if origin in (typing.Union, types.UnionType):
        return _of_union([part for part in typing.get_args(hint) if part is not types.NoneType])
    if origin is Literal:
        return One(OneOf(typing.get_args(hint)))
    if origin in (tuple, list):
        return Many(shape_of(typing.get_args(hint)[0]))
    if origin is not None and issubclass(origin, Mapping):
        named, each = typing.get_args(hint)
        return ByName(shape_of(each), None if named is str else _asks_of(named))
    if dataclasses.is_dataclass(hint) and isinstance(hint, type):
        return Table(hint)
    if hint in BARE:
        return One(BARE[hint])
    raise TypeError(f"{hint} is nothing that a file can hold")


def _asks_of(hint: object) -> Asks | None:
    shape = shape_of(hint)
    return shape.asks if isinstance(shape, One) else None


def _of_union(parts: list[Any]) -> Shape:
    if len(parts) == 1:
        return shape_of(parts[0])
    records: dict[str, type] = {}
    for part in parts:
        kind = typing.get_type_hints(part).get("kind") if dataclasses.is_dataclass(part) else None
        if kind is None or typing.get_origin(kind) is not Literal:
            raise TypeError(f"{part} has no kind that tells it from {parts}")
        records |= dict.fromkeys(typing.get_args(kind), part)
    return Kinds(records)


@functools.cache
def help_of(record: type) -> Mapping[str, str]:
    """Texts below the fields of a record and of those it extends, by field; none where the source is not at hand."""
    found: dict[str, str] = {}
    for each in reversed(record.__mro__):
        found |= _help_in(each)
    return found


def _help_in(record: type) -> Mapping[str, str]:
    """Texts below the fields that a class declares itself."""
    import ast
    import inspect
    import textwrap

    try:
        tree = ast.parse(textwrap.dedent(inspect.getsource(record)))
    except (OSError, TypeError):
        return {}
    body = tree.body[0].body if isinstance(tree.body[0], ast.ClassDef) else []
    found = {}
    for above, below in itertools.pairwise(body):
        if not (isinstance(above, ast.AnnAssign) and isinstance(above.target, ast.Name)):
            continue
        if isinstance(below, ast.Expr) and isinstance(below.value, ast.Constant) and isinstance(below.value.value, str):
            found[above.target.id] = " ".join(below.value.value.split())
    return found
