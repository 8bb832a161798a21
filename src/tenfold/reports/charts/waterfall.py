"""Terms that add up: each a step from where the one before it ended, the last bar their sum."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence

from tenfold.reports import wording
from tenfold.reports.charts.chart import (
    AXIS_PX,
    GRID,
    PALETTE,
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

_INVISIBLE: Mapping[str, object] = {"color": "transparent"}
_WAITING = "var(--c4)"
_MOVING = "var(--c2)"
_COLOURS: Mapping[str, str] = {
    "recompute": _WAITING,
    "bubble": _WAITING,
    "uneven_stages": _WAITING,
    "overlap_tax": _MOVING,
    "waiting_for_sites": _WAITING,
    "failures": _WAITING,
    "extra_tokens": _WAITING,
}


def waterfall(
    key: str, title: str, terms: Mapping[str, float], unit: str, note: str = "", total_name: str = "total"
) -> Chart:
    """Terms as steps from zero to their sum; terms of zero are left out.

    A term below zero steps back, in the colour of losses: from wall time to productive time, from revenue to
    profit. When no term is below zero, each has its share of the sum.
    """
    shown = {name: value for name, value in wording.without_rounding(terms).items() if value != 0}
    total, show = sum(shown.values()), printer(unit)
    texts = _texts(shown, total, unit)
    scale = scale_for([total, *_reached(shown)], unit)
    summary = f"{title}: {show(total)} in all; {', '.join(f'{wording.label(n)} {t}' for n, t in texts.items())}."
    below = min([0.0, *_reached(shown)]) < 0
    axes = {"xAxis": _terms_axis(scale, below), "yAxis": _names_axis(shown, total_name, below)}
    chart = option(summary, **axes, series=_steps(shown, texts, show(total), scale))
    chart["grid"] = {**GRID, "right": 110}
    shares = _has_shares(shown, unit)
    whole = (total_name, show(total), wording.share(1.0))
    rows = [*((wording.label(name), *text.split(", ")) for name, text in texts.items()), whole]
    return Chart(
        key=key,
        title=title,
        summary=summary,
        option=chart,
        height_px=AXIS_PX + ROW_PX * (len(shown) + 1),
        headers=("term", "value", "share") if shares else ("term", "value"),
        rows=tuple(row if shares else row[:2] for row in rows),
        note=note,
    )


def _texts(terms: Mapping[str, float], total: float, unit: str) -> dict[str, str]:
    """Each value, with its share of the sum where all have the same sign."""
    show = printer(unit)
    if total and _has_shares(terms, unit):
        return {name: f"{show(value)}, {wording.share(value / total)}" for name, value in terms.items()}
    return {name: show(value) for name, value in terms.items()}


def _has_shares(terms: Mapping[str, float], unit: str) -> bool:
    """Whether each value is told its share of the sum: all have the same sign, and are no shares themselves."""
    return unit != "share" and all(value > 0 for value in terms.values())


def _reached(terms: Mapping[str, float]) -> list[float]:
    """Running sum after each term; what only rounding leaves of terms that cancel is zero."""
    least = 1e-12 * max(map(abs, terms.values()), default=0.0)
    return [0.0 if abs(reached) < least else reached for reached in itertools.accumulate(terms.values())]


def _terms_axis(scale: Scale, below: bool) -> Option:
    """Up to the highest point, so that labels stand beside the bars; with room for labels left of zero."""
    label = {"formatter": scale.pattern, "hideOverlap": True, "showMaxLabel": below}
    return {**value_axis(scale), "axisLabel": label, **({"boundaryGap": ["18%", 0]} if below else {"max": "dataMax"})}


def _names_axis(terms: Mapping[str, float], total_name: str, below: bool) -> Option:
    axis = category_axis([*map(wording.label, terms), total_name])
    return {**axis, "axisLine": {"onZero": False}} if below else axis


def _steps(terms: Mapping[str, float], texts: Mapping[str, str], printed: str, scale: Scale) -> list[Option]:
    """Stacked series: an unseen one up to where the step starts, the step above zero and, if any, that below."""
    sums = _reached(terms)
    total = sums[-1] if sums else 0.0
    spans = [*zip([0.0, *sums], sums, strict=False), (0.0, total)]
    looks = [(texts[name], _colour(name, value)) for name, value in terms.items()]
    looks.append((printed, "var(--muted)"))
    hidden = [max(0.0, min(ends)) + min(0.0, max(ends)) for ends in spans]
    above = [max(0.0, *ends) - max(0.0, min(ends)) for ends in spans]
    under = [min(0.0, *ends) - min(0.0, max(ends)) for ends in spans]
    start = {"type": "bar", "stack": "steps", "silent": True, "itemStyle": _INVISIBLE}
    steps = [{**start, "data": [value / scale.size for value in hidden]}, _bars(above, looks, scale, "right")]
    return [*steps, _bars(under, looks, scale, "left", above)] if min(under) < 0 else steps


def _bars(
    values: Sequence[float],
    looks: Sequence[tuple[str, str]],
    scale: Scale,
    side: str,
    labelled: Sequence[float] | None = None,
) -> Option:
    """One series of steps; a step through zero has its label on the part above."""
    items: list[Option] = []
    for index, (value, (text, colour)) in enumerate(zip(values, looks, strict=True)):
        empty = value == 0 if labelled is None else value == 0 or labelled[index] != 0
        item = {"value": value / scale.size, "text": text, "short": "" if empty else text}
        items.append({**item, "itemStyle": {"color": colour}})
    label = {"show": True, "position": side}
    return {"type": "bar", "stack": "steps", "barMaxWidth": 22, "label": label, "data": items}


def _colour(name: str, value: float) -> str:
    """Work in the first colour, traffic in the second; waiting, work done twice and losses in the fourth."""
    stem = name.removesuffix("_s")
    if value < 0:
        return _WAITING
    return _COLOURS.get(stem, _MOVING if stem.endswith("_traffic") else PALETTE[0])
