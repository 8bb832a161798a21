"""One thing of the catalog with all its figures, as data and as tables."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from typing import Any

from rich.console import RenderableType
from rich.text import Text

from tenfold.catalog import Catalog, ModelRecord, NameIndex, normal, unknown_key
from tenfold.quantities import CatalogError, Figure, Problem, format_quantity, format_share, shown
from tenfold.reports.figure_tables import figures_with_sources
from tenfold.reports.report import Table
from tenfold.reports.sources import links_of, title_of
from tenfold.reports.terminal import bullet_list, grid_table, key_value_table

NAMED = (
    "chips",
    "systems",
    "fabrics",
    "models",
    "sites",
    "links",
    "software",
    "engines",
    "hazards",
    "players",
    "export_rules",
    "technologies",
    "services",
)
"""Kinds whose things have names beside their keys."""
KEYED = ("assumptions", "calibrations", "sources", "deals")
"""Kinds whose things have keys only."""


def things_called(catalog: Catalog, name: str) -> list[dict[str, Any]]:
    """Everything with this key, name or alias, as plain data.

    ``kind/key`` asks for one thing, ``kind/key/figure`` for one figure.

    Raises ``CatalogError`` with the nearest name when nothing has it.
    """
    kind, _, rest = name.partition("/")
    if rest and kind in (*NAMED, *KEYED):
        return [_one(catalog, kind, rest)]
    found = [(kind, catalog.index(kind).keys.get(normal(name))) for kind in NAMED]
    things = [_thing(catalog, kind, key) for kind, key in found if key is not None]
    things += [_one(catalog, kind, name) for kind in KEYED if name in getattr(catalog, kind)]
    if not things:
        raise CatalogError(_unknown(catalog, name))
    return things


def _one(catalog: Catalog, kind: str, rest: str) -> dict[str, Any]:
    key, _, figure = rest.partition("/")
    if kind == "assumptions":
        return _figure_alone(catalog, kind, rest, catalog.assumption(rest))
    if kind == "deals":
        return _deal(catalog, rest)
    if figure:
        return _figure_alone(catalog, kind, rest, catalog.figure_of(f"{kind}/{rest}"))
    if kind == "sources":
        source = catalog.source(key)
        about = {"title": source.title, "date": source.date.isoformat(), "address": source.url}
        return {"kind": "sources", "key": key, "facts": about, "figures": [], "prices": [], "notes": []}
    if kind == "calibrations":
        record = catalog.calibration(key)
        facts = {"topic": record.topic, "family": record.family or "all", "rows": f"{len(record.rows):,}"}
        return _with_figures(catalog, kind, key, facts, record.figures, record.notes)
    return _thing(catalog, kind, catalog.index(kind).key(rest))


def _deal(catalog: Catalog, key: str) -> dict[str, Any]:
    """A contract, with its amount as its only figure. Raises ``CatalogError`` with the nearest when unknown."""
    deal = catalog.deals.get(key)
    if deal is None:
        raise CatalogError(unknown_key("deal", "deals", key, catalog.deals))
    due = {str(year): format_quantity(amount, "USD") for year, amount in deal.due_by_year_usd.items()}
    facts = {
        "payer": deal.payer,
        "payee": deal.payee,
        "kind": deal.kind,
        "status": deal.status,
        "signed": deal.signed.isoformat(),
        "starts": "" if deal.starts is None else deal.starts.isoformat(),
        "ends": "" if deal.last_day is None else deal.last_day.isoformat(),
        "cancelable": deal.cancelable,
        "schedule": deal.schedule,
        "due by year": ", ".join(f"{year} {amount}" for year, amount in due.items()),
        "rate per year": "" if deal.rate_per_year is None else format_share(deal.rate_per_year, 3),
        "counted in": deal.part_of,
        "file": deal.file,
    }
    known = {name: value for name, value in facts.items() if value}
    if deal.figure is None:
        notes = ("The amount is not disclosed", *((deal.note,) if deal.note else ()))
        return _with_figures(catalog, "deals", key, known, {}, notes)
    return _with_figures(catalog, "deals", key, known, {"amount": deal.figure}, ())


def _figure_alone(catalog: Catalog, kind: str, key: str, figure: Figure) -> dict[str, Any]:
    return _with_figures(catalog, kind, key, {}, {key: figure}, ())


def _thing(catalog: Catalog, kind: str, key: str) -> dict[str, Any]:
    record = getattr(catalog, kind)[key]
    thing = _with_figures(catalog, kind, key, _facts(record), _figures(record), record.notes)
    if kind == "chips":
        thing["prices"] = [
            {
                "term": price.term,
                "provider": price.provider,
                "region": price.region,
                "usd_per_chip_hour": price.usd_per_chip_hour,
                "as_of": price.as_of.isoformat(),
                "source": price.source,
            }
            for price in catalog.rental_prices(key)
        ]
    return thing


def _with_figures(
    catalog: Catalog,
    kind: str,
    key: str,
    facts: Mapping[str, object],
    figures: Mapping[str, Figure],
    notes: tuple[str, ...],
) -> dict[str, Any]:
    rows = [_figure_data(catalog, name, figure) for name, figure in figures.items()]
    return {"kind": kind, "key": key, "facts": dict(facts), "figures": rows, "prices": [], "notes": list(notes)}


def _figures(record: object) -> Mapping[str, Figure]:
    if isinstance(record, ModelRecord):
        found = {"published.parameters": record.parameters, "published.active_parameters": record.active_parameters}
        return {key: figure for key, figure in found.items() if figure is not None}
    return getattr(record, "figures", {})


def _facts(record: Any) -> dict[str, object]:  # noqa: ANN401  (any record of the catalog)
    """Fields that are no figures: names, kinds, shape."""
    facts: dict[str, object] = {}
    for field in dataclasses.fields(record):
        value = getattr(record, field.name)
        if field.name == "shape":
            facts |= {name: value_of for name, value_of in dataclasses.asdict(value).items() if value_of}
        elif isinstance(value, (str, int, float)) and field.name != "key" and value not in ("", 0):
            facts[field.name] = value
        elif field.name in ("aliases", "labels", "default_for", "acts_through") and value:
            facts[field.name] = ", ".join(value)
    return facts


def _figure_data(catalog: Catalog, name: str, figure: Figure) -> dict[str, Any]:
    sources = catalog.sources
    return {
        "figure": name,
        "value": figure.value,
        "unit": figure.unit,
        "low": figure.low,
        "high": figure.high,
        "kind": figure.kind,
        "as_of": figure.as_of.isoformat(),
        "source": figure.source,
        "source_title": title_of(figure.source, sources),
        "links": list(links_of(figure.source, sources)),
        "checked": figure.checked,
        "checked_title": title_of(figure.checked, sources) if figure.checked else "not checked",
        "conflicts": [
            {"value": conflict.value, "source": conflict.source, "source_title": title_of(conflict.source, sources)}
            for conflict in figure.conflicts
        ],
        "note": figure.note,
    }


def _unknown(catalog: Catalog, name: str) -> Problem:
    keys = {spelt: key for kind in NAMED for spelt, key in catalog.index(kind).keys.items()}
    problem = NameIndex("key", "the catalog", keys).unknown(name)
    if problem.wrong.endswith("?"):
        return problem
    remedy = "See what there is with: tenfold catalog list"
    return Problem(file="", key="", wrong=f"nothing is called {shown(name)}", remedy=remedy)


def thing_tables(thing: Mapping[str, Any]) -> Iterator[RenderableType]:
    """Facts, figures, conflicts, prices and notes of a thing."""
    yield key_value_table(
        f"{thing['kind']}/{thing['key']}", [(key, str(value)) for key, value in thing["facts"].items()]
    )
    if thing["figures"]:
        yield Text("")
        yield from figures_with_sources("Figures", thing["figures"])
    if conflicts := [_conflict(figure, other) for figure in thing["figures"] for other in figure["conflicts"]]:
        yield Text("")
        yield bullet_list("Other sources say", conflicts)
    if notes := [f"{figure['figure']}: {figure['note']}" for figure in thing["figures"] if figure["note"]]:
        yield Text("")
        yield bullet_list("Notes on figures", notes)
    if thing["notes"]:
        yield Text("")
        yield bullet_list("Notes", thing["notes"])
    if thing["prices"]:
        yield Text("")
        yield _price_table(thing["prices"])
    yield Text("")


def _conflict(figure: Mapping[str, Any], other: Mapping[str, Any]) -> str:
    return f"{figure['figure']}: {format_quantity(other['value'], figure['unit'], 4)} ({other['source_title']})"


def _price_table(prices: list[dict[str, Any]]) -> RenderableType:
    rows = [
        (
            price["term"],
            format_quantity(price["usd_per_chip_hour"], "USD/h"),
            price["provider"],
            price["region"],
            price["as_of"],
        )
        for price in prices
    ]
    headers = ("term", "price", "provider", "region", "as of")
    return grid_table("Rental prices, latest first", Table(headers=headers, rows=tuple(rows), numeric=" r"))
