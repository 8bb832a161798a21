"""Flows between named players, such as money round a circle of suppliers and customers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from tenfold.reports.charts.chart import PALETTE, Chart, Option, option, printer

_ROW_PX = 44
_LEAST_PX = 280
_LETTER_PX = 7
AGAIN = " ↩"
"""Mark behind the name of a player that is drawn a second time, where a flow comes back to it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """What goes from one player to another."""

    source: str
    target: str
    value: float
    text: str = ""
    """What it is for."""
    kind: str = ""
    """Flows with a kind take its colour; those without, that of their source."""


def sankey(key: str, title: str, flows: Sequence[Flow], unit: str, note: str = "") -> Chart:
    """Flows from left to right, as wide as they are large; flows of zero are left out.

    A flow that returns to a player before it, which this kind of chart cannot draw, ends at a second mark of that
    player, so that a circle can be read as one.
    """
    show = printer(unit)
    drawn = [flow for flow in flows if flow.value > 0]
    ends = unrolled(drawn)
    names = list(dict.fromkeys(name for pair in ends for name in pair))
    players = list(dict.fromkeys(name.removesuffix(AGAIN) for name in names))
    kinds = _coloured(flow.kind for flow in drawn if flow.kind)
    colours = dict.fromkeys(players, "var(--muted)") if kinds else _coloured(players)
    rows = tuple((flow.source, flow.target, show(flow.value), flow.text or flow.kind or "–") for flow in drawn)
    summary = f"{title}: {'; '.join(f'{row[0]} to {row[1]} {row[2]}' for row in rows)}."
    series = {
        "type": "sankey", "left": 8, "right": _label_px(names), "top": 8, "bottom": 8, "nodeGap": 14,
        "draggable": False,
        "data": [{"name": name, "short": name, "text": _passed(name, ends, drawn, unit),
                  "itemStyle": {"color": colours[name.removesuffix(AGAIN)]}} for name in names],
        "links": [_link(flow, pair, unit, kinds) for flow, pair in zip(drawn, ends, strict=True)],
        "label": {"show": True, "position": "right"},
        "lineStyle": {"color": "source", "opacity": 0.35, "curveness": 0.5},
    }  # fmt: skip
    chart = option(summary, series=[series])
    del chart["grid"]
    return Chart(
        key=key,
        title=title,
        summary=summary,
        option=chart,
        height_px=max(_LEAST_PX, _ROW_PX * len(names)),
        headers=("from", "to", "value", "for"),
        rows=rows,
        colours=tuple(kinds.items()),
        note=note,
    )


def _label_px(names: Sequence[str]) -> int:
    """Room for names to the right of the last column."""
    return min(260, 30 + _LETTER_PX * max(map(len, names), default=0))


def _coloured(names: Iterable[str]) -> dict[str, str]:
    return {name: PALETTE[index % len(PALETTE)] for index, name in enumerate(dict.fromkeys(names))}


def unrolled(flows: Sequence[Flow]) -> list[tuple[str, str]]:
    """Ends of each flow as drawn; in the order given, one that would close a circle ends at a second mark."""
    onward: dict[str, set[str]] = {}
    ends = []
    for flow in flows:
        if flow.source == flow.target or _leads(onward, flow.target, flow.source):
            ends.append((flow.source, flow.target + AGAIN))
        else:
            onward.setdefault(flow.source, set()).add(flow.target)
            ends.append((flow.source, flow.target))
    return ends


def _leads(onward: dict[str, set[str]], start: str, goal: str) -> bool:
    """Whether flows lead from one player to another."""
    waiting, seen = [start], {start}
    while waiting:
        for name in onward.get(waiting.pop(), ()):
            if name == goal:
                return True
            if name not in seen:
                seen.add(name)
                waiting.append(name)
    return False


def _passed(name: str, ends: Sequence[tuple[str, str]], flows: Sequence[Flow], unit: str) -> str:
    """What a mark receives and gives."""
    received = sum(flow.value for flow, pair in zip(flows, ends, strict=True) if pair[1] == name)
    given = sum(flow.value for flow, pair in zip(flows, ends, strict=True) if pair[0] == name)
    return f"receives {printer(unit)(received)}, gives {printer(unit)(given)}"


def _link(flow: Flow, ends: tuple[str, str], unit: str, kinds: Mapping[str, str]) -> Option:
    what = flow.text or flow.kind
    text = f"{printer(unit)(flow.value)}, {what}" if what else printer(unit)(flow.value)
    link: Option = {"source": ends[0], "target": ends[1], "value": flow.value, "text": text}
    return {**link, "lineStyle": {"color": kinds[flow.kind], "opacity": 0.5}} if flow.kind else link
