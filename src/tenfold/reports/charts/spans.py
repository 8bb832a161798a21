"""Several values of each name on one row, joined by a line: P10, P50 and P90, or where one and where two fail."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from tenfold.reports.charts.chart import (
    AXIS_PX,
    GRID,
    ROW_PX,
    Chart,
    Option,
    Scale,
    category_axis,
    option,
    printer,
    scale_for,
    value_axis,
)

_LABEL_PX = 7
"""Width of a letter of a label, roughly."""


def spans(
    key: str,
    title: str,
    marks: Mapping[str, Mapping[str, float]],
    unit: str,
    *,
    colours: Sequence[str] = ("var(--c7)", "var(--c1)", "var(--c4)"),
    name: str = "which",
    note: str = "",
) -> Chart:
    """One row for each name, with a dot for each of its marks and their values beside them; a mark may be missing.

    All rows take the colours of marks in the order of the first appearance of a mark.
    """
    kinds = list(dict.fromkeys(kind for row in marks.values() for kind in row))
    colour_of = {kind: colours[index % len(colours)] for index, kind in enumerate(kinds)}
    scale, show = scale_for([value for row in marks.values() for value in row.values()], unit), printer(unit)
    labels = [" · ".join(show(value) for value in row.values()) for row in marks.values()]
    series = [_joined([[value / scale.size for value in row.values()] for row in marks.values()])]
    series += [_dots(kind, colour, _items(kind, marks, labels, scale, show)) for kind, colour in colour_of.items()]
    said = (f"{row_name} {label}" for row_name, label in zip(marks, labels, strict=True))
    summary = f"{title} ({', '.join(kinds)}): {'; '.join(said)}."
    names = {**category_axis(list(marks)), "splitLine": {"show": True, "lineStyle": {"type": "dashed"}}}
    chart = option(summary, xAxis=value_axis(scale), yAxis=names, series=series)
    chart["grid"] = {**GRID, "right": 24 + _LABEL_PX * max(map(len, labels), default=0)}
    return Chart(
        key=key,
        title=title,
        summary=summary,
        option=chart,
        height_px=AXIS_PX + ROW_PX * len(marks),
        headers=(name, *kinds),
        rows=tuple(
            (row_name, *(show(row[kind]) if kind in row else "–" for kind in kinds)) for row_name, row in marks.items()
        ),
        colours=tuple(colour_of.items()) if len(kinds) > 1 else (),
        note=note,
    )


def _joined(rows: Sequence[Sequence[float]]) -> Option:
    """Lines from the least to the largest mark of each row, as one unseen series."""
    ends = [
        [{"coord": [min(row), index]}, {"coord": [max(row), index]}] for index, row in enumerate(rows) if len(row) > 1
    ]
    style = {"color": "var(--muted)", "width": 3, "type": "solid", "opacity": 0.45}
    drawn = {"silent": True, "symbol": "none", "label": {"show": False}, "lineStyle": style, "data": ends}
    return {"name": "spans", "type": "scatter", "silent": True, "data": [], "markLine": drawn}


def _dots(kind: str, colour: str, items: Sequence[Option]) -> Option:
    look = {"symbolSize": 11, "itemStyle": {"color": colour}, "z": 5, "label": {"show": True, "position": "right"}}
    return {"name": kind, "type": "scatter", **look, "data": list(items)}


def _items(
    kind: str,
    marks: Mapping[str, Mapping[str, float]],
    labels: Sequence[str],
    scale: Scale,
    show: Callable[[float], str],
) -> list[Option]:
    """Dots of one mark; the values of a row stand beside its greatest."""
    return [
        {
            "value": [row[kind] / scale.size, index],
            "name": row_name,
            "text": show(row[kind]),
            "short": labels[index] if kind == max(row, key=lambda one: row[one]) else "",
        }
        for index, (row_name, row) in enumerate(marks.items())
        if kind in row
    ]
