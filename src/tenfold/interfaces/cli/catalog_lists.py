"""Lists of what the catalog holds, as rows and as data."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

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
    from tenfold.catalog.names import unknown_key

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
        counts: list[dict[str, object]] = [{"kind": name, "count": len(list(LISTS[name](catalog)))} for name in kinds]
        known = tuple((str(entry["kind"]), f"{entry['count']:,}") for entry in counts)
        return Listing(title="Known", table=Table(headers=("kind", "count"), rows=known, numeric=" r"), data=counts)
    found = list(LISTS[kind](catalog))
    headers = tuple(found[0]) if found else ()
    numeric = "".join("r" if header in NUMERIC else " " for header in headers)
    rows = tuple(tuple(text for text, _ in entry.values()) for entry in found)
    data = [{name.replace(" ", "_"): value for name, (_, value) in entry.items()} for entry in found]
    return Listing(title=f"{len(rows):,} {kind}", table=Table(headers=headers, rows=rows, numeric=numeric), data=data)


NUMERIC = ("year", "bf16", "memory", "bandwidth", "power", "parameters", "active", "price", "PUE", "value", "constants",
           "rows", "providers", "domain", "node", "revenue", "cash", "debt", "amount", "TPP", "TPP if dense",
           "performance density")  # fmt: skip


def _figure(figure: Figure | None) -> Cell:
    return ("–", None) if figure is None else (format_quantity(figure.value, figure.unit), figure.value)


def _text(value: object) -> Cell:
    return ("–" if value in ("", 0) else str(value), value)


def _chips(catalog: Catalog) -> Iterator[dict[str, Cell]]:
    for chip in catalog.chips.values():
        yield {
            "key": _text(chip.key),
            "vendor": _text(chip.vendor),
            "kind": _text(chip.kind),
            "year": _text(chip.year),
            "bf16": _figure(chip.peaks.get("bf16")),
            "memory": _figure(chip.memory_capacity),
            "bandwidth": _figure(chip.memory_bandwidth),
            "power": _figure(chip.tdp),
        }


def _systems(catalog: Catalog) -> Iterator[dict[str, Cell]]:
    for system in catalog.systems.values():
        yield {
            "key": _text(system.key),
            "name": _text(system.name),
            "chip": _text(system.chip),
            "node": _text(system.chips_per_node),
            "domain": _figure(system.scaleup_domain),
        }


def _fabrics(catalog: Catalog) -> Iterator[dict[str, Cell]]:
    for fabric in catalog.fabrics.values():
        yield {"key": _text(fabric.key), "name": _text(fabric.name), "topology": _text(fabric.topology)}


def _models(catalog: Catalog) -> Iterator[dict[str, Cell]]:
    for model in catalog.models.values():
        yield {
            "key": _text(model.key),
            "name": _text(model.name),
            "family": _text(model.family),
            "parameters": _figure(model.parameters),
            "active": _figure(model.active_parameters),
        }


def _sites(catalog: Catalog) -> Iterator[dict[str, Cell]]:
    for site in catalog.sites.values():
        yield {
            "key": _text(site.key),
            "name": _text(site.name),
            "price": _figure(site.power_price),
            "PUE": _figure(site.power_usage_effectiveness),
        }


def _links(catalog: Catalog) -> Iterator[dict[str, Cell]]:
    for link in catalog.links.values():
        yield {
            "key": _text(link.key),
            "name": _text(link.name),
            "latency": _figure(link.latency),
            "bandwidth": _figure(link.bandwidth),
        }


def _software(catalog: Catalog) -> Iterator[dict[str, Cell]]:
    for stack in catalog.software.values():
        yield {
            "key": _text(stack.key),
            "name": _text(stack.name),
            "since": _text(stack.since.isoformat()),
            "default for": (", ".join(stack.default_for) or "–", stack.default_for),
        }


def _prices(catalog: Catalog) -> Iterator[dict[str, Cell]]:
    rows = [price for layer in catalog.rental_layers for price in layer]
    for chip, term in sorted({(price.chip, price.term) for price in rows}):
        prices = catalog.rental_prices(chip, term)
        ends = sorted(price.usd_per_chip_hour for price in prices)
        shown_ends = " to ".join(dict.fromkeys(format_quantity(end, "USD/h") for end in (ends[0], ends[-1])))
        yield {
            "chip": _text(chip),
            "term": _text(term),
            "price": (shown_ends, [ends[0], ends[-1]]),
            "providers": _text(len({price.provider for price in prices})),
            "latest": _text(prices[0].as_of.isoformat()),
        }


def _assumptions(catalog: Catalog) -> Iterator[dict[str, Cell]]:
    for key, figure in catalog.assumptions.items():
        yield {
            "key": _text(key),
            "value": _figure(figure),
            "kind": _text(figure.kind),
            "source": _text(figure.source),
            "note": _text(figure.note),
        }


def _calibrations(catalog: Catalog) -> Iterator[dict[str, Cell]]:
    for record in catalog.calibrations.values():
        yield {
            "key": _text(record.key),
            "topic": _text(record.topic),
            "constants": _text(len(record.constants)),
            "rows": _text(len(record.rows)),
        }


def _hazards(catalog: Catalog) -> Iterator[dict[str, Cell]]:
    for record in catalog.hazards.values():
        yield {
            "key": _text(record.key),
            "name": _text(record.name),
            "components": _text(", ".join(component.key for component in record.components)),
            "figures": _text(len(record.figures)),
        }


def _players(catalog: Catalog) -> Iterator[dict[str, Cell]]:
    for player in catalog.players.values():
        yield {
            "key": _text(player.key),
            "name": _text(player.name),
            "kind": _text(player.kind),
            "revenue": _figure(player.revenue),
            "cash": _figure(player.cash),
            "debt": _figure(player.debt),
        }


def _deals(catalog: Catalog) -> Iterator[dict[str, Cell]]:
    for deal in catalog.deals.values():
        yield {
            "key": _text(deal.key),
            "payer": _text(deal.payer),
            "payee": _text(deal.payee),
            "kind": _text(deal.kind),
            "amount": _figure(deal.figure),
            "signed": _text(deal.signed.isoformat()),
            "status": _text(deal.status),
        }


def _export_rules(catalog: Catalog) -> Iterator[dict[str, Cell]]:
    for rule in catalog.export_rules.values():
        yield {
            "key": _text(rule.key),
            "name": _text(rule.name),
            "TPP": _figure(rule.tpp_threshold),
            "TPP if dense": _figure(rule.tpp_when_dense_threshold),
            "performance density": _figure(rule.performance_density_threshold),
        }


LISTS: Mapping[str, Callable[[Catalog], Iterator[dict[str, Cell]]]] = {
    "chips": _chips,
    "systems": _systems,
    "fabrics": _fabrics,
    "models": _models,
    "sites": _sites,
    "links": _links,
    "software": _software,
    "prices": _prices,
    "assumptions": _assumptions,
    "calibrations": _calibrations,
    "hazards": _hazards,
    "players": _players,
    "deals": _deals,
    "export_rules": _export_rules,
}
