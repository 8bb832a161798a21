"""How outcomes are spread, such as finish dates: a histogram with P10, P50 and P90, or cumulative curves."""

from __future__ import annotations

import datetime
import itertools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tenfold.reports import wording
from tenfold.reports.charts.chart import GRID, PALETTE, Chart, Option, Scale, option, printer, scale_for, value_axis

if TYPE_CHECKING:
    from tenfold.quantities import Floats, Percentiles

HEIGHT_PX = 320
_BINS = 40
_STEPS = 80
"""Points of a cumulative curve."""
_SHARE = scale_for([], "share")


@dataclass(frozen=True, slots=True)
class _Axis:
    """Where outcomes are drawn and how they are printed: in a unit, or as dates from a start."""

    unit: str
    scale: Scale
    start: datetime.date | None

    def place(self, outcome: float) -> float:
        """Value on the axis; a date is milliseconds since 1970, as the chart library counts."""
        if self.start is None:
            return float(outcome) / self.scale.size
        return ((self.start - datetime.date(1970, 1, 1)).days + float(outcome)) * 86_400_000

    def show(self, outcome: float) -> str:
        """Print an outcome."""
        if self.start is None:
            return printer(self.unit)(outcome)
        return "never" if math.isinf(outcome) else f"{self.start + datetime.timedelta(days=float(outcome))}"

    def option(self) -> Option:
        """The axis itself."""
        if self.start is not None:
            return {"type": "time", "axisLabel": {"hideOverlap": True, "formatter": "{yyyy}-{MM}-{dd}"}}
        return {**value_axis(self.scale), "scale": True}


def histogram(
    key: str,
    title: str,
    outcomes: Sequence[float] | Floats,
    marks: Percentiles,
    unit: str = "days",
    start: datetime.date | None = None,
    note: str = "",
) -> Chart:
    """Share of outcomes in equal bins, with marks at P10, P50 and P90.

    With ``start``, outcomes are days after it and the axis shows dates. Outcomes without end are not drawn; the
    note says how many there are.
    """
    import numpy as np

    values = np.asarray(outcomes, dtype=np.float64)
    axis = _Axis(unit, scale_for(values.tolist(), unit), start)
    counts, edges = np.histogram(values[np.isfinite(values)], bins=min(_BINS, max(1, len(values) // 5)))
    shares = [float(count) / max(1, len(values)) for count in counts]
    bins = [f"{axis.show(low)} to {axis.show(high)}" for low, high in itertools.pairwise(edges)]
    summary = f"{title}: P10 {axis.show(marks.p10)}, P50 {axis.show(marks.p50)}, P90 {axis.show(marks.p90)}."
    chart = option(summary, **_axes(axis), series=[_steps(axis, edges, shares, bins, marks)])
    chart["grid"] = {**GRID, "top": 76, "right": 40}
    rows = [(name, wording.share(share)) for name, share in zip(bins, shares, strict=True)]
    return Chart(
        key=key,
        title=title,
        summary=summary,
        option=chart,
        height_px=HEIGHT_PX,
        headers=("outcome", "share"),
        rows=tuple(rows),
        note=_note(note, float(np.mean(~np.isfinite(values)))),
    )


def cumulative(
    key: str,
    title: str,
    outcomes: Mapping[str, Sequence[float] | Floats],
    unit: str = "days",
    start: datetime.date | None = None,
    note: str = "",
) -> Chart:
    """Share of outcomes at or below a value, one curve for each named set.

    Outcomes without end keep a curve below 100 %; the note says how many at most.
    """
    import numpy as np

    ordered = {name: np.sort(np.asarray(values, dtype=np.float64)) for name, values in outcomes.items()}
    ends = [float(end) for values in ordered.values() for end in values[[0, -1]]]
    axis = _Axis(unit, scale_for(ends, unit), start)
    series = [_curve(axis, name, values, PALETTE[index % len(PALETTE)])
              for index, (name, values) in enumerate(ordered.items())]  # fmt: skip
    rows = [(name, *(axis.show(_outcome(values, chance)) for chance in (0.1, 0.5, 0.9)))
            for name, values in ordered.items()]  # fmt: skip
    summary = (
        f"{title}: {'; '.join(f'{name} P10 {low}, P50 {middle}, P90 {high}' for name, low, middle, high in rows)}."
    )
    chart = option(summary, **_axes(axis, 100), series=series)
    chart["grid"] = {**GRID, "top": 16, "right": 40}
    chart["tooltip"] = {"confine": True, "trigger": "axis"}
    return Chart(
        key=key,
        title=title,
        summary=summary,
        option=chart,
        height_px=HEIGHT_PX,
        headers=("set", "P10", "P50", "P90"),
        rows=tuple(rows),
        colours=tuple((entry["name"], entry["itemStyle"]["color"]) for entry in series),
        note=_note(note, max((float(np.mean(~np.isfinite(values))) for values in ordered.values()), default=0.0)),
    )


def _axes(axis: _Axis, top: float | None = None) -> dict[str, Option]:
    shares = {**value_axis(_SHARE, "share of outcomes"), "nameGap": 44}
    return {"xAxis": axis.option(), "yAxis": shares if top is None else {**shares, "max": top}}


def _note(note: str, never: float) -> str:
    endless = f"{wording.share(never)} of outcomes never end and are not drawn." if never else ""
    return f"{note} {endless}".strip()


def _steps(axis: _Axis, edges: Floats, shares: Sequence[float], names: Sequence[str], marks: Percentiles) -> Option:
    """Bins as one stepped area, which holds on axes of numbers and of dates alike."""
    items: list[Option] = [
        {"value": [axis.place(edge), share / _SHARE.size], "name": name, "text": f"{wording.share(share)} of outcomes"}
        for edge, share, name in zip(edges[:-1], shares, names, strict=True)
    ]
    items.append({"value": [axis.place(edges[-1]), 0.0], "name": axis.show(edges[-1]), "text": ""})
    area = {"step": "end", "symbol": "circle", "symbolSize": 3, "areaStyle": {"color": PALETTE[0], "opacity": 0.3}}
    colour = {"itemStyle": {"color": PALETTE[0]}, "lineStyle": {"color": PALETTE[0], "width": 1.5}}
    return {"name": "outcomes", "type": "line", **area, **colour, "data": items, "markLine": _marks(axis, marks)}


def _marks(axis: _Axis, marks: Percentiles) -> Option:
    """Lines at the percentiles; the labels lean apart, so that close ones stay readable."""
    drawn = []
    for name, outcome, lean, lift in (("P10", marks.p10, "right", 8), ("P50", marks.p50, "center", 40),
                                      ("P90", marks.p90, "left", 8)):  # fmt: skip
        label = {
            "show": True,
            "formatter": f"{name}\n{axis.show(outcome)}",
            "align": lean,
            "distance": lift,
            "lineHeight": 14,
        }
        if math.isfinite(outcome):
            drawn.append({"name": name, "xAxis": axis.place(outcome), "label": {**label, "color": "var(--ink)"}})
    line = {"color": "var(--c2)", "type": "dashed", "width": 1.5}
    return {"silent": True, "symbol": "none", "lineStyle": line, "data": drawn}


def _outcome(ordered: Floats, chance: float) -> float:
    """Smallest outcome that at least this share of all does not exceed (the inverse of the empirical distribution)."""
    return float(ordered[max(0, math.ceil(chance * len(ordered) - 1e-9) - 1)])


def _curve(axis: _Axis, name: str, ordered: Floats, colour: str) -> Option:
    items = []
    for step in range(_STEPS + 1):
        chance = step / _STEPS
        outcome = _outcome(ordered, chance)
        if math.isfinite(outcome):
            text = f"{wording.share(chance)} by {axis.show(outcome)}"
            items.append(
                {"value": [axis.place(outcome), chance / _SHARE.size], "name": axis.show(outcome), "text": text}
            )
    look = {"symbol": "none", "lineStyle": {"color": colour, "width": 2}, "itemStyle": {"color": colour}}
    return {"name": name, "type": "line", **look, "data": items}
