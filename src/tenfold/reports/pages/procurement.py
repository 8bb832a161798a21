"""The page of ``tenfold procure``: order now and later, cost against risk, quarters, power, scenarios, limits."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping

from tenfold.planning.procurement.answer import CostTerms, FrontierPoint, ProcurementAnswer, SitePower
from tenfold.reports import wording
from tenfold.reports.cards import Card
from tenfold.reports.charts import Axis, Chart, Line, Point, columns, lines, spans, stacked, waterfall
from tenfold.reports.page import Page, PageTable, Section, page_table
from tenfold.reports.tables.procurement import (
    export_grid,
    fit_grid,
    footer,
    highest_prices,
    money_text,
    order_sum,
    orders_grid,
    orders_when,
    procurement_pairs,
    scenarios_grid,
    verdict,
    waiting_text,
)

PRICES_LISTED = 30


def procurement_page(answer: ProcurementAnswer) -> Page:
    """Turn the answer into a page."""
    return Page(
        title="Tenfold procure",
        question=f"What to order from {answer.quarters[0]} to {answer.quarters[-1]}, and what can wait?",
        verdict=verdict(answer),
        good=answer.terms is not None,
        cards=() if answer.terms is None else _cards(answer),
        sections=tuple(_sections(answer)),
        figures=answer.figures,
        footer=footer(answer),
    )


def _cards(answer: ProcurementAnswer) -> tuple[Card, ...]:
    year = f"{answer.money_year} USD"
    level = wording.share(1 - answer.cvar_level)
    return (
        Card(name=f"Expected cost, {year}", value=wording.number(answer.expected_cost_usd, "USD")),
        Card(name=f"In the worst {level}, {year}", value=wording.number(answer.cvar_usd, "USD")),
        Card(name="Order now", value=order_sum(orders_when(answer, "now"))),
        Card(name="Can wait", value=order_sum(orders_when(answer, "can wait"))),
        Card(name=f"Ordering nothing now, {year}", value=waiting_text(answer)),
    )


def _sections(answer: ProcurementAnswer) -> Iterator[Section]:
    if answer.notes or answer.excluded:
        yield _decided(answer)
    if answer.terms is None:
        yield _short(answer)
    else:
        yield _orders(answer)
        yield _quarters(answer)
        yield _costs(answer, answer.terms)
        if answer.frontier:
            yield _frontier(answer)
        yield _scenarios(answer)
        yield _limits(answer)
    yield _fits(answer)


def _decided(answer: ProcurementAnswer) -> Section:
    lead = " ".join(f"{note}." for note in answer.notes)
    left = tuple(("Left out", text) for text in answer.excluded)
    return Section(title="Decided for you", lead=lead, pairs=left)


def _short(answer: ProcurementAnswer) -> Section:
    rows = tuple((found.limit, found.short, found.nearest) for found in answer.shortages)
    lead = "No plan keeps every limit. These are the smallest changes that would make room for one."
    return Section(
        title="What is short",
        lead=lead,
        tables=(PageTable(headers=("limit", "short", "would fit with"), rows=rows),) if rows else (),
    )


def _orders(answer: ProcurementAnswer) -> Section:
    """Orders as they arrive, in tables and as a chart; a plan without any says so."""
    grids = []
    for when, title in (("now", "Order now"), ("can wait", "Can wait")):
        orders = orders_when(answer, when)
        if orders:
            grids.append(orders_grid(f"{title}: {order_sum(orders)}", orders))
    lead = (
        f"Prices and costs of a quarter are {money_text(answer)}, at base prices. "
        f"Ordering nothing now costs: {waiting_text(answer)}."
    )
    lead = lead if grids else f"Nothing is ordered; needs are met by rent. {lead}"
    title, note = "Chips that arrive, by option", "Chips in the quarter they are due, when nothing goes wrong."
    chart = columns("orders", title, _arrivals(answer), "1", axis_name="chips", note=note)
    return Section(
        title="What to do now, and what can wait",
        lead=lead,
        charts=(chart,) if grids else (),
        tables=tuple(map(page_table, grids)),
    )


def _quarters(answer: ProcurementAnswer) -> Section:
    """Where capacity comes from, and who it serves."""
    supplied = {
        one.quarter: {
            "own": one.own_h100e,
            "reserved": one.reserved_h100e,
            "on demand": one.on_demand_h100e,
            "spot": one.spot_h100e,
        }
        for one in answer.supplied
    }
    note = "Expected over the scenarios; each chip counts as for the workload it suits best."
    supply = columns("supply", "Capacity by supply", supplied, "1", axis_name="H100e", note=note)
    note = "Expected over the scenarios; of a training run the pace, and what it lacks in its last quarter."
    service = columns("service", "Capacity by workload", _served(answer), "1", axis_name="H100e", note=note)
    return Section(title="The plan by quarter", charts=(supply, service))


def _arrivals(answer: ProcurementAnswer) -> Mapping[str, Mapping[str, float]]:
    """Chips by option in the quarter they are due, which may be after the last one planned."""
    later = (order.due for order in answer.orders if order.due not in answer.quarters)
    arrivals: dict[str, dict[str, float]] = {quarter: {} for quarter in (*answer.quarters, *sorted(later))}
    for order in answer.orders:
        arrived = arrivals[order.due]
        arrived[order.option] = arrived.get(order.option, 0.0) + order.chips
    return arrivals


def _served(answer: ProcurementAnswer) -> Mapping[str, Mapping[str, float]]:
    served: dict[str, dict[str, float]] = {quarter: {} for quarter in answer.quarters}
    for one in answer.service:
        served[one.quarter] |= {one.workload: one.served_h100e, f"{one.workload}, unserved": one.unserved_h100e}
    return served


def _costs(answer: ProcurementAnswer, terms: CostTerms) -> Section:
    named = {
        "chips, hosts and network": terms.chips_usd,
        "value left at the end": terms.value_left_usd,
        "running owned chips": terms.running_usd,
        "reserved": terms.reserved_usd,
        "on demand": terms.on_demand_usd,
        "spot": terms.spot_usd,
        "penalties for unserved work": terms.unserved_usd,
    }
    title = f"Expected cost by line, present value, {money_text(answer)}"
    chart = waterfall("cost", title, named, "USD", total_name="expected cost")
    return Section(title="Cost and risk", pairs=tuple(procurement_pairs(answer)), charts=(chart,))


def _frontier(answer: ProcurementAnswer) -> Section:
    points = sorted(answer.frontier, key=lambda point: (point.cvar_usd, point.expected_cost_usd))
    named = _weights(points)
    curve = Line(
        name="least expected cost at each weight λ of risk, lots divisible",
        x=[x for x, _ in named],
        y=[y for _, y in named],
        names=tuple(named.values()),
    )
    chosen = Point(
        name=f"this plan, λ {answer.risk_aversion:g}",
        x=answer.cvar_usd,
        y=answer.expected_cost_usd,
        text=f"{answer.method}; whole lots",
    )
    level = wording.share(1 - answer.cvar_level)
    chart = lines(
        "frontier",
        f"Expected cost against cost in the worst {level}, present values, {money_text(answer)}",
        (curve,),
        x=Axis(name=f"expected cost in the worst {level} (CVaR)", unit="USD"),
        y=Axis(name="expected cost", unit="USD"),
        points=(chosen,),
        points_name="this plan, whole lots",
    )
    table = PageTable(
        headers=("λ", "expected cost", "CVaR", "owned chips ordered, undiscounted"),
        rows=tuple(
            (
                f"{point.risk_aversion:g}",
                wording.number(point.expected_cost_usd, "USD"),
                wording.number(point.cvar_usd, "USD"),
                wording.number(point.ordered_usd, "USD"),
            )
            for point in answer.frontier
        ),
        numeric=" rrr",
    )
    lead = "Further left is safer, further down is cheaper. Whole lots may cost a little more than the line."
    return Section(title="Cost against risk", lead=lead, charts=(chart,), tables=(table,))


def _weights(points: Iterable[FrontierPoint]) -> Mapping[tuple[float, float], str]:
    """Labels by place, so that weights with the same plan share one."""
    weights: dict[tuple[float, float], list[float]] = {}
    for point in points:
        weights.setdefault((point.cvar_usd, point.expected_cost_usd), []).append(point.risk_aversion)
    return {place: f"λ {', '.join(f'{weight:g}' for weight in sorted(found))}" for place, found in weights.items()}


def _scenarios(answer: ProcurementAnswer) -> Section:
    money = money_text(answer)
    costs = {one.name: _cost_parts(one.cost_usd, one.best_cost_usd, one.regret_usd) for one in answer.scenarios}
    charts: tuple[Chart, ...] = (
        stacked("scenarios", f"Cost by scenario, present value, {money}", costs, "USD", column_name="scenario"),
    )
    regrets = {one.name: {"regret": one.regret_usd} for one in answer.scenarios if one.regret_usd is not None}
    if regrets:
        charts = (
            *charts,
            spans("regret", f"Regret by scenario, {money}", regrets, "USD", colours=("var(--c2)",), name="scenario"),
        )
    lead = "Regret is what the plan costs more than the plan that would be best if the scenario were known beforehand."
    return Section(title="What may happen", lead=lead, charts=charts, tables=(page_table(scenarios_grid(answer), ""),))


def _cost_parts(cost: float, best: float | None, regret: float | None) -> Mapping[str, float]:
    """The least cost and the regret, which add up to the cost where both are known and can be stacked."""
    if best is None or regret is None or min(best, regret) < 0:
        return {"cost": cost}
    return {"least cost if known beforehand": best, "regret": regret}


def _limits(answer: ProcurementAnswer) -> Section:
    charts = tuple(_site_chart(site, answer) for site in dict.fromkeys(one.site for one in answer.power if one.used_mw))
    prices = highest_prices(answer)
    lead = "" if prices else "No limit binds: more of any of them is worth nothing."
    tables = (_price_table(answer),) if prices else ()
    return Section(title="What limits the plan", lead=lead, charts=charts, tables=tables)


def _site_chart(site: str, answer: ProcurementAnswer) -> Chart:
    found: tuple[SitePower, ...] = tuple(one for one in answer.power if one.site == site)
    used = {one.quarter: {"owned chips": one.used_mw * 1e6} for one in found}
    limit = tuple(one.limit_mw * 1e6 for one in found)
    note = "" if any(map(math.isfinite, limit)) else "The site has no limit."
    return columns(f"power-{site}", f"Power at {site}", used, "W", limit=limit, note=note)


def _price_table(answer: ProcurementAnswer) -> PageTable:
    prices = highest_prices(answer)
    rows = tuple(
        (
            f"{price.limit}, {price.name}",
            price.quarter,
            f"{wording.number(price.usd_per_unit, 'USD')} per {price.unit}",
            f"{wording.number(price.present_usd_per_unit, 'USD')} per {price.unit}",
            price.words,
        )
        for price in prices[:PRICES_LISTED]
    )
    more = f"; {len(prices) - PRICES_LISTED} more with --json" if len(prices) > PRICES_LISTED else ""
    headers = ("limit", "quarter", "worth then", "present value", "in words")
    title = f"What one more unit of a limit is worth, in money of its quarter and now ({money_text(answer)}){more}"
    return PageTable(title=title, headers=headers, rows=rows, numeric="  rr ")


def _fits(answer: ProcurementAnswer) -> Section:
    grids = [fit_grid(answer), *((export_grid(answer),) if answer.export else ())]
    lead = f"Amounts are {money_text(answer)}."
    return Section(title="Workload fit and export rules", lead=lead, tables=tuple(map(page_table, grids)))
