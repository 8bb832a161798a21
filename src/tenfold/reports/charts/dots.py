"""Values side by side as dots, for what differs too little for bars that start at zero."""

from __future__ import annotations

from collections.abc import Mapping

from tenfold.reports.charts.chart import (
    AXIS_PX,
    GRID,
    ROW_PX,
    Chart,
    category_axis,
    option,
    printer,
    scale_for,
    value_axis,
)

_PLAIN, _MARKED = "var(--c1)", "var(--c2)"


def dots(
    key: str,
    title: str,
    values: Mapping[str, float],
    unit: str,
    marked: str = "",
    marked_as: str = "asked for",
    note: str = "",
) -> Chart:
    """One dot for each name, with its value beside it; the one that is ``marked`` in a colour of its own."""
    scale, show = scale_for(values.values(), unit), printer(unit)
    items = [
        {
            "value": [value / scale.size, index],
            "name": name,
            "text": show(value),
            "short": show(value),
            "itemStyle": {"color": _MARKED if name == marked else _PLAIN},
        }
        for index, (name, value) in enumerate(values.items())
    ]
    summary = f"{title}: {'; '.join(f'{name} {show(value)}' for name, value in values.items())}."
    label = {"show": True, "position": "right"}
    lines = {"show": True, "lineStyle": {"type": "dashed"}}
    names = {**category_axis(list(values)), "splitLine": lines}
    series = {"type": "scatter", "symbolSize": 11, "label": label, "data": items}
    chart = option(summary, xAxis={**value_axis(scale), "scale": True}, yAxis=names, series=[series])
    chart["grid"] = {**GRID, "right": 72}
    return Chart(
        key=key,
        title=title,
        summary=summary,
        option=chart,
        height_px=AXIS_PX + ROW_PX * len(values),
        headers=("which", "value"),
        rows=tuple((name, show(value)) for name, value in values.items()),
        colours=((marked_as, _MARKED), ("others", _PLAIN)) if marked in values else (),
        note=note,
    )
