"""The report of a procurement plan: order now and later, quarters, cost against risk, scenarios, limits, fit."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Mapping

from tenfold.planning.procurement import CostTerms, FrontierPoint, Order, ProcureAnswer
from tenfold.reports.cards import Card
from tenfold.reports.charts import Axis, Chart, Line, Point, columns, lines, spans, stacked, waterfall
from tenfold.reports.explain import Topic, Topics
from tenfold.reports.procure_limits import limits, limits_in_full, money_text, workload_fits
from tenfold.reports.report import Pairs, Report, Section, Table, Terms
from tenfold.reports.wording import number, share

_TERMS = "present value of orders, running, rent and penalties, expected over the scenarios"
TOPICS: Topics = {
    "expected_cost_usd": Topic(unit="USD", words=_TERMS, terms="terms", left_out=("total_usd",)),
    "terms": Topic(unit="USD", words=_TERMS),
    "cvar_usd": Topic(unit="USD", words="mean cost of the worst scenarios, by probability 1 − α"),
    "objective_usd": Topic(unit="USD", words="expected cost + λ × CVaR"),
    "bound_usd": Topic(unit="USD", words="no plan has a lower objective"),
    "gap": Topic(unit="share", words="(objective − bound) ÷ objective"),
    "waiting_costs_usd": Topic(unit="USD", words="rise of the objective without orders in the first quarter ÷ (1 + λ)"),
    "orders": Topic(unit="", words="lots ordered by option and quarter, before the scenario is known"),
    "scenarios.*.cost_usd": Topic(unit="USD", words="present value of the plan when this happens"),
    "scenarios.*.regret_usd": Topic(unit="USD", words="cost less that of the best plan had this been known"),
    "frontier": Topic(unit="", words="least expected cost at each weight λ of CVaR, lots divisible"),
    "shadow_prices": Topic(unit="", words="change of the objective for one more unit of a limit ÷ (1 + λ)"),
}
_LABELS = {
    "chips_usd": "chips, hosts and network",
    "value_left_usd": "value left at the end",
    "running_usd": "running owned chips",
    "reserved_usd": "reserved",
    "on_demand_usd": "on demand",
    "spot_usd": "spot",
    "unserved_usd": "penalties for unserved work",
}
"""Terms of the cost, as charts name them."""


def verdict(answer: ProcureAnswer) -> str:
    """Answer in one sentence."""
    if answer.terms is None:
        why = answer.shortages[0].short if answer.shortages else "the solver names no limit"
        return f"No plan ({answer.status}): {why}"
    cost, tail = number(answer.expected_cost_usd, "USD"), number(answer.cvar_usd, "USD")
    level, now = share(1 - answer.cvar_level), _sum(_orders_when(answer, "now"))
    return f"Order {now} now; expected cost {cost}, {tail} in the worst {level} (present value, {money_text(answer)})"


def report(answer: ProcureAnswer) -> Report:
    """Turn the answer into a report."""
    return Report(
        title="Tenfold procure",
        question=f"What to order from {answer.quarters[0]} to {answer.quarters[-1]}, and what can wait?",
        verdict=verdict(answer),
        good=answer.fits,
        made=answer.made,
        cards=() if answer.terms is None else _cards(answer),
        sections=tuple(_sections(answer)),
        notes=(*answer.notes, *(f"Left out: {each}" for each in answer.excluded)),
        assumptions=answer.assumptions,
        figures=answer.figures,
    )


def _orders_when(answer: ProcureAnswer, when: str) -> list[Order]:
    """Orders of ``now``, or those that ``can wait``."""
    return [order for order in answer.orders if order.when == when]


def _sum(orders: Iterable[Order]) -> str:
    """Chips of some orders by kind: "512 × mi300x"."""
    by_chip: dict[str, float] = {}
    for order in orders:
        by_chip[order.chip] = by_chip.get(order.chip, 0.0) + order.chips
    return ", ".join(f"{round(chips):,} × {chip}" for chip, chips in by_chip.items()) or "nothing"


def _waiting(answer: ProcureAnswer) -> str:
    """What ordering nothing in the first quarter costs."""
    if answer.waiting_costs_usd is None:
        return "not known to be possible"
    return f"{number(answer.waiting_costs_usd, 'USD')} more"


def _cards(answer: ProcureAnswer) -> tuple[Card, ...]:
    year, level = f"{answer.money_year} USD", share(1 - answer.cvar_level)
    expected, tail = number(answer.expected_cost_usd, "USD"), number(answer.cvar_usd, "USD")
    return (
        Card(name=f"Expected cost, {year}", value=expected, path="expected_cost_usd"),
        Card(name=f"In the worst {level}, {year}", value=tail, path="cvar_usd"),
        Card(name="Order now", value=_sum(_orders_when(answer, "now")), path="orders"),
        Card(name="Can wait", value=_sum(_orders_when(answer, "can wait")), path="orders"),
        Card(name=f"Ordering nothing now, {year}", value=_waiting(answer), path="waiting_costs_usd"),
    )


def _sections(answer: ProcureAnswer) -> Iterator[Section]:
    if answer.terms is None:
        yield _short(answer)
    else:
        yield _orders(answer)
        yield _quarters(answer)
        yield _costs(answer, answer.terms)
        yield _scenarios(answer)
        if answer.frontier:
            yield _frontier(answer)
        yield limits(answer)
        yield limits_in_full(answer)
    yield workload_fits(answer)


def _short(answer: ProcureAnswer) -> Section:
    rows = tuple((found.limit, found.short, found.nearest) for found in answer.shortages)
    lead = "No plan keeps every limit. These are the smallest changes that would make room for one."
    tables = (Table(headers=("limit", "short", "would fit with"), rows=rows),) if rows else ()
    return Section(title="What is short", lead=lead, tables=tables)


def _orders(answer: ProcureAnswer) -> Section:
    """Orders in tables, and as they arrive in a chart; a plan without any says so."""
    tables = tuple(
        _order_table(f"{title}: {_sum(orders)}", orders)
        for title, orders in (
            ("Order now", _orders_when(answer, "now")),
            ("Can wait", _orders_when(answer, "can wait")),
        )
        if orders
    )
    lead = f"Prices and costs of a quarter are {money_text(answer)}, at base prices."
    title, note = "Chips that arrive, by option", "Chips in the quarter they are due, when nothing goes wrong."
    chart = columns("orders", title, _arrivals(answer), "1", axis_name="chips", note=note)
    return Section(
        title="What to do now, and what can wait",
        lead=lead if tables else f"Nothing is ordered; needs are met by rent. {lead}",
        charts=(chart,) if tables else (),
        tables=tables,
    )


def _order_table(title: str, orders: Iterable[Order]) -> Table:
    """What to order when, when it arrives, what it costs."""
    rows = [
        (order.quarter, order.due, f"{round(order.chips):,}", order.option,
         number(order.price_usd, "USD") if order.price_usd else "", number(order.running_usd_per_quarter, "USD"))
        for order in orders
    ]  # fmt: skip
    headers = ("order", "due", "chips", "option", "price", "a quarter")
    return Table(title=title, headers=headers, rows=tuple(rows), numeric="  r rr")


def _arrivals(answer: ProcureAnswer) -> Mapping[str, Mapping[str, float]]:
    """Chips by option in the quarter they are due, which may be after the last one planned."""
    later = (order.due for order in answer.orders if order.due not in answer.quarters)
    arrivals: dict[str, dict[str, float]] = {quarter: {} for quarter in (*answer.quarters, *sorted(later))}
    for order in answer.orders:
        arrived = arrivals[order.due]
        arrived[order.option] = arrived.get(order.option, 0.0) + order.chips
    return arrivals


def _quarters(answer: ProcureAnswer) -> Section:
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


def _served(answer: ProcureAnswer) -> Mapping[str, Mapping[str, float]]:
    served: dict[str, dict[str, float]] = {quarter: {} for quarter in answer.quarters}
    for one in answer.service:
        served[one.quarter] |= {one.workload: one.served_h100e, f"{one.workload}, unserved": one.unserved_h100e}
    return served


def _costs(answer: ProcureAnswer, terms: CostTerms) -> Section:
    values = {key: value for key, value in dataclasses.asdict(terms).items() if key in _LABELS}
    title = f"Expected cost by line, present value, {money_text(answer)}"
    named = {_LABELS[key]: value for key, value in values.items()}
    return Section(
        title="Cost and risk",
        pairs=_pairs(answer),
        terms=(Terms(title="Expected cost, present value", values=values, unit="USD", headline="expected_cost_usd"),),
        charts=(waterfall("cost", title, named, "USD", total_name="expected cost"),),
    )


def _pairs(answer: ProcureAnswer) -> Pairs:
    """How the cost was found."""
    size = f"{answer.size['columns']:,} columns, {answer.size['rows']:,} rows"
    return (
        (f"CVaR at {share(answer.cvar_level)}", number(answer.cvar_usd, "USD")),
        ("Weight of CVaR, λ", f"{answer.risk_aversion:g}"),
        ("Solved by", f"{answer.method}; gap {share(answer.gap)}; {size}"),
        ("Money", f"{money_text(answer)}, discounted at {share(answer.discount_rate_per_year)} a year"),
    )


def _scenarios(answer: ProcureAnswer) -> Section:
    money = money_text(answer)
    costs = {one.name: _cost_parts(one.cost_usd, one.best_cost_usd, one.regret_usd) for one in answer.scenarios}
    charts: tuple[Chart, ...] = (
        stacked("scenarios", f"Cost by scenario, present value, {money}", costs, "USD", column_name="scenario"),
    )
    regrets = {one.name: {"regret": one.regret_usd} for one in answer.scenarios if one.regret_usd is not None}
    if regrets:
        drawn = spans("regret", f"Regret by scenario, {money}", regrets, "USD", colours=("var(--c2)",), name="scenario")
        charts = (*charts, drawn)
    lead = "Regret is what the plan costs more than the plan that would be best if the scenario were known beforehand."
    return Section(title="What may happen", lead=lead, charts=charts, tables=(_scenario_table(answer),))


def _cost_parts(cost: float, best: float | None, regret: float | None) -> Mapping[str, float]:
    """The least cost and the regret, which add up to the cost where both are known and can be stacked."""
    if best is None or regret is None or min(best, regret) < 0:
        return {"cost": cost}
    return {"least cost if known beforehand": best, "regret": regret}


def _scenario_table(answer: ProcureAnswer) -> Table:
    """What the plan comes to in each scenario."""
    rows = [
        (found.name, share(found.probability), number(found.cost_usd, "USD"),
         "" if found.regret_usd is None else number(found.regret_usd, "USD"), share(found.unserved_share))
        for found in answer.scenarios
    ]  # fmt: skip
    headers = ("scenario", "chance", "cost", "regret", "unserved")
    return Table(headers=headers, rows=tuple(rows), numeric=" rrrr")


def _frontier(answer: ProcureAnswer) -> Section:
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
    level = share(1 - answer.cvar_level)
    chart = lines(
        "frontier",
        f"Expected cost against cost in the worst {level}, present values, {money_text(answer)}",
        (curve,),
        x=Axis(name=f"expected cost in the worst {level} (CVaR)", unit="USD"),
        y=Axis(name="expected cost", unit="USD"),
        points=(chosen,),
        points_name="this plan, whole lots",
    )
    lead = "Further left is safer, further down is cheaper. Whole lots may cost a little more than the line."
    return Section(title="Cost against risk", lead=lead, charts=(chart,), tables=(_frontier_table(answer),))


def _weights(points: Iterable[FrontierPoint]) -> Mapping[tuple[float, float], str]:
    """Labels by place, so that weights with the same plan share one."""
    weights: dict[tuple[float, float], list[float]] = {}
    for point in points:
        weights.setdefault((point.cvar_usd, point.expected_cost_usd), []).append(point.risk_aversion)
    return {place: f"λ {', '.join(f'{weight:g}' for weight in sorted(found))}" for place, found in weights.items()}


def _frontier_table(answer: ProcureAnswer) -> Table:
    rows = tuple(
        (f"{point.risk_aversion:g}", *(number(value, "USD") for value in
                                       (point.expected_cost_usd, point.cvar_usd, point.ordered_usd)))
        for point in answer.frontier
    )  # fmt: skip
    headers = ("λ", "expected cost", "CVaR", "owned chips ordered, undiscounted")
    return Table(headers=headers, rows=rows, numeric="rrrr")
