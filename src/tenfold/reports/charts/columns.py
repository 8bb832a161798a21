"""Columns over steps such as quarters, stacked from their parts, with a limit or a need drawn across them."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence

from tenfold.reports import wording
from tenfold.reports.charts.bars import colour_of, gathered
from tenfold.reports.charts.chart import (
    GRID,
    Chart,
    Option,
    Scale,
    finite,
    option,
    printer,
    scale_for,
    value_axis,
)

HEIGHT_PX = 320


def columns(
    key: str,
    title: str,
    parts: Mapping[str, Mapping[str, float]],
    unit: str,
    *,
    axis_name: str = "",
    limit: Sequence[float] = (),
    limit_name: str = "limit",
    note: str = "",
) -> Chart:
    """One column for each step, stacked from its parts; ``limit`` has a value for each step, infinite where none."""
    kept = {step: wording.without_rounding(terms) for step, terms in parts.items()}
    names = list(dict.fromkeys(name for terms in kept.values() for name, value in terms.items() if value != 0))
    totals = [sum(terms.values()) for terms in kept.values()]
    scale, show = scale_for([*totals, *limit], unit), printer(unit)
    drawn = gathered(kept) if kept else kept
    legend = list(dict.fromkeys(name for terms in drawn.values() for name in terms))
    colours = [(name, colour_of(name, index)) for index, name in enumerate(legend)]
    series = [_parts(name, colour, drawn, scale, show) for name, colour in colours]
    is_limited = any(math.isfinite(value) for value in limit)
    if is_limited:
        series.append(_limit(limit_name, limit, scale, show))
        colours.append((limit_name, "var(--bad)"))
    summary = f"{title}: {'; '.join(f'{step} {show(total)}' for step, total in zip(kept, totals, strict=True))}."
    rows = [(step, *(show(terms.get(name, 0.0)) for name in names)) for step, terms in kept.items()]
    if limit:
        rows = [(*row, _shown(value, show)) for row, value in zip(rows, limit, strict=True)]
    return Chart(
        key=key,
        title=title,
        summary=summary,
        option=_option(summary, list(kept), value_axis(scale, axis_name), series),
        height_px=HEIGHT_PX,
        headers=("when", *names, *((limit_name,) if limit else ())),
        rows=tuple(rows),
        colours=tuple(colours),
        note=note,
    )


def _option(summary: str, steps: Sequence[str], axis: Option, series: Sequence[Option]) -> Option:
    across = {"type": "category", "data": list(steps), "axisLabel": {"interval": 0, "hideOverlap": True}}
    chart = option(summary, xAxis=across, yAxis={**axis, "nameGap": 48}, series=list(series))
    return chart | {"grid": {**GRID, "top": 16}, "tooltip": {"confine": True, "trigger": "axis"}}


def _parts(
    name: str, colour: str, drawn: Mapping[str, Mapping[str, float]], scale: Scale, show: Callable[[float], str]
) -> Option:
    items = [_item(step, terms.get(name, 0.0), scale, show) for step, terms in drawn.items()]
    look = {"stack": "parts", "barMaxWidth": 44, "itemStyle": {"color": colour}}
    return {"name": name, "type": "bar", **look, "data": items}


def _item(step: str, value: float, scale: Scale, show: Callable[[float], str]) -> Option:
    """One part; without a text, and so not in the tooltip, where it is zero."""
    return {"value": value / scale.size, "name": step, "text": show(value) if value else ""}


def _limit(name: str, limit: Sequence[float], scale: Scale, show: Callable[[float], str]) -> Option:
    items = [{"value": finite(value / scale.size), "text": _shown(value, show)} for value in limit]
    style = {"color": "var(--bad)", "width": 2, "type": "dashed"}
    look = {"step": "middle", "symbol": "none", "lineStyle": style, "itemStyle": {"color": "var(--bad)"}}
    return {"name": name, "type": "line", **look, "data": items}


def _shown(value: float, show: Callable[[float], str]) -> str:
    return show(value) if math.isfinite(value) else "no limit"
