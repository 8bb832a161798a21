"""Cost against finish of every design, with P10–P90 whiskers, the Pareto front, the deadline and the budget."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from tenfold.quantities import Percentiles
from tenfold.reports import wording
from tenfold.reports.charts.chart import GRID, Chart, Option, Scale, option, scale_for, value_axis

HEIGHT_PX = 420


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """Something that may be chosen."""

    name: str
    finish_days: Percentiles
    cost_usd: Percentiles


def cost_against_finish(
    key: str,
    title: str,
    *,
    best: Sequence[Candidate],
    front: Sequence[Candidate],
    others: Sequence[Candidate],
    best_on_front: bool,
    deadline_days: float = math.inf,
    budget_usd: float = math.inf,
) -> Chart:
    """The best, the rest of the Pareto front, the others; each has an end."""
    designs = [*best, *front, *others]
    money = scale_for([design.cost_usd.p50 for design in designs], "USD")
    series = [
        _points("other designs", others, money, "var(--muted)", "circle", 9),
        _points("Pareto front", front, money, "var(--c1)", "circle", 11),
        _points("best", best, money, "var(--c2)", "diamond", 17),
        _front_line(sorted([*best, *front] if best_on_front else front, key=_finish), money),
        _stretch(designs, money),
    ]
    series[2]["markLine"] = _limits(deadline_days, budget_usd, money, series[2]["markLine"])
    summary = f"{title}: {len(designs)} designs, {len(front) + best_on_front} on the Pareto front."
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


def _finish(design: Candidate) -> float:
    return design.finish_days.p50


def _groups(
    best: Sequence[Candidate], front: Sequence[Candidate], others: Sequence[Candidate]
) -> list[tuple[str, Sequence[Candidate]]]:
    return [("best", best), ("Pareto front", front), ("other", others)]


def _ends(spread: Percentiles, size: float) -> tuple[float, float, float]:
    """P10, P50, P90 in the scale; an end without limit is left at the middle."""
    low, middle, high = spread.p10 / size, spread.p50 / size, spread.p90 / size
    return (low if math.isfinite(low) else middle), middle, (high if math.isfinite(high) else middle)


def _points(name: str, designs: Sequence[Candidate], money: Scale, colour: str, symbol: str, size: int) -> Option:
    """One series of points, with its whiskers as lines between two marks."""
    items, whiskers = [], []
    for design in designs:
        left, x, right = _ends(design.finish_days, 1.0)
        low, y, high = _ends(design.cost_usd, money.size)
        finish, cost = wording.days_between(design.finish_days), wording.number_between(design.cost_usd, "USD")
        items.append({"name": design.name, "value": [x, y], "text": f"{finish}; {cost}"})
        whiskers += [[{"coord": [left, y]}, {"coord": [right, y]}], [{"coord": [x, low]}, {"coord": [x, high]}]]
    line = {"color": colour, "width": 1, "type": "solid", "opacity": 0.55}
    marks = {"silent": True, "symbol": "none", "label": {"show": False}, "lineStyle": line, "data": whiskers}
    style = {"color": colour}
    drawn = {"symbol": symbol, "symbolSize": size, "itemStyle": style, "data": items, "markLine": marks}
    return {"name": name, "type": "scatter", **drawn}


def _front_line(designs: Sequence[Candidate], money: Scale) -> Option:
    path = [[design.finish_days.p50, design.cost_usd.p50 / money.size] for design in designs]
    style = {"color": "var(--c1)", "width": 1.5, "type": "dashed"}
    return {"type": "line", "silent": True, "symbol": "none", "lineStyle": style, "data": path, "name": "front"}


def _stretch(designs: Sequence[Candidate], money: Scale) -> Option:
    """Unseen points at the ends of the whiskers, so that the axes reach them."""
    corners = []
    for design in designs:
        left, _, right = _ends(design.finish_days, 1.0)
        low, _, high = _ends(design.cost_usd, money.size)
        corners += [[left, low], [right, high]]
    return {"type": "scatter", "silent": True, "symbolSize": 0, "data": corners, "name": "ends"}


def _limits(deadline_days: float, budget_usd: float, money: Scale, whiskers: Option) -> Option:
    """Add the deadline and the budget to the whiskers of the best design."""
    lines = [("deadline", {"xAxis": deadline_days}), ("budget", {"yAxis": budget_usd / money.size})]
    lines = [(name, place) for name, place in lines if math.isfinite(sum(place.values()))]
    style = {"color": "var(--bad)", "type": "dotted", "width": 1.5, "opacity": 1}
    drawn = [
        {"name": name, **place, "lineStyle": style, "label": {"show": True, "formatter": name, "color": "var(--bad)"}}
        for name, place in lines
    ]
    return {**whiskers, "data": [*whiskers["data"], *drawn]}


def _row(design: Candidate, group: str) -> tuple[str, ...]:
    finish = (wording.days(design.finish_days.p50), wording.days_between(design.finish_days))
    cost = (wording.number(design.cost_usd.p50, "USD"), wording.number_between(design.cost_usd, "USD"))
    return (design.name, group, *finish, *cost)
