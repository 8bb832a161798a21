"""Tables of a procurement plan."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict

from rich.console import RenderableType
from rich.text import Text

from tenfold.planning.procurement.answer import Order, ProcurementAnswer, ShadowPrice
from tenfold.reports.tables.grid import Grid, grid_table, key_value_table, lines, terms_table
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
    yield grid_table(*fit_grid(answer))
    if answer.export:
        yield grid_table(*export_grid(answer))
    if answer.excluded:
        yield lines("Left out", answer.excluded)
    if answer.notes:
        yield lines("Notes", answer.notes)


def _plan(answer: ProcurementAnswer) -> Iterator[RenderableType]:
    for when, title in (("now", "Order now"), ("can wait", "Can wait")):
        orders = orders_when(answer, when)
        more = f" ({len(orders) - ORDERS_LISTED} more with --json)" if len(orders) > ORDERS_LISTED else ""
        headed = f"{title}: {order_sum(orders)}{more}"
        first = orders[:ORDERS_LISTED]
        yield grid_table(*orders_grid(headed, first)) if orders else Text(f"{title}: nothing", style="bold")
    yield key_value_table("Cost and risk", procurement_pairs(answer))
    if answer.terms is not None:
        terms = {key: value for key, value in asdict(answer.terms).items() if key != "total_usd"}
        yield terms_table("Expected cost by term, present value", terms, "USD")
    yield grid_table(*scenarios_grid(answer))
    points = [
        (f"{point.risk_aversion:g}", number(point.expected_cost_usd, "USD"), number(point.cvar_usd, "USD"))
        for point in answer.frontier
    ]
    if points:
        yield grid_table("Cost against risk", ("λ", "expected cost", "CVaR"), points, "rrr")
    if answer.shadow_prices:
        best = highest_prices(answer)
        more = f" ({len(best) - PRICES_LISTED} more with --json)" if len(best) > PRICES_LISTED else ""
        yield lines(f"What limits are worth{more}", (price.words for price in best[:PRICES_LISTED]))
    power = power_grid(answer)
    if power.rows:
        yield grid_table(*power)


def verdict(answer: ProcurementAnswer) -> str:
    """Answer in one sentence."""
    if answer.terms is None:
        why = answer.shortages[0].short if answer.shortages else "the solver names no limit"
        return f"No plan ({answer.status}): {why}"
    cost, tail = number(answer.expected_cost_usd, "USD"), number(answer.cvar_usd, "USD")
    level, now = share(1 - answer.cvar_level), order_sum(orders_when(answer, "now"))
    return f"Order {now} now; expected cost {cost}, {tail} in the worst {level} (present value, {money_text(answer)})"


def money_text(answer: ProcurementAnswer) -> str:
    """Currency, year and kind of every amount."""
    return f"US dollars of {answer.money_year}, {answer.money}"


def orders_when(answer: ProcurementAnswer, when: str) -> list[Order]:
    """Orders of ``now``, or those that ``can wait``."""
    return [order for order in answer.orders if order.when == when]


def order_sum(orders: Iterable[Order]) -> str:
    """Chips of some orders by kind: "512 × mi300x"."""
    by_chip: dict[str, float] = {}
    for order in orders:
        by_chip[order.chip] = by_chip.get(order.chip, 0.0) + order.chips
    return ", ".join(f"{round(chips):,} × {chip}" for chip, chips in by_chip.items()) or "nothing"


def orders_grid(title: str, orders: Iterable[Order]) -> Grid:
    """What to order when, when it arrives, what it costs."""
    rows = [
        (order.quarter, order.due, f"{round(order.chips):,}", order.option,
         number(order.price_usd, "USD") if order.price_usd else "", number(order.running_usd_per_quarter, "USD"))
        for order in orders
    ]  # fmt: skip
    return Grid(title, ("order", "due", "chips", "option", "price", "a quarter"), tuple(rows), "  r rr")


def procurement_pairs(answer: ProcurementAnswer) -> list[tuple[str, str]]:
    """Key numbers."""
    return [
        ("Expected cost", number(answer.expected_cost_usd, "USD")),
        (f"CVaR at {share(answer.cvar_level)}", number(answer.cvar_usd, "USD")),
        ("Weight of CVaR, λ", f"{answer.risk_aversion:g}"),
        ("Ordering nothing now", waiting_text(answer)),
        ("Solved by", f"{answer.method}; gap {share(answer.gap)}"),
        ("Money", f"{money_text(answer)}, discounted at {share(answer.discount_rate_per_year)} a year"),
    ]


def waiting_text(answer: ProcurementAnswer) -> str:
    """What ordering nothing in the first quarter costs."""
    if answer.waiting_costs_usd is None:
        return "not known to be possible"
    return f"{number(answer.waiting_costs_usd, 'USD')} more"


def scenarios_grid(answer: ProcurementAnswer) -> Grid:
    """What the plan comes to in each scenario."""
    rows = [
        (found.name, share(found.probability), number(found.cost_usd, "USD"),
         "" if found.regret_usd is None else number(found.regret_usd, "USD"),
         share(found.unserved_share))
        for found in answer.scenarios
    ]  # fmt: skip
    return Grid("What may happen", ("scenario", "chance", "cost", "regret", "unserved"), tuple(rows), " rrrr")


def highest_prices(answer: ProcurementAnswer) -> list[ShadowPrice]:
    """Shadow prices, the highest present value first."""
    return sorted(answer.shadow_prices, key=lambda price: -price.present_usd_per_unit)


def power_grid(answer: ProcurementAnswer) -> Grid:
    """Power of owned chips by site, then quarter; quarters without any are left out."""
    rows = [
        (found.site, found.quarter, number(found.used_mw * 1e6, "W"),
         "no limit" if found.limit_mw == float("inf") else number(found.limit_mw * 1e6, "W"))
        for found in answer.power
        if found.used_mw > 0
    ]  # fmt: skip
    return Grid("Power of owned chips", ("site", "quarter", "used", "limit"), tuple(rows), "  rr")


def fit_grid(answer: ProcurementAnswer) -> Grid:
    """What each workload costs on each kind of chip; kinds without a score say why."""
    rows = [
        (fit.workload, fit.kind, fit.chip or "not scored", number(fit.cost_usd, "USD"),
         number(fit.usd_per_chip_hour or 0.0, "USD/h"), share(fit.effort_share or 0.0))
        if fit.cost_usd is not None
        else (fit.workload, fit.kind, f"not scored: {fit.why}", "", "", "")
        for fit in answer.fits
    ]  # fmt: skip
    title = "Workload fit, productive hours and work on software (an assumption)"
    headers = ("workload", "kind", "cheapest chip", "cost", "a chip-hour", "software")
    return Grid(title, headers, tuple(rows), "   rrr")


def export_grid(answer: ProcurementAnswer) -> Grid:
    """What the export rule says of each chip."""
    rows = [(found.chip, found.status, f"{found.tpp:,.0f}", found.reason) for found in answer.export]
    title = f"Export status by {answer.export[0].rule}" if answer.export else "Export status"
    return Grid(title, ("chip", "status", "TPP", "why"), tuple(rows), "  r ")


def footer(answer: ProcurementAnswer) -> str:
    """What made the answer."""
    size = f"{answer.size['columns']:,} columns, {answer.size['rows']:,} rows"
    return f"{size}; seed {answer.seed}; catalog {answer.catalog_version}; tenfold {answer.tenfold_version}"
