"""Ranges side by side: a line from P10 to P90 for each name, with P50 on it."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence

from tenfold.quantities import Percentiles
from tenfold.reports import wording
from tenfold.reports.charts.chart import (
    AXIS_PX,
    GRID,
    ROW_PX,
    Chart,
    Option,
    category_axis,
    option,
    printer,
    scale_for,
    value_axis,
)

_PLAIN, _MARKED = "var(--c1)", "var(--c2)"
_UNSEEN: Mapping[str, object] = {"color": "transparent"}
_LABEL_PX = 175


def ranges(
    key: str,
    title: str,
    spreads: Mapping[str, Percentiles],
    unit: str,
    marked: Collection[str] = (),
    legend: tuple[str, str] = ("", ""),
    note: str = "",
) -> Chart:
    """One row for each name; those ``marked`` in a colour of their own, and ``legend`` names plain and marked ones.

    An end that is not finite is left at P50, a P50 that is not finite is not drawn; the table has both.
    """
    drawn = [(place, name, _ends(spread)) for place, (name, spread) in enumerate(spreads.items())]
    seen = [(place, name, ends) for place, name, ends in drawn if math.isfinite(ends[1])]
    scale, show = scale_for([value for _, _, ends in seen for value in ends], unit), printer(unit)
    texts = {name: _text(spread, unit) for name, spread in spreads.items()}
    sized = [(place, name, tuple(value / scale.size for value in ends)) for place, name, ends in seen]
    axes = {"xAxis": {**value_axis(scale), "scale": True}, "yAxis": category_axis(list(spreads))}
    summary = f"{title}: {'; '.join(f'{name} {text}' for name, text in texts.items())}."
    chart = option(summary, **axes, series=_series(sized, texts, marked))
    chart["grid"] = {**GRID, "right": _LABEL_PX}
    return Chart(
        key=key,
        title=title,
        summary=summary,
        option=chart,
        height_px=AXIS_PX + ROW_PX * len(spreads),
        headers=("which", "P50", "P10–P90"),
        rows=tuple(
            (name, show(spread.p50), wording.between(show(spread.p10), show(spread.p90)))
            for name, spread in spreads.items()
        ),
        colours=tuple(zip(legend, (_PLAIN, _MARKED), strict=True)) if marked else (),
        note=note,
    )


def _ends(spread: Percentiles) -> tuple[float, float, float]:
    """P10, P50, P90; an end that is not finite is left at the middle."""
    low, high = (end if math.isfinite(end) else spread.p50 for end in (spread.p10, spread.p90))
    return low, spread.p50, high


def _text(spread: Percentiles, unit: str) -> str:
    show = printer(unit)
    if spread.p10 == spread.p90:
        return show(spread.p50)
    return f"{show(spread.p50)} ({wording.between(show(spread.p10), show(spread.p90))})"


def _tips(items: list[Option]) -> Option:
    """Unseen points at both ends, so that the axis reaches them; the label stands right of the upper one."""
    label = {"show": True, "position": "right", "distance": 8}
    return {"type": "scatter", "silent": True, "symbolSize": 1, "itemStyle": _UNSEEN, "label": label, "data": items}


def _points(items: list[Option], whiskers: list[list[Option]]) -> Option:
    line = {"width": 7, "type": "solid", "opacity": 0.35, "cap": "round"}
    marks = {"silent": True, "symbol": "none", "label": {"show": False}, "lineStyle": line, "data": whiskers}
    return {"type": "scatter", "symbolSize": 11, "data": items, "markLine": marks, "z": 5}


def _series(
    sized: Sequence[tuple[int, str, tuple[float, ...]]], texts: Mapping[str, str], marked: Collection[str]
) -> list[Option]:
    """Dots with their whiskers, and what is said at the ends, of rows that are drawn."""
    points: list[Option] = []
    whiskers: list[list[Option]] = []
    tips: list[Option] = []
    for place, name, (low, middle, high) in sized:
        colour = {"color": _MARKED if name in marked else _PLAIN}
        points.append({"value": [middle, place], "name": name, "text": texts[name], "itemStyle": colour})
        whiskers.append([{"coord": [low, place], "lineStyle": colour}, {"coord": [high, place]}])
        tips += [{"value": [low, place]}, {"value": [high, place], "short": texts[name]}]
    return [_tips(tips), _points(points, whiskers)]
