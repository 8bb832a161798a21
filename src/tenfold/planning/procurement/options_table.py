"""Options of a procurement file: rows ordered ahead and offers taken as needed, with their costs and export status."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from tenfold.catalog import Catalog, ExportRule, ExportStatus, Site, export_status
from tenfold.economics import TERM_DAYS
from tenfold.planning.procurement.costs import Costs, machines_usd, metered_mw, running_usd_per_hour
from tenfold.planning.procurement.programme import USD_PER_MUSD, Commitments, Rentals
from tenfold.planning.procurement.values import Values
from tenfold.planning.procurement.workloads_table import WorkloadsRead, worth_of
from tenfold.quantities import DAYS_PER_QUARTER, HOURS_PER_QUARTER, Floats, shown

AHEAD = ("own", "reserved-1y", "reserved-3y")


@dataclass(frozen=True, slots=True, kw_only=True)
class OptionsRead:
    """Options and the sites they stand at."""

    commitments: Commitments
    rentals: Rentals
    sites: tuple[str, ...]
    export: tuple[ExportStatus, ...]
    rule: str | None
    licensed: tuple[str, ...]
    """Chips that need a licence."""
    excluded: tuple[str, ...]
    notes: tuple[str, ...]

    @property
    def known(self) -> Mapping[str, tuple[str, ...]]:
        """Names that options have, by what they name."""
        rows = (self.commitments, self.rentals)
        return {
            name: tuple(sorted({value for part in rows for value in getattr(part, name)}))
            for name in ("chips", "vendors", "suppliers", "sites")
        }


@dataclass(frozen=True, slots=True)
class _Row:
    """One option with everything looked up."""

    table: Any
    key: str
    name: str
    chip: str
    vendor: str
    site: str
    worth: Floats
    price: Floats
    """(t,) USD a chip, or a chip-hour."""
    running_usd_per_hour: Floats
    machines_usd: Floats
    metered_mw: float
    most_chips: Floats


def read_options(
    document: Any,  # noqa: ANN401
    values: Values,
    catalog: Catalog,
    costs: Costs,
    workloads: WorkloadsRead,
) -> OptionsRead:
    """Read every option; one that the export rule forbids at its site is left out and said."""
    places = _sites(document.sites, values, catalog)
    rule = _rule(document.export, values, catalog)
    status = _statuses(document, values, catalog, rule)
    rows, excluded = list[_Row](), list[str]()
    for row, table in enumerate(document.options):
        key = f"options.{row}"
        chip = values.kept(f"{key}.chip", lambda table=table: catalog.chip(table.chip).key, "")  # type: ignore[misc]
        place = _place(f"{key}.site", table.site, values, catalog, places)
        if not chip or place is None:
            continue
        site, colocation = place
        barred = document.export is not None and site.country in document.export.controlled_countries
        if barred and chip in status and status[chip].status == "licence":
            excluded.append(f"{chip} at {site.key}: {status[chip].rule} asks a licence for {site.country}: "
                            f"{status[chip].reason}")  # fmt: skip
            continue
        rows.append(_row(key, table, chip, site, colocation, values, catalog, costs, workloads))
    _unique(rows, values)
    ahead = [row for row in rows if row.table.supply in AHEAD]
    return OptionsRead(
        commitments=_commitments(ahead, values, len(workloads.tables)),
        rentals=_rentals([row for row in rows if row.table.supply not in AHEAD], values, len(workloads.tables)),
        sites=tuple(site.key for site, _ in places.values()),
        export=tuple(status.values()),
        rule=None if rule is None else rule.key,
        licensed=tuple(chip for chip, found in status.items() if found.status == "licence"),
        excluded=tuple(dict.fromkeys(excluded)),
        notes=(),
    )


def _sites(tables: Sequence[Any], values: Values, catalog: Catalog) -> dict[str, tuple[Site, float | None]]:
    found: dict[str, tuple[Site, float | None]] = {}
    for row, table in enumerate(tables):
        key = f"sites.{row}"
        site = values.kept(f"{key}.site", lambda table=table: catalog.site(table.site), None)  # type: ignore[misc]
        if site is None:
            continue
        if site.key in found:
            values.wrong(f"{key}.site", f"{shown(site.key)} is there twice", "Write each site once")
        rent = (
            None
            if table.colocation is None
            else values.number(f"{key}.colocation", table.colocation, "colocation", 0.0)
        )
        found[site.key] = site, rent
    return found


def _place(
    key: str, name: str, values: Values, catalog: Catalog, places: Mapping[str, tuple[Site, float | None]]
) -> tuple[Site, float | None] | None:
    site = values.kept(key, lambda: catalog.site(name), None)
    if site is None:
        return None
    if site.key not in places:
        values.wrong(key, f"{shown(name)} is not among the sites", "Add a [[sites]] table for it")
    return places.get(site.key)


def _rule(table: Any, values: Values, catalog: Catalog) -> ExportRule | None:  # noqa: ANN401
    return None if table is None else values.kept("export.rule", lambda: catalog.export_rule(table.rule), None)


def _statuses(document: Any, values: Values, catalog: Catalog, rule: ExportRule | None) -> dict[str, ExportStatus]:  # noqa: ANN401
    """Judge every chip of an option once. A chip whose figures are missing is a problem that names them."""
    found: dict[str, ExportStatus] = {}
    for row, table in enumerate(document.options if rule is not None else ()):
        key = f"options.{row}.chip"
        status = values.kept(key, lambda table=table: export_status(catalog.chip(table.chip), rule), None)  # type: ignore[misc, arg-type]
        if status is not None:
            found[status.chip] = status
    return found


def _row(
    key: str,
    table: Any,  # noqa: ANN401
    chip: str,
    site: Site,
    colocation: float | None,
    values: Values,
    catalog: Catalog,
    costs: Costs,
    workloads: WorkloadsRead,
) -> _Row:
    owned, zero = table.supply == "own", np.zeros(values.quarters)
    span = "own" if owned else "rent"
    if table.price is None:
        known = values.kept(f"{key}.price", lambda: costs.price(chip, table.supply), 1.0)
        price = np.full(values.quarters, known)
    else:
        price = values.series(f"{key}.price", table.price, span, 1.0)
    inputs = values.kept(f"{key}.chip", lambda: costs.owning(chip, site, price, colocation), None) if owned else None
    return _Row(
        table=table,
        key=key,
        name=table.name or f"{chip}, {table.supply}, {table.supplier}, {site.key}",
        chip=chip,
        vendor=catalog.chip(chip).vendor,
        site=site.key,
        worth=values.kept(f"{key}.chip", lambda: worth_of(chip, catalog, workloads), np.zeros(len(workloads.tables))),
        price=price,
        running_usd_per_hour=zero if inputs is None else np.broadcast_to(running_usd_per_hour(inputs), zero.shape),
        machines_usd=zero if inputs is None else machines_usd(inputs),
        metered_mw=0.0 if inputs is None else metered_mw(inputs),
        most_chips=values.series(f"{key}.allocation", table.allocation, "chips", np.inf),
    )


def _unique(rows: Sequence[_Row], values: Values) -> None:
    names = [row.name for row in rows]
    for row in rows:
        if names.count(row.name) > 1:
            values.wrong(f"{row.key}.name", f"{shown(row.name)} is there twice", "Give each option its own name")


def _names(rows: Sequence[_Row]) -> dict[str, tuple[str, ...]]:
    return {
        "names": tuple(row.name for row in rows),
        "chips": tuple(row.chip for row in rows),
        "vendors": tuple(row.vendor for row in rows),
        "suppliers": tuple(row.table.supplier for row in rows),
        "sites": tuple(row.site for row in rows),
        "supplies": tuple(row.table.supply for row in rows),
    }


def _column(rows: Sequence[_Row], read: Any, *tail: int) -> Floats:  # noqa: ANN401
    return np.array([read(row) for row in rows], dtype=np.float64).reshape(len(rows), *tail)


def _commitments(rows: Sequence[_Row], values: Values, workloads: int) -> Commitments:
    owned = np.array([row.table.supply == "own" for row in rows], dtype=np.bool_)
    lot = _column(rows, lambda row: row.table.lot)
    quarters = values.quarters
    price = _column(rows, lambda row: row.price, quarters)
    rent = price * HOURS_PER_QUARTER
    running = _column(rows, lambda row: row.running_usd_per_hour, quarters) * HOURS_PER_QUARTER
    return Commitments(
        **_names(rows),
        h100e_per_chip=_column(rows, lambda row: row.worth, workloads),
        lot_chips=lot,
        minimum_lots=np.maximum(np.ceil(_column(rows, lambda row: row.table.minimum_order) / lot), 1.0),
        most_lots=_column(rows, lambda row: row.most_chips, quarters) / lot[:, None],
        lead_quarters=np.array([row.table.lead_quarters for row in rows], dtype=np.intp),
        term_quarters=np.array([_term(row.table.supply) for row in rows], dtype=np.intp),
        upfront_musd_per_chip=_column(rows, lambda row: row.machines_usd, quarters) / USD_PER_MUSD,
        running_musd_per_chip_quarter=np.where(owned[:, None], running, rent) / USD_PER_MUSD,
        deposit_share=_column(rows, lambda row: values.number(f"{row.key}.deposit", row.table.deposit, "share", 1.0)),
        power_mw_per_chip=_column(rows, lambda row: row.metered_mw),
        owned=owned,
    )


def _term(supply: str) -> int:
    """Quarters of a reservation; owned chips stay to the end of any programme."""
    days = TERM_DAYS.get(supply, np.inf)
    return round(days / DAYS_PER_QUARTER) if np.isfinite(days) else 10**4


def _rentals(rows: Sequence[_Row], values: Values, workloads: int) -> Rentals:
    usable = _column(rows, lambda row: _usable(row, values))
    return Rentals(
        **_names(rows),
        h100e_per_chip=_column(rows, lambda row: row.worth, workloads) * usable[:, None],
        musd_per_chip_quarter=_column(rows, lambda row: row.price, values.quarters) * HOURS_PER_QUARTER / USD_PER_MUSD,
        most_chips=_column(rows, lambda row: row.most_chips, values.quarters),
    )


def _usable(row: _Row, values: Values) -> float:
    """Share of rented hours that do work; nobody publishes it for spot, so a file has to say it."""
    if row.table.usable is None and row.table.supply == "spot":
        values.wrong(f"{row.key}.usable", "is missing", "Add the share of spot hours that do work, such as 0.9")
    return values.number(f"{row.key}.usable", row.table.usable, "share", 1.0)
