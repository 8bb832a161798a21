"""Lists of what the catalog holds, as rows and as data."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tenfold.catalog import Catalog
from tenfold.quantities import Figure, InputError, Problem, format_quantity
from tenfold.reports.report import Table

Cell = tuple[str, object]
"""Text of a cell, and its value in JSON."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """A table and the same as data."""

    title: str
    table: Table
    data: list[dict[str, object]]


def kind_named(kind: str) -> str:
    """Folder of a kind, in the singular or the plural. Raises ``InputError`` with the nearest for an unknown one."""
    from tenfold.catalog import unknown_key

    names = {**dict.fromkeys(LISTS, ""), **{name.removesuffix("s"): name for name in LISTS}}
    if kind not in names:
        known = ", ".join(LISTS)
        problem = unknown_key("kind", "the catalog", kind, LISTS)
        remedy = "" if problem.wrong.endswith("?") else f"Use one of {known}"
        raise InputError(Problem(file="", key="", wrong=problem.wrong, remedy=remedy))
    return names[kind] or kind


def list_of(catalog: Catalog, kind: str, kinds: Sequence[str]) -> Listing:
    """List one kind; without one, how much there is of each."""
    if not kind:
        counts: list[dict[str, object]] = [
            {"kind": name, "count": len(list(LISTS[name](catalog, name)))} for name in kinds
        ]
        known = tuple((str(entry["kind"]), f"{entry['count']:,}") for entry in counts)
        return Listing(title="Known", table=Table(headers=("kind", "count"), rows=known, numeric=" r"), data=counts)
    found = list(LISTS[kind](catalog, kind))
    headers = tuple(found[0]) if found else ()
    numeric = "".join("r" if header in NUMERIC else " " for header in headers)
    rows = tuple(tuple(text for text, _ in entry.values()) for entry in found)
    data = [{name.replace(" ", "_"): value for name, (_, value) in entry.items()} for entry in found]
    return Listing(title=f"{len(rows):,} {kind}", table=Table(headers=headers, rows=rows, numeric=numeric), data=data)


NUMERIC = ("year", "bf16", "memory", "bandwidth", "power", "parameters", "active", "price", "PUE", "value", "constants",
           "rows", "providers", "domain", "node", "revenue", "cash", "debt", "amount", "TPP", "TPP if dense",
           "performance density")  # fmt: skip


COLUMNS: Mapping[str, Mapping[str, str]] = {
    "chips": {
        "key": "key", "vendor": "vendor", "kind": "kind", "year": "year", "bf16": "peaks.bf16",
        "memory": "memory_capacity", "bandwidth": "memory_bandwidth", "power": "tdp",
    },
    "systems": {"key": "key", "name": "name", "chip": "chip", "node": "chips_per_node", "domain": "scaleup_domain"},
    "fabrics": {"key": "key", "name": "name", "topology": "topology"},
    "models": {
        "key": "key", "name": "name", "family": "family", "parameters": "parameters", "active": "active_parameters"
    },
    "sites": {"key": "key", "name": "name", "price": "power_price", "PUE": "power_usage_effectiveness"},
    "links": {"key": "key", "name": "name", "latency": "latency", "bandwidth": "bandwidth"},
    "software": {"key": "key", "name": "name", "since": "since", "default for": "default_for"},
    "engines": {"key": "key", "name": "name", "since": "since", "default for": "default_for"},
    "hazards": {"key": "key", "name": "name", "components": "parts"},
    "players": {
        "key": "key", "name": "name", "kind": "kind", "revenue": "revenue", "cash": "cash", "debt": "debt"
    },
    "deals": {
        "key": "key", "payer": "payer", "payee": "payee", "kind": "kind", "amount": "figure", "signed": "signed",
        "status": "status",
    },
    "export_rules": {
        "key": "key", "name": "name", "TPP": "tpp_threshold", "TPP if dense": "tpp_when_dense_threshold",
        "performance density": "performance_density_threshold",
    },
    "technologies": {"key": "key", "name": "name", "kind": "kind", "acts through": "acts_through"},
    "services": {
        "key": "key", "provider": "provider", "tier": "tier", "model": "model", "input": "input_price",
        "output": "output_price",
    },
}  # fmt: skip
"""What is listed of a kind: headers, and where each value is in the record."""


def _listed(catalog: Catalog, kind: str) -> Iterator[dict[str, Cell]]:
    """Every thing of a kind, its values under their headers."""
    for thing in getattr(catalog, kind).values():
        yield {header: _cell(_value(thing, place)) for header, place in COLUMNS[kind].items()}


def _value(thing: object, place: str) -> Any:  # noqa: ANN401  (whatever the record holds)
    for step in place.split("."):
        thing = thing.get(step) if isinstance(thing, Mapping) else getattr(thing, step)
    return thing


def _cell(value: Any) -> Cell:  # noqa: ANN401
    """Print a value; a figure is its value with its unit, several things are named."""
    if isinstance(value, Figure):
        return format_quantity(value.value, value.unit), value.value
    if isinstance(value, datetime.date):
        return _cell(value.isoformat())
    if isinstance(value, Mapping):
        return _cell(", ".join(value))
    if isinstance(value, tuple):
        return ", ".join(value) or "–", value
    return ("–" if value in (None, "", 0) else str(value)), value


def _prices(catalog: Catalog, _: str) -> Iterator[dict[str, Cell]]:
    rows = [price for layer in catalog.price_rows.rental_layers for price in layer]
    for chip, term in sorted({(price.chip, price.term) for price in rows}):
        prices = catalog.rental_prices(chip, term)
        ends = sorted(price.usd_per_chip_hour for price in prices)
        shown_ends = " to ".join(dict.fromkeys(format_quantity(end, "USD/h") for end in (ends[0], ends[-1])))
        yield {
            "chip": _cell(chip),
            "term": _cell(term),
            "price": (shown_ends, [ends[0], ends[-1]]),
            "providers": _cell(len({price.provider for price in prices})),
            "latest": _cell(prices[0].as_of),
        }


def _assumptions(catalog: Catalog, _: str) -> Iterator[dict[str, Cell]]:
    for key, figure in catalog.assumptions.items():
        facts = {"kind": figure.kind, "source": figure.source, "note": figure.note}
        yield {"key": _cell(key), "value": _cell(figure), **{name: _cell(value) for name, value in facts.items()}}


def _calibrations(catalog: Catalog, _: str) -> Iterator[dict[str, Cell]]:
    for record in catalog.calibrations.values():
        counts = {"constants": len(record.constants), "rows": len(record.rows)}
        facts = {"key": record.key, "topic": record.topic, **counts}
        yield {name: _cell(value) for name, value in facts.items()}


LISTS: Mapping[str, Callable[[Catalog, str], Iterator[dict[str, Cell]]]] = {
    **dict.fromkeys(("chips", "systems", "fabrics", "models", "sites", "links", "software", "engines"), _listed),
    "prices": _prices,
    "assumptions": _assumptions,
    "calibrations": _calibrations,
    **dict.fromkeys(("hazards", "players", "deals", "export_rules", "technologies", "services"), _listed),
}
