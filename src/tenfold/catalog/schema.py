"""JSON Schema of each kind of file, for editors and for ``tenfold schema``."""

from __future__ import annotations

from typing import Any

from tenfold.catalog.reading import FOLDERS, ROW_FOLDERS
from tenfold.quantities import InputError, Problem, shown

KINDS: tuple[str, ...] = tuple(kind for folder, kind in FOLDERS.items() if folder not in ROW_FOLDERS)
"""Kinds of catalog files that have a schema."""


def json_schema(kind: str) -> dict[str, Any]:
    """Give the JSON Schema (draft 2020-12) of a kind of file, such as "chip"; figures say their unit under ``unit``.

    Raises ``InputError`` for a kind that has no files.
    """
    folder = next((folder for folder, name in FOLDERS.items() if kind in (name, folder) and name in KINDS), None)
    if folder is None:
        wrong = f"no kind of file is called {shown(kind)}"
        raise InputError(Problem(file="", key="", wrong=wrong, remedy=f"Use one of {', '.join(KINDS)}"))
    if folder == "assumptions":
        return {**_tables(), "additionalProperties": _nested("#")}
    from tenfold.catalog.kinds import RECORDS
    from tenfold.catalog.records import Source
    from tenfold.quantities import DRAFT, document_schema

    if folder == "sources":
        return {"$schema": DRAFT, "type": "object", "additionalProperties": document_schema(Source)}
    schema = document_schema(RECORDS[folder])
    if folder == "calibrations":
        schema["$defs"] = {
            **_tables()["$defs"],
            "Figures": {"type": "object", "additionalProperties": _nested("#/$defs/Figures")},
        }
        schema["properties"]["constants"] = {"$ref": "#/$defs/Figures"}
    return schema


def _tables() -> dict[str, Any]:
    from tenfold.catalog.figure_files import FigureIn
    from tenfold.quantities import DRAFT

    return {"$schema": DRAFT, "type": "object", "$defs": {"Figure": FigureIn().schema()}}


def _nested(itself: str) -> dict[str, Any]:
    """Describe a figure, or a table of the same kind (one without a value)."""
    return {"if": {"required": ["value"]}, "then": {"$ref": "#/$defs/Figure"}, "else": {"$ref": itself}}
