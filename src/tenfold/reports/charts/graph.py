"""Places and the links between them: by longitude and latitude where known, on a circle otherwise."""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tenfold.reports.charts.chart import Chart, Option, option

HEIGHT_PX = 420
_APART = 0.16
"""Least distance between two places, as a share of the width of the drawing, so that names do not cover each other."""
_WIDEST_PX = 9.0
_WIDTH_PER_HEIGHT = 2.0

_LINK_LABEL: Mapping[str, object] = {
    "show": True,
    "fontSize": 11,
    "position": "middle",
    "rotate": 0,
    "opacity": 1,
    "backgroundColor": "var(--panel)",
    "padding": [1, 3],
    "borderRadius": 3,
}
"""Level, on a plate of its own, so that lines do not cross it."""

Position = tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """A place."""

    name: str
    longitude_deg: float | None = None
    latitude_deg: float | None = None
    text: str = ""
    """What there is to say about it."""
    size: float = 1.0
    """Relative to the other places; the area of the mark follows it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A connection between two places."""

    source: str
    target: str
    weight: float
    """Relative to the other links; the width of the line follows it."""
    text: str = ""
    """What there is to say about it, such as "12 of 400 Gbit/s"."""
    label: str | None = None
    """What stands on it; None for ``text``."""
    overloaded: bool = False
    """Needs more than it has: drawn in the colour of losses."""


def graph(key: str, title: str, nodes: Sequence[Node], links: Sequence[Link], note: str = "") -> Chart:
    """Nodes with their names, links with their labels; every link must join two nodes by name.

    Positions are an equirectangular map around the mean latitude; near places are pushed apart, so distances on the
    drawing are not to scale.
    """
    places = positions(nodes)
    largest = max((node.size for node in nodes), default=1.0) or 1.0
    heaviest = max((link.weight for link in links), default=1.0) or 1.0
    drawn = [_node(node, place, largest) for node, place in zip(nodes, places, strict=True)]
    summary = f"{title}: {'; '.join(f'{link.source} to {link.target} {link.text}'.strip() for link in links)}."
    room = {"left": "14%", "right": "14%", "top": 40, "bottom": 56, "preserveAspect": "contain"}
    layout = {"type": "graph", "layout": "none", "roam": False, **room}
    labels = {"label": {"show": True, "position": "bottom"}, "edgeLabel": _LINK_LABEL}
    series = {**layout, **labels, "data": drawn, "links": [_link(link, heaviest) for link in links]}
    chart = option(summary, series=[{**series, "itemStyle": {"color": "var(--c1)"}}])
    del chart["grid"]
    rows = [*((node.name, node.text or "–") for node in nodes),
            *((f"{link.source} – {link.target}", link.text or "–") for link in links)]  # fmt: skip
    return Chart(
        key=key,
        title=title,
        summary=summary,
        option=chart,
        height_px=HEIGHT_PX,
        headers=("place or link", "what"),
        rows=tuple(rows),
        colours=(("needs more than it has", "var(--bad)"),) if any(link.overloaded for link in links) else (),
        note=note,
    )


def positions(nodes: Sequence[Node]) -> list[Position]:
    """Where each node is drawn, x to the right and y down, at least ``_APART`` of the width from every other."""
    located = [(node.longitude_deg, node.latitude_deg) for node in nodes]
    known = [(x, y) for x, y in located if x is not None and y is not None]
    if len(known) < len(nodes) or len(set(known)) < 2:
        return _circle(len(nodes))
    return _pushed_apart(_unit_square(_mapped(known)))


def _circle(count: int) -> list[Position]:
    if count == 1:
        return [(0.5, 0.5)]
    turns = [2 * math.pi * index / count - math.pi for index in range(count)]
    return [(_WIDTH_PER_HEIGHT * math.cos(turn) / 2, math.sin(turn) / 2) for turn in turns]


def _mapped(known: Sequence[Position]) -> list[Position]:
    """Equirectangular map, cut at the widest gap between longitudes, so that the Pacific does not split a plan."""
    around = sorted({longitude % 360 for longitude, _ in known})
    gaps = [(after - before) % 360 or 360 for before, after in zip(around, [*around[1:], around[0]], strict=True)]
    cut = around[(gaps.index(max(gaps)) + 1) % len(around)]
    middle = math.radians(sum(latitude for _, latitude in known) / len(known))
    return [(((longitude - cut) % 360) * math.cos(middle), -latitude) for longitude, latitude in known]


def _unit_square(places: Sequence[Position]) -> list[Position]:
    """Scale to a width of one, or to the height that fits beside it."""
    left, top = min(x for x, _ in places), min(y for _, y in places)
    wide, tall = max(x for x, _ in places) - left, max(y for _, y in places) - top
    size = max(wide, tall * _WIDTH_PER_HEIGHT)
    return [((x - left) / size, (y - top) / size) for x, y in places]


def _pushed_apart(places: Sequence[Position]) -> list[Position]:
    """Move near pairs away from each other, a few rounds; places at one point leave it in different directions."""
    moved = [list(place) for place in places]
    for _ in range(40):
        for (i, a), (j, b) in itertools.combinations(enumerate(moved), 2):
            dx, dy = b[0] - a[0], b[1] - a[1]
            distance = math.hypot(dx, dy)
            if distance < _APART:
                turn = math.atan2(dy, dx) if distance > 0 else float(i + j)
                push = (_APART - distance) / 2
                a[0], a[1] = a[0] - push * math.cos(turn), a[1] - push * math.sin(turn)
                b[0], b[1] = b[0] + push * math.cos(turn), b[1] + push * math.sin(turn)
    return [(x, y) for x, y in moved]


def _node(node: Node, place: Position, largest: float) -> Option:
    size = 12 + 24 * math.sqrt(max(0.0, node.size) / largest)
    at = {"x": round(1000 * place[0], 3), "y": round(1000 * place[1], 3), "symbolSize": round(size, 2)}
    return {"name": node.name, "short": node.name, "text": node.text, **at}


def _link(link: Link, heaviest: float) -> Option:
    width = 1 + (_WIDEST_PX - 1) * max(0.0, link.weight) / heaviest
    colour = "var(--bad)" if link.overloaded else "var(--muted)"
    style = {"width": round(width, 2), "color": colour, "opacity": 0.55}
    ends = {"source": link.source, "target": link.target}
    return {**ends, "text": link.text, "short": link.text if link.label is None else link.label, "lineStyle": style}
