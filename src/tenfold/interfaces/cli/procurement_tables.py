"""Tables of a procurement plan."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict
from itertools import groupby

from rich.console import RenderableType
from rich.text import Text

from tenfold.planning.procurement.answer import Order, ProcurementAnswer
from tenfold.reports.tables import grid_table, key_value_table, lines, terms_table
from tenfold.reports.wording import number, share

PRICES_LISTED = 8
ORDERS_LISTED = 40


def procurement_tables(answer: ProcurementAnswer) -> Iterator[RenderableType]:
    """The verdict, what to order, cost and risk, what limits, what may happen."""
    for part in _parts(answer):
        yield part
        yield Text("")
    yield Text(footer(answer), style="dim")


def _parts(answer: ProcurementAnswer) -> Iterator[RenderableType]:
    yield Text(verdict(answer), style="bold green" if answer.terms is not None else "bold red")
    if answer.terms is None:
        yield lines("What is short", (f"{found.short}. Would fit with: {found.nearest}" for found in answer.shortages))
    else:
        yield from _plan(answer)
    yield fit_table(answer)
    if answer.export:
        rows = [(found.chip, found.status, f"{found.tpp:,.0f}", found.reason) for found in answer.export]
        yield grid_table(f"Export status by {answer.export[0].rule}", ("chip", "status", "TPP", "why"), rows, "  r ")
    if answer.excluded:
        yield lines("Left out", answer.excluded)
    if answer.notes:
        yield lines("Notes", answer.notes)


def fit_table(answer: ProcurementAnswer) -> RenderableType:
    """What each workload costs on each kind of chip; kinds without a score say why."""
    rows = [
        (fit.workload, fit.kind, fit.chip or "not scored", number(fit.cost_usd, "USD"),
         number(fit.usd_per_chip_hour or 0.0, "USD/h"), share(fit.effort_share or 0.0))
        if fit.cost_usd is not None
        else (fit.workload, fit.kind, f"not scored: {fit.why}", "", "", "")
        for fit in answer.fits
    ]  # fmt: skip
    headers = ("workload", "kind", "cheapest chip", "cost", "a chip-hour", "software")
    return grid_table("Workload fit, productive hours and work on software (an assumption)", headers, rows, "   rrr")


def _plan(answer: ProcurementAnswer) -> Iterator[RenderableType]:
    for when, title in (("now", "Order now"), ("can wait", "Can wait")):
        orders = [order for order in answer.orders if order.when == when]
        yield _orders(f"{title}: {_sum(orders)}", orders) if orders else Text(f"{title}: nothing", style="bold")
    yield key_value_table("Cost and risk", _pairs(answer))
    if answer.terms is not None:
        terms = {key: value for key, value in asdict(answer.terms).items() if key != "total_usd"}
        yield terms_table("Expected cost by term, present value", terms, "USD")
    rows = [
        (found.name, share(found.probability), number(found.cost_usd, "USD"),
         "" if found.regret_usd is None else number(found.regret_usd, "USD"),
         share(found.unserved_share))
        for found in answer.scenarios
    ]  # fmt: skip
    yield grid_table("What may happen", ("scenario", "chance", "cost", "regret", "unserved"), rows, " rrrr")
    points = [
        (f"{point.risk_aversion:g}", number(point.expected_cost_usd, "USD"), number(point.cvar_usd, "USD"))
        for point in answer.frontier
    ]
    if points:
        yield grid_table("Cost against risk", ("λ", "expected cost", "CVaR"), points, "rrr")
    if answer.shadow_prices:
        best = sorted(answer.shadow_prices, key=lambda price: -price.present_usd_per_unit)
        more = f" ({len(best) - PRICES_LISTED} more with --json)" if len(best) > PRICES_LISTED else ""
        yield lines(f"What limits are worth{more}", (price.words for price in best[:PRICES_LISTED]))
    yield from _power(answer)


def verdict(answer: ProcurementAnswer) -> str:
    """Answer in one sentence."""
    if answer.terms is None:
        why = answer.shortages[0].short if answer.shortages else "the solver names no limit"
        return f"No plan ({answer.status}): {why}"
    now = [order for order in answer.orders if order.when == "now"]
    cost, tail = number(answer.expected_cost_usd, "USD"), number(answer.cvar_usd, "USD")
    level = share(1 - answer.cvar_level)
    return f"Order {_sum(now)} now; expected cost {cost}, {tail} in the worst {level} (present value, {_money(answer)})"


def _money(answer: ProcurementAnswer) -> str:
    return f"US dollars of {answer.money_year}, {answer.money}"


def _sum(orders: Iterable[Order]) -> str:
    by_chip: dict[str, float] = {}
    for order in orders:
        by_chip[order.chip] = by_chip.get(order.chip, 0.0) + order.chips
    return ", ".join(f"{round(chips):,} × {chip}" for chip, chips in by_chip.items()) or "nothing"


def _orders(title: str, orders: list[Order]) -> RenderableType:
    rows = [
        (order.quarter, order.due, f"{round(order.chips):,}", order.option,
         number(order.price_usd, "USD") if order.price_usd else "", number(order.running_usd_per_quarter, "USD"))
        for order in orders[:ORDERS_LISTED]
    ]  # fmt: skip
    more = f" ({len(orders) - ORDERS_LISTED} more with --json)" if len(orders) > ORDERS_LISTED else ""
    return grid_table(f"{title}{more}", ("order", "due", "chips", "option", "price", "a quarter"), rows, "  r rr")


def _pairs(answer: ProcurementAnswer) -> list[tuple[str, str]]:
    waiting = (
        "not known to be possible"
        if answer.waiting_costs_usd is None
        else f"{number(answer.waiting_costs_usd, 'USD')} more"
    )
    return [
        ("Expected cost", number(answer.expected_cost_usd, "USD")),
        (f"CVaR at {share(answer.cvar_level)}", number(answer.cvar_usd, "USD")),
        ("Weight of CVaR, λ", f"{answer.risk_aversion:g}"),
        ("Ordering nothing now", waiting),
        ("Solved by", f"{answer.method}; gap {share(answer.gap)}"),
        ("Money", f"{_money(answer)}, discounted at {share(answer.discount_rate_per_year)} a year"),
    ]


def _power(answer: ProcurementAnswer) -> Iterator[RenderableType]:
    used = [found for found in answer.power if found.used_mw > 0]
    rows = []
    for site, found in groupby(used, key=lambda each: each.site):
        rows += [
            (site, each.quarter, number(each.used_mw * 1e6, "W"),
             "no limit" if each.limit_mw == float("inf") else number(each.limit_mw * 1e6, "W"))
            for each in found
        ]  # fmt: skip
    if rows:
        yield grid_table("Power of owned chips", ("site", "quarter", "used", "limit"), rows, "  rr")


def footer(answer: ProcurementAnswer) -> str:
    """What made the answer."""
    size = f"{answer.size['columns']:,} columns, {answer.size['rows']:,} rows"
    return f"{size}; seed {answer.seed}; catalog {answer.catalog_version}; tenfold {answer.tenfold_version}"
