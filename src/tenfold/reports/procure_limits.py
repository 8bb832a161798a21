"""Of a procurement plan: what limits it and what more would be worth, which chips fit, what an export rule says."""

from __future__ import annotations

import math
from collections.abc import Sequence

from tenfold.planning.procurement import ProcureAnswer, ShadowPrice, SitePower
from tenfold.reports.charts import Chart, columns
from tenfold.reports.report import Section, Table
from tenfold.reports.wording import counted, number, share

PRICES_SAID = 8
"""Shadow prices put into words first; the table has all."""


def money_text(answer: ProcureAnswer) -> str:
    """Currency, year and kind of every amount."""
    return f"US dollars of {answer.money_year}, {answer.money}"


def limits(answer: ProcureAnswer) -> Section:
    """What limits are worth in words, the most valuable first, and power under its limits."""
    sites = dict.fromkeys(one.site for one in answer.power if one.used_mw)
    prices = _highest(answer)
    lead = "What one more unit of a limit is worth." if prices else "No limit binds: more of any is worth nothing."
    return Section(
        title="What limits the plan",
        lead=lead,
        charts=tuple(_site_chart(site, answer) for site in sites),
        notes=tuple(price.words for price in prices[:PRICES_SAID]),
    )


def _highest(answer: ProcureAnswer) -> Sequence[ShadowPrice]:
    """Shadow prices, the highest present value first."""
    return sorted(answer.shadow_prices, key=lambda price: -price.present_usd_per_unit)


def _site_chart(site: str, answer: ProcureAnswer) -> Chart:
    found: tuple[SitePower, ...] = tuple(one for one in answer.power if one.site == site)
    used = {one.quarter: {"owned chips": one.used_mw * 1e6} for one in found}
    limit = tuple(one.limit_mw * 1e6 for one in found)
    note = "" if any(map(math.isfinite, limit)) else "The site has no limit."
    return columns(f"power-{site}", f"Power at {site}", used, "W", limit=limit, note=note)


def limits_in_full(answer: ProcureAnswer) -> Section:
    """Every limit that binds, and the power of every quarter."""
    tables = (_price_table(answer), _power_table(answer))
    return Section(
        title="Limits in full",
        lead=f"Every limit that binds, in money of its quarter and now ({money_text(answer)}).",
        tables=tuple(table for table in tables if table.rows),
        full=True,
    )


def _price_table(answer: ProcureAnswer) -> Table:
    rows = tuple(
        (
            price.words,
            f"{number(price.usd_per_unit, 'USD')} per {price.unit}",
            f"{number(price.present_usd_per_unit, 'USD')} per {price.unit}",
        )
        for price in _highest(answer)
    )
    title = "What one more unit of a limit is worth"
    return Table(title=title, headers=("in words", "worth then", "present value"), rows=rows, numeric=" rr")


def _power_table(answer: ProcureAnswer) -> Table:
    """Power of owned chips by site, then quarter; quarters without any are left out."""
    rows = tuple(
        (found.site, found.quarter, number(found.used_mw * 1e6, "W"),
         "no limit" if math.isinf(found.limit_mw) else number(found.limit_mw * 1e6, "W"))
        for found in answer.power
        if found.used_mw > 0
    )  # fmt: skip
    headers = ("site", "quarter", "used", "limit")
    return Table(title="Power of owned chips", headers=headers, rows=rows, numeric="  rr")


def workload_fits(answer: ProcureAnswer) -> Section:
    """What workloads cost on each kind of chip, and what the export rule says of each."""
    scored = counted(sum(fit.scored for fit in answer.workload_fits), "kind")
    tables = (_fit_table(answer), *((_export_table(answer),) if answer.export else ()))
    lead = f"Productive hours and work on software (an assumption), {money_text(answer)}; {scored} scored."
    return Section(title="Workload fit and export rules", lead=lead, tables=tables, full=True)


def _fit_table(answer: ProcureAnswer) -> Table:
    """What each workload costs on each kind of chip; kinds without a score say why."""
    rows = [
        (fit.workload, fit.kind, fit.chip or "not scored", number(fit.cost_usd, "USD"),
         number(fit.usd_per_chip_hour or 0.0, "USD/h"), share(fit.effort_share or 0.0))
        if fit.cost_usd is not None
        else (fit.workload, fit.kind, f"not scored: {fit.why}", "", "", "")
        for fit in answer.workload_fits
    ]  # fmt: skip
    headers = ("workload", "kind", "cheapest chip", "cost", "a chip-hour", "software")
    return Table(title="Workload fit", headers=headers, rows=tuple(rows), numeric="   rrr")


def _export_table(answer: ProcureAnswer) -> Table:
    """What the export rule says of each chip."""
    rows = tuple((found.chip, found.status, f"{found.tpp:,.0f}", found.reason) for found in answer.export)
    title = f"Export status by {answer.export[0].rule}"
    return Table(title=title, headers=("chip", "status", "TPP", "why"), rows=rows, numeric="  r ")
