"""Cost against finish of every design, with P10–P90 whiskers, the Pareto front, the deadline and the budget."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from tenfold.planning.plan import Design, Plan
from tenfold.quantities import DAY_S, Percentiles
from tenfold.reports import wording
from tenfold.reports.charts.chart import GRID, Chart, Option, Scale, option, scale_for, value_axis

HEIGHT_PX = 420


def cost_against_finish(key: str, title: str, plan: Plan) -> Chart:
    """Every design once: the best, the rest of the Pareto front, the others."""
    best, front, others = _sorted_out(plan)
    designs = [*best, *front, *others]
    money = scale_for([design.cost_usd.p50 for design in designs], "USD")
    series = [
        _points("other designs", others, money, "var(--muted)", "circle", 9),
        _points("Pareto front", front, money, "var(--c1)", "circle", 11),
        _points("best", best, money, "var(--c2)", "diamond", 17),
        _front_line(sorted([*best, *front] if _on_front(plan) else front, key=_finish), money),
        _stretch(designs, money),
    ]
    series[2]["markLine"] = _limits(plan, money, series[2]["markLine"])
    summary = f"{title}: {len(designs)} designs, {len(plan.pareto)} on the Pareto front."
    axes = {
        "xAxis": {**value_axis(scale_for([], "days"), "days to finish"), "scale": True},
        "yAxis": {**value_axis(money), "scale": True},
    }
    chart = option(summary, **axes, series=series)
    chart["grid"] = {**GRID, "top": 24, "bottom": 6, "right": 56}
    return Chart(
        key=key,
        title=title,
        summary=summary,
        option=chart,
        height_px=HEIGHT_PX,
        headers=("design", "group", "finish", "P10–P90", "cost", "P10–P90"),
        rows=tuple(_row(design, group) for group, members in _groups(best, front, others) for design in members),
        colours=tuple((entry["name"], entry["itemStyle"]["color"]) for entry in series[:3] if entry["data"]),
        note="Points are P50 and lines P10–P90; no design beats one on the Pareto front in both finish and cost.",
    )


def _identity(design: Design) -> tuple[object, ...]:
    return (design.chip, design.chips, design.supply, design.site, design.layout)


def _finish(design: Design) -> float:
    return design.finish_days.p50


def _on_front(plan: Plan) -> bool:
    return plan.best is not None and _identity(plan.best) in {_identity(design) for design in plan.pareto}


def _sorted_out(plan: Plan) -> tuple[list[Design], list[Design], list[Design]]:
    """Best, rest of the front, others; designs that never finish cannot be drawn."""
    best = [plan.best] if plan.best is not None else []
    seen = {_identity(design) for design in best}
    front = _fresh(plan.pareto, seen)
    return best, front, _fresh(plan.alternatives, seen)


def _fresh(designs: Iterable[Design], seen: set[tuple[object, ...]]) -> list[Design]:
    fresh = []
    for design in designs:
        if _identity(design) not in seen and math.isfinite(design.finish_days.p50 + design.cost_usd.p50):
            seen.add(_identity(design))
            fresh.append(design)
    return fresh


def _groups(best: list[Design], front: list[Design], others: list[Design]) -> list[tuple[str, list[Design]]]:
    return [("best", best), ("Pareto front", front), ("other", others)]


def _ends(spread: Percentiles, size: float) -> tuple[float, float, float]:
    """P10, P50, P90 in the scale; an end without limit is left at the middle."""
    low, middle, high = spread.p10 / size, spread.p50 / size, spread.p90 / size
    return (low if math.isfinite(low) else middle), middle, (high if math.isfinite(high) else middle)


def _points(name: str, designs: Sequence[Design], money: Scale, colour: str, symbol: str, size: int) -> Option:
    """One series of points, with its whiskers as lines between two marks."""
    items, whiskers = [], []
    for design in designs:
        left, x, right = _ends(design.finish_days, 1.0)
        low, y, high = _ends(design.cost_usd, money.size)
        finish, cost = wording.days_between(design.finish_days), wording.number_between(design.cost_usd, "USD")
        items.append({"name": wording.design_name(design), "value": [x, y], "text": f"{finish}; {cost}"})
        whiskers += [[{"coord": [left, y]}, {"coord": [right, y]}], [{"coord": [x, low]}, {"coord": [x, high]}]]
    line = {"color": colour, "width": 1, "type": "solid", "opacity": 0.55}
    marks = {"silent": True, "symbol": "none", "label": {"show": False}, "lineStyle": line, "data": whiskers}
    style = {"color": colour}
    drawn = {"symbol": symbol, "symbolSize": size, "itemStyle": style, "data": items, "markLine": marks}
    return {"name": name, "type": "scatter", **drawn}


def _front_line(designs: Sequence[Design], money: Scale) -> Option:
    path = [[design.finish_days.p50, design.cost_usd.p50 / money.size] for design in designs]
    style = {"color": "var(--c1)", "width": 1.5, "type": "dashed"}
    return {"type": "line", "silent": True, "symbol": "none", "lineStyle": style, "data": path, "name": "front"}


def _stretch(designs: Sequence[Design], money: Scale) -> Option:
    """Unseen points at the ends of the whiskers, so that the axes reach them."""
    corners = []
    for design in designs:
        left, _, right = _ends(design.finish_days, 1.0)
        low, _, high = _ends(design.cost_usd, money.size)
        corners += [[left, low], [right, high]]
    return {"type": "scatter", "silent": True, "symbolSize": 0, "data": corners, "name": "ends"}


def _limits(plan: Plan, money: Scale, whiskers: Option) -> Option:
    """Add the deadline and the budget to the whiskers of the best design."""
    lines = []
    if plan.goal.deadline_s is not None:
        lines.append(("deadline", {"xAxis": plan.goal.deadline_s / DAY_S}))
    if plan.means.budget_usd is not None:
        lines.append(("budget", {"yAxis": plan.means.budget_usd / money.size}))
    style = {"color": "var(--bad)", "type": "dotted", "width": 1.5, "opacity": 1}
    drawn = [
        {"name": name, **place, "lineStyle": style, "label": {"show": True, "formatter": name, "color": "var(--bad)"}}
        for name, place in lines
    ]
    return {**whiskers, "data": [*whiskers["data"], *drawn]}


def _row(design: Design, group: str) -> tuple[str, ...]:
    finish = (wording.days(design.finish_days.p50), wording.days_between(design.finish_days))
    cost = (wording.number(design.cost_usd.p50, "USD"), wording.number_between(design.cost_usd, "USD"))
    return (wording.design_name(design), group, *finish, *cost)
