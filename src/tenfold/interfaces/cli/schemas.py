"""JSON schemas by kind of file: TOML files as they are, CSV files as one row."""

from __future__ import annotations

import dataclasses
import importlib
from collections.abc import Mapping
from typing import Any

from tenfold.interfaces.cli.file_kinds import WHAT
from tenfold.quantities import InputError, Problem, document_schema
from tenfold.studies import NAME_OF_ADDRESS, address_of, known_name, record_of

DOCUMENTS: Mapping[str, tuple[str, str]] = {}
"""Files of commands: the module of ``planning`` that reads each, and its function."""
DRAFT = "https://json-schema.org/draft/2020-12/schema"


def schema_of(kind: str, *, answer: bool = False) -> dict[str, Any]:
    """Give the schema of a question, of its answer, or of a kind of file.

    Raises ``InputError`` with the nearest kind for an unknown one.
    """
    name = NAME_OF_ADDRESS.get(address_of(kind))
    if answer:
        from tenfold.reports import schema_of_answer

        return schema_of_answer(name or known_name(kind))
    if name is not None:
        return document_schema(record_of(name))
    if kind in DOCUMENTS:
        module, function = DOCUMENTS[kind]
        return dict(getattr(importlib.import_module(f"tenfold.planning.{module}"), function)())
    if kind == "runs":
        return _runs()
    if kind in ("rental-prices", "purchase-prices"):
        return _prices(kind)
    if kind == "availability":
        return _availability()
    if kind not in WHAT:
        raise InputError(_unknown(kind))
    from tenfold.catalog import json_schema

    return json_schema(kind)


def _unknown(kind: str) -> Problem:
    from tenfold.catalog import unknown_key

    problem = unknown_key("kind of file", "", kind, (*NAME_OF_ADDRESS, *WHAT))
    remedy = "" if problem.wrong.endswith("?") else f"Use one of {', '.join((*NAME_OF_ADDRESS, *WHAT))}"
    return Problem(file="", key="", wrong=problem.wrong, remedy=remedy)


def _row(title: str, needed: tuple[str, ...], columns: Mapping[str, Mapping[str, object]]) -> dict[str, Any]:
    return {
        "$schema": DRAFT,
        "title": title,
        "type": "object",
        "properties": {name: dict(rule) for name, rule in columns.items()},
        "required": list(needed),
    }


def _runs() -> dict[str, Any]:
    from tenfold.validation.training import NEEDED_COLUMNS, MeasuredRun

    columns = {
        field.name: {"type": "string" if str(field.type) == "str" else "number"}
        for field in dataclasses.fields(MeasuredRun)
    }
    return _row("A measured training run", NEEDED_COLUMNS, columns)


def _prices(kind: str) -> dict[str, Any]:
    from tenfold.catalog import PRICE_KINDS, RENTAL_TERMS
    from tenfold.catalog.prices import CLASSES, PURCHASE_COLUMNS, QUALITIES, RENTAL_COLUMNS, RENTAL_OPTIONAL

    rules: dict[str, dict[str, object]] = {"kind": {"enum": list(PRICE_KINDS)}, "term": {"enum": list(RENTAL_TERMS)}}
    rules |= {"class": {"enum": list(CLASSES)}, "quality": {"enum": list(QUALITIES)}}
    rules |= {name: {"type": "integer", "minimum": 0} for name in ("min_chips", "max_chips")}
    rules |= {name: {"type": "number", "minimum": 0} for name in ("usd_per_chip_hour", "usd_per_chip", "low", "high")}
    columns = RENTAL_COLUMNS if kind == "rental-prices" else PURCHASE_COLUMNS
    what = "What a provider asks for a chip for an hour" if kind == "rental-prices" else "What a chip costs to buy"
    needed = tuple(name for name in columns if name not in ("region", "note", "low", "high", *RENTAL_OPTIONAL))
    return _row(what, needed, {name: rules.get(name, {"type": "string"}) for name in columns})


def _availability() -> dict[str, Any]:
    from tenfold.catalog.prices import (
        AVAILABILITY_COLUMNS,
        AVAILABILITY_KINDS,
        AVAILABILITY_OPTIONAL,
        CLASSES,
        COUNTS,
        QUALITIES,
    )

    rules: dict[str, dict[str, object]] = {
        name: {"type": "integer", "minimum": 0} for name in (*COUNTS, *AVAILABILITY_OPTIONAL)
    }
    rules |= {
        "class": {"enum": list(CLASSES)},
        "quality": {"enum": list(QUALITIES)},
        "kind": {"enum": list(AVAILABILITY_KINDS)},
    }
    needed = tuple(
        name for name in AVAILABILITY_COLUMNS if name not in ("region", "note", *COUNTS, *AVAILABILITY_OPTIONAL)
    )
    what = "How many chips a provider offers, for how long at least and how soon"
    return _row(what, needed, {name: rules.get(name, {"type": "string"}) for name in AVAILABILITY_COLUMNS})
