"""Options as columns: rows ordered ahead and offers taken as needed, with their costs and export status."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from tenfold.catalog import OWN, Catalog, ExportStatus, export_status
from tenfold.economics import TERM_DAYS, Owned, machines_usd, running_usd_per_hour, yearly_usd
from tenfold.planning.procurement.costs import Costs
from tenfold.planning.procurement.markers import price_amount
from tenfold.planning.procurement.parts import Part
from tenfold.planning.procurement.programme import USD_PER_MUSD, Commitments, Rentals
from tenfold.planning.procurement.quarters import Calendar
from tenfold.planning.procurement.question import OptionTable, ProcureQuestion
from tenfold.planning.supply.tiers import unit_bought
from tenfold.quantities import (
    DAYS_PER_QUARTER,
    HOURS_PER_QUARTER,
    HOURS_PER_YEAR,
    Floats,
    InputError,
    Place,
    placed,
    read_each,
)
from tenfold.sites import facility_power_w, it_power_w

Value = TypeVar("Value")
LICENCE = "licence"
W_PER_MW = 1e6


@dataclass(frozen=True, slots=True, kw_only=True)
class Priced:
    """An option with its costs."""

    table: OptionTable
    name: str
    vendor: str
    price: Floats
    """(t,) USD a chip, or a chip-hour."""
    running_usd_per_hour: Floats
    machines_usd: Floats
    metered_mw: float
    most_chips: Floats
    lead_quarters: int
    term_quarters: int
    """That are signed for at least."""
    lot_chips: int
    """That are ordered together."""


def name_of(table: OptionTable) -> str:
    """How an option is called."""
    return table.name or f"{table.chip}, {table.supply}, {table.supplier}, {table.site}"


def statuses(question: ProcureQuestion, catalog: Catalog) -> Mapping[str, ExportStatus]:
    """Export status of every chip of an option, by key; empty without a rule.

    Raises one ``InputError`` with every figure that a status lacks.
    """
    if question.export is None:
        return {}
    rule = catalog.export_rule(question.export.rule)

    def judged(row: int, chip: str) -> ExportStatus:
        try:
            return export_status(catalog.chip(chip), rule)
        except InputError as trouble:
            raise placed(trouble, Place(key=f"options.{row}.chip")) from None

    found = read_each(lambda numbered: judged(numbered[0], numbered[1].chip), enumerate(question.options))
    return {status.chip: status for status in found}


def barred(question: ProcureQuestion, status: Mapping[str, ExportStatus], catalog: Catalog) -> Mapping[int, str]:
    """Options that the export rule asks a licence for at their site, by place, and why."""
    controlled = () if question.export is None else question.export.controlled_countries
    found = {}
    for row, table in enumerate(question.options):
        country = catalog.site(table.site).country
        if country in controlled and status[table.chip].status == LICENCE:
            one = status[table.chip]
            why = f"{one.rule} asks a licence for {country}: {one.reason}"
            found[row] = f"{table.chip} at {table.site}: {why}"
    return found


def priced(
    question: ProcureQuestion,
    parts: Mapping[int, tuple[Part, ...]],
    left_out: Mapping[int, str],
    costs: Costs,
    calendar: Calendar,
) -> tuple[Priced, ...]:
    """Price every part of every option that is not left out. Raises one ``InputError`` with all that is missing."""
    colocation = {site.site: site.colocation_usd_per_kw_month for site in question.sites}
    kept = [
        (row, table, part)
        for row, table in enumerate(question.options)
        if row not in left_out
        for part in parts.get(row, (None,))
    ]
    return read_each(
        lambda each: _priced(f"options.{each[0]}", each[1], each[2], colocation[each[1].site], costs, calendar), kept
    )


def _priced(
    key: str, table: OptionTable, part: Part | None, colocation: float | None, costs: Costs, calendar: Calendar
) -> Priced:
    zero, owner = np.zeros(calendar.count), None
    price = _at(f"{key}.price", lambda: _price(table, part, costs, calendar))
    most = calendar.by_quarter(table.allocation_chips, np.inf)
    if table.supply == "own":
        owner = _at(f"{key}.chip", lambda: costs.owning(table, price, colocation))
    return Priced(
        table=table,
        name=name_of(table) + ("" if part is None else part.says),
        vendor=costs.catalog.chip(table.chip).vendor,
        price=price,
        running_usd_per_hour=zero if owner is None else zero + _every_hour_usd(owner),
        machines_usd=zero if owner is None else zero + machines_usd(owner),
        metered_mw=0.0 if owner is None else _metered_mw(owner),
        most_chips=most if part is None else np.minimum(most, part.most_chips),
        lead_quarters=table.lead_quarters if part is None else max(table.lead_quarters, part.lead_quarters),
        term_quarters=0 if part is None else part.term_quarters,
        lot_chips=table.lot_chips or (_unit(costs.catalog, table) if part is None else part.unit_chips),
    )


def _unit(catalog: Catalog, table: OptionTable) -> int:
    """Chips that an option at a price of its own comes in: what is bought, as makers sell it."""
    return unit_bought(catalog, table.chip) if table.supply == OWN else 1


def _every_hour_usd(owner: Owned) -> Floats:
    """What an hour costs beside the purchase, USD; owned chips run all hours."""
    return yearly_usd(owner) / HOURS_PER_YEAR + running_usd_per_hour(owner)


def _metered_mw(owner: Owned) -> float:
    """Rated power of a chip with its hosts and network at the meter, MW."""
    return float(np.ravel(facility_power_w(it_power_w(1.0, owner.rated_w), owner.pue))[0]) / W_PER_MW


def _price(table: OptionTable, part: Part | None, costs: Costs, calendar: Calendar) -> Floats:
    """USD a chip or a chip-hour by quarter, as stated or as the catalog knows it."""
    if part is not None:
        soon = 1.0 if part.soon is None else costs.kept(part.soon) ** part.premium
        return np.full(calendar.count, costs.kept(part.price) * soon)
    if table.price is None:
        return np.full(calendar.count, costs.price(table.chip, table.supply, table.site))
    amount = price_amount(table.supply)
    return calendar.by_quarter([amount.read(stated, Place()) for stated in table.price], np.nan)


def _at(key: str, read: Callable[[], Value]) -> Value:
    try:
        return read()
    except InputError as trouble:
        raise placed(trouble, Place(key=key)) from None


def commitments(rows: Sequence[Priced], worth: Floats, calendar: Calendar, life_quarters: float) -> Commitments:
    """Write what is ordered ahead as columns; ``worth`` to each workload, (o, w)."""
    owned = np.array([row.table.supply == "own" for row in rows], dtype=np.bool_)
    lot, quarters = _column([row.lot_chips for row in rows]), calendar.count
    rent = _column([row.price for row in rows], quarters) * HOURS_PER_QUARTER
    running = _column([row.running_usd_per_hour for row in rows], quarters) * HOURS_PER_QUARTER
    least = np.ceil(_column([row.table.minimum_order_chips for row in rows]) / lot)
    return Commitments(
        **_names(rows),
        h100e_per_chip=worth,
        lot_chips=lot,
        minimum_lots=np.maximum(least, 1.0),
        most_lots=_column([row.most_chips for row in rows], quarters) / lot[:, None],
        lead_quarters=np.array([row.lead_quarters for row in rows], dtype=np.intp),
        term_quarters=np.array([_term(row, life_quarters) for row in rows], dtype=np.intp),
        upfront_musd_per_chip=_column([row.machines_usd for row in rows], quarters) / USD_PER_MUSD,
        running_musd_per_chip_quarter=np.where(owned[:, None], running, rent) / USD_PER_MUSD,
        deposit_share=_column([row.table.deposit_share for row in rows]),
        power_mw_per_chip=_column([row.metered_mw for row in rows]),
        owned=owned,
    )


def _term(row: Priced, life_quarters: float) -> int:
    """Quarters of a reservation, which sellers of so many may sign for longer; of an owned chip its life."""
    supply = row.table.supply
    if supply in TERM_DAYS:
        return max(round(TERM_DAYS[supply] / DAYS_PER_QUARTER), row.term_quarters)
    return max(round(life_quarters), 1)


def rentals(rows: Sequence[Priced], worth: Floats, calendar: Calendar) -> Rentals:
    """Write what is taken as needed as columns; ``worth`` to each workload, (o, w)."""
    usable = _column([1.0 if row.table.usable_share is None else row.table.usable_share for row in rows])
    price = _column([row.price for row in rows], calendar.count)
    return Rentals(
        **_names(rows),
        h100e_per_chip=worth * usable[:, None],
        musd_per_chip_quarter=price * HOURS_PER_QUARTER / USD_PER_MUSD,
        most_chips=_column([row.most_chips for row in rows], calendar.count),
    )


def _names(rows: Sequence[Priced]) -> dict[str, tuple[str, ...]]:
    return {
        "names": tuple(row.name for row in rows),
        "chips": tuple(row.table.chip for row in rows),
        "vendors": tuple(row.vendor for row in rows),
        "suppliers": tuple(row.table.supplier for row in rows),
        "sites": tuple(row.table.site for row in rows),
        "supplies": tuple(row.table.supply for row in rows),
    }


def _column(values: Sequence[object], *tail: int) -> Floats:
    return np.array(values, dtype=np.float64).reshape(len(values), *tail)
