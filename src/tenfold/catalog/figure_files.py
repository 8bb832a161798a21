"""Figures in files: ``{ value = "3.35 TB/s", kind = "spec", source = "KEY", as_of = "2023-03" }``.

``FigureIn("B/s")`` beside a field of a record says that a file holds such a table there, and in which unit. Everything
wrong with a figure is said together: its parts, its unit, its range, and sources that the catalog does not know.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Annotated, Any

from tenfold.quantities import (
    Conflict,
    Day,
    Figure,
    FigureKind,
    InputError,
    Place,
    Problem,
    Text,
    parse_any_quantity,
    parse_quantity,
    read_record,
    shown,
)

ANY_UNIT = ""
"""Unit of a figure whose text tells its unit."""
LARGE = 10**20
"""Whole numbers from here on are written with a unit."""
_TABLE = "Write a table, such as { value = …, kind = …, source = …, as_of = … }"


@dataclass(frozen=True, slots=True)
class Raw:
    """A value left as the file has it, until its unit is known."""

    def read(self, raw: Any, place: Place) -> Any:  # noqa: ANN401  (any TOML value)
        """Text or a number."""
        if isinstance(raw, bool) or not isinstance(raw, (str, int, float)):
            raise place.refusal(f"{shown(raw)} is not a quantity", "Write text such as '3.35 TB/s'")
        return raw

    def schema(self) -> dict[str, Any]:
        """Text with a unit, or a number."""
        return {"type": ["string", "number"], "description": "A quantity such as '3.35 TB/s'"}

    def words(self) -> tuple[str, ...]:
        """No list of words."""
        return ()


@dataclass(frozen=True, slots=True)
class SourceKey:
    """A source by its key."""

    def read(self, raw: Any, place: Place) -> str:  # noqa: ANN401
        """Key that the sources hold."""
        key = Text(longest=200).read(raw, place)
        if place.names is not None and key not in place.names.known("sources"):
            remedy = f"Add [{key}] with title, url and date to a file of sources/"
            raise place.refusal(f"unknown source {shown(key)}", remedy)
        return key

    def schema(self) -> dict[str, Any]:
        """Text."""
        return {"type": "string", "minLength": 1, "description": "Key of a table in sources/"}

    def words(self) -> tuple[str, ...]:
        """No list of words."""
        return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ConflictTable:
    """Another published value of a figure."""

    value: Annotated[Any, Raw()]
    """The other value."""
    source: Annotated[str, SourceKey()]
    """Who says so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureTable:
    """A figure as a file has it."""

    value: Annotated[Any, Raw()]
    """P50, or what is known exactly."""
    kind: FigureKind
    """Where the number is from."""
    as_of: Annotated[datetime.date, Day()]
    """Day, month or year it held."""
    source: Annotated[str | None, SourceKey()] = None
    """Key of a table in sources/."""
    low: Annotated[Any, Raw()] = None
    """P10."""
    high: Annotated[Any, Raw()] = None
    """P90."""
    note: str = ""
    """Why, for an assumption."""
    checked: Annotated[str | None, SourceKey()] = None
    """Second source that agrees."""
    conflicts: tuple[ConflictTable, ...] = ()
    """Sources that disagree."""
    published: tuple[ConflictTable, ...] = ()
    """Values at the ends of the range or beyond that somebody published: what a stress line takes."""


OTHERS = ("conflicts", "published")
"""Lists of other values of a figure."""


@dataclass(frozen=True, slots=True)
class FigureIn:
    """A figure in this unit, or in the one its text tells."""

    unit: str = ANY_UNIT

    def read(self, raw: Any, place: Place) -> Figure:  # noqa: ANN401  (any TOML value)
        """Read the figure; every problem of it at once."""
        if not isinstance(raw, Mapping):
            raise place.refusal(f"{shown(raw)} is not a table", _TABLE)
        problems: list[Problem] = []
        try:
            table = read_record(FigureTable, raw, place)
            problems += _source_problems(table, place)
        except InputError as trouble:
            table, problems = None, [*trouble.problems]
        unit, numbers = self._numbers(raw, place, problems)
        if problems or table is None:
            raise InputError(problems)
        return self._made(table, unit, numbers, place)

    def _numbers(
        self, raw: Mapping[str, Any], place: Place, problems: list[Problem]
    ) -> tuple[str, Mapping[str, float]]:
        """Value, ends and other values in one unit; what cannot be read is a problem of its own key."""
        wrong = {problem.key for problem in problems}
        unit, numbers = self.unit or "1", {}
        stated = {"value": raw.get("value"), "low": raw.get("low"), "high": raw.get("high")}
        for others in OTHERS:
            listed = raw[others] if isinstance(raw.get(others), list) else ()
            stated |= {f"{others}.{n}": each.get("value") for n, each in enumerate(listed) if isinstance(each, Mapping)}
        for name, text in stated.items():
            where = place if name == "value" else place.at(name)
            if text is None or wrong & {where.key, f"{where.key}.value", f"{place.key}.{name}"}:
                continue
            try:
                found, told = _quantity(text, self.unit if name == "value" else unit, where, signed=not self.unit)
            except InputError as trouble:
                problems += trouble.problems
                continue
            unit = told if name == "value" else unit
            numbers[name] = found
        return unit, numbers

    def _made(self, table: FigureTable, unit: str, numbers: Mapping[str, float], place: Place) -> Figure:
        try:
            return Figure(
                value=numbers["value"],
                unit=unit,
                kind=table.kind,
                source=table.source or "",
                as_of=table.as_of,
                low=numbers.get("low"),
                high=numbers.get("high"),
                note=table.note,
                checked=table.checked or "",
                **{name: _others(getattr(table, name), name, numbers) for name in OTHERS},
            )
        except InputError as trouble:
            raise InputError(
                replace(problem, file=place.file, key=f"{place.key}.{problem.key}") for problem in trouble.problems
            ) from None

    def schema(self) -> dict[str, Any]:
        """A figure, with its unit."""
        from tenfold.quantities import document_schema

        table = {key: value for key, value in document_schema(FigureTable).items() if key not in ("$schema", "$defs")}
        table["properties"] |= {name: {"type": "array", "items": {"type": "object"}} for name in OTHERS}
        return {**table, "title": "Figure", "unit": self.unit or "as its text tells"}

    def words(self) -> tuple[str, ...]:
        """No list of words."""
        return ()


def _others(listed: Sequence[ConflictTable], name: str, numbers: Mapping[str, float]) -> tuple[Conflict, ...]:
    return tuple(Conflict(value=numbers[f"{name}.{number}"], source=each.source) for number, each in enumerate(listed))


def _quantity(text: Any, unit: str, place: Place, *, signed: bool) -> tuple[float, str]:  # noqa: ANN401
    if isinstance(text, bool) or not isinstance(text, (str, int, float)):
        Raw().read(text, place)
    if unit == ANY_UNIT:
        return parse_any_quantity(text, file=place.file, key=place.key, negative=signed)
    if not isinstance(text, str):
        if unit == "1" and 0 <= text < LARGE:
            return float(text), unit
        if isinstance(text, int) and abs(text) >= LARGE:
            raise place.refusal("the number is too large", "Write it with a unit, such as '3.35 TB/s'")
        text = f"{text!r}"
    return parse_quantity(text, unit, file=place.file, key=place.key, negative=signed), unit


def _source_problems(table: FigureTable, place: Place) -> list[Problem]:
    """An assumption has a reason, anything else a source."""
    if table.kind == "assumption":
        return [] if table.note else [place.at("note").problem("an assumption without a reason", "Say why in a note")]
    if table.source:
        return []
    return [place.at("source").problem("is missing", "Add the key of a table in sources/")]
