"""Bar charts: designs side by side (stacked, memory), inputs that matter (swings)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from tenfold.reports import wording
from tenfold.reports.charts.chart import (
    AXIS_PX,
    PALETTE,
    ROW_PX,
    Chart,
    Option,
    Scale,
    category_axis,
    finite,
    option,
    printer,
    scale_for,
    value_axis,
)

SMALL = 0.02
"""Terms below this share of every bar are drawn together."""
REST = "everything else"
_CHANGED: Mapping[str, str] = {"share": "percentage points", "USD/h": "USD per hour"}
"""What a change in a unit is called, where it is not the unit."""


def stacked(
    key: str,
    title: str,
    columns: Mapping[str, Mapping[str, float]],
    unit: str,
    column_name: str = "design",
    note: str = "",
) -> Chart:
    """One bar for each column (a design), stacked from its terms; all terms in the order of first appearance."""
    columns = {column: wording.without_rounding(terms) for column, terms in columns.items()}
    names = list(dict.fromkeys(name for terms in columns.values() for name, value in terms.items() if value != 0))
    totals = {column: sum(terms.values()) for column, terms in columns.items()}
    scale, show = scale_for(totals.values(), unit), printer(unit)
    drawn = gathered(columns)
    series = [
        {
            "name": wording.label(name),
            "type": "bar",
            "stack": "terms",
            "barMaxWidth": 24,
            "itemStyle": {"color": colour_of(name, index)},
            "data": [_part(terms.get(name, 0.0), totals[column], scale, show) for column, terms in drawn.items()],
        }
        for index, name in enumerate(dict.fromkeys(name for terms in drawn.values() for name in terms))
    ]
    summary = f"{title}: " + "; ".join(f"{column}: {show(total)}" for column, total in totals.items()) + "."
    limit = {"max": 100} if unit == "share" else {}
    axes = {"xAxis": {**value_axis(scale), **limit}, "yAxis": category_axis(list(columns))}
    chart = option(summary, **axes, series=series)
    return Chart(
        key=key,
        title=title,
        summary=summary,
        option=chart,
        height_px=AXIS_PX + ROW_PX * len(columns),
        headers=(column_name, *map(wording.label, names)),
        rows=tuple((column, *(show(terms.get(name, 0.0)) for name in names)) for column, terms in columns.items()),
        colours=_colours(series),
        note=note,
    )


def colour_of(name: str, index: int) -> str:
    """Colour of a part, faint where it gathers what is small: it is never that of a part by name."""
    return "var(--line)" if name == REST else PALETTE[index % len(PALETTE)]


def _colours(series: Sequence[Option]) -> tuple[tuple[str, str], ...]:
    return tuple((entry["name"], entry["itemStyle"]["color"]) for entry in series)


def gathered(columns: Mapping[str, Mapping[str, float]]) -> Mapping[str, Mapping[str, float]]:
    """Put the terms that are small in every column into one, last, so that colours can be told apart."""
    names = dict.fromkeys(name for terms in columns.values() for name in terms)
    reach = {name: max(_share_of(terms, name) for terms in columns.values()) for name in names}
    small = [name for name in names if reach[name] < SMALL]
    if len(small) < 2:
        small = [name for name in small if reach[name] == 0]
    kept = [name for name in names if name not in small]
    gathered: dict[str, dict[str, float]] = {}
    for column, terms in columns.items():
        rest = sum(terms.get(name, 0.0) for name in small)
        gathered[column] = {name: terms.get(name, 0.0) for name in kept} | ({REST: rest} if rest else {})
    return gathered


def _share_of(terms: Mapping[str, float], name: str) -> float:
    total = sum(terms.values())
    return abs(terms.get(name, 0.0) / total) if total else 0.0


def _part(value: float, total: float, scale: Scale, show: Callable[[float], str]) -> Option:
    shared = f", {wording.share(value / total)} of {show(total)}" if total and scale.pattern != "{value} %" else ""
    return {"value": value / scale.size, "text": f"{show(value)}{shared}"}


def memory(key: str, title: str, columns: Mapping[str, Mapping[str, float]], capacities: Mapping[str, float]) -> Chart:
    """Memory of the fullest chip by part, with a mark at the chip's capacity."""
    chart = stacked(key, title, columns, "B")
    scale = scale_for([sum(terms.values()) for terms in columns.values()], "B")
    marks = [
        {"value": [capacity / scale.size, index], "text": wording.number(capacity, "B")}
        for index, capacity in enumerate(capacities.values())
    ]
    mark = {"name": "capacity", "type": "scatter", "symbol": "rect", "symbolSize": [3, 30], "z": 5, "data": marks}
    mark["itemStyle"] = {"color": "var(--ink)"}
    chart.option["series"].append(mark)
    return replace(chart, colours=(*chart.colours, ("capacity", "var(--ink)")))


@dataclass(frozen=True, slots=True, kw_only=True)
class Swing:
    """An input moved alone: its printed ends, and the result at each."""

    name: str
    low: str
    high: str
    results: tuple[float, float]


def swing_bars(
    key: str, title: str, swings: Sequence[Swing], base: float, unit: str, ends: tuple[str, str] = ("P10", "P90")
) -> Chart:
    """How far the result moves from ``base`` as each input goes to its low and its high end, named ``ends``."""
    scale = scale_for([value - base for swing in swings for value in swing.results], unit)
    show = wording.days if unit == "days" else printer(unit)
    series = [
        {
            "name": f"input at its {name}",
            "type": "bar",
            "barGap": "-100%",
            "barMaxWidth": 22,
            "itemStyle": {"color": colour},
            "data": [
                {
                    "value": finite((swing.results[side] - base) / scale.size),
                    "text": f"{(swing.low, swing.high)[side]} → {show(swing.results[side])}",
                }
                for swing in swings
            ],
        }
        for side, (name, colour) in enumerate(zip(ends, ("var(--c3)", "var(--c2)"), strict=True))
    ]
    rows = [(one.name, one.low, show(one.results[0]), one.high, show(one.results[1])) for one in swings]
    summary = f"{title}, from {show(base)}: " + "; ".join(f"{row[0]} {row[2]} to {row[4]}" for row in rows)
    changes = Scale(scale.size, scale.pattern.removeprefix("$").removesuffix(" %"))
    axes = {
        "xAxis": value_axis(changes, f"change in {_CHANGED.get(unit, unit)}"),
        "yAxis": category_axis([swing.name for swing in swings]),
    }
    return Chart(
        key=key,
        title=title,
        summary=f"{summary}.",
        option=option(f"{summary}.", **axes, series=series),
        height_px=AXIS_PX + AXIS_PX // 2 + ROW_PX * len(swings),
        headers=("input", f"{ends[0]} of input", "result", f"{ends[1]} of input", "result"),
        rows=tuple(rows),
        colours=_colours(series),
    )
