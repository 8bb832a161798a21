"""Lines over a number, a quarter or a size, with bands from P10 to P90 and named points beside them."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tenfold.reports import wording
from tenfold.reports.charts.chart import GRID, PALETTE, Chart, Option, Scale, option, printer, scale_for, value_axis

HEIGHT_PX = 380
_SYMBOLS_UP_TO = 40
"""Points of a line that are marked; longer lines are drawn plain."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Axis:
    """What an axis shows."""

    name: str
    unit: str = "1"
    """A unit ``scale_for`` knows."""
    log: bool = False
    """Powers of ten; values of zero and below are not drawn."""
    from_zero: bool = False
    """Begins at zero, so that small differences look small."""
    steps: tuple[str, ...] = ()
    """Names of equal steps, such as quarters; values are then their indices."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """Values over x, all of the same length; ``low`` and ``high`` are the ends of a band, P10 and P90 as a rule."""

    name: str
    x: Sequence[float]
    y: Sequence[float]
    low: Sequence[float] = ()
    high: Sequence[float] = ()
    dashed: bool = False
    names: Sequence[str] = ()
    """Labels of its points, if they have any; empty ones are not drawn."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One named point, such as a published measurement."""

    name: str
    x: float
    y: float
    text: str = ""
    """More about it, in the tooltip."""


@dataclass(frozen=True, slots=True)
class _Frame:
    """Both axes with their scales."""

    x: Axis
    y: Axis
    wide: Scale
    tall: Scale
    span: tuple[float, float]
    """Least and largest x."""

    def is_right(self, x: float) -> bool:
        """Whether a place lies in the right half, where names stand to the left of it."""
        low, high = self.span
        return x * x > low * high if self.x.log else 2 * x > low + high

    def place(self, x: float, y: float) -> list[float | None]:
        return [_drawable(x, self.x, self.wide), _drawable(y, self.y, self.tall)]

    def show_x(self, x: float) -> str:
        return self.x.steps[round(x)] if self.x.steps else printer(self.x.unit)(x)


def lines(
    key: str,
    title: str,
    curves: Sequence[Line],
    *,
    x: Axis,
    y: Axis,
    points: Sequence[Point] = (),
    points_name: str = "published",
    note: str = "",
    band: str = "P10–P90",
) -> Chart:
    """Draw curves over one axis; a band where a curve has P10 and P90 (a fan chart); named points in ink.

    ``band`` says what the ends of bands are, where they are others.
    """
    highest = [value for curve in curves for value in (*curve.y, *curve.high)] + [point.y for point in points]
    furthest = [value for curve in curves for value in curve.x] + [point.x for point in points]
    span = (min(furthest, default=0.0), max(furthest, default=0.0))
    heights = [*highest, *(value for curve in curves for value in curve.low)]
    frame = _Frame(x, y, _scale(furthest, x), _scale(heights, y), span)
    colours = [PALETTE[index % len(PALETTE)] for index in range(len(curves))]
    series = [_band(curve, colour, frame, band) for curve, colour in zip(curves, colours, strict=True) if curve.low]
    series += [_curve(curve, colour, frame) for curve, colour in zip(curves, colours, strict=True)]
    series += [_named_points(points_name, points, frame)] if points else []
    summary = f"{title}: {'; '.join(_said(curve, frame) for curve in curves)}."
    axes = {"xAxis": _axis(frame.x, frame.wide, 28, furthest), "yAxis": _axis(frame.y, frame.tall, 48, heights)}
    look = {"grid": {**GRID, "top": 16, "right": 40}, "tooltip": {"confine": True, "trigger": "axis"}}
    legend = tuple((curve.name, colour) for curve, colour in zip(curves, colours, strict=True))
    return Chart(
        key=key,
        title=title,
        summary=summary,
        option=option(summary, **axes, series=series) | look,
        height_px=HEIGHT_PX,
        headers=("line", x.name, y.name, band),
        rows=tuple(_rows(curves, points, frame)),
        colours=(*legend, (points_name, "var(--ink)")) if points else legend,
        note=note,
    )


def _scale(values: Sequence[float], axis: Axis) -> Scale:
    """Scale of an axis: of the largest value; of the middle one where it is logarithmic, so that labels stay short."""
    positive = [value for value in values if value > 0.0 and math.isfinite(value)]
    if not axis.log or not positive:
        return scale_for(values, axis.unit)
    return scale_for([math.sqrt(min(positive) * max(positive))], axis.unit)


def _drawable(value: float, axis: Axis, scale: Scale) -> float | None:
    return value / scale.size if math.isfinite(value) and (value > 0 or not axis.log) else None


def _axis(axis: Axis, scale: Scale, gap: int, values: Sequence[float]) -> Option:
    if axis.steps:
        label = {"hideOverlap": True}
        return {"type": "category", "data": list(axis.steps), "axisLabel": label}
    drawn = [place for value in values if (place := _drawable(value, axis, scale)) is not None]
    kind = {"type": "log", **_log_ends(drawn)} if axis.log else {"scale": not axis.from_zero}
    return {**value_axis(scale, axis.name), **kind, "nameGap": gap}


def _log_ends(values: Sequence[float]) -> Option:
    """Ends of a logarithmic axis around values: 1, 2 or 5 times a power of ten, which its labels print short."""
    if not values:
        return {}
    low, high = min(values), max(values)
    tens = range(math.floor(math.log10(low)) - 1, math.ceil(math.log10(high)) + 2)
    marks = [float(f"{digit}e{ten}") for ten in tens for digit in (1, 2, 5)]
    return {"min": max(mark for mark in marks if mark <= low), "max": min(mark for mark in marks if mark >= high)}


def _curve(curve: Line, colour: str, frame: _Frame) -> Option:
    items: list[Option] = [
        {"value": frame.place(x, y), "name": frame.show_x(x), "text": _text(curve, index, frame)}
        for index, (x, y) in enumerate(zip(curve.x, curve.y, strict=True))
    ]
    for item, name in zip(items, curve.names, strict=False):
        item["short"] = name
    style = {"color": colour, "width": 2, "type": "dashed" if curve.dashed else "solid"}
    marked: Option = {"symbol": "circle", "symbolSize": 5, "showSymbol": len(items) <= _SYMBOLS_UP_TO}
    if curve.names:
        marked |= {
            "label": {"show": True, "position": "bottom", "align": "right", "fontSize": 11},
            "labelLayout": {"hideOverlap": True},
        }
    return {
        "name": curve.name, "type": "line", **marked, "lineStyle": style, "itemStyle": {"color": colour}, "data": items,
    }  # fmt: skip


def _band(curve: Line, colour: str, frame: _Frame, ends: str) -> Option:
    """From low to high; the page's script draws items of x, low and high as one surface."""
    items = []
    for x, low, high in zip(curve.x, curve.low, curve.high, strict=True):
        place, top = frame.place(x, low), frame.place(x, high)[1]
        if None not in (*place, top):
            items.append([*place, top])
    drawn = {"type": "custom", "renderItem": "band", "silent": True, "encode": {"x": 0, "y": [1, 2]}}
    return {"name": f"{curve.name}, {ends}", **drawn, "itemStyle": {"color": colour}, "data": items}


def _named_points(name: str, points: Sequence[Point], frame: _Frame) -> Option:
    items = [
        {
            "value": frame.place(point.x, point.y),
            "name": point.name,
            "short": point.name,
            "text": _about(point, frame),
            "label": {"position": "left" if frame.is_right(point.x) else "right"},
        }
        for point in points
    ]
    drawn = {"symbol": "diamond", "symbolSize": 10, "itemStyle": {"color": "var(--ink)"}, "z": 5}
    plate = {"backgroundColor": "var(--panel)", "padding": [1, 3], "borderRadius": 3}
    label = {"label": {"show": True, "fontSize": 11, **plate}, "labelLayout": {"moveOverlap": "shiftY"}}
    return {"name": name, "type": "scatter", **drawn, **label, "data": items}


def _about(point: Point, frame: _Frame) -> str:
    place = f"{frame.show_x(point.x)}, {printer(frame.y.unit)(point.y)}"
    return f"{place}; {point.text}" if point.text else place


def _text(curve: Line, index: int, frame: _Frame) -> str:
    value = printer(frame.y.unit)(curve.y[index])
    return f"{value} ({_range(curve, index, frame)})" if curve.low else value


def _range(curve: Line, index: int, frame: _Frame) -> str:
    show = printer(frame.y.unit)
    return wording.between(show(curve.low[index]), show(curve.high[index])) if curve.low else "–"


def _said(curve: Line, frame: _Frame) -> str:
    """First and last value of a line, for those who do not see it."""
    if not len(curve.x):
        return f"{curve.name} is empty"
    ends = [f"{printer(frame.y.unit)(curve.y[index])} at {frame.show_x(curve.x[index])}" for index in (0, -1)]
    return f"{curve.name} from {ends[0]} to {ends[1]}"


def _rows(curves: Sequence[Line], points: Sequence[Point], frame: _Frame) -> Iterator[tuple[str, ...]]:
    show = printer(frame.y.unit)
    for curve in curves:
        for index, (x, y) in enumerate(zip(curve.x, curve.y, strict=True)):
            yield (curve.name, frame.show_x(x), show(y), _range(curve, index, frame))
    for point in points:
        yield (point.name, frame.show_x(point.x), show(point.y), "–")
