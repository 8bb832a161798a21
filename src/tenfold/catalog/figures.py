"""Figures of a file: found by the file model, read by ``quantities``, checked against the sources.

Works on the raw table beside pydantic, so that a file with a wrong key still has its quantities judged and
every problem is shown at once.
"""

from __future__ import annotations

import datetime
import types
import typing
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import BaseModel

from tenfold.catalog.file_parts import FigureFile
from tenfold.quantities import Conflict, Figure, InputError, Problem, parse_any_quantity, parse_date, parse_quantity

ANY_UNIT = ""
"""Unit of a figure whose text tells its unit."""


@dataclass(frozen=True, slots=True)
class FigureTable:
    """A figure's raw table with its dotted key and the unit it must be in."""

    key: str
    unit: str
    table: Mapping[str, Any]


def figure_tables(model: type[BaseModel], tree: Mapping[str, Any], prefix: str = "") -> Iterator[FigureTable]:
    """Find the raw figures of ``tree`` where ``model`` expects them, in the order of the model."""
    for name, info in model.model_fields.items():
        value = tree.get(name)
        inner = inner_model(info.annotation)
        if inner is None or not isinstance(value, dict):
            continue
        extra = info.json_schema_extra
        unit = str(extra["unit"]) if isinstance(extra, dict) and "unit" in extra else ANY_UNIT
        if inner is not FigureFile and typing.get_origin(info.annotation) is dict:
            for key, table in value.items():
                if isinstance(table, dict):
                    yield from figure_tables(inner, table, f"{prefix}{name}.{key}.")
        elif inner is not FigureFile:
            yield from figure_tables(inner, value, f"{prefix}{name}.")
        elif typing.get_origin(info.annotation) is dict:
            tables = ((key, table) for key, table in value.items() if isinstance(table, dict))
            yield from (FigureTable(f"{prefix}{name}.{key}", unit, table) for key, table in tables)
        else:
            yield FigureTable(prefix + name, unit, value)


def inner_model(annotation: object) -> type[BaseModel] | None:
    """Give the file model inside an annotation: of ``X``, ``X | None``, ``list[X]`` or ``dict[str, X]``."""
    if isinstance(annotation, type) and not isinstance(annotation, types.GenericAlias):
        return annotation if issubclass(annotation, BaseModel) else None
    found = (inner_model(argument) for argument in reversed(typing.get_args(annotation)))
    return next((model for model in found if model is not None), None)


@dataclass(slots=True)
class FigureReader:
    """Reads raw figures of one file and collects what is wrong with them."""

    file: str
    sources: Container[str]
    problems: list[Problem] = field(default_factory=list)

    def read(self, found: FigureTable) -> Figure | None:
        """Read one figure; None, with problems added, when it is not well formed."""
        table, before = found.table, len(self.problems)
        if not {"value", "kind", "as_of"} <= table.keys():
            return None  # pydantic says which is missing
        value = self._quantity(table["value"], found.unit, found.key)
        unit = value[1] if value else found.unit or "1"
        ends = [self._quantity(table.get(end), unit, f"{found.key}.{end}") for end in ("low", "high")]
        conflicts = tuple(self._conflicts(table.get("conflicts", []), unit, found.key))
        as_of = self._date(table["as_of"], f"{found.key}.as_of")
        self._check_source(table, found.key)
        if len(self.problems) > before or value is None or as_of is None:
            return None
        try:
            return Figure(
                value=value[0],
                unit=unit,
                kind=table["kind"],
                source=table.get("source", ""),
                as_of=as_of,
                low=ends[0][0] if ends[0] else None,
                high=ends[1][0] if ends[1] else None,
                note=table.get("note", ""),
                checked=table.get("checked", ""),
                conflicts=conflicts,
            )
        except InputError as error:
            self._add(error, found.key)
        return None

    def _quantity(self, text: object, unit: str, key: str) -> tuple[float, str] | None:
        if isinstance(text, bool) or not isinstance(text, (str, int, float)):
            return None  # absent, or pydantic says that it is no quantity
        try:
            if unit == ANY_UNIT:
                return parse_any_quantity(text, file=self.file, key=key, negative=True)
            if not isinstance(text, str):
                text = f"{text!r}" if not isinstance(text, int) or abs(text) < 10**20 else f"{float(text)!r}"
            return parse_quantity(text, unit, file=self.file, key=key), unit
        except InputError as error:
            self.problems.extend(error.problems)
        except OverflowError:
            self._say(key, "the number is too large", "Write it with a unit, such as '3.35 TB/s'")
        return None

    def _conflicts(self, entries: object, unit: str, key: str) -> Iterator[Conflict]:
        for place, entry in enumerate(entries if isinstance(entries, list) else []):
            if isinstance(entry, dict) and isinstance(source := entry.get("source"), str):
                where = f"{key}.conflicts.{place}"
                value = self._quantity(entry.get("value"), unit, where)
                self._known(source, where)
                if value is not None:
                    yield Conflict(value=value[0], source=source)

    def _date(self, text: object, key: str) -> datetime.date | None:
        try:
            return parse_date(text, file=self.file, key=key)
        except InputError as error:
            self.problems.extend(error.problems)
        return None

    def _check_source(self, table: Mapping[str, Any], key: str) -> None:
        source, checked = table.get("source", ""), table.get("checked", "")
        assumption = table["kind"] == "assumption"
        if assumption and not table.get("note"):
            self._say(f"{key}.note", "an assumption without a reason", "Say why in a note")
        if not assumption and not source:
            self._say(f"{key}.source", "is missing", "Add the key of a table in sources/")
        for name, value in (("source", source), ("checked", checked)):
            if isinstance(value, str) and value:
                self._known(value, f"{key}.{name}")

    def _known(self, source: str, key: str) -> None:
        if source not in self.sources:
            self._say(
                key, f"unknown source '{source}'", f"Add [{source}] with title, url and date to a file of sources/"
            )

    def _say(self, key: str, wrong: str, remedy: str) -> None:
        self.problems.append(Problem(file=self.file, key=key, wrong=wrong, remedy=remedy))

    def _add(self, error: InputError, key: str) -> None:
        for problem in error.problems:
            self._say(f"{key}.{problem.key}" if problem.key else key, problem.wrong, problem.remedy)
